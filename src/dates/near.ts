/** A printed date in figures whose order a date known from elsewhere shows. */
import { isTime } from "./around.js";
import { dateText, daysBetween, impossible } from "./calendar.js";
import { fold } from "./fold.js";
import { NUMERIC_FORMATS, usable } from "./formats.js";

const FORMATS = [
  ...NUMERIC_FORMATS,
  "M-d-yyyy",
  "M.d.yyyy",
  "M/d/yy",
  "d/M/yy",
  "d.M.yy",
  "d-M-yy",
];

/**
 * Reads figures as the date within a day of one that is known.
 *
 * @param near `YYYY-MM-DD`
 * @returns null where no order of the figures gives such a day
 */
export function readNear(raw: string, near: string): string | null {
  const text = fold(raw.slice(0, 100));
  const dates = [...usable(FORMATS, [])].flatMap(([, format]) => {
    const parts = format.read(text) ?? format.readStart(text, isTime);
    return parts === null || impossible(parts) !== null ? [] : [dateText(parts)];
  });
  return (
    dates.find((date) => date === near) ??
    dates.find((date) => daysBetween(date, near) === 1) ??
    null
  );
}
