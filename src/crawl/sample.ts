/**
 * A sample of the articles of a site, read by one site file after another: what a change of it changes, long before the
 * whole list has been read again. Pure, but for the pages that it is given.
 */
import type { Draft, Frontier, Page, PageRequest, Row, Source } from "../model.js";
import { judge } from "../schema/entry.js";
import { inOtherLanguage, type Site } from "../site/site.js";
import { urlKey } from "../url/url.js";
import { reasonOf } from "./item-pipeline.js";
import { ListDates } from "./list-dates.js";
import type { ParsedAhead } from "./parsed-ahead.js";
import { Reader } from "./reader.js";

/** An article of the sample, as the list named it first. */
interface Sampled {
  /** Its list, in its language. */
  readonly site: Site;
  readonly listing: Page;
  /** Of its row only this: a whole one holds the tree of its page. */
  readonly row: Place;
}

type Place = Pick<Row, "url" | "position">;

/** What an article of the sample came to. */
export interface Outcome {
  /** Of the article; of its listing page where its row links to none. */
  readonly url: string;
  /** Null where it cannot be read. */
  readonly draft: Draft | null;
  /** Why it is not an entry, one sentence each. */
  readonly problems: readonly string[];
}

/** Listing pages of a sample, where these have enough rows: one costs as much to read as an article. */
const LISTING_PAGES = 5;

/** Takes articles that are spread evenly over lists whose length is not known before their end. */
export class Sample {
  readonly #most: number;
  /** Some of the listing pages, with their rows. */
  #pages: Sampled[][] = [];
  #every = 1;
  #seen = 0;
  #last: Page | null = null;
  #isTaken = false;
  /** How many articles the lists name. */
  of = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(site: Site, { url, position }: Place, listing: Page): void {
    this.of++;
    if (listing !== this.#last) this.#begin(listing);
    if (this.#isTaken) this.#pages.at(-1)?.push({ site, row: { url, position }, listing });
  }

  #begin(listing: Page): void {
    this.#last = listing;
    if (this.#pages.length >= 2 * Math.max(LISTING_PAGES, this.#most)) {
      this.#pages = this.#pages.filter((_, at) => at % 2 === 0);
      this.#every *= 2;
    }
    this.#isTaken = this.#seen++ % this.#every === 0;
    if (this.#isTaken) this.#pages.push([]);
  }

  /** As many as were asked for, or all. */
  get articles(): readonly Sampled[] {
    for (let pages = LISTING_PAGES; ; pages++) {
      const rows = spread(this.#pages, pages).flat();
      if (rows.length >= this.#most || pages >= this.#pages.length) return spread(rows, this.#most);
    }
  }
}

/** Some of many, from the first on. */
function spread<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] as T);
}

/** Pages by the URL that was asked for; of one that does not come, the reason. */
export type Pages = ReadonlyMap<string, Page | string>;

export async function fetchPages(urls: readonly string[], source: Source): Promise<Pages> {
  const pages = new Map<string, Page | string>();
  const left: PageRequest[] = urls.map((url, order) => ({ order, url, role: "article" }));
  const frontier: Frontier = {
    next: () => left.shift() ?? null,
    isFinished: () => left.length === 0 && pages.size === urls.length,
  };
  await source.run(frontier, async (response) => {
    const came = "page" in response ? response.page : response.failure.reason;
    pages.set(response.request.url, came);
  });
  return pages;
}

/** URLs of articles that are read on pages of their own. */
export function pagesOf(articles: readonly Sampled[]): string[] {
  return [...new Set(articles.flatMap(({ row }) => row.url ?? []))];
}

/**
 * Reads a sample by a site file. The order of day and month is what the listing pages of the sample prove.
 *
 * @returns in the order of the sample
 */
export async function readSample(
  articles: readonly Sampled[],
  pages: Pages,
  now: Site,
  ahead: ParsedAhead | null = null,
): Promise<Outcome[]> {
  const readers = new Map<string, Promise<(one: Sampled) => Promise<Outcome>>>();
  const outcomes: Outcome[] = [];
  const open: Reader[] = [];
  for (const one of articles) {
    const { list = null, language, start } = one.site;
    const key = JSON.stringify([list, language, start]);
    const own = articles.filter(({ site }) => site === one.site);
    const reading = readers.get(key) ?? listReader(own, pages, siteAs(now, one.site), open, ahead);
    readers.set(key, reading);
    outcomes.push(await (await reading)(one));
  }
  for (const reader of open) reader.close();
  return outcomes;
}

/** Parses what the next reading of a sample will need, as long as the site file parses pages in the same way. */
export async function parseSample(
  articles: readonly Sampled[],
  pages: Pages,
  now: Site,
  ahead: ParsedAhead,
): Promise<void> {
  for (const { listing, row, site } of articles) {
    const page = row.url === null ? undefined : pages.get(row.url);
    const own = [listing, page].filter((one) => typeof one === "object");
    await ahead.prepare(own, siteAs(now, site));
  }
}

/** The list of a site file that is that of another, in its language. */
function siteAs(now: Site, { list, language, start }: Site): Site {
  const named = now.lists.find((one) => one.list === list);
  const own: Site = named === undefined ? now : { ...named, lists: [] };
  const isOther = own.language !== language && own.languages[language] !== undefined;
  return isOther ? inOtherLanguage(own, language, start) : own;
}

async function listReader(
  articles: readonly Sampled[],
  pages: Pages,
  site: Site,
  open: Reader[],
  ahead: ParsedAhead | null,
): Promise<(one: Sampled) => Promise<Outcome>> {
  const reader = new Reader(site, undefined, ahead);
  open.push(reader);
  const rows = new Map<Page, readonly Row[] | string>();
  const dates = new ListDates(site, reader);
  for (const { listing } of articles) {
    if (rows.has(listing)) continue;
    const read = await reader.listing(listing).then(({ rows }) => rows, reasonOf);
    rows.set(listing, read);
    if (typeof read !== "string") dates.see(read);
  }
  dates.decide();
  return async ({ listing, row: before }) => {
    const url = before.url ?? `${listing.url}#${before.position}`;
    const failed = (why: string): Outcome => ({ url, draft: null, problems: [why] });
    const read = rows.get(listing) ?? [];
    if (typeof read === "string") return failed(`its listing page cannot be read: ${read}`);
    const row = read.find((one) => isSame(one, before));
    if (row === undefined) return failed(`no row of ${listing.url} leads to it`);
    const page = site.article.follow && row.url !== null ? pages.get(row.url) : null;
    if (typeof page === "string") return failed(page);
    try {
      const opening = page == null ? reader.bareRow(row, listing) : reader.article(row, page);
      const { facts, finish } = await opening;
      if (facts.soft404 !== null) return failed(facts.soft404.reason);
      const { draft } = await finish(facts.canonical ?? facts.url ?? url, []);
      const verdict = judge(draft, site);
      const issues = "issues" in verdict ? verdict.issues : [];
      return { url, draft, problems: issues.map(({ path, message }) => `${path}: ${message}`) };
    } catch (error) {
      return failed(reasonOf(error));
    }
  };
}

/** True for a row that leads to the same article; one that leads nowhere is known by its place. */
function isSame(one: Place, other: Place): boolean {
  if (other.url === null || one.url === null)
    return one.position === other.position && one.url === other.url;
  return urlKey(one.url) === urlKey(other.url);
}
