/** Dates in figures: whether a text holds one, the order of day, month and year, and what proves it. */
import { fold } from "../dates/fold.js";
import { languages, namesOf } from "../dates/names.js";
import { type Figures, figuresOf, yearFirstOf } from "../dates/order.js";
import type { Choice, Picks } from "./proposal.js";
import { choiceOf, rank } from "./rank.js";

const NUMERIC = /(?<!\d)(?:\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{4}([/.-])\d{1,2}\2\d{1,2})(?!\d)/;
/** Where a month may have its name: between day and year, before the day, after the year; or figures with a sign each, as in Chinese. */
const NAMED =
  /(?<!\p{N})\d{1,2}(?<between>\P{N}{1,30})\d{4}|(?<before>[\p{L}\p{M}]{3,})\.?[ -]\d{1,2}\P{N}{1,4}\d{4}|\d{4}(?<after>\P{N}{1,30})\d{1,2}(?!\d)|\d{4} ?\p{L}{1,4} ?\d{1,2} ?\p{L}{1,4} ?\d{1,2}/gu;

let names: ReadonlySet<string> | null = null;

/** Names of months in all languages; a single letter or two are not a name. */
function monthNames(): ReadonlySet<string> {
  names ??= new Set(
    languages()
      .flatMap((language) => [...namesOf(language).months.keys()])
      .filter((name) => name.length > 2),
  );
  return names;
}

/** True when a text holds what may be a date with a year. */
export function holdsDate(text: string): boolean {
  const folded = fold(text.slice(0, 2_000));
  if (NUMERIC.test(folded)) return true;
  for (const { groups: { between, before, after } = {} } of folded.matchAll(NAMED)) {
    const words = between ?? before ?? after;
    if (words === undefined) return true;
    const parts = words.split(/[^\p{L}\p{M}]+/u).filter((part) => part !== "");
    if ([words.trim(), ...parts].some((part) => monthNames().has(part))) return true;
  }
  return false;
}

/**
 * Proposes the format of dates in figures.
 *
 * @param texts dates as printed, in the order of the rows
 * @param known calendar dates of some of them from elsewhere (an attribute, the article page); null where unknown
 * @param language tag of the page: says which order comes first where nothing proves one
 * @returns null when the texts are not dates in figures
 */
export function proposeFormat(
  texts: readonly string[],
  known: readonly (string | null)[],
  language: string,
  picks: Picks,
): Choice | null {
  const finding = findFormat(texts, known, language);
  if (finding === null) return null;
  const candidates = finding.formats.map((value) => ({ value, matched: "", texts }));
  const ranking = rank(candidates, () => ({}), picks.format);
  return ranking && choiceOf("format", ranking, finding.reason, finding.sure);
}

type Order = "month" | "day";

/** Which number comes first. */
interface Finding {
  /** The orders that fit, the likeliest first. */
  readonly orders: readonly Order[];
  readonly reason: string;
  readonly sure: boolean;
}

function findFormat(texts: readonly string[], known: readonly (string | null)[], language: string) {
  const folded = texts.map(fold);
  const yearFirst = folded.flatMap((text) => yearFirstOf(text) ?? []);
  if (yearFirst.length * 2 > texts.length)
    return { formats: yearFirst.slice(0, 1), reason: "the year comes first", sure: true };
  const found = folded.map(figuresOf);
  const seen = found.flatMap((one) => one?.figures ?? []);
  const shape = found.find((one) => one !== null);
  if (!shape || seen.length * 2 < texts.length) return null;
  const { mark, year, time } = shape;
  const { orders, reason, sure } =
    byLargest(seen) ??
    byKnown(
      found.map((one) => one?.figures ?? null),
      known,
    ) ??
    bySorting(seen) ??
    ambiguous(seen, mark, language);
  const formats = orders.map((order) => {
    const days = order === "month" ? ["M", "d"] : ["d", "M"];
    return [...days, year].join(mark) + time;
  });
  return { formats, reason, sure };
}

/** A number above 12 is not a month. */
function byLargest(seen: readonly Figures[]): Finding | null {
  const dayFirst = seen.find(({ first }) => first > 12);
  const monthFirst = seen.find(({ second }) => second > 12);
  if (dayFirst !== undefined && monthFirst !== undefined) {
    const reason = `${dayFirst.printed} can only be day first, ${monthFirst.printed} only month first: the dates contradict each other`;
    return { orders: ["day"], reason, sure: false };
  }
  const [order, proof] =
    monthFirst === undefined ? (["day", dayFirst] as const) : (["month", monthFirst] as const);
  if (proof === undefined) return null;
  const day = order === "day" ? proof.first : proof.second;
  const reason = `${proof.printed} proves ${order} first: there is no month ${day}`;
  return { orders: [order], reason, sure: true };
}

/** The same date, written elsewhere so that it can be read in one way only. */
function byKnown(found: readonly (Figures | null)[], known: readonly (string | null)[]) {
  for (const [index, figures] of found.entries()) {
    const date = known[index];
    if (figures === null || !date) continue;
    const { printed, first, second } = figures;
    const [, month, day] = date.split("-").map(Number);
    const isMonthFirst = first === month && second === day;
    if (first === second || !(isMonthFirst || (first === day && second === month))) continue;
    const order = isMonthFirst ? "month" : "day";
    const reason = `${printed} is ${date}, by the date that a machine is given: ${order} first`;
    return { orders: [order], reason, sure: true };
  }
  return null;
}

/** Lists are sorted by date: of two orders, the one in which the rows are sorted. */
function bySorting(seen: readonly Figures[]): Finding | null {
  if (seen.length < 4) return null;
  const isSorted = (key: (one: Figures) => number) => {
    const keys = seen.map(key);
    const steps = keys.slice(1).map((value, index) => Math.sign(value - (keys[index] ?? 0)));
    return (!steps.includes(1) || !steps.includes(-1)) && steps.some((step) => step !== 0);
  };
  const monthFirst = isSorted(({ year, first, second }) => (year * 100 + first) * 100 + second);
  const dayFirst = isSorted(({ year, first, second }) => (year * 100 + second) * 100 + first);
  if (monthFirst === dayFirst) return null;
  const [order, other]: Order[] = monthFirst ? ["month", "day"] : ["day", "month"];
  const reason = `the rows are sorted by date if it is ${order} first, and are not if it is ${other} first`;
  return { orders: [order as Order], reason, sure: true };
}

function ambiguous(seen: readonly Figures[], mark: string, language: string): Finding {
  // Of the languages that are read, English alone is written in both orders, and with slashes.
  const monthFirst = mark === "/" && /^en(?:-US|$)/.test(language);
  const reason = `ambiguous: ${seen[0]?.printed} and the other dates can be read day first and month first`;
  return { orders: monthFirst ? ["month", "day"] : ["day", "month"], reason, sure: false };
}
