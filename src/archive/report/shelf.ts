/** The entries of an archive as the report of a run names them, and their order there. Pure. */
import { byCodeUnits } from "../../text.js";
import type { ArchivedEntry } from "../nouns.js";

/** By their ids. */
export type Shelf = ReadonlyMap<
  string,
  Pick<ArchivedEntry, "title" | "path" | "date" | "sourceUrl">
>;

/** Entries in the order of their dates, undated ones last, then of their titles. */
export function inOrder<T>(items: readonly T[], idOf: (item: T) => string, shelf: Shelf): T[] {
  const keyed = items.map((item) => {
    const named = shelf.get(idOf(item));
    return { item, date: named?.date ?? "9", title: named?.title ?? "" };
  });
  return keyed
    .sort(
      (a, b) =>
        byCodeUnits(a.date, b.date) ||
        byCodeUnits(a.title, b.title) ||
        byCodeUnits(idOf(a.item), idOf(b.item)),
    )
    .map(({ item }) => item);
}
