/** What a page of before says in a field, and whether a page of now says the same. */
import type { Element } from "domhandler";
import { readDate } from "../../dates/date.js";
import { fold, textOf } from "../../extract/nodes.js";
import type { Reading, Readings } from "../../model.js";
import type { FieldRules, Site } from "../../site/site.js";

/** The words of one field of one article, as they were read before the template changed. */
export interface Wanted {
  /** Folded; several where the field holds several values. */
  readonly words: readonly string[];
  /** The words printed there, folded. */
  readonly printed: string;
  /** Calendar date of a field that is one; null where it cannot be read, or the field is none. */
  readonly date: string | null;
  /** Letters and figures of a field that is read as HTML; null for text. */
  readonly letters: string | null;
}

export type WantedFields = Readonly<Record<string, Wanted>>;

/** @returns fields with words; a picture alone proves nothing */
export function wantedOf(readings: Readings, site: Site): WantedFields {
  const found = Object.entries(readings).map(([name, reading]) => {
    const rules = site.fields[name] as FieldRules;
    return [name, wanted(reading, rules, site)] as const;
  });
  return Object.fromEntries(
    found.filter(([, { words, letters }]) => letters !== "" && words.join("") !== ""),
  );
}

function wanted(reading: Reading, rules: FieldRules, site: Site): Wanted {
  const { raw, printed, parts, nodes } = reading;
  return {
    words: (parts?.map((part) => part.raw) ?? [raw]).map(fold),
    printed: fold(printed),
    date: dateOf(raw, rules, site) ?? dateOf(printed, rules, site),
    letters: nodes === null ? null : lettersOf(textOf(nodes)),
  };
}

/** Null for a field that is not a date, and for words that are none. */
function dateOf(raw: string, { kind, formats, locales }: FieldRules, site: Site) {
  if (kind !== "date" && kind !== "datetime") return null;
  const read = readDate(raw, { formats, locales: [...locales, site.language, "en"] });
  return "date" in read ? read.date : null;
}

/** True if a reading of now says what was read before. */
export function saysSame(
  reading: Reading | undefined,
  before: Wanted,
  rules: FieldRules,
  site: Site,
): boolean {
  if (reading === undefined) return false;
  const now = wanted(reading, rules, site);
  if (before.letters !== null) return now.letters === before.letters;
  return (
    now.words.join("\n") === before.words.join("\n") ||
    (before.date !== null && before.date === now.date)
  );
}

/** Formats in figures. Which one is meant, the known dates prove. */
export const DATE_FORMATS = [
  ...["d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "d-M-yyyy", "M-d-yyyy", "yyyy/M/d", "yyyy.M.d"],
] as const;

/** True if an element has the words of a field, or its date in any form. */
export function holdsWords(element: Element, wanted: Wanted, site: Site): boolean {
  const { words, printed, date, letters } = wanted;
  const text = textOf([element]);
  if (letters !== null) return lettersOf(text) === letters;
  const folded = fold(text);
  if (folded === "") return false;
  return (
    words.includes(folded) || folded === printed || (date !== null && mayBe(folded, date, site))
  );
}

/** Longer than a date with its label. */
const LONGEST_DATE = 60;

function mayBe(text: string, date: string, { language }: Site): boolean {
  if (text.length > LONGEST_DATE || !/\p{N}/u.test(text)) return false;
  return ["", ...DATE_FORMATS].some((format) => {
    const formats = format === "" ? [] : [format];
    const read = readDate(text, { formats, locales: [language, "en"] });
    return "date" in read && read.date === date;
  });
}

/** Letters and figures alone: what a template puts between them is not the text. */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}
