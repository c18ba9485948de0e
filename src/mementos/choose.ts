/** Which captures of a URL are tried, and in which order. Pure. */

import { isoOf } from "../warc/date.js";
import type { IndexRow } from "./rows.js";

/** `last-good`, `first-good` or `nearest:YYYY-MM-DD`. */
export type Prefer = string;

/** Captures of one URL are tried at most so often in one archive. */
export const MOST_TRIED = 3;

/** Digest of a body without bytes: redirects have it, and junk. */
const EMPTY = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";
const HTML = /^(?:text\/html|application\/xhtml\+xml|unk|warc\/revisit|)$/i;

export interface Wanted {
  readonly prefer: Prefer;
  /** First digits of the earliest and the latest time. */
  readonly from: string | null;
  readonly to: string | null;
  readonly what: "page" | "media";
}

export interface Candidates {
  /** What may be tried: pages first, then redirects, each in the order of what is preferred. */
  readonly rows: readonly IndexRow[];
  /** Of the rest, how many are out of the window, and how many are errors, by status. */
  readonly outside: number;
  readonly errors: ReadonlyMap<number, number>;
}

/**
 * What is a tenth of the others' size is tried after them, and so is a revisit whose original the index does not show: it may be replayed as an empty page.
 */
export function candidatesOf(rows: readonly IndexRow[], wanted: Wanted): Candidates {
  const inside = rows.filter(({ time }) => isWithin(time, wanted));
  const errors = new Map<number, number>();
  const pages: IndexRow[] = [];
  const redirects: IndexRow[] = [];
  for (const row of inside) {
    const { status, mime, digest } = row;
    if (status !== null && status >= 300 && status < 400) redirects.push(row);
    else if (status !== null && status !== 200) errors.set(status, (errors.get(status) ?? 0) + 1);
    else if (digest === EMPTY) errors.set(200, (errors.get(200) ?? 0) + 1);
    else if (wanted.what === "media" || HTML.test(mime.split(";")[0]?.trim() ?? ""))
      pages.push(row);
  }
  const median = medianOf(pages.flatMap(({ length }) => length ?? []));
  const whole = new Set(pages.filter(({ status }) => status === 200).map(({ digest }) => digest));
  const rank = ({ status, mime, digest, length, isCut }: IndexRow) => {
    if (isCut) return 3;
    if (mime === "warc/revisit" && status === null && !whole.has(digest)) return 2;
    return length !== null && length < median / 10 ? 1 : 0;
  };
  const order = orderOf(wanted.prefer);
  const byRank = (a: IndexRow, b: IndexRow) => rank(a) - rank(b);
  return {
    rows: [...pages.sort(order).sort(byRank), ...redirects.sort(order)],
    outside: rows.length - inside.length,
    errors,
  };
}

function isWithin(time: string, { from, to }: Wanted): boolean {
  return (
    (from === null || time.slice(0, from.length) >= from) &&
    (to === null || time.slice(0, to.length) <= to)
  );
}

function orderOf(prefer: Prefer): (a: IndexRow, b: IndexRow) => number {
  const date = /^nearest:(.+)$/.exec(prefer)?.[1];
  const at = (row: IndexRow) => Date.parse(isoOf(row.time));
  const tie = (a: IndexRow, b: IndexRow) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0);
  if (prefer === "first-good") return (a, b) => at(a) - at(b) || tie(a, b);
  if (date === undefined) return (a, b) => at(b) - at(a) || tie(a, b);
  const wanted = Date.parse(date);
  const far = (row: IndexRow) => Math.abs(at(row) - wanted);
  return (a, b) => far(a) - far(b) || at(b) - at(a) || tie(a, b);
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
