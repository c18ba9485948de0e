/** A printed date with a time of day. */
import { dateOfDay, dayNumber, two } from "./calendar.js";
import { type DateOptions, type DateProblem, readDate } from "./date.js";
import { fold } from "./fold.js";

/**
 * The offsets of a time zone, oldest first: from which minute on (of UTC, since the first day of the calendar) its
 * clocks are so many minutes ahead.
 */
export type Offsets = readonly (readonly [from: number, offset: number])[];

export interface ReadTime {
  /** `YYYY-MM-DDTHH:MM+08:00`, with seconds where they are printed; a calendar date where there is no time, or no zone. */
  readonly value: string;
  /** True where a time is printed, and no zone is known. */
  readonly isCut: boolean;
}

/** A clock: `9:30`, `09:30:15`, `9h30`, `9.30 pm`; with a label, `9.30` too, which is a date otherwise. */
const CLOCK =
  /(?<![\d/.:-])(?:(\d{1,2})(?::|h)(\d{2})(?::(\d{2}))?|(\d{1,2})\.(\d{2})(?= ?(?:[ap]\.? ?m\b|uhr|h\b)))(?:\.\d+)?(?: ?([ap])\.? ?m\b\.?)?|(?<![\d/.:-])(\d{1,2}) ?([ap])\.? ?m\b/u;
/** An offset right after a time that begins with an ISO date. */
const OF_STAMP = /^ ?(z|[+-]\d{2}(?::?\d{2})?)$/;
/** After any other time: `9:30-11:30` are two times, so a minus needs a space before it. */
const AFTER_CLOCK =
  /^(?:(z)| ?\(?(?:utc|gmt)(?: ?([+-]\d{1,2}(?::?\d{2})?))?| ([+-]\d{2}:?\d{2})|(\+\d{2}:?\d{2}))(?![\p{L}\d:.])/u;

/**
 * Reads a date with a time of day. An offset that is printed is kept: a time is never moved to another zone.
 *
 * @param offsets of the zone of the site, for times that are printed without one; null where it is not known
 */
export function readTime(
  raw: string,
  options: DateOptions,
  offsets: Offsets | null,
): ReadTime | DateProblem {
  const read = readDate(raw, options);
  if (!("date" in read)) return read;
  if (read.range || read.several)
    return {
      problem: `"${raw}" holds more than one date`,
      hint: "A field of the kind range reads two.",
    };
  const text = fold(raw.trim());
  const clock = clockIn(text);
  if (clock === null) return { value: read.date, isCut: false };
  if (typeof clock === "string")
    return { problem: `"${raw}" holds no time of day: ${clock}`, hint: HINT };
  const wall = dayNumber(read.date) * 1440 + clock.minutes;
  const printed = printedOffset(text, clock.rest);
  if (printed !== null) {
    if (fixedOffset(printed) === null)
      return { problem: `"${raw}" has an offset that no time zone has: ${printed}`, hint: HINT };
    return { value: written(wall, clock.seconds, printed), isCut: false };
  }
  if (offsets === null) return { value: read.date, isCut: true };
  const offset = offsetAt(wall, offsets);
  if (offset === null)
    return {
      problem: `"${raw}" is an hour that the clocks of the time zone leave out`,
      hint: HINT,
    };
  return { value: written(wall, clock.seconds, offsetWords(offset)), isCut: false };
}

const HINT = "Look at the page, and at `zone` of the site file.";

function clockIn(text: string) {
  // What is before a clock in a stamp is the letter T.
  const found = CLOCK.exec(text.replace(/^(\d{4}-\d{2}-\d{2})t/, "$1 "));
  if (found === null) return null;
  const [, h, m, seconds, h2, m2, half, h3, half3] = found;
  const hour = Number(h ?? h2 ?? h3);
  const minute = Number(m ?? m2 ?? 0);
  const part = half ?? half3;
  if (minute > 59 || hour > 23 || (part !== undefined && (hour < 1 || hour > 12)))
    return `there is no ${found[0].trim()}`;
  const hours = part === undefined ? hour : (hour % 12) + (part === "p" ? 12 : 0);
  const rest = text.slice(found.index + found[0].length);
  return { minutes: hours * 60 + minute, seconds: seconds ?? null, rest };
}

/** `Z` or `+08:00`, as it is printed after the clock; null where none is. */
function printedOffset(text: string, rest: string): string | null {
  const found =
    (/^\d{4}-\d{2}-\d{2}[t ]/.test(text) && OF_STAMP.exec(rest)) || AFTER_CLOCK.exec(rest);
  if (found === null) return null;
  const printed = found.slice(1).find((part) => part !== undefined) ?? "z";
  if (printed === "z") return "Z";
  const [, sign, hours = "", minutes = "00"] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(printed) ?? [];
  return `${sign}${hours.padStart(2, "0")}:${minutes}`;
}

/** In minutes, of `Z` and `+08:00`; null for any other zone. */
export function fixedOffset(zone: string): number | null {
  if (zone === "Z" || zone === "UTC") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return null;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The offset at an instant, in minutes of UTC. */
function offsetFrom(instant: number, offsets: Offsets): number {
  return (offsets.findLast(([from]) => from <= instant) ?? offsets[0])?.[1] ?? 0;
}

/** The offset at what the clocks show; of two, in the hour that comes twice, the first. Null for an hour that they leave out. */
function offsetAt(wall: number, offsets: Offsets): number | null {
  const near = [-1440, 1440].map((away) => offsetFrom(wall + away, offsets));
  return near.find((one) => offsetFrom(wall - one, offsets) === one) ?? null;
}

function offsetWords(offset: number): string {
  if (offset === 0) return "Z";
  const size = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function written(wall: number, seconds: string | null, offset: string): string {
  const minutes = ((wall % 1440) + 1440) % 1440;
  const time = [two(Math.floor(minutes / 60)), two(minutes % 60), ...(seconds ? [seconds] : [])];
  return `${dateOfDay(Math.floor(wall / 1440))}T${time.join(":")}${offset}`;
}
