/** Why a text is not a date that can be read, in the words that help most. */
import { fold } from "./fold.js";
import { languagesNaming } from "./format.js";
import { builtIn, usable } from "./formats.js";
import { languages as allLanguages } from "./names.js";

export interface DateProblem {
  /** A sentence: what is wrong, and with which part. */
  readonly problem: string;
  /** A sentence: what a person may do. */
  readonly hint: string;
  /** Set when the date is counted from now. */
  readonly relative?: true;
  /** Set when the text has the form of a date that no calendar has, such as 31 February. */
  readonly impossible?: true;
}

/** The words as printed, short enough for a sentence. */
export function quote(raw: string): string {
  const words = raw.trim();
  if (words.length <= 60) return `"${words}"`;
  // A cut may have halved a character.
  return `"${words.slice(0, 60).replace(/[\ud800-\udbff]$/, "")}…"`;
}

/** Words of dates that are counted from now, one language a line. */
const RELATIVE_WORDS = [
  "ago|just now|yesterday|today|tonight|tomorrow|last week|last month",
  "il y a|hier|avant-hier|aujourd'hui|demain|à l'instant",
  "hace|ayer|anteayer|hoy|mañana",
  "há|atrás|ontem|anteontem|hoje|amanhã",
  "назад|вчера|позавчера|сегодня|завтра|только что",
  "قبل|منذ|أمس|البارحة|اليوم|غدا|الآن",
  "oldin|avval|kecha|bugun|ertaga|олдин|аввал|кеча|бугун|эртага",
  "vor|gestern|vorgestern|heute|morgen|gerade eben",
];
/** Chinese writes no spaces between words: these are looked for anywhere. */
const RELATIVE_CHINESE = "前|刚刚|刚才|剛剛|昨天|昨日|今天|今日|明天";
/** "22 hours 2 min" alone is what a selector gets where Drupal marks up the number apart from "ago". */
const UNITS = "(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|hour|day|week|month|year)s?";
const RELATIVE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${RELATIVE_WORDS.map(fold).join("|")})(?![\\p{L}\\p{N}])` +
    `|${RELATIVE_CHINESE}|^(?:\\d+ ?${UNITS}[ ,]*)+$`,
  "u",
);

/** What a date is read from. */
export interface Printed {
  /** Text or attribute as printed. */
  readonly raw: string;
  /** Those of the site. */
  readonly formats: readonly string[];
  /** As `namesOf` takes them. */
  readonly languages: readonly string[];
  /** As `DateOptions` has it. */
  readonly contradiction: string | null;
}

/**
 * Why no format fits.
 *
 * @param text what was printed, folded
 */
export function explain(printed: Printed, text: string): DateProblem {
  // With a year of four figures it is a date and a remark, and must not pass for a relative one.
  if (RELATIVE.test(text) && !/\d{4}/.test(text))
    return {
      problem: `${quote(printed.raw)} is counted from the day the page was made, and names no calendar day`,
      hint: "Read the date from an attribute or from the article page, if either has it.",
      relative: true,
    };
  if (!/\d/.test(text)) return misfit(printed, text);
  return nearMiss(printed, text) ?? otherLanguage(printed, text) ?? misfit(printed, text);
}

/** A format that fits but for one thing. */
function nearMiss({ raw, formats, languages }: Printed, text: string): DateProblem | null {
  for (const all of [usable(formats, languages), builtIn(text, languages)])
    for (const [name, format] of all) {
      const year = format.yearDigits(text);
      if (year !== null)
        return {
          problem: `${quote(raw)}: the year ${year} has ${year.length} figure${year.length === 1 ? "" : "s"}, and ${name} wants four`,
          hint: "Write yy in fields.date.formats if the site prints years with two figures.",
        };
      const rest = format.rest(text);
      if (rest !== null)
        return {
          problem: `${quote(raw)} begins as ${name}, and "${rest.trim()}" is left over`,
          hint: "Make the selector match the date alone, or add a format to fields.date.formats that reads all of it.",
        };
    }
  return null;
}

function otherLanguage({ raw, languages }: Printed, text: string): DateProblem | null {
  const begins = (language: string) => {
    for (const [, format] of builtIn(text, [language])) if (format.rest(text) !== null) return true;
    return false;
  };
  const others = allLanguages().filter((language) => !languages.includes(language));
  // To compile the formats of all takes seconds; the best known languages come first.
  const language = languagesNaming(text, others).slice(0, 8).find(begins);
  if (language === undefined) return null;
  return {
    problem: `${quote(raw)} names a month in a language that is not read here (${language})`,
    hint: `Add "${language}" to fields.date.locales.`,
  };
}

/** Where one of two numbers cannot be a month, the order is proved. */
function onlyOrder(text: string): string | null {
  const found = /^(\d{1,2})([/.-])(\d{1,2})\2\d{4}$/.exec(text);
  if (found === null) return null;
  const [, one, mark, other] = found;
  const [first, second] = [Number(one), Number(other)];
  if (first > 12 === second > 12 || Math.max(first, second) > 31) return null;
  const format = first > 12 ? `d${mark}M${mark}yyyy` : `M${mark}d${mark}yyyy`;
  return `There is no month ${Math.max(first, second)}, so the order is ${format}: name it in fields.date.formats.`;
}

function misfit({ raw, formats, contradiction }: Printed, text: string): DateProblem {
  const isFigures = /\d[/.-]\d/.test(text);
  if (isFigures && contradiction !== null)
    return {
      problem: `${quote(raw)} cannot be read: ${contradiction}`,
      hint: "Look at both dates on the site, and name the right order in fields.date.formats.",
    };
  const named = formats.length === 0 ? "the site names none" : formats.join(", ");
  return {
    problem: `${quote(raw)} fits none of the formats: ${named}`,
    hint: isFigures
      ? (onlyOrder(text) ??
        "Numbers alone do not show which is the day: name their order in fields.date.formats, such as M/d/yyyy, d/M/yyyy or dd.MM.yyyy.")
      : "Add a format to fields.date.formats, such as d MMMM yyyy, and the language to fields.date.locales.",
  };
}
