/** The offsets of a time zone, as the runtime's copy of the IANA database has them: read once, so that what reads pages asks nobody. */
import { dayNumber } from "../dates/calendar.js";
import { fixedOffset, type Offsets } from "../dates/time.js";

const MINUTE = 60_000;
const EPOCH = dayNumber("1970-01-01") * 1440;
/** Nothing that was published on the web is older, and no rule is known for what is further ahead. */
const YEARS = [1970, 2040] as const;

/** True for `Asia/Shanghai`, `UTC`, `Z`, `+08:00`. */
export function isZone(zone: string): boolean {
  return fixedOffset(zone) !== null || formatOf(zone) !== null;
}

/** @param zone checked by `isZone` */
export function offsetsOf(zone: string): Offsets {
  const fixed = fixedOffset(zone);
  const format = formatOf(zone);
  if (fixed !== null || format === null) return [[0, fixed ?? 0]];
  const [first, last] = YEARS.map((year) => Date.UTC(year, 0, 1)) as [number, number];
  const offsets: [number, number][] = [[0, offsetOf(format, first)]];
  // No zone changes its clocks twice within some weeks but a few for Ramadan, a month apart.
  const step = 14 * 24 * 60 * MINUTE;
  for (let at = first; at < last; at += step) {
    const [before, after] = [offsetOf(format, at), offsetOf(format, at + step)];
    if (before !== after) offsets.push([EPOCH + changeIn(format, at, at + step) / MINUTE, after]);
  }
  return offsets;
}

/** The minute in which the offset changes. */
function changeIn(format: Intl.DateTimeFormat, from: number, to: number): number {
  const before = offsetOf(format, from);
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetOf(format, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetOf(format: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - instant) / MINUTE);
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const date = { year: "numeric", month: "numeric", day: "numeric" } as const;
  const time = { hour: "numeric", minute: "numeric", hourCycle: "h23", timeZone } as const;
  try {
    return new Intl.DateTimeFormat("en-GB-u-ca-iso8601", { ...date, ...time });
  } catch {
    return null;
  }
}
