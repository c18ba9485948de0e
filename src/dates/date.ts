/**
 * A printed date to a calendar date. Nothing is guessed, rolled over or moved by a time zone, and
 * neither the machine's clock, zone and locale nor its build of ICU have a say.
 */

import { afterLabel, endOfRange, firstOfDays, isTime, withoutReading } from "./around.js";
import { type Day, dateText, impossible, weekdayOf } from "./calendar.js";
import { fold } from "./fold.js";
import { compileFormat, languagesNaming, type Parts } from "./format.js";
import { builtIn, usable, WEEKDAY_FORMATS } from "./formats.js";
import { languages as allLanguages, givenLanguage, languageOf, monthsIn } from "./names.js";
import { type DateProblem, explain, type Printed, quote } from "./problem.js";
import { holdsSeveral, labelledStamps, mostLikely } from "./stamps.js";

export type { DateProblem } from "./problem.js";

export interface DateOptions {
  /** Formats in luxon's tokens, tried in order: `M/d/yyyy`, `d MMMM yyyy`, `MM/dd/yyyy - HH:mm`. */
  readonly formats: readonly string[];
  /**
   * BCP 47 tags of the languages whose names are read, of which the first part counts; where a name means two
   * months, the first language decides. None given means all in which the text means one date.
   */
  readonly locales: readonly string[];
  /** Names of months in a language that is not known, from January, `|` between the forms of one. */
  readonly months?: readonly string[] | undefined;
  /** Why the list does not show the order of figures, as a sentence; null where it does not contradict itself. */
  readonly contradiction?: string | null | undefined;
}

export interface ReadDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The format that fitted. */
  readonly format: string;
  /** Set when the text is a range: the date is its first day. */
  readonly range?: true;
  /** Set when the text holds several dates and does not say which is that of publication: all of them, the one taken first. */
  readonly several?: readonly string[];
}

const ISO = "yyyy-MM-dd";
/** Longer than any printed date with weekday and time; a text beyond it is a paragraph that a selector caught. */
const LONGEST = 100;
/** The same for a text with two dates or more. */
const LONGEST_OF_SEVERAL = 200;

/**
 * Reads a date. An ISO date at the beginning wins: its ten characters, never moved by the offset
 * after them, since `2019-02-08T00:00:00+01:00` is the 8th of February where it was written and
 * the 7th in UTC. Then the site's formats, then `DATE_FORMATS`, then figures whose order a
 * weekday proves. The first that fits the whole text decides: where it names a day that does not
 * exist no other is tried, lest month and day be exchanged in silence. What fits none may have a
 * label before the date ("Posted on"), or be a range, of which the first day counts, or hold several
 * dates, of which that of publication counts, else the first, or be followed by a dash and by whose it is.
 *
 * @param raw text or attribute as printed
 * @returns a problem for everything else, a format that cannot be used included. Never throws.
 */
export function readDate(raw: string, options: DateOptions): ReadDate | DateProblem {
  const text = fold(raw.trim().slice(0, 4 * LONGEST));
  const iso = readIso(raw, text);
  if (iso !== null) return iso;
  if (text === "")
    return {
      problem: "there is no text to read a date from",
      hint: "Add the words that mean none to fields.date.empty.",
    };
  if (text.length > (holdsSeveral(text) ? LONGEST_OF_SEVERAL : LONGEST))
    return {
      problem: `${quote(raw)} is too long for a date`,
      hint: "Make the selector of fields.date match the date alone.",
    };
  const { formats, months, locales, contradiction = null } = options;
  // Every format has a year and a day in figures.
  if (!/\d/.test(text)) return explain({ raw, formats, languages: [], contradiction }, text);
  if (locales.length === 0) return readInAny(raw, text, options);
  const given = months === undefined ? [] : [givenLanguage(months)];
  const languages = [...new Set([...given, ...locales.flatMap((tag) => languageOf(tag) ?? [])])];
  for (const format of formats) {
    const made = compileFormat(format, languages);
    if (typeof made === "string")
      return {
        problem: `the format "${format}" cannot be used: ${made}`,
        hint: "Correct fields.date.formats.",
      };
  }
  const printed = { raw, formats, languages, contradiction };
  const rest = bare(withoutReading(text) ?? text);
  return (
    readPlain(printed, text) ??
    readPlain(printed, rest) ??
    readLabelled(printed, rest) ??
    readRange(printed, text) ??
    readSeveral(printed, text) ??
    readDateline(printed, text) ??
    explain(printed, text)
  );
}

function readIso(raw: string, text: string): ReadDate | DateProblem | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?=$|[t ]|z$|[+-]\d{2}:\d{2}$)/.exec(text);
  if (iso === null) return null;
  const [year = 0, month = 0, day = 0] = iso.slice(1).map(Number);
  return judge(raw, { year, month, day, weekday: 0 }, ISO);
}

/**
 * In any language: a date where all that have the name mean the same (`listopad` is October in Croatian, November in
 * Czech). Of the many that mean the same only a few are tried: to compile the formats of all takes seconds.
 */
function readInAny(raw: string, text: string, options: DateOptions): ReadDate | DateProblem {
  const byMonth = new Map<number, string[]>([[0, []]]);
  for (const language of ["en", ...languagesNaming(text, allLanguages())]) {
    const [month = 0] = monthsIn(text, language);
    byMonth.set(month, [...(byMonth.get(month) ?? []), language]);
  }
  const reads = [...byMonth.values()].flatMap((same) => {
    const some = same.slice(0, MOST_LANGUAGES);
    const read = some.map((language) => readDate(raw, { ...options, locales: [language] }));
    return read.find((one) => "date" in one) ?? read.slice(0, 1);
  });
  const dated = reads.filter((read) => "date" in read);
  const dates = new Set(dated.map(({ date }) => date));
  if (dates.size > 1)
    return {
      problem: `${quote(raw)} is ${[...dates].join(" or ")}, depending on the language`,
      hint: "Name the language in fields.date.locales.",
    };
  const known = reads.find((read) => "impossible" in read || "relative" in read);
  return dated[0] ?? known ?? (reads[0] as DateProblem);
}

const MOST_LANGUAGES = 5;

type Read = ReadDate | DateProblem | null;

function readPlain(printed: Printed, text: string): Read {
  const { raw, formats, languages } = printed;
  const iso = readIso(raw, text);
  if (iso !== null) return iso;
  for (const [name, format] of usable(formats, languages)) {
    const parts = format.read(text);
    if (parts !== null) return judge(raw, parts, name);
  }
  for (const [name, format] of builtIn(text, languages)) {
    const parts = format.read(text) ?? format.readStart(text, isTime);
    if (parts !== null) return judge(raw, parts, name);
  }
  return readProved(printed, text) ?? readTimed(printed, text);
}

/** A format of the site with the name of a month, and a time of day after it: `25 Dec 23 23:30:00 GMT`. One in figures must say all. */
function readTimed({ raw, formats, languages }: Printed, text: string): Read {
  const isClock = (rest: string) => rest.includes(":") && isTime(rest);
  const named = formats.filter((format) => format.includes("MMM"));
  for (const [name, format] of usable(named, languages)) {
    const parts = format.readStart(text, isClock);
    if (parts !== null) return judge(raw, parts, name);
  }
  return null;
}

/** A weekday after the figures, as most pages print it before them: "04/03/2025 (Tuesday)". */
const WEEKDAY_LAST = /^(\d[\d/.-]+\d),? \(?([\p{L}\p{M}]+\.?)\)?$/u;

/** Figures whose order a weekday proves; a problem where the weekday is that of neither. Where it is that of both, a format of the site decides. */
function readProved({ raw, formats, languages }: Printed, text: string): Read {
  if (!/\d[/.-]\d/.test(text)) return null;
  const turned = text.replace(WEEKDAY_LAST, "$2, $1");
  const reads = [...usable(WEEKDAY_FORMATS, languages)].flatMap(([name, format]) => {
    const parts = format.read(turned) ?? format.readStart(turned, isTime);
    return parts === null ? [] : [judge(raw, parts, name)];
  });
  const proved = reads.filter((read) => "date" in read);
  if (proved.length === 0) return reads.find((read) => !("impossible" in read)) ?? reads[0] ?? null;
  if (new Set(proved.map(({ date }) => date)).size === 1) return proved[0] ?? null;
  const figures = turned.replace(/^\D+/, "");
  for (const [name, format] of usable(formats, languages)) {
    const parts = format.read(figures) ?? format.readStart(figures, isTime);
    if (parts !== null) return judge(raw, parts, name);
  }
  return null;
}

function readLabelled(printed: Printed, text: string): Read {
  for (const end of afterLabel(text)) {
    const read = readPlain(printed, end);
    if (read !== null) return read;
  }
  return null;
}

function readRange(printed: Printed, text: string): Read {
  const { raw, formats, languages } = printed;
  const days = firstOfDays(text);
  for (const [name, format] of days === null ? [] : builtIn(text, languages)) {
    const parts = format.read(days ?? "");
    if (parts !== null) return asRange(judge(raw, { ...parts, weekday: 0 }, name));
  }
  const isEnd = (rest: string) => {
    const end = endOfRange(rest);
    return end !== null && readPlain(printed, end) !== null;
  };
  for (const all of [usable(formats, languages), builtIn(text, languages)])
    for (const [name, format] of all) {
      const parts = format.readStart(text, isEnd);
      if (parts !== null) return asRange(judge(raw, parts, name));
    }
  return null;
}

/** A figure that is not part of a name such as "G20" or "Act 44-B". */
const FIGURE = /(?<![\p{L}\p{N}]|\p{L}-)\p{N}+(?!\p{N}|-?\p{L})/u;

/** A date and whose it is: "12.05.2014 - UNESCO Office in Brasilia", "3 May 2021 · Act 44-B". Further figures would be another date. */
function readDateline(printed: Printed, text: string): Read {
  const [, parted, whose = ""] = /^(.*?\d.*?) ?[·•|] ?[^\p{L}\p{N}]?(\p{L}.*)$/u.exec(text) ?? [];
  const [, dashed] = /^(.*?\d.*?) [-–—|] \p{L}\D*$/u.exec(text) ?? [];
  const date = dashed ?? (FIGURE.test(whose) ? undefined : parted);
  return date === undefined ? null : (readPlain(printed, date) ?? readLabelled(printed, date));
}

/** Of several dates in one text that of publication, else the first. */
function readSeveral(printed: Printed, text: string): Read {
  const { raw, formats, languages } = printed;
  const stamps = labelledStamps(text, function* () {
    yield* usable([...formats, ISO], languages);
    yield* builtIn(text, languages);
  });
  const dates = stamps.flatMap(({ label, parts, format }) => {
    const read = judge(raw, parts, format);
    return "date" in read ? [{ label, read }] : [];
  });
  if (dates.length < 2) return null;
  const { chosen, isMarked } = mostLikely(dates);
  const others = new Set(dates.map(({ read }) => read.date));
  others.delete(chosen.read.date);
  if (isMarked || others.size === 0) return chosen.read;
  return { ...chosen.read, several: [chosen.read.date, ...others] };
}

function asRange(read: ReadDate | DateProblem): ReadDate | DateProblem {
  return "date" in read ? { ...read, range: true } : read;
}

/** What parts a date from its neighbours ("(3 May 2021)", "3 May 2021 |") does not belong to it. */
function bare(text: string): string {
  return text.replace(/^[\s([|:;,·•–-]+|[\s)\]|:;,·•–-]+$/gu, "");
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Whether the day exists, and whether it has the weekday that is printed with it. */
function judge(raw: string, parts: Parts, format: string): ReadDate | DateProblem {
  const swapped: Day | null =
    format === ISO || format.includes("MMM")
      ? null
      : { year: parts.year, month: parts.day, day: parts.month };
  const mayBeSwapped = swapped !== null && impossible(swapped) === null;
  const wrong = impossible(parts);
  if (wrong !== null)
    return {
      problem: `${quote(raw)} is not a date as ${format}: ${wrong}`,
      impossible: true,
      hint: mayBeSwapped
        ? "Day and month may be in the other order: look at more rows, and correct fields.date.formats."
        : "The site itself is wrong, or the selector of fields.date matched something else.",
    };
  const date = dateText(parts);
  const weekday = weekdayOf(parts);
  if (parts.weekday === 0 || parts.weekday === weekday) return { date, format };
  return {
    problem: `${quote(raw)} says ${WEEKDAYS[parts.weekday - 1]}, but ${date} is a ${WEEKDAYS[weekday - 1]}`,
    hint:
      mayBeSwapped && weekdayOf(swapped) === parts.weekday
        ? `With day and month exchanged the weekday would be right: correct fields.date.formats, which has "${format}".`
        : "Weekday and date contradict each other: look at the page to see which of them is wrong.",
  };
}
