/** A date at the start of a text, for telling a person that an editor typed one. */
import { impossible } from "./calendar.js";
import { fold } from "./fold.js";
import { languagesNaming } from "./format.js";
import { builtIn, NUMERIC_FORMATS, usable } from "./formats.js";
import { languageOf } from "./names.js";

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
