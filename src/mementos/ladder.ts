/** The captures of one URL that were tried, and what is said where none was good. Pure. */
import type { TriedMemento } from "../model.js";
import { count } from "../text.js";
import { isoOf } from "../warc/date.js";
import type { Unanswered } from "./ask.js";
import type { Candidates } from "./choose.js";
import type { NoCapture } from "./replay.js";
import type { IndexRow } from "./rows.js";

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
} {
  const silent = unanswered.find(({ excluded }) => !excluded);
  if (silent !== undefined)
    return { state: "failed", reason: `the archive failed: ${silent.message}` };
  const [excluded] = unanswered;
  if (excluded !== undefined && tried.length <= unanswered.length)
    return { state: "excluded", reason: `excluded by the archive: ${excluded.message}` };
  const last = tried.at(-1);
  if (last !== undefined)
    return {
      state: "failed",
      reason: `no good capture: ${count(tried.length, "was", "were")} refused, the last, of ${last.time.slice(0, 10)} in ${last.archive}: ${last.refused}`,
    };
  const isNowhere = without.every((what) => what.endsWith(NONE));
  const words = isNowhere ? "not archived" : "no good capture";
  return { state: "failed", reason: `${words}: ${without.join("; ")}` };
}
