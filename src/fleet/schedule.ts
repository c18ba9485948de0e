/** Which sites are due. Pure. */
import { EXIT, type ExitCode } from "../error.js";
import type { Period } from "./file.js";

export interface LastRun {
  /** When it began, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly time: string;
  /** Null where it is not known. */
  readonly exitCode: ExitCode | null;
  /** True when its lists were read to their end: it says what its exit code does not. */
  readonly complete?: boolean;
  readonly interrupted: boolean;
}

/** Exit codes of runs that did all that was asked for: with a limit that is not the whole list, and findings are for a person. */
const DONE: readonly unknown[] = [EXIT.complete, EXIT.findings];

/**
 * Whether a site is due: once in each period of the calendar, in UTC, so that a command that is run every day at
 * three skips no day when yesterday's run took longer. What was interrupted goes on at once; what could not be read
 * as it was asked for is tried again on another day, whatever its period.
 *
 * @param last null where the archive has no run
 * @param isUnfinished true where a run was cut off, and can be resumed
 * @param now milliseconds since 1970
 * @returns `why` it is, or until when it is not
 */
export function dueOf(
  every: Period | null,
  last: LastRun | null,
  isUnfinished: boolean,
  now: number,
) {
  if (isUnfinished) return { isDue: true, why: "a run was cut off" };
  if (last === null) return { isDue: true, why: "never crawled" };
  if (every === null) return { isDue: true, why: "every time" };
  if (last.interrupted) return { isDue: true, why: "the last run was interrupted" };
  const isDone = last.exitCode === null ? last.complete === true : DONE.includes(last.exitCode);
  const isShort = every === "hour" || isDone;
  const next = nextAfter(Date.parse(last.time), isShort ? every : "day");
  if (next <= now)
    return {
      isDue: true,
      why: isShort ? `last on ${last.time.slice(0, 10)}` : "the last run was incomplete",
    };
  return { isDue: false, why: `until ${timeWords(next)}` };
}

function nextAfter(time: number, every: Period): number {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (every) {
    case "hour":
      return Date.UTC(year, month, day, date.getUTCHours() + 1);
    case "day":
      return Date.UTC(year, month, day + 1);
    case "week":
      // ISO 8601: a week begins on Monday.
      return Date.UTC(year, month, day + 7 - ((date.getUTCDay() + 6) % 7));
    case "month":
      return Date.UTC(year, month + 1);
    case "quarter":
      return Date.UTC(year, month - (month % 3) + 3);
    case "year":
      return Date.UTC(year + 1, 0);
  }
}

function timeWords(time: number): string {
  const text = new Date(time).toISOString();
  return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : `${text.slice(0, 16)}Z`;
}
