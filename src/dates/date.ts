/**
 * A printed date to a calendar date. Nothing is guessed, rolled over or moved by a time zone, and
 * neither the machine's clock, zone and locale nor its build of ICU have a say.
 */

import { afterLabel, endOfRange, firstOfDays, isTime } from "./around.js";
import { type Day, impossible, weekdayOf } from "./calendar.js";
import { compileFormat, fold, type Parts } from "./format.js";
import { builtIn, NUMERIC_FORMATS, usable, WEEKDAY_FORMATS } from "./formats.js";
import { LANGUAGES } from "./months.js";
import { type DateProblem, explain, type Printed, quote } from "./problem.js";

export interface DateOptions {
  /** Formats in luxon's tokens, tried in order: `M/d/yyyy`, `d MMMM yyyy`, `MM/dd/yyyy - HH:mm`. */
  readonly formats: readonly string[];
  /** BCP 47 tags of the languages whose names are read, of which the first part counts; none given means all. */
  readonly locales: readonly string[];
}

export interface ReadDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The format that fitted. */
  readonly format: string;
  /** Set when the text is a range: the date is its first day. */
  readonly range?: true;
}

const ISO = "yyyy-MM-dd";
/** Longer than any printed date with weekday and time; a text beyond it is a paragraph that a selector caught. */
const LONGEST = 100;

/**
 * Reads a date. An ISO date at the beginning wins: its ten characters, never moved by the offset
 * after them, since `2019-02-08T00:00:00+01:00` is the 8th of February where it was written and
 * the 7th in UTC. Then the site's formats, then `DATE_FORMATS`, then figures whose order a
 * weekday proves. The first that fits the whole text decides: where it names a day that does not
 * exist no other is tried, lest month and day be exchanged in silence. What fits none may have a
 * label before the date ("Posted on"), or be a range, of which the first day counts.
 *
 * @param raw text or attribute as printed
 * @returns a problem for everything else, a format that cannot be used included. Never throws.
 */
export function readDate(raw: string, options: DateOptions): ReadDate | DateProblem {
  const text = fold(raw.trim().slice(0, 4 * LONGEST));
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?=$|[t ]|z$|[+-]\d{2}:\d{2}$)/.exec(text);
  if (iso !== null) {
    const [year = 0, month = 0, day = 0] = iso.slice(1).map(Number);
    return judge(raw, { year, month, day, weekday: 0 }, ISO);
  }
  if (text === "")
    return {
      problem: "there is no text to read a date from",
      hint: "Add the words that mean none to fields.date.empty.",
    };
  if (text.length > LONGEST)
    return {
      problem: `${quote(raw)} is too long for a date`,
      hint: "Make the selector of fields.date match the date alone.",
    };
  const languages = languagesOf(options.locales);
  for (const format of options.formats) {
    const made = compileFormat(format, languages);
    if (typeof made === "string")
      return {
        problem: `the format "${format}" cannot be used: ${made}`,
        hint: "Correct fields.date.formats.",
      };
  }
  const printed = { raw, formats: options.formats, languages };
  return (
    readPlain(printed, text) ??
    readPlain(printed, bare(text)) ??
    readLabelled(printed, bare(text)) ??
    readRange(printed, text) ??
    explain(printed, text)
  );
}

type Read = ReadDate | DateProblem | null;

function readPlain(printed: Printed, text: string): Read {
  const { raw, formats, languages } = printed;
  for (const [name, format] of usable(formats, languages)) {
    const parts = format.read(text);
    if (parts !== null) return judge(raw, parts, name);
  }
  for (const [name, format] of builtIn(text, languages)) {
    const parts = format.read(text) ?? format.readStart(text, isTime);
    if (parts !== null) return judge(raw, parts, name);
  }
  return readProved(printed, text);
}

/** Figures whose order a weekday proves. */
function readProved({ raw, languages }: Printed, text: string): Read {
  if (!/\d[/.-]\d/.test(text)) return null;
  const proved = [...usable(WEEKDAY_FORMATS, languages)].flatMap(([name, format]) => {
    const parts = format.read(text) ?? format.readStart(text, isTime);
    const read = parts === null ? null : judge(raw, parts, name);
    return read !== null && "date" in read ? [read] : [];
  });
  return new Set(proved.map(({ date }) => date)).size === 1 ? (proved[0] ?? null) : null;
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

function asRange(read: ReadDate | DateProblem): ReadDate | DateProblem {
  return "date" in read ? { ...read, range: true } : read;
}

/** What parts a date from its neighbours ("(3 May 2021)", "3 May 2021 |") does not belong to it. */
function bare(text: string): string {
  return text.replace(/^[\s([|:;,·•–-]+|[\s)\]|:;,·•–-]+$/gu, "");
}

function languagesOf(locales: readonly string[]): string[] {
  if (locales.length === 0) return Object.keys(LANGUAGES);
  const tags = locales.map((locale) => locale.split(/[-_]/, 1)[0]?.toLowerCase() ?? "");
  // In one order, so that what was compiled for them is found again.
  return [...new Set(tags)].filter((tag) => Object.hasOwn(LANGUAGES, tag)).sort();
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
  const date = [String(parts.year).padStart(4, "0"), two(parts.month), two(parts.day)].join("-");
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

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/**
 * The date that a text begins with, as printed: one with a year, in figures or with the name of a
 * month in any of the languages. For telling a person that an editor typed one, not for reading it.
 *
 * @returns null when the text begins with none, nor with one that exists in any order of its parts
 */
export function dateAtStart(text: string): string | null {
  const visible = text.slice(0, 200).replace(/^[\s\p{Cf}]+/u, "");
  const start = visible.slice(0, 60);
  if (!/^\P{N}{0,40}\p{N}/u.test(start)) return null;
  for (let end = start.length; end >= "1/1/2000".length; end--) {
    const printed = start.slice(0, end);
    const next = visible.slice(end, end + 2);
    // Chinese continues without a space; `1.2.2003.4` is a version, not a date.
    const ends = /^$|^[^\p{L}\p{M}\p{N}]/u.test(next) || printed.endsWith("日");
    if (!ends || /^[./]\d/.test(next) || /[\s\p{Cf}]$/u.test(printed)) continue;
    if (isDate(fold(printed))) return printed;
  }
  return null;
}

function isDate(text: string): boolean {
  for (const all of [usable(NUMERIC_FORMATS, []), builtIn(text, Object.keys(LANGUAGES))])
    for (const [, format] of all) {
      const parts = format.read(text);
      if (parts !== null && impossible(parts) === null) return true;
    }
  return false;
}
