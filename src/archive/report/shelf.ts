/** The entries of an archive as the report of a run names them, and their order there. Pure. */
import { byCodeUnits } from "../../text.js";

/** An entry as the account names it. */
interface Named {
  readonly title: string;
  readonly path: string;
  readonly date: string | null;
  readonly sourceUrl: string;
}

export type Shelf = ReadonlyMap<string, Named>;

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
