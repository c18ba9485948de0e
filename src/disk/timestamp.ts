/** Names that tell a moment: those of captures and snapshots. Several of one second are told apart by a turn. Pure. */
import { byCodeUnits } from "../text.js";

/** The name of a moment: `20261125T020551Z`. @param time ISO 8601, in UTC */
export function momentName(time: string): string {
  return `${time.slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** True for the name of a moment, and for `20261125T020551Z-2`, the second of the same second. */
export function isMomentName(name: string): boolean {
  return /^\d{8}T\d{6}Z(?:-[1-9]\d*)?$/.test(name);
}

/**
 * The name of what begins now: later than every other one, so that the order of the names is the order
 * in which things happened, even where the clock was set back.
 *
 * @param time ISO 8601, in UTC
 * @param taken names as this function gives them
 */
export function nextMomentName(time: string, taken: readonly string[]): string {
  const wish = momentName(time);
  const last = taken.toSorted(byMoment).at(-1);
  if (last === undefined || byMoment(wish, last) > 0) return wish;
  const [second = "", turn = "1"] = last.split("-");
  return `${second}-${Number(turn) + 1}`;
}

/** Order of names and of paths that such names stand in: by time and turn; as text the tenth of a second would stand before the second. */
export function byMoment(a: string, b: string): number {
  return byCodeUnits(sortable(a), sortable(b));
}

function sortable(path: string): string {
  return path.replace(
    /(?<=^|[/\\])(\d{8}T\d{6}Z)(?:-([1-9]\d*))?(?=[./\\]|$)/g,
    (_, time: string, turn = "1") => `${time}-${turn.padStart(9, "0")}`,
  );
}

/** The innermost such name in a path, its extension left out; null when there is none. */
export function momentIn(path: string): string | null {
  const names = path.split(/[/\\]/).map((name) => name.split(".", 1)[0] ?? "");
  return names.findLast(isMomentName) ?? null;
}
