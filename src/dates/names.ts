/** Names of months and weekdays as pages print them, and forms of dates, by language. */
import { CLDR } from "./cldr.js";
import { fold } from "./fold.js";

export interface Names {
  /** Folded names, each with its number from 1. */
  readonly months: ReadonlyMap<string, number>;
  /** The same from Monday. */
  readonly weekdays: ReadonlyMap<string, number>;
  /** Formats of this language alone, beside `DATE_FORMATS`. */
  readonly formats: readonly string[];
}

/** Names that pages print and CLDR lacks, and forms of dates, as a line of its table has them: months; weekdays; formats. */
const MORE_NAMES: Readonly<Record<string, string>> = {
  ar: ",,,,,يونيه,يوليه,,,,,;اثنين,ثلاثاء,أربعاء,خميس,جمعة,سبت,أحد",
  de: ",,maerz|mrz,,,,,,,,,;,,,,,sonnabend,",
  en: ";,tues,,thurs|thur,,,",
  fr: ",,,,,jun,jul,aoû,sep,,,",
  ko: ";;yyyy년MMMMd일",
  pl: ";;d MMMM yyyy 'r.'|d MMMM yyyy 'roku'",
  pt: ";segunda feira,terça feira,quarta feira,quinta feira,sexta feira,,",
  ru: ",фев,,,,,,,сен,,ноя,",
  // A year of the Buddhist calendar is read as it is printed, and warned of.
  th: ";;d MMMM 'พ.ศ.' yyyy",
  uk: ";;d MMMM yyyy 'року'|d MMMM yyyy 'р.'",
  uz: "январь,февраль,,апрель,,июнь,июль,,sentyabr|сентябрь,oktyabr|октябрь,ноябрь,декабрь",
  vi: "tháng một,tháng hai,tháng ba,tháng tư,tháng năm,tháng sáu,tháng bảy,tháng tám,tháng chín,tháng mười,tháng mười một,tháng mười hai;;d MMMM 'năm' yyyy",
  zh: ";,,,,,,星期天",
};

/** Tags that are another language's, or were. */
const SAME: Readonly<Record<string, string>> = {
  in: "id",
  iw: "he",
  ji: "yi",
  sh: "sr",
  tl: "fil",
};
/** Before the names that a site file gives, which are a language of their own. */
const GIVEN = "=";

let lines: ReadonlyMap<string, string> | null = null;
const known = new Map<string, Names>();

/** Most pages are in one of these: they are tried before the others. */
const COMMON =
  "en es fr de pt it ru ar zh ja ko nl pl tr vi fa id uk cs sv hu ro el he th hi da nb fi bg sr hr sk uz";

/** Tags of all languages that are read, the most common first. */
export function languages(): string[] {
  return [...new Set([...COMMON.split(" "), ...linesOfCldr().keys()])];
}

/** The language of a tag, as `namesOf` takes it; null when its names are not known. */
export function languageOf(tag: string): string | null {
  const [first = ""] = tag.toLowerCase().split(/[-_]/, 1);
  const language = SAME[first] ?? first;
  return linesOfCldr().has(language) ? language : null;
}

/** A language whose names of months a site file gives. @param months from January, `|` between the forms of one */
export function givenLanguage(months: readonly string[]): string {
  return GIVEN + months.join(",");
}

/** Names in a language of `languageOf` or `givenLanguage`. */
export function namesOf(language: string): Names {
  const before = known.get(language);
  if (before !== undefined) return before;
  const isGiven = language.startsWith(GIVEN);
  const line = isGiven ? language.slice(GIVEN.length) : (linesOfCldr().get(language) ?? "");
  const [months = "", weekdays = "", formats = ""] = line.split(";");
  const more = (MORE_NAMES[language] ?? "").split(";");
  const [moreMonths = "", moreWeekdays = "", moreFormats = ""] = more;
  const names: Names = {
    months: numbered(months, moreMonths),
    weekdays: numbered(weekdays, moreWeekdays),
    formats: [...formats.split("|"), ...moreFormats.split("|")].filter((format) => format !== ""),
  };
  known.set(language, names);
  return names;
}

/** Numbers of the months that a folded text may name, by the longest name first. */
export function monthsIn(text: string, language: string): number[] {
  return [...namesOf(language).months]
    .filter(([name]) => text.includes(name))
    .sort(([one], [other]) => other.length - one.length)
    .map(([, number]) => number);
}

/** The table is split when it is first asked for: most commands read no date. */
function linesOfCldr(): ReadonlyMap<string, string> {
  lines ??= new Map(
    CLDR.trim()
      .split("\n")
      .map((line) => {
        const end = line.indexOf(";");
        return [line.slice(0, end), line.slice(end + 1)] as const;
      }),
  );
  return lines;
}

function numbered(...lists: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const list of lists)
    for (const [index, forms] of list.split(",").entries())
      for (const form of forms.split("|").map(fold))
        if (form !== "" && !numbers.has(form)) numbers.set(form.replace(/\.$/, ""), index + 1);
  return numbers;
}
