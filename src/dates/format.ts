/** Date formats: patterns in luxon's tokens, made into regular expressions over folded text. */
import type { Day } from "./calendar.js";
import { fold } from "./fold.js";
import { namesOf } from "./names.js";

/** What a format found in a text; a weekday counts from Monday, 1, and is 0 where none is printed. */
export interface Parts extends Day {
  readonly weekday: number;
}

export interface Format {
  /** Reads a folded text that the format fits from end to end, else null. Says nothing of whether such a day exists. */
  read(text: string): Parts | null;
  /** As `read` for the beginning of a text, where what is after it is accepted. */
  readStart(text: string, accepts: (rest: string) => boolean): Parts | null;
  /** As `read`, where only the year has the wrong number of digits: that number, else null. */
  yearDigits(text: string): string | null;
  /** What the text has after the part that the format fits; null when it does not fit its beginning. */
  rest(text: string): string | null;
}

type Part = "year" | "shortYear" | "month" | "monthName" | "day" | "weekday" | "time";

/** Tokens, and what each reads; those for names take full and short ones alike. */
const TOKENS: Readonly<Record<string, readonly [Part, string]>> = {
  y: ["year", "\\d{4}"],
  yyyy: ["year", "\\d{4}"],
  yy: ["shortYear", "\\d{2}"],
  M: ["month", "\\d{1,2}"],
  MM: ["month", "\\d{2}"],
  MMM: ["monthName", ""],
  MMMM: ["monthName", ""],
  d: ["day", "\\d{1,2}"],
  dd: ["day", "\\d{2}"],
  ccc: ["weekday", ""],
  cccc: ["weekday", ""],
  EEE: ["weekday", ""],
  EEEE: ["weekday", ""],
  H: ["time", "(?:1?\\d|0\\d|2[0-3])"],
  HH: ["time", "(?:[01]\\d|2[0-3])"],
  h: ["time", "(?:0?[1-9]|1[0-2])"],
  hh: ["time", "(?:0[1-9]|1[0-2])"],
  m: ["time", "[0-5]?\\d"],
  mm: ["time", "[0-5]\\d"],
  s: ["time", "[0-5]?\\d"],
  ss: ["time", "[0-5]\\d"],
  a: ["time", "(?:[ap]\\.? ?m\\.?|ص|م|上午|下午)"],
};
/** Where a month has a name, the day is often an ordinal: 1st, 1er, 1º, 1-го. */
const ORDINAL = "(?:st|nd|rd|th|er|re|o|[º°ª]|-?го|-?е)?";
const PIECE = /'([^']*)'|([A-Za-z])\2*|[\s,،]+|./gsu;

/** What was compiled so far, by its languages. */
const compiled = new Map<string, Map<string, Format | string>>();

/**
 * Compiles a format, with the names of months and weekdays in some languages.
 *
 * @param format tokens of luxon: `d`, `MM`, `MMMM`, `yyyy`, `cccc`, `HH`, `mm`, `a` and so on;
 *   words are in single quotes; a comma may be missing in the text
 * @param languages as `namesOf` takes them; where a name means two months, that of the first
 * @returns a sentence where the format cannot be used
 */
export function compileFormat(format: string, languages: readonly string[]): Format | string {
  return compilerFor(languages)(format);
}

/** `compileFormat` for many formats in the same languages. */
export function compilerFor(languages: readonly string[]): (format: string) => Format | string {
  const key = languages.join();
  const known = compiled.get(key) ?? new Map<string, Format | string>();
  compiled.set(key, known);
  return (format) => {
    const made = known.get(format) ?? compileNew(format, languages);
    known.set(format, made);
    return made;
  };
}

function compileNew(format: string, languages: readonly string[]): Format | string {
  const names = {
    monthName: namesIn("months", languages),
    weekday: namesIn("weekdays", languages),
  };
  const parts = new Set<Part>();
  let source = "";
  for (const [piece, quoted, letter] of format.trim().matchAll(PIECE)) {
    if (letter === undefined) {
      source += literal(quoted ?? piece);
      continue;
    }
    const token = Object.hasOwn(TOKENS, piece) ? TOKENS[piece] : undefined;
    if (token === undefined)
      return `"${piece}" is not a token of a date; put words in single quotes, as in d 'de' MMMM`;
    const [part, pattern] = token;
    if (part === "time") source += pattern;
    else if (parts.has(part)) return `it names the ${part} twice (put words in single quotes)`;
    else if (part === "monthName" && languages.includes("ar"))
      // Pages for several countries print both names of a month: شباط/فبراير.
      source += `(?<monthName>${alternatives(names.monthName)})(?: ?/ ?(?<twin>${alternatives(names.monthName)}))?\\.?`;
    else if (part === "monthName" || part === "weekday")
      source += `(?<${part}>${alternatives(names[part])})\\.?`;
    else source += `(?<${part}>${pattern})${part === "day" && /MMM/.test(format) ? ORDINAL : ""}`;
    parts.add(part);
  }
  for (const [one, other] of [
    ["year", "shortYear"],
    ["month", "monthName"],
    ["day", "day"],
  ] as const) {
    if (!parts.has(one) && !parts.has(other)) return `it names no ${one}`;
    if (one !== other && parts.has(one) && parts.has(other))
      return `it names the ${one} twice (put words in single quotes)`;
  }
  return formatOf(source, names);
}

function formatOf(
  source: string,
  names: Record<"monthName" | "weekday", ReadonlyMap<string, number>>,
): Format {
  const anyYear = source.replace("<year>\\d{4}", "<year>\\d+");
  const begin = new RegExp(`^${anyYear}`, "u");
  // Nearly no text begins as the format at hand, and to compile an expression costs more than to run it.
  const ifBegun = (pattern: string) => {
    let made: RegExp | undefined;
    return (text: string): RegExpExecArray | null => {
      if (!begin.test(text)) return null;
      made ??= new RegExp(pattern, "u");
      return made.exec(text);
    };
  };
  const whole = ifBegun(`^${source}$`);
  const start = ifBegun(`^${source}(?![\\p{L}\\p{N}])`);
  const loose = ifBegun(`^${anyYear}$`);
  const read = (text: string): Parts | null => {
    const found = whole(text)?.groups;
    if (found === undefined) return null;
    const { year, shortYear, month, monthName = "", twin = monthName, day, weekday = "" } = found;
    const named = names.monthName.get(monthName);
    if (names.monthName.get(twin) !== named) return null;
    return {
      year: shortYear === undefined ? Number(year) : century(Number(shortYear)),
      month: Number(month ?? named),
      day: Number(day),
      weekday: names.weekday.get(weekday) ?? 0,
    };
  };
  const rest = (text: string): string | null => {
    const found = start(text);
    return found === null ? null : text.slice(found[0].length);
  };
  return {
    read,
    rest,
    readStart(text, accepts) {
      const after = rest(text);
      return after === null || !accepts(after)
        ? null
        : read(text.slice(0, text.length - after.length));
    },
    yearDigits: (text) => loose(text)?.groups?.year ?? null,
  };
}

/** Two digits, where a format asks for them: up to 60 in this century, as luxon has it. */
function century(year: number): number {
  return year > 60 ? 1900 + year : 2000 + year;
}

/** Text of a format that is not a token. Chinese is printed with and without spaces. */
function literal(text: string): string {
  if (/^[\s,،]+$/.test(text)) return /[,،]/.test(text) ? "(?: ?, ?| )" : " ";
  return escapePattern(fold(text)).replace(/\p{sc=Han}/gu, " ?$& ?");
}

/** Names of months by their first two characters, each with its languages, of those that were asked for so far. */
const naming = new Map<string, Map<string, string[]>>();
const indexed = new Set<string>();
/** One letter may be before a name: Hebrew writes "in" and the name as one word. */
const LATE = /\p{L}{2}$/u;

/**
 * Those of some languages in which a folded text may name a month. Looked for before a format with
 * names is compiled: most texts that are not dates name none, and compiling all formats takes a second.
 */
export function languagesNaming(text: string, languages: readonly string[]): string[] {
  for (const language of languages) if (!indexed.has(language)) index(language);
  const found = new Set<string>();
  for (let at = 0; at < text.length; at++)
    for (const two of [text.slice(at, at + 2), text.charAt(at)]) {
      for (const [name, named] of naming.get(two) ?? [])
        if (text.startsWith(name, at) && !LATE.test(text.slice(Math.max(0, at - 4), at)))
          for (const language of named) found.add(language);
    }
  // Months that are numbered may have a space before their sign.
  if (text.includes("月")) for (const language of ["zh", "ja", "yue"]) found.add(language);
  return languages.filter((language) => found.has(language));
}

function index(language: string): void {
  indexed.add(language);
  for (const name of namesOf(language).months.keys()) {
    const two = name.slice(0, 2);
    const names = naming.get(two) ?? new Map<string, string[]>();
    naming.set(two, names.set(name, [...(names.get(name) ?? []), language]));
  }
}

/** Folded names in some languages, with the number of each, from 1. */
function namesIn(
  kind: "months" | "weekdays",
  languages: readonly string[],
): ReadonlyMap<string, number> {
  // The first language goes before the others.
  return new Map([...languages].reverse().flatMap((language) => [...namesOf(language)[kind]]));
}

function alternatives(names: ReadonlyMap<string, number>): string {
  // An empty class matches nothing.
  return names.size === 0 ? "[]" : [...names.keys()].map(escapePattern).join("|");
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
