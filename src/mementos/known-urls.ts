/** What the indexes of web archives know beside the pages that were asked for, and of a site as a whole. Pure. */
import type { Site } from "../site/site.js";
import { byCodeUnits, gather } from "../text.js";
import { isoOf } from "../warc/date.js";
import { candidatesOf } from "./choose.js";
import { folderOf, type Holdings, indexKey } from "./holdings.js";
import type { IndexAnswer, IndexRow } from "./rows.js";

/** Listing pages: the path of the first one, and the parameter that counts them. */
export function listingsIn(
  all: readonly Holdings[],
  start: string,
  { pageParameter }: Pick<Site["listing"], "pageParameter">,
): readonly string[] {
  if (pageParameter === null) return [];
  const begin = `${pathKey(start)}?`;
  const isCounted = countedBy(pageParameter);
  return matching(all, (key) => key.startsWith(begin) && isCounted(key.slice(begin.length)));
}

/** True for a query that has the number of a listing page alone. */
function countedBy(parameter: string): (query: string) => boolean {
  const counted = new RegExp(`^${parameter.replace(/\W/g, "\\$&")}=[\\d,]+$`, "i");
  return (query) => counted.test(query);
}

const FEED = /\/(?:feed|rss|atom|(?:rss|atom|feed|index)\.(?:xml|rss|atom|rdf))\/?$/;
const SITEMAP = /\/[\w.-]*sitemap[\w.-]*\.xml(?:\.gz)?$/;
/** So many feeds, and sitemaps, are read that no page names. */
const MOST = 3;

/** Feeds below the list, whose rows are its articles. */
export function feedsIn(all: readonly Holdings[], start: string): readonly string[] {
  const list = pathKey(start).replace(/\/$/, "");
  return matching(all, (key) => key.startsWith(`${list}/`) && FEED.test(key)).slice(0, MOST);
}

/** The sitemap of the site, where it nearly always is, and others that were met. */
export function sitemapsIn(all: readonly Holdings[], start: string): readonly string[] {
  const usual = new URL("/sitemap.xml", start).href;
  const others = matching(all, (key) => SITEMAP.test(key) && key !== indexKey(usual));
  return [usual, ...others.slice(0, MOST)];
}

/**
 * Pages beside the articles that were requested, and that no row names: their URLs, sorted.
 *
 * @param folders of the requested articles, in lower case
 */
export function unlistedIn(
  all: readonly Holdings[],
  start: string,
  folders: ReadonlySet<string>,
  isListed: (url: string) => boolean,
): readonly string[] {
  const list = pathKey(start);
  const found = new Map<string, string>();
  for (const holdings of all) {
    const { from, to } = holdings.remote.archive;
    const wanted = { prefer: "last-good", from, to, what: "page" } as const;
    for (const rows of holdings.known()) {
      const [{ url }] = rows;
      const key = indexKey(url);
      if (key.split("?")[0] === list || !folders.has(folderOf(url.toLowerCase()))) continue;
      const { rows: candidates } = candidatesOf(rows, wanted);
      const isPage = candidates.some(({ status, mime }) => status === 200 && /html/.test(mime));
      if (isPage && !isListed(url)) found.set(key, url);
    }
  }
  return [...found.values()].sort(byCodeUnits);
}

function pathKey(url: string): string {
  return indexKey(url).split("?")[0] ?? "";
}

function matching(all: readonly Holdings[], isWanted: (key: string) => boolean): string[] {
  const found = new Map<string, string>();
  for (const holdings of all)
    for (const url of holdings.urls()) {
      const key = indexKey(url);
      if (isWanted(key)) found.set(key, url);
    }
  return [...found.values()];
}

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
    gather(years, year, row);
  }
  const path = pathKey(start);
  const isCounted = countedBy(parameter);
  const isListing = ({ url, status }: IndexRow) => {
    const [own, query = ""] = indexKey(url).split("?");
    const isPage = query === "" || isCounted(query);
    return own === path && isPage && (status === 200 || status === null);
  };
  const listings = rows.filter(isListing);
  return {
    captures: rows.length,
    urls: distinct(rows),
    isWhole: resumeKey === null && read < limit,
    years: Object.fromEntries(
      [...years]
        .sort(([a], [b]) => byCodeUnits(a, b))
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
  const byTime = rows.toSorted((a, b) => byCodeUnits(a.time, b.time));
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
