/**
 * The second witness: a list that was read to its end is compared with what the site's own feed and sitemap name. A pager
 * that hides a third of the articles is seen by nothing else.
 */
import { readSitemap } from "../extract/sitemap.js";
import type { Finding, Page, Source } from "../model.js";
import { NOT_IN_LIST, type Unlisted, type Walk } from "../schema/run-report.js";
import { completeSite } from "../site/defaults.js";
import { LISTING_KINDS } from "../site/listing-kinds.js";
import { folderOf } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { byCodeUnits, count, parseUrl } from "../text.js";
import { fingerprint } from "../url/digest.js";
import { canonicalUrl, entryId, sameOrigin } from "../url/url.js";
import { sortFindings, unusedAccepts } from "./findings.js";
import { listKind } from "./list-kind.js";
import { Reader } from "./reader.js";

/** Sitemaps that are read, of 50,000 URLs at most each. */
const MOST_SITEMAPS = 20;
const SAMPLES = 3;

/** What the walk has seen, and what the witnesses name beyond. */
export async function withWitnesses(walk: Walk, site: Site, source: Source): Promise<Walk> {
  const { data } = source;
  if (data === undefined || walk.cutOff || walk.unreachable !== null || walk.listed === 0)
    return walk;
  const sitemaps = (await source.sitemaps?.()) ?? [];
  const feeds = [...new Set([...walk.feeds, ...(source.feeds?.() ?? [])])];
  const missingFrom = unlisted(walk, site, feeds);
  const notes: string[] = [];
  const found: Finding[] = [];
  const alone = new Alone(walk.unlisted);
  /** What came; of a site that is read from web archives, all captures. */
  async function* read(url: string): AsyncGenerator<Page, void, undefined> {
    const response = await data?.(url);
    if (response !== undefined && "page" in response) {
      yield response.page;
      yield* response.others ?? [];
    } else if (response?.failure)
      notes.push(`the list was not compared with ${url}: ${response.failure.reason}`);
  }
  const compare = (what: "feed" | "sitemap", place: string, missing: ReadonlySet<string>) => {
    if (missing.size === 0) return;
    alone.add(what, missing);
    const some = [...missing].slice(0, SAMPLES).join(", ");
    const message = `in the ${what} ${place}, not in the list: ${missing.size} (${some}${missing.size > SAMPLES ? ", …" : ""})`;
    found.push({ finding: NOT_IN_LIST, place, count: missing.size, message });
  };
  for (const url of feeds) {
    const missing = new Set<string>();
    for await (const page of read(url))
      try {
        for (const one of (await feedUrls(page)).filter(missingFrom(url))) missing.add(one);
      } catch (error) {
        notes.push(`the list was not compared with ${url}: ${(error as Error).message}`);
      }
    compare("feed", url, missing);
  }
  for (const url of sitemaps)
    compare("sitemap", url, await inSitemap(url, read, missingFrom, notes));
  const { accepted, open } = sortFindings(found, site);
  return {
    ...walk,
    ...(source.unlisted === undefined ? {} : { unlisted: alone.all() }),
    open: [...walk.open, ...open],
    accepted: [...walk.accepted, ...accepted],
    notes: [
      ...walk.notes,
      ...notes,
      ...unusedAccepts(accepted, site, (finding) => finding === NOT_IN_LIST),
    ],
  };
}

/** URLs that a sitemap, or those of its index, name and the list does not. */
async function inSitemap(
  start: string,
  read: (url: string) => AsyncIterable<Page>,
  missingFrom: (witness: string) => (url: string) => boolean,
  notes: string[],
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  // What is put in while it is walked is walked too.
  const todo = new Set([start]);
  const others = new Set<number>();
  for (const url of todo)
    for await (const page of read(url)) {
      const { isIndex, urls, left } = readSitemap(Buffer.from(page.body).toString("utf8"));
      if (left !== undefined)
        notes.push(
          `${url} names ${count(left, "URL")} beyond 50,000, with which the list was not compared`,
        );
      const isMissing = missingFrom(url);
      for (const href of urls) {
        const target = canonicalUrl(href, page.url);
        if (target === null) continue;
        if (!isIndex && isMissing(target)) missing.add(target);
        if (!isIndex || !sameOrigin(target, start) || todo.has(target)) continue;
        if (todo.size < MOST_SITEMAPS) todo.add(target);
        else others.add(fingerprint(target));
      }
    }
  const more = others.size;
  if (more > 0)
    notes.push(
      `${start} names ${count(more, "sitemap")} more, with which the list was not compared`,
    );
  return missing;
}

/** URLs of the rows of a feed; a large one is read in a process of its own, within its bounds. @throws where it cannot be read */
async function feedUrls(page: Page): Promise<readonly string[]> {
  const { listing, fields } = LISTING_KINDS.feed;
  const site = completeSite("feed", {
    start: page.url,
    listing: { ...listing, kind: "feed" },
    ...(fields === undefined ? {} : { fields }),
  });
  const reader = new Reader({ ...site, languages: {}, lists: [] });
  try {
    return (await reader.listing(page)).rows.flatMap(({ url }) => url ?? []);
  } finally {
    reader.close();
  }
}

/**
 * Says whether a URL looks like an article of the list and is not in it: it is below the path of the list, in a folder
 * as articles are (`/news/2021/03` is like `/news/2019/12`), and no row names it. Where articles are beside all other
 * pages of the site, the sitemap of posts and the feed of the list itself are believed.
 */
function unlisted(
  walk: Walk,
  site: Site,
  feeds: readonly string[],
): (witness: string) => (url: string) => boolean {
  const ids = new Set<string>();
  const folders = new Set<string>();
  const lists = new Set<string>();
  for (const { url, entry, listedOn } of walk.outcomes) {
    ids.add(entryId(url));
    if (entry !== undefined) ids.add(entry);
    if (!url.includes("#")) folders.add(folderOf(url));
    for (const place of listedOn) lists.add(listPathOf(place, site));
  }
  let longest = 0;
  for (const { length } of lists) longest = Math.max(longest, length);
  const isBelow = (path: string) => {
    for (let at = path.indexOf("/"); at >= 0 && at < longest; at = path.indexOf("/", at + 1))
      if (lists.has(path.slice(0, at + 1))) return true;
    return false;
  };
  return (witness) => {
    const path = withSlash(parseUrl(witness)?.pathname ?? "");
    const isOwnFeed = feeds.includes(witness) && isBelow(path);
    return (url) => {
      // From web archives, what was http then may be https in a later capture.
      if (new URL(url).host !== new URL(site.start).host) return false;
      const folder = folderOf(url);
      const { pathname } = new URL(url);
      if (!folders.has(folder) || lists.has(withSlash(pathname))) return false;
      const isOwn = folder === "/" ? isOwnFeed || POSTS.test(path) : isOwnFeed || isBelow(pathname);
      return isOwn && !ids.has(entryId(url));
    };
  };
}

/** What is known of articles that no row names, and from where: each URL once. */
class Alone {
  readonly #known = new Map<string, { readonly url: string; readonly foundIn: Set<Unlisted> }>();

  constructor(known: Walk["unlisted"] = []) {
    for (const { url, foundIn } of known)
      this.#known.set(entryId(url), { url, foundIn: new Set(foundIn) });
  }

  add(from: Unlisted, urls: ReadonlySet<string>): void {
    for (const url of urls) {
      const known = this.#known.get(entryId(url)) ?? { url, foundIn: new Set() };
      this.#known.set(entryId(url), known);
      known.foundIn.add(from);
    }
  }

  all(): NonNullable<Walk["unlisted"]> {
    return [...this.#known.values()]
      .map(({ url, foundIn }) => ({ url, foundIn: [...foundIn].sort() }))
      .sort((a, b) => byCodeUnits(a.url, b.url));
  }
}

/** Names of sitemaps of WordPress, of its plugins, and of Ghost, that hold posts alone. */
const POSTS = /(?:^|[/_-])posts?(?:[._-]|\/?$)/i;

/** The path of a list with a slash at its end: of a feed that of what it is the feed of, of an answer of an API all. */
function listPathOf(place: string, site: Site): string {
  if (listKind(site).isApi) return "/";
  const { pathname } = new URL(place);
  return withSlash(pathname.replace(/\/(?:feed|rss|atom|index)?(?:\.(?:xml|rss|json))?\/?$/i, "/"));
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
