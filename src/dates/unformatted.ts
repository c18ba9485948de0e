/** Dates that no format of the site reads: one near a day that is known from elsewhere, and one at the start of a text. */
import { isTime } from "./around.js";
import { dateText, daysBetween, impossible } from "./calendar.js";
import { fold } from "./fold.js";
import { languagesNaming } from "./format.js";
import { builtIn, NUMERIC_FORMATS, usable } from "./formats.js";
import { languageOf } from "./names.js";

const NEAR_FORMATS = [
  ...NUMERIC_FORMATS,
  ..."M-d-yyyy M.d.yyyy M/d/yy d/M/yy d.M.yy d-M-yy".split(" "),
];

/**
 * Reads figures as the date within a day of one that is known.
 *
 * @param near `YYYY-MM-DD`
 * @returns null where no order of the figures gives such a day
 */
export function readNear(raw: string, near: string): string | null {
  const text = fold(raw.slice(0, 100));
  const dates = [...usable(NEAR_FORMATS, [])].flatMap(([, format]) => {
    const parts = format.read(text) ?? format.readStart(text, isTime);
    return parts === null || impossible(parts) !== null ? [] : [dateText(parts)];
  });
  return (
    dates.find((date) => date === near) ??
    dates.find((date) => daysBetween(date, near) === 1) ??
    null
  );
}

/**
 * The date that a text begins with, as printed: one with a year, in figures or with the name of a
 * month in one of some languages. For telling a person that an editor typed one, not for reading it.
 *
 * @param locales BCP 47 tags
 * @returns null when the text begins with none, nor with one that exists in any order of its parts
 */
export function dateAtStart(text: string, locales: readonly string[]): string | null {
  const visible = text.slice(0, 200).replace(/^[\s\p{Cf}]+/u, "");
  const start = visible.slice(0, 60);
  if (!/^\P{N}{0,40}\p{N}/u.test(start)) return null;
  const known = locales.flatMap((tag) => languageOf(tag) ?? []);
  const languages = languagesNaming(fold(start), [...new Set(known)]);
  for (let end = start.length; end >= "1/1/2000".length; end--) {
    const printed = start.slice(0, end);
    const next = visible.slice(end, end + 2);
    // Chinese continues without a space; `1.2.2003.4` is a version, not a date.
    const ends = /^$|^[^\p{L}\p{M}\p{N}]/u.test(next) || printed.endsWith("日");
    if (!ends || /^[./]\d/.test(next) || /[\s\p{Cf}]$/u.test(printed)) continue;
    if (isDate(fold(printed), languages)) return printed;
  }
  return null;
}

function isDate(text: string, languages: readonly string[]): boolean {
  for (const all of [usable(NUMERIC_FORMATS, []), builtIn(text, languages)])
    for (const [, format] of all) {
      const parts = format.read(text);
      if (parts !== null && impossible(parts) === null) return true;
    }
  return false;
}
