/** Which captures of a URL are tried, in which order, and what is said where none was good. Pure. */

import type { Code, TriedMemento } from "../model.js";
import { byCodeUnits, count } from "../text.js";
import { REVISIT } from "../warc/cdxj.js";
import { isoOf } from "../warc/date.js";
import type { Unanswered } from "./ask.js";
import type { NoCapture } from "./replay.js";
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
    if (mime === REVISIT && status === null && !whole.has(digest)) return 2;
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
  const tie = (a: IndexRow, b: IndexRow) => byCodeUnits(a.url, b.url);
  if (prefer === "first-good") return (a, b) => at(a) - at(b) || tie(a, b);
  if (date === undefined) return (a, b) => at(b) - at(a) || tie(a, b);
  const wanted = Date.parse(date);
  const far = (row: IndexRow) => Math.abs(at(row) - wanted);
  return (a, b) => far(a) - far(b) || at(b) - at(a) || tie(a, b);
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** What came of the captures of one URL. */
export interface Ladder {
  readonly tried: TriedMemento[];
  /** Digests of what came: captures with equal ones have equal bytes, and are not tried again. */
  readonly came: Set<string>;
  /** What archives without an answer said. */
  readonly unanswered: Unanswered[];
  /** Archives that have no capture that may be tried, and what they have. */
  readonly without: string[];
}

export function newLadder(): Ladder {
  return { tried: [], came: new Set(), unanswered: [], without: [] };
}

/** What a replay gave in the place of a capture. */
export function noCaptureWords(read: NoCapture): string {
  if (read.state !== "elsewhere") return `the archive has no such capture: ${read.reason}`;
  const at = read.time === null ? "another page" : `the capture of ${isoOf(read.time)}`;
  return `the archive has no capture of that second; it leads to ${at}`;
}

const NONE = "has no capture of it";

/** What an archive has that has no capture to try. */
export function hasNone(rows: readonly IndexRow[], { outside, errors }: Candidates): string {
  if (rows.length === 0) return NONE;
  const parts = [
    ...[...errors].map(
      ([status, n]) => `${n} with ${status === 200 ? "an empty body" : `HTTP ${status}`}`,
    ),
    ...(outside > 0 ? [`${outside} outside the window`] : []),
  ];
  return `has ${count(rows.length, "capture")} of it, none of a page${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}

/** Why there is no page: what an archive does not answer goes before what it does not have. */
export function failureOf({ tried, unanswered, without }: Ladder): {
  readonly state: "failed" | "excluded";
  readonly reason: string;
  readonly code?: Code;
} {
  const silent = unanswered.find(({ excluded }) => !excluded);
  if (silent !== undefined)
    return { state: "failed", reason: `the archive failed: ${silent.message}` };
  const [excluded] = unanswered;
  if (excluded !== undefined && tried.length <= unanswered.length)
    return {
      state: "excluded",
      reason: `excluded by the archive: ${excluded.message}`,
      code: "not-archived",
    };
  const last = tried.at(-1);
  if (last !== undefined)
    return {
      state: "failed",
      reason: `no good capture: ${count(tried.length, "was", "were")} refused, the last, of ${last.time.slice(0, 10)} in ${last.archive}: ${last.refused}`,
      code: "not-archived",
    };
  const isNowhere = without.every((what) => what.endsWith(NONE));
  const words = isNowhere ? "not archived" : "no good capture";
  return { state: "failed", reason: `${words}: ${without.join("; ")}`, code: "not-archived" };
}
