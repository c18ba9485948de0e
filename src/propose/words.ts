/** What a piece of text looks like, before anything is read from it. */
import { fold } from "../dates/format.js";
import { LANGUAGES } from "../dates/months.js";

const MONTHS = Object.values(LANGUAGES)
  .flatMap(({ months }) => months.flatMap((forms) => forms.split("|").map(fold)))
  // The longest first, so that "mai" does not hide "maio"; a name of one figure is no name.
  .filter((name) => name.length > 2)
  .sort((one, other) => other.length - one.length)
  .join("|");
const NUMERIC = /(?<!\d)(?:\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{4}([/.-])\d{1,2}\2\d{1,2})(?!\d)/;
const NAMED = new RegExp(
  `(?<!\\p{N})\\d{1,2}\\P{N}{0,8}(?:${MONTHS})\\P{N}{0,8}\\d{4}|(?:${MONTHS})\\.?[ -]\\d{1,2}\\P{N}{1,4}\\d{4}|\\d{4} ?年 ?\\d{1,2} ?月`,
  "u",
);

/** True when a text holds what may be a date with a year. */
export function holdsDate(text: string): boolean {
  const folded = fold(text.slice(0, 2_000));
  return NUMERIC.test(folded) || NAMED.test(folded);
}

/** The middle of some numbers; 0 for none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** `9 of 10`. */
export function share(found: number, total: number): string {
  return `${found} of ${total}`;
}

/** The first texts that differ, cut to a line, at most three. */
export function samplesOf(texts: readonly (string | null)[]): string[] {
  const seen = new Set(texts.filter((text): text is string => text !== null && text !== ""));
  return [...seen]
    .slice(0, 3)
    .map((text) => (text.length > 60 ? `${[...text].slice(0, 59).join("")}…` : text));
}
