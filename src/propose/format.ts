/** The order of day, month and year in dates printed in figures, and what proves it. */
import { fold } from "../dates/format.js";

export interface FormatFinding {
  /** Formats in the order in which they fit; empty when none is needed. */
  readonly formats: readonly string[];
  readonly reason: string;
  readonly sure: boolean;
}

const FIGURES = /(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const YEAR_FIRST = /(?<!\d)\d{4}([/.-])\d{1,2}\1\d{1,2}(?!\d)/;

interface Numbers {
  readonly printed: string;
  readonly first: number;
  readonly second: number;
  readonly year: number;
}

/**
 * Finds the format of dates in figures.
 *
 * @param texts dates as printed, in the order of the rows
 * @param language tag of the page: says which order comes first where nothing proves one
 * @param known calendar dates of some of them from elsewhere (an attribute, the article page); null where unknown
 * @returns null when the texts are not dates in figures
 */
export function formatOf(
  texts: readonly string[],
  known: readonly (string | null)[] = [],
  language = "und",
): FormatFinding | null {
  const folded = texts.map(fold);
  const yearFirst = folded.flatMap((text) => YEAR_FIRST.exec(text) ?? []);
  if (folded.filter((text) => YEAR_FIRST.test(text)).length * 2 > texts.length) {
    const mark = yearFirst[1] ?? "-";
    return { formats: [`yyyy${mark}M${mark}d`], reason: "the year stands first", sure: true };
  }
  const found = folded.map((text) => numbersOf(text));
  const seen = found.flatMap((one) => (one === null ? [] : [one.numbers]));
  const shape = found.find((one) => one !== null);
  if (!shape || seen.length * 2 < texts.length) return null;
  const format = (order: "M" | "d") => {
    const [one, other] = order === "M" ? ["M", "d"] : ["d", "M"];
    return one + shape.mark + other + shape.mark + shape.year + shape.time;
  };
  return (
    decide(seen, format) ??
    byKnown(found, known, format) ??
    byOrder(seen, format) ??
    undecided(seen, shape.mark, language, format)
  );
}

function numbersOf(text: string) {
  const found = FIGURES.exec(text);
  if (found === null) return null;
  const [printed, first, mark = "/", second, year = ""] = found;
  const rest = text.slice(found.index + printed.length);
  const time = /^( - |, | )(\d{1,2}:\d{2}(?::\d{2})?)( ?[ap]\.?m\.?)?$/.exec(rest);
  const clock =
    time === null
      ? ""
      : `${time[1]}${time[3] === undefined ? "H" : "h"}:mm${time[2]?.length === 8 ? ":ss" : ""}`;
  return {
    mark,
    year: year.length === 2 ? "yy" : "yyyy",
    time: clock + (time?.[3] === undefined ? "" : `${time[3].startsWith(" ") ? " " : ""}a`),
    numbers: { printed, first: Number(first), second: Number(second), year: Number(year) },
  };
}

type Formatter = (order: "M" | "d") => string;

/** A number beyond 12 is no month. */
function decide(seen: readonly Numbers[], format: Formatter): FormatFinding | null {
  const dayFirst = seen.find(({ first }) => first > 12);
  const monthFirst = seen.find(({ second }) => second > 12);
  if (dayFirst !== undefined && monthFirst !== undefined)
    return {
      formats: [format("d")],
      reason: `${dayFirst.printed} can only be day first, ${monthFirst.printed} only month first: the dates contradict each other`,
      sure: false,
    };
  if (monthFirst !== undefined)
    return {
      formats: [format("M")],
      reason: `${monthFirst.printed} proves month first: there is no month ${monthFirst.second}`,
      sure: true,
    };
  if (dayFirst !== undefined)
    return {
      formats: [format("d")],
      reason: `${dayFirst.printed} proves day first: there is no month ${dayFirst.first}`,
      sure: true,
    };
  return null;
}

/** The same date, written elsewhere so that it can be read in one way only. */
function byKnown(
  found: readonly ReturnType<typeof numbersOf>[],
  known: readonly (string | null)[],
  format: Formatter,
): FormatFinding | null {
  for (const [index, one] of found.entries()) {
    const date = known[index];
    if (one === null || !date) continue;
    const { printed, first, second } = one.numbers;
    const [, month, day] = date.split("-").map(Number);
    if (first === second) continue;
    const order =
      first === month && second === day ? "M" : first === day && second === month ? "d" : null;
    if (order !== null)
      return {
        formats: [format(order)],
        reason: `${printed} is ${date}, by the date that a machine is given: ${order === "M" ? "month" : "day"} first`,
        sure: true,
      };
  }
  return null;
}

/** Lists are sorted by date: the order in which they are sorted is the right one, where the other is not. */
function byOrder(seen: readonly Numbers[], format: Formatter): FormatFinding | null {
  if (seen.length < 4) return null;
  const sorted = (key: (one: Numbers) => number) => {
    const keys = seen.map(key);
    const steps = keys.slice(1).map((value, index) => Math.sign(value - (keys[index] ?? 0)));
    return (!steps.includes(1) || !steps.includes(-1)) && steps.some((step) => step !== 0);
  };
  const monthFirst = sorted(({ year, first, second }) => (year * 100 + first) * 100 + second);
  const dayFirst = sorted(({ year, first, second }) => (year * 100 + second) * 100 + first);
  if (monthFirst === dayFirst) return null;
  return {
    formats: [format(monthFirst ? "M" : "d")],
    reason: `the rows are sorted by date if it is ${monthFirst ? "month" : "day"} first, and are not if it is ${monthFirst ? "day" : "month"} first`,
    sure: true,
  };
}

function undecided(
  seen: readonly Numbers[],
  mark: string,
  language: string,
  format: Formatter,
): FormatFinding {
  // Of the languages that are read, English alone is written in both orders, and with slashes.
  const monthFirst = mark === "/" && /^en(?:-US|$)/.test(language);
  return {
    formats: monthFirst ? [format("M"), format("d")] : [format("d"), format("M")],
    reason: `ambiguous: ${seen[0]?.printed} and the other dates can be read day first and month first`,
    sure: false,
  };
}
