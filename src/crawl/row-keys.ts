/** Row keys: by which rows are the same in two passes through a list. Pure. */
import { FIELD_NAMES, type Row } from "../model.js";
import { isReserved } from "../site/site.js";
import { fingerprint } from "../url/digest.js";
import { urlKey } from "../url/url.js";

/**
 * Fingerprints of rows, in their order: of what each links to, and of what it says under which name. Numbers, since
 * those of all rows of a list are kept; NaN, which equals nothing, where a row has no title.
 */
export interface RowKeys {
  readonly byUrl: readonly number[];
  readonly byWords: readonly number[];
}

export function rowKeysOf(rows: readonly Row[]): RowKeys {
  return {
    byUrl: rows.map((row) => fingerprint(row.url === null ? wordsOf(row) : urlKey(row.url))),
    byWords: rows.map((row) => {
      if ((row.readings.title?.raw ?? "") === "") return Number.NaN;
      // A bulletin that says the same every week is another one each time: the end of its path shows it.
      const name = row.url === null ? "" : urlKey(row.url).split(/[?;#]/)[0]?.split("/").at(-1);
      return fingerprint(`${name}\n${wordsOf(row)}`);
    }),
  };
}

/** All that a row says. */
export function wordsOf(row: Row): string {
  const own = Object.entries(row.readings).filter(([name]) => !isReserved(name));
  return [
    ...FIELD_NAMES.map((name) => row.readings[name]?.printed ?? ""),
    ...own.map(([name, { printed }]) => `${name} ${printed}`),
  ].join("\n");
}

/**
 * True when both are the same rows in the same order. A row is known by its URL, or by its words and
 * the end of its path: a session's mark or a folder that nests for ever does not make another row of it.
 */
export function sameRows(a: RowKeys, b: RowKeys): boolean {
  const same = (at: number) => a.byUrl[at] === b.byUrl[at] || a.byWords[at] === b.byWords[at];
  return a.byUrl.length === b.byUrl.length && a.byUrl.every((_, at) => same(at));
}

/** The commonest of some counts, by how often each comes; the greatest of those equally common; 0 when there is none. */
export function commonest(times: ReadonlyMap<number, number>): number {
  const [first] = [...times].sort(([a, n], [b, m]) => m - n || b - a);
  return first?.[0] ?? 0;
}
