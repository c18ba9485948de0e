/** Timestamps: names of captures and snapshots, as WARC tools write them. Several of one second have numbers. Pure. */
import { byCodeUnits } from "../text.js";

/** A time as a name: `20261125T020551Z`. @param time ISO 8601, in UTC */
export function timestampOf(time: string): string {
  return `${time.slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** True for a timestamp, and for `20261125T020551Z-2`, the second of the same second. */
export function isTimestamp(name: string): boolean {
  return /^\d{8}T\d{6}Z(?:-[1-9]\d*)?$/.test(name);
}

/**
 * The timestamp of what begins now: later than every other one, so that the order of the names is the order
 * in which things happened, even where the clock was set back.
 *
 * @param time ISO 8601, in UTC
 * @param taken names as this function gives them
 */
export function nextTimestamp(time: string, taken: readonly string[]): string {
  const now = timestampOf(time);
  const last = taken.toSorted(byTimestamp).at(-1);
  if (last === undefined || byTimestamp(now, last) > 0) return now;
  const [second = "", number = "1"] = last.split("-");
  return `${second}-${Number(number) + 1}`;
}

/** Order of timestamps and of paths that hold them: by time and number; as text the tenth of a second would come before the second. */
export function byTimestamp(a: string, b: string): number {
  return byCodeUnits(sortable(a), sortable(b));
}

function sortable(path: string): string {
  return path.replace(
    /(?<=^|[/\\])(\d{8}T\d{6}Z)(?:-([1-9]\d*))?(?=[./\\]|$)/g,
    (_, time: string, number = "1") => `${time}-${number.padStart(9, "0")}`,
  );
}

/** The innermost timestamp in a path, its extension left out; null when there is none. */
export function timestampIn(path: string): string | null {
  const names = path.split(/[/\\]/).map((name) => name.split(".", 1)[0] ?? "");
  return names.findLast(isTimestamp) ?? null;
}

/** `2026-11-25T02:05:51Z` of the name `20261125T020551Z-2`. */
export function timeOfName(name: string | null): string | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name ?? "") ?? [];
  return year === undefined ? null : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
