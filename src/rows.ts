/** Whether two looks at a list saw the same rows. Pure. */
import { FIELD_NAMES, type Row } from "./model.js";
import { entryId, urlKey } from "./url.js";

/** A row in little: what it links to, and what it says under which name; null when it says no title. */
export interface Mark {
  readonly key: string;
  readonly words: string | null;
}

export function markOf(row: Row): Mark {
  const words = wordsOf(row);
  const hasTitle = (row.readings.title?.raw ?? "") !== "";
  if (row.url === null) return { key: entryId(words), words: hasTitle ? entryId(words) : null };
  const key = urlKey(row.url);
  // A bulletin that says the same every week is another one each time: the end of its path tells.
  const name = key.split(/[?;#]/)[0]?.split("/").at(-1);
  return { key: entryId(key), words: hasTitle ? entryId(`${name}\n${words}`) : null };
}

/** All that a row says. */
export function wordsOf(row: Row): string {
  return FIELD_NAMES.map((name) => row.readings[name]?.printed ?? "").join("\n");
}

/**
 * True when both are the same rows in the same order. A row is known by its address, or by its words and
 * the end of its path: a session's mark or a folder that nests for ever does not make another row of it.
 */
export function sameRows(a: readonly Mark[], b: readonly Mark[]): boolean {
  const same = (one: Mark, other: Mark | undefined) =>
    one.key === other?.key || (one.words !== null && one.words === other?.words);
  return a.length === b.length && a.every((mark, at) => same(mark, b[at]));
}

/** The commonest of some counts, the greatest of those equally common; 0 when there is none. */
export function commonest(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  const [first] = [...times].sort(([a, n], [b, m]) => m - n || b - a);
  return first?.[0] ?? 0;
}
