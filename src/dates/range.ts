/**
 * A printed range of days: `22 to 25 October 2013`, `28 December 2013 – 3 January 2014`, `October 22-25, 2013`,
 * `du 22 au 25 octobre 2013`, `2013年10月22日至25日`. What one end leaves out, the other has: its year, or its month
 * and year. A single day is a range from itself to itself.
 */
import { daysBetween } from "./calendar.js";
import { type DateOptions, type DateProblem, readDate } from "./date.js";
import { fold } from "./fold.js";

export interface ReadRange {
  /** `YYYY-MM-DD`, as is `end`, which is not earlier. */
  readonly start: string;
  readonly end: string;
}

/**
 * @param raws the text, or one for each end
 * @returns a problem for everything else. Never throws.
 */
export function readRange(raws: readonly string[], options: DateOptions): ReadRange | DateProblem {
  const [raw = "", last, ...more] = raws;
  if (last !== undefined && more.length === 0) {
    const [start, end] = [readDate(raw, options), readDate(last, options)];
    if ("problem" in start) return start;
    if ("problem" in end) return end;
    return ordered(start.date, end.date, `${raw} – ${last}`);
  }
  const all = raws.join(" ");
  const text = fold(all.trim().slice(0, 400));
  if (text.length > LONGEST) return problem(all, "is too long for a range of dates");
  const seen: (ReadRange | DateProblem)[] = [];
  for (const [one, other, isAnd] of splits(text)) {
    const read = readEnds(one, other, options);
    if (read === null) continue;
    const [start, end] = read;
    // Two days that are named one by one are a range where no day is between them.
    if (isAnd && daysBetween(start, end) > 1) continue;
    const range = ordered(start, end, all);
    if ("start" in range) return range;
    seen.push(range);
  }
  const [wrong] = seen;
  if (wrong !== undefined) return wrong;
  const single = readDate(all, options);
  if ("problem" in single) return single;
  if (single.range || single.several)
    return problem(all, "holds more than one date, and no range from one to the other");
  return { start: single.date, end: single.date };
}

/** Longer than two printed dates with weekdays, times and a label. */
const LONGEST = 160;

function ordered(start: string, end: string, raw: string): ReadRange | DateProblem {
  return start <= end
    ? { start, end }
    : problem(raw, `ends on ${end}, before it begins on ${start}`);
}

function problem(raw: string, why: string): DateProblem {
  const hint = "Look at the page, and at the selector and the formats of fields.date.";
  return { problem: `"${raw.slice(0, 100)}" ${why}`, hint };
}

/** Words between the ends of a range, by language, folded; a dash is one in all. */
const UNTIL = wordsOf(
  "to until till through thru al au a al hasta ate bis до по til do az ig jusquau jusqua",
  "tot t/m tm tot-en-met til-og-med t-o-m tom till-och-med fram-til asti saakka ile la pana-la",
  "sampai hingga s/d s-d sd đến den tới toi cho-đến gacha dan-gacha deyin dejin iki lidz kuni fino-al",
  "έως εωs εως ως μεχρι и-до включно-до الي إلى حتي الى تا עד से ถึง থেকে から より 부터 에서 至 到",
  "hadi kuanzia-hadi fins-al fins-a ata arte an go-dti i-dyddiad a-dyddiad das daz дейин чейин дейін",
);
/** Words that name two days one by one. */
const AND = wordsOf("and & et und y e и та i og och ja ve en و और 和 与 및 și si dan va");
/** What begins a range, and is not part of its first day. */
const BEFORE =
  /^(?:from|between|du|de|del|dal|desde-el|desde|vom|von|van|fra|fran|od|ot|от|с|со|з|із|від|из|من|از|מ|από|απο|dari|mula|kuanzia|dall|na)[ :]+(?=\P{L}|\p{L}{2})/u;

/** What ends one. */
const AFTER = new RegExp(
  `\\s*(?:${wordsOf("まで 까지 तक 止 gacha kadar arasında inclusive incl. включительно")})$`,
  "u",
);
/** What may be after the number of a day. */
const DAY_SIGN = `st|nd|rd|th|er|e|o|a|\\.|日|${fold("일")}`;
const DAY = new RegExp(`^(?:\\p{L}+[ ,.]+)?(\\d{1,2})(?:${DAY_SIGN})?$`, "u");

function wordsOf(...lines: readonly string[]): string {
  const words = lines.flatMap((line) =>
    line.split(" ").map((word) => fold(word.replaceAll("-", " "))),
  );
  return [...new Set(words)]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[/.]/g, "\\$&"))
    .join("|");
}

const BETWEEN = new RegExp(
  // A word of letters ends where letters do; some languages write it without spaces.
  `\\s*(?:(?<dash>[-~〜～])|(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}])(?:(?<until>${UNTIL})|(?<and>${AND}))(?![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}]))\\s*`,
  "gu",
);

/** The two ends of a text, for each place where it may part. */
function* splits(text: string): Generator<[one: string, other: string, isAnd: boolean]> {
  const whole = text.replace(BEFORE, "").replace(AFTER, "");
  for (const { index, 0: sign, groups } of whole.matchAll(BETWEEN)) {
    const [one, other] = [whole.slice(0, index), whole.slice(index + sign.length)];
    if (!/\p{N}/u.test(one) || !/\p{N}/u.test(other)) continue;
    yield [one.trim(), other.trim(), groups?.and !== undefined];
  }
}

/** Both dates; null where the ends are not those of a range. */
function readEnds(one: string, other: string, options: DateOptions): [string, string] | null {
  const read = (text: string) => {
    const found = readDate(text, options);
    return "date" in found && !found.range && !found.several ? found.date : null;
  };
  const [first, last] = [read(one), read(other)];
  if (first !== null && last !== null) return [first, last];
  if (last !== null) {
    const start = completed(one, other, last, read, (date) => date <= last, -1);
    return start === null ? null : [start, last];
  }
  if (first !== null) {
    const end = completed(other, one, first, read, (date) => date >= first, 1);
    return end === null ? null : [first, end];
  }
  // "October 22-25, 2013": neither is whole, and both share what is around them.
  const day = /^(?:\p{L}+[ ,.]+)?(\d{1,2})/u.exec(other);
  const own = /(\d{1,2})\D{0,3}$/.exec(one);
  if (day === null || own === null) return null;
  const around = (number: string) => one.slice(0, own.index) + number + other.slice(day[0].length);
  const [start, end] = [read(around(own[1] ?? "")), read(around(day[1] ?? ""))];
  return start === null || end === null ? null : [start, end];
}

/** A date that lacks its year, or its month and year, with those of the other end. @param step to the year before or after */
function completed(
  part: string,
  whole: string,
  date: string,
  read: (text: string) => string | null,
  fits: (date: string) => boolean,
  step: 1 | -1,
): string | null {
  const [year, , day] = date.split("-").map(Number) as [number, number, number];
  const number = DAY.exec(part)?.[1];
  if (number !== undefined) {
    // The weekday that is printed is that of the other day.
    const bare = whole.replace(new RegExp(`(?<!\\d)0?${day}(?!\\d)`), number);
    for (const text of [bare, bare.replace(/^\p{L}+\.?,? (?=\d)/u, "")]) {
      const found = read(text);
      if (found !== null && fits(found) && found !== date) return found;
    }
  }
  for (const one of [year, year + step])
    for (const text of withYear(part, one, whole)) {
      const found = read(text);
      if (found !== null && fits(found)) return found;
    }
  return null;
}

function withYear(part: string, year: number, whole: string): string[] {
  const ends = part.replace(/[,\s]+$/, "");
  const sign = /\d([/.-])\d/.exec(ends)?.[1] ?? "/";
  // As the other end has it: `2013. október 22.`
  const first = /^\d{4}(\D{0,4})/.exec(whole)?.[1];
  return [
    `${ends} ${year}`,
    `${ends}, ${year}`,
    `${ends}${year}`,
    `${ends}${sign}${year}`,
    ...(first === undefined ? [] : [`${year}${first}${ends}`]),
    `${year}年${ends}`,
    `${year}${fold("년")} ${ends}`,
  ];
}
