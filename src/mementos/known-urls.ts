/** What the indexes of web archives know beside the pages that were asked for: listing pages, articles, feeds, sitemaps. Pure. */
import type { Site } from "../site/site.js";
import { byCodeUnits } from "../text.js";
import { candidatesOf } from "./choose.js";
import { folderOf, type Holdings, indexKey } from "./holdings.js";

/** Listing pages: the path of the first one, and the parameter that counts them. */
export function listingsIn(
  all: readonly Holdings[],
  start: string,
  { pageParameter }: Pick<Site["listing"], "pageParameter">,
): readonly string[] {
  if (pageParameter === null) return [];
  const begin = `${pathKey(start)}?`;
  const counted = new RegExp(`^${pageParameter.replace(/\W/g, "\\$&")}=[\\d,]+$`, "i");
  return matching(all, (key) => key.startsWith(begin) && counted.test(key.slice(begin.length)));
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
