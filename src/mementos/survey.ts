/** What a web archive has of a site, from one answer of its index. Pure. */

import { isoOf } from "../warc/date.js";
import { indexKey } from "./holdings.js";
import type { IndexAnswer, IndexRow } from "./rows.js";

export interface Survey {
  readonly captures: number;
  readonly urls: number;
  /** False where the index has more than one answer holds. */
  readonly isWhole: boolean;
  /** Captures and URLs by year. */
  readonly years: Readonly<Record<string, { readonly captures: number; readonly urls: number }>>;
  readonly listingPages: number;
  /** The three months in which most listing pages were captured, `YYYY-MM-DD`; null where none was. */
  readonly window: { readonly from: string; readonly to: string; readonly pages: number } | null;
}

const WINDOW = 92 * 24 * 60 * 60 * 1000;

/** @param limit most rows of an answer @param start URL of the first listing page @param parameter that counts listing pages */
export function surveyOf(
  { rows, read, resumeKey }: IndexAnswer,
  limit: number,
  start: string,
  parameter: string,
): Survey {
  const years = new Map<string, IndexRow[]>();
  for (const row of rows) {
    const year = row.time.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), row]);
  }
  const path = indexKey(start).split("?")[0];
  const isListing = ({ url, status }: IndexRow) => {
    const [own, query = ""] = indexKey(url).split("?");
    const isCounted = query === "" || new RegExp(`^${parameter}=[\\d,]+$`, "i").test(query);
    return own === path && isCounted && (status === 200 || status === null);
  };
  const listings = rows.filter(isListing);
  return {
    captures: rows.length,
    urls: distinct(rows),
    isWhole: resumeKey === null && read < limit,
    years: Object.fromEntries(
      [...years]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([year, all]) => [year, { captures: all.length, urls: distinct(all) }]),
    ),
    listingPages: distinct(listings),
    window: windowOf(listings),
  };
}

function distinct(rows: readonly IndexRow[]): number {
  return new Set(rows.map(({ url }) => indexKey(url))).size;
}

/** Of several windows with as many pages, the newest. */
function windowOf(rows: readonly IndexRow[]): Survey["window"] {
  const byTime = rows.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  const at = ({ time }: IndexRow) => Date.parse(isoOf(time));
  let best: Survey["window"] = null;
  let begin = 0;
  for (const [end, last] of byTime.entries()) {
    while (at(last) - at(byTime[begin] ?? last) > WINDOW) begin++;
    const inside = byTime.slice(begin, end + 1);
    const pages = distinct(inside);
    if (best !== null && pages < best.pages) continue;
    const day = (row: IndexRow | undefined) => isoOf(row?.time ?? last.time).slice(0, 10);
    best = { from: day(inside[0]), to: day(last), pages };
  }
  return best;
}
