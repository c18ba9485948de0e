/** The pages that a repair is proved on: as the archive holds them, and as they are now. */

import { basename } from "node:path";
import { readHistory } from "../../archive/history.js";
import type { StoredArchive } from "../../archive/read/archive.js";
import type { CapturedRun } from "../../capture/read/runs.js";
import { openCaptures } from "../../capture/read/runs.js";
import { realDisk } from "../../disk/disk.js";
import { CliError } from "../../error.js";
import { readListing } from "../../extract/listing.js";
import { parsePage } from "../../extract/tree.js";
import type { Page } from "../../model.js";
import { knownLinks } from "../../propose/repair/places.js";
import type { Site } from "../../site/site.js";
import { urlKey } from "../../url/url.js";
import { capturedPages, storedPage } from "../captured-page.js";
import type { RepairOptions } from "../command-line/site.js";
import { livePages, orNull, type PageSource } from "../pages.js";
import type { Terminal } from "../terminal.js";

/** Listing pages of before that are compared while selectors are tried; the rest when they are chosen. */
const LISTINGS = 5;
/** Articles that are fetched, unless the command line says how many. */
const SAMPLE = 12;

export interface PagesBefore {
  readonly run: CapturedRun;
  readonly listings: readonly Page[];
  /** URLs of articles of the archive that these list, in their order, by key. */
  readonly articles: ReadonlyMap<string, string>;
  readonly isKnown: (key: string) => boolean;
}

/**
 * The newest capture that the site file reads: of a run that had what the run before it had, if there is one. The
 * crawl that met the new template has the old list too, where only the articles changed.
 *
 * @throws {CliError} exit code 2, when it reads none: then there is nothing to prove a selector by
 */
export async function pagesBefore(
  runs: readonly CapturedRun[],
  site: Site,
  archive: StoredArchive,
): Promise<PagesBefore> {
  const known = new Set<string>();
  for await (const { data } of archive.entries())
    for (const url of [data.sourceUrl, ...data.aliases]) known.add(urlKey(url));
  const doubted = await doubtedCaptures(archive.folder);
  const isDoubted = ({ time }: CapturedRun) => time !== null && doubted.has(time);
  const newest = runs.toReversed();
  const trusted = newest.filter((run) => !isDoubted(run));
  for (const run of [...trusted, ...newest.filter(isDoubted)]) {
    const listings: Page[] = [];
    const articles = new Map<string, string>();
    for (let url: string | null = site.start; url !== null && listings.length < LISTINGS; ) {
      const stored = await storedPage(url, site, run);
      if (!("page" in stored)) break;
      const listing = readListing(parsePage(stored.page, site), site);
      if (listing.rows.length === 0) break;
      listings.push(stored.page);
      for (const row of listing.rows)
        if (row.url !== null && known.has(urlKey(row.url))) articles.set(urlKey(row.url), row.url);
      url = listing.next;
    }
    if (articles.size > 0) return { run, listings, articles, isKnown: (key) => known.has(key) };
  }
  throw new CliError(
    `no capture of ${archive.folder} has a listing page that the site file reads`,
    {
      hint: "A repair is proved by the pages that were read before. `sitelift init` proposes a site file without them.",
    },
  );
}

/** When captures were made by runs that had fewer rows or values than the run before, or wrote none of what they read. */
async function doubtedCaptures(folder: string): Promise<Set<string>> {
  const runs = await readHistory(folder, realDisk);
  const doubted = runs.filter(
    ({ changes, counts }) => changes?.isFewer || (counts.written === 0 && counts.rejected > 0),
  );
  return new Set(doubted.flatMap(({ capture }) => (capture === null ? [] : [basename(capture)])));
}

export async function storedArticles(
  { run }: PagesBefore,
  urls: readonly string[],
  site: Site,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (const url of urls) {
    const stored = await storedPage(url, site, run);
    if ("page" in stored) pages.push(stored.page);
  }
  return pages;
}

export interface PagesNow extends AsyncDisposable {
  readonly listing: Page;
  readonly articles: readonly Page[];
  readonly get: (url: string) => Promise<Page | null>;
}

/**
 * @param capture read in the place of the network
 * @param sample most articles
 * @throws {CliError} when the first listing page does not come
 */
export async function pagesNow(
  site: Site,
  before: PagesBefore,
  { capture, sample = SAMPLE }: RepairOptions,
  terminal: Terminal,
): Promise<PagesNow> {
  const pages = await (capture === undefined
    ? livePages(site, [site.start])
    : lastCrawl(capture, site));
  try {
    const get = (url: string) => orNull(pages.fetch(url), terminal);
    const listing = await pages.fetch(site.start);
    const articles: Page[] = [];
    for (const url of site.article.follow ? wanted(listing, site, before, sample) : []) {
      const page = await get(url);
      if (page !== null) articles.push(page);
    }
    return { listing, articles, get, [Symbol.asyncDispose]: () => pages[Symbol.asyncDispose]() };
  } catch (error) {
    await pages[Symbol.asyncDispose]();
    throw error;
  }
}

/** The last crawl of a capture, in the place of the network. */
async function lastCrawl(path: string, site: Site): Promise<PageSource> {
  const opened = await openCaptures([path]);
  return capturedPages(opened, site, async () => opened.runs.at(-1));
}

/** Articles that the page as it is now links to, then others. */
function wanted(listing: Page, site: Site, { articles }: PagesBefore, most: number): string[] {
  const linked = knownLinks(parsePage(listing, site), (key) => articles.has(key));
  const keys = new Set([...linked.keys(), ...articles.keys()]);
  return [...keys].slice(0, most).flatMap((key) => articles.get(key) ?? []);
}
