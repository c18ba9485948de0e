/**
 * The walk: reads listing pages in order, requests the articles that their rows link to, and sends each
 * through the item pipeline. It builds nothing and knows no concrete source or sink.
 */

import { holdsTitle } from "../extract/soft-404.js";
import type { Listing, Page, PageRequest, PageResponse, Row, Source } from "../model.js";
import { NOTHING_SEEN, type Walk } from "../schema/run-report.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { entryId, sameOrigin, slugify, withoutSession } from "../url.js";
import type { Opened } from "./article.js";
import { DupeFilter } from "./dupefilter.js";
import { accepted } from "./findings.js";
import { OrderedFrontier } from "./frontier.js";
import { addHealth, unmatchedFields } from "./health.js";
import { type ArticleEvent, type ItemOptions, ItemPipeline, reasonOf } from "./item-pipeline.js";
import type { ReadingStore } from "./kept-readings.js";
import type { Ledger, Listed } from "./ledger.js";
import { addRemains } from "./left-behind.js";
import { ListDates } from "./list-dates.js";
import { ListingMementos, unlistedNotes } from "./listing-mementos.js";
import { startOf } from "./page-numbers.js";
import { type NextPage, Paging } from "./paging.js";
import { Reader } from "./reader.js";
import { type KnownArticle, Relocations } from "./relocated.js";
import { Rendering } from "./rendering.js";
import { wordsOf } from "./row-keys.js";
import { SessionParameters } from "./session-parameters.js";
import { openWhole } from "./whole-article.js";
import { isLarge } from "./worker/page-worker.js";

export type { Walk };

export interface WalkOptions extends ItemOptions {
  readonly source: Source;
  /** Read at most so many articles; null for all. */
  readonly limit?: number | null;
  /** Articles of earlier runs: one that no row names is requested, to see whether it has another URL now. */
  readonly known?: readonly KnownArticle[];
  /** What earlier walks of the run have listed and written, and what they saw: this one continues both. */
  readonly dupefilter?: DupeFilter;
  readonly before?: Walk;
  /** True for a walk that is not that of the list before it in another language. */
  readonly isOwnList?: boolean;
  /** What earlier runs have read. */
  readonly readings?: ReadingStore;
  readonly onEvent?: (event: WalkEvent) => void;
  /** Called with every row that is new, and its list. */
  readonly onRow?: (site: Site, row: Row, page: Page) => void;
  /** Called with every page, in the order in which they are read. */
  readonly onPage?: (page: Page) => void;
}

/** What was read of a page to accept it: a page is parsed once. */
interface Ahead {
  readonly page: Page;
  /** Rejects where the page cannot be read. */
  readonly listing?: Promise<Listing>;
  readonly opened?: Opened;
  /** By what an article was read. */
  readonly site?: Site;
}

/** What happens on the way, for progress. */
export type WalkEvent =
  | ArticleEvent
  | {
      readonly event: "listing";
      readonly url: string;
      readonly rows: number;
      readonly pageNumber: number | null;
      readonly pageCount: number | null;
    };

/** Walks a site from its start to the end of its list. Rejects only for errors of the run: a source's or a sink's. */
export async function walk(options: WalkOptions): Promise<Walk> {
  const walker = new Walker(options);
  walker.addListing(startOf(options.site));
  // Pages are read one at a time, in the order in which they come: what a worker process reads waits too.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const done = turn.then(run);
    turn = done;
    // The source gets the error from `done`, and ends the run; the next turn must not throw it a second time.
    turn.catch(() => {});
    return done;
  };
  try {
    await options.source.run(
      walker.frontier,
      (response) => inTurn(() => walker.take(response)),
      (request, page, demanding) =>
        request.role === "article"
          ? walker.acceptArticle(request, page, demanding)
          : inTurn(() => walker.acceptListing(request, page)),
    );
  } finally {
    walker.close();
  }
  return walker.report();
}

class Walker {
  readonly frontier = new OrderedFrontier();
  readonly #options: WalkOptions;
  readonly #site: Site;
  readonly #ledger: Ledger;
  readonly #paging: Paging;
  /** Of a site that is read from web archives. */
  readonly #mementos: ListingMementos;
  /** Listing pages that no page led to, and that the source holds; null until the list has ended. */
  #further: Set<string> | null = null;
  readonly #sessions: SessionParameters;
  readonly #relocations: Relocations;
  readonly #rendering: Rendering;
  readonly #reader: Reader;
  readonly #items: ItemPipeline;
  /** What is seen, counted on from what earlier walks saw. */
  readonly #seen: { -readonly [Key in keyof Walk]: Walk[Key] };
  readonly #listedBefore: number;
  #listings: Listing["translations"] | null = null;
  #starts: readonly string[] = [];
  #feeds: Listing["feeds"] | null = null;
  #drift: string | null = null;
  readonly #dates: ListDates;
  #unreachable: string | null = null;
  /** By the order of the requests whose turn is to come. */
  readonly #ahead = new Map<number, Ahead>();

  constructor(options: WalkOptions) {
    const { site, dupefilter = new DupeFilter(), known = [], before = NOTHING_SEEN } = options;
    this.#options = options;
    this.#site = site;
    this.#seen = { ...before };
    this.#ledger = dupefilter.ledger;
    this.#listedBefore = this.#ledger.listed;
    this.#paging = new Paging(site, options.source.isFixed);
    this.#mementos = new ListingMementos(site);
    this.#sessions = new SessionParameters(site);
    this.#relocations = new Relocations(known);
    this.#rendering = new Rendering(site);
    this.#reader = new Reader(site, options.readings);
    this.#dates = new ListDates(site, this.#reader);
    this.#items = new ItemPipeline(options, dupefilter, new Map(before.warnings));
  }

  async take(response: PageResponse): Promise<void> {
    for (const due of this.frontier.inOrder(response)) {
      if ("page" in due) this.#options.onPage?.(due.page);
      const { order, url, role } = due.request;
      const read = this.#ahead.get(order);
      this.#ahead.delete(order);
      const ahead = "page" in due && read?.page === due.page ? read : null;
      if (role === "article") await this.#takeArticle(due, ahead);
      else if (this.#further?.has(url)) await this.#takeFurther(due);
      else if ("page" in due) await this.#takeListing(due, ahead?.listing);
      else await this.#missListing(url, due.failure.reason);
    }
  }

  /** Why to retry a listing page; null when it is accepted. */
  async acceptListing({ order, url }: PageRequest, page: Page): Promise<string | null> {
    let listing = this.#reader.listing(page);
    try {
      const isFirst = this.#paging.atStart && url === startOf(this.#site);
      const session = isFirst ? this.#sessions.retryReason(await listing) : null;
      if (session !== null) return session;
      if (isFirst && this.#sessions.found.length > 0) {
        this.#reader.leaveOut(this.#sessions.found);
        listing = this.#reader.listing(page);
      }
      const isOpen = isFirst && this.#rendering.wouldBegin && (await listing).rows.length === 0;
      const retry = isOpen ? null : this.#paging.retryReason(await listing, url);
      if (retry !== null) return retry;
    } catch {
      // A page that took all of its time once is not tried again.
    }
    this.#ahead.set(order, { page, listing });
    return null;
  }

  /** The same of an article page. */
  async acceptArticle(
    { order, url }: PageRequest,
    page: Page,
    demanding = false,
  ): Promise<string | null> {
    const row = this.#ledger.find(url)?.row;
    // Nearly every article page holds the words of its row; only another one is read before its turn.
    if (row == null || (!demanding && holdsTitle(page.body, row) && page.url === url)) return null;
    try {
      if (isLarge(page)) return null;
      const { site } = this.#reader;
      const opened = await this.#reader.article(row, page);
      const lacks = demanding ? missingFrom(opened.facts, site) : null;
      const reason = opened.facts.soft404 ?? lacks;
      if (reason !== null) return reason;
      this.#ahead.set(order, { page, opened, site });
    } catch {
      // What is wrong with it is said at its turn.
    }
    return null;
  }

  async #takeListing(response: Came, ahead: Promise<Listing> | undefined): Promise<void> {
    const { page } = response;
    const requested = response.request.url;
    let listing: Listing;
    try {
      listing = await (ahead ?? this.#reader.listing(page));
    } catch (error) {
      return this.#missListing(requested, `extract: ${reasonOf(error)}`);
    }
    if (this.#paging.atStart && this.#rendering.begins(listing)) return this.addListing(requested);
    const { url, pageNumber, pageCount } = listing;
    let { rows } = listing;
    if (this.#paging.atStart) this.#starts = listing.starts ?? [];
    this.#listings ??= listing.translations;
    this.#feeds ??= listing.feeds ?? [];
    this.#items.note(listing.warnings, url);
    if (this.#paging.atStart && rows.length === 0 && !listing.saysEmpty) {
      const why = listing.note === undefined ? "" : `; ${listing.note}`;
      this.#drift = `listing.rows matched nothing on the first page, ${url} ${tried(this.#site.listing.rows)}${why}`;
    }
    let { rows: fresh, ...way } = this.#paging.read(listing, requested);
    // Read before, and all the same to be listed now, as when it was asked for once more, or rows wait for this pass:
    // their readings are needed.
    const isFresh = fresh.some(({ known }) => known !== undefined);
    if (isFresh || (this.#dates.waiting > 0 && rows.some(({ known }) => known !== undefined))) {
      ({ rows } = await this.#reader.wholeListing(page));
      if (isFresh) fresh = rows;
    }
    // A page that is as it was before is not reported again.
    if (fresh.length > 0 || rows.length === 0)
      this.#options.onEvent?.({ event: "listing", url, rows: rows.length, pageNumber, pageCount });
    await this.#takeRows(rows, fresh, page);
    this.#mementos.add(listing, page, rows);
    await this.#takeOthers(response);
    await this.#requestNext(way);
  }

  async #takeRows(rows: readonly Row[], fresh: readonly Row[], page: Page): Promise<void> {
    this.#dates.see(rows);
    if (this.#dates.waiting > 0) for (const row of rows) await this.#takeWaiting(row, page);
    for (const row of fresh) await this.#takeRow(row, page);
  }

  /** The rows of the other captures of a listing page: each shows what was on the list at its time. */
  async #takeOthers({ request, others, tried = [] }: Came): Promise<void> {
    for await (const page of others ?? []) {
      const listing = await this.#reader.wholeListing(page).catch(() => null);
      if (listing === null || listing.rows.length === 0) continue;
      await this.#takeRows(listing.rows, listing.rows, page);
      this.#mementos.add(listing, page, listing.rows);
    }
    this.#mementos.refused(request.url, tried);
  }

  /** A listing page that no page led to. */
  async #takeFurther(response: PageResponse): Promise<void> {
    this.#further?.delete(response.request.url);
    if ("page" in response) {
      const { page } = response;
      const listing = await this.#reader.wholeListing(page).catch(() => null);
      if (listing !== null) await this.#takeRows(listing.rows, listing.rows, page);
      if (listing !== null) this.#mementos.add(listing, page, listing.rows);
      await this.#takeOthers(response);
    } else this.#mementos.missed(response.request.url, response.failure.reason);
    if (this.#further?.size === 0) this.#endList();
  }

  async #missListing(requested: string, reason: string): Promise<void> {
    if (this.#paging.atStart) this.#unreachable = reason;
    await this.#requestNext(this.#paging.missed(requested, reason));
  }

  async #requestNext(way: NextPage): Promise<void> {
    const isCut = way.next !== null && this.#isFull() && !way.again;
    if (!this.#dates.isRead && (way.next === null || isCut || way.again)) {
      this.#dates.decide();
      if (this.#dates.waiting > 0 && !way.again) way = this.#paging.again();
    }
    const { next, again } = way;
    if (next === null) {
      const all = (await this.#options.source.listings?.()) ?? [];
      this.#further = new Set(all.filter((url) => !this.#paging.hasRead(url)));
      for (const url of this.#further) this.frontier.add(url, "listing");
      if (this.#further.size === 0) this.#endList();
    }
    // Reaching the limit on the last page is not a cut-off.
    else if (isCut && this.#dates.waiting === 0) this.#seen.cutOff = true;
    else this.addListing(next, again);
  }

  addListing(url: string, waits = false): void {
    const { kind, fragment } = this.#site.listing;
    const format =
      kind !== "pages" ? ("data" as const) : fragment === undefined ? null : ("either" as const);
    const { posts } = this.#paging;
    const [post, session] = [posts.of(url), posts.keepsSession];
    const how = {
      ...{ ...(format && { format }), ...(post && { post }), ...(session && { session }) },
      ...this.#rendering.how(post),
    };
    this.frontier.add(url, "listing", waits, how);
  }

  #endList(): void {
    const reason = "the list named it, and did not when it was read again";
    for (const listed of this.#dates.left()) this.#items.settle(listed, "not-reached", { reason });
    this.#seekRelocated();
  }

  /** Requests what the whole list no longer names: a list with a gap says nothing about it. */
  #seekRelocated(): void {
    const { ended, gaps } = this.#paging;
    if (!ended || gaps.length > 0 || this.#seen.cutOff || !this.#site.article.follow) return;
    const isListed = (url: string) => this.#ledger.find(url) !== undefined;
    for (const url of this.#relocations.begin(isListed)) this.frontier.add(url, "article");
  }

  /** The page of a known article that no row names. It is not read for its words: the list decides what is on the site. */
  async #takeRelocated(requested: string, page: Page): Promise<void> {
    // A page that cannot be read names no URL; the redirect is known all the same.
    const own = await this.#reader.canonical(page).catch(() => null);
    const sessions = new Set([...this.#site.sessionParameters, ...this.#sessions.found]);
    this.#relocations.add(requested, own ?? withoutSession(page.url, sessions));
  }

  #isFull(): boolean {
    return this.#options.limit != null && this.#seen.taken >= this.#options.limit;
  }

  async #takeRow(read: Row, page: Page): Promise<void> {
    const { memento } = page;
    const row = memento === undefined ? read : { ...read, memento };
    const listed = this.#ledger.list(row, row.url ?? rowUrl(this.#site, row), this.#site.list);
    if (listed === null) return;
    this.#options.onRow?.(this.#site, row, page);
    const target = this.#targetOf(row);
    if (target !== null && !this.#site.origins.some((origin) => sameOrigin(origin, target))) {
      const reason = `scope: ${new URL(target).origin} is not one of the site's origins`;
      return this.#items.settle(listed, "excluded", { reason });
    }
    if (this.#isFull()) {
      const reason = `limit of ${this.#options.limit} articles`;
      return this.#items.settle(listed, "not-reached", { reason });
    }
    this.#seen.taken++;
    if (!this.#dates.letWait(listed, row)) await this.#read(listed, row, page);
  }

  async #takeWaiting(row: Row, page: Page): Promise<void> {
    const listed = this.#ledger.find(row.url ?? rowUrl(this.#site, row));
    if (listed !== undefined && this.#dates.takeBack(listed, row))
      await this.#read(listed, row, page);
  }

  /** Reads the article of a row, or requests it. */
  async #read(listed: Listed, row: Row, page: Page): Promise<void> {
    const target = this.#targetOf(row);
    if (target !== null) this.frontier.add(target, "article");
    else await this.#items.process(listed, page, () => this.#reader.bareRow(row, page));
  }

  #targetOf(row: Row): string | null {
    return this.#site.article.follow ? row.url : null;
  }

  async #takeArticle(response: PageResponse, ahead: Ahead | null): Promise<void> {
    const { url } = response.request;
    const listed = this.#ledger.find(url);
    if (listed === undefined && "page" in response) await this.#takeRelocated(url, response.page);
    if (listed === undefined || listed.row === null) return;
    const { tried = [] } = response;
    listed.mementos = tried.length === 0 ? undefined : tried;
    if ("failure" in response) {
      const { state, status, failure } = response;
      const { reason } = failure;
      return this.#items.settle(listed, state, status === null ? { reason } : { reason, status });
    }
    const { row } = listed;
    const { page } = response;
    const opened = ahead?.site === this.#reader.site ? ahead.opened : undefined;
    const { source } = this.#options;
    await this.#items.process(listed, page, () =>
      openWhole(row, page, this.#reader, source, opened),
    );
  }

  close(): void {
    this.#reader.close();
  }

  report(): Walk {
    const { before, isOwnList = before === undefined } = this.#options;
    const seen = this.#seen;
    const { ended, gaps, pages, notes, drift } = this.#paging;
    const health = this.#items.health.health();
    const { leftBehind } = this.#items;
    const doubts = this.#items.plausibility.doubts((block) => leftBehind.repeats(block));
    // Which list it is, of several, and in what language.
    const { language, list } = this.#site;
    const inLanguage = isOwnList ? [] : [language];
    const name = [...(list === null ? [] : [list]), ...inLanguage].join(", ");
    const label = name === "" ? "" : `${name}: `;
    const isLost = before !== undefined && this.#unreachable !== null;
    seen.outcomes = this.#ledger.outcomes();
    const known = [
      ...this.#paging.accepted,
      ...doubts.findings.flatMap((one) => accepted(one, this.#site) ?? []),
    ];
    const silent = this.#options.source.unanswered?.() ?? [];
    const apart = [...this.#mementos.findings(), ...silent];
    known.push(...apart.flatMap((one) => accepted(one, this.#site) ?? []));
    const gapsBetween = apart.filter((one) => accepted(one, this.#site) === null);
    const implausible = doubts.findings.filter((one) => accepted(one, this.#site) === null);
    const isWhole = ended && !seen.cutOff;
    const isListed = (url: string) => this.#ledger.find(url) !== undefined;
    const unlisted = (isWhole ? this.#options.source.unlisted?.(isListed) : null) ?? [];
    if (unlisted.length > 0)
      seen.unlisted = [
        ...(seen.unlisted ?? []),
        ...unlisted.map((url) => ({ url, foundIn: ["index" as const] })),
      ];
    seen.listed = this.#ledger.listed;
    seen.listingPages += pages;
    seen.ended &&= ended;
    seen.complete &&=
      ended &&
      !seen.cutOff &&
      gaps.length === 0 &&
      // What no capture shows may have been on the site all the same.
      this.#mementos.seen.length === 0 &&
      this.#dates.gaps.length === 0 &&
      // A page that is known to be missing is not known to be empty.
      !known.some(({ finding }) => finding === "page-unread") &&
      !seen.outcomes.some(({ state }) => state === "not-reached");
    seen.moved = [...seen.moved, ...this.#relocations.found];
    seen.gaps = [
      ...seen.gaps,
      ...(isLost ? [lostList(this.#site, isOwnList, this.#unreachable)] : []),
      ...gaps,
      ...gapsBetween.map(({ message }) => message),
      ...this.#dates.gaps,
    ];
    seen.open = [...seen.open, ...this.#paging.findings, ...gapsBetween, ...implausible];
    if (this.#mementos.seen.length > 0)
      seen.listingMementos = [...(seen.listingMementos ?? []), ...this.#mementos.seen];
    seen.accepted = [...seen.accepted, ...known];
    seen.notes = [
      ...seen.notes,
      ...[
        ...this.#sessions.notes,
        ...this.#rendering.notes,
        ...this.#dates.notes,
        ...this.#mementos.notes,
        ...unlistedNotes(unlisted),
        ...notes,
        ...doubts.notes,
      ].map((note) => label + note),
    ];
    seen.drift = [
      ...seen.drift,
      ...[
        ...(this.#drift === null || seen.listed > this.#listedBefore ? [] : [this.#drift]),
        ...(drift === null ? [] : [drift]),
        ...unmatchedFields(health, this.#site).drift,
        ...implausible.map(({ message }) => message),
      ].map((line) => label + line),
    ];
    seen.feeds = [...new Set([...seen.feeds, ...(this.#feeds ?? [])])];
    seen.warnings = this.#items.warnings;
    seen.health = addHealth(seen.health, health);
    seen.remains = addRemains(seen.remains, leftBehind.remains(this.#site, isListed));
    if (isOwnList) {
      seen.unreachable = this.#unreachable;
      seen.listings = this.#listings ?? {};
      seen.starts = this.#starts;
    }
    return seen;
  }
}

function lostList(
  { language, list, start }: Site,
  isOwnList: boolean,
  reason: string | null,
): string {
  if (!isOwnList || list === null) return `the list in "${language}" could not be read: ${reason}`;
  return `the list "${list}" could not be read from ${start}: ${reason}`;
}

/** A response that is a page. */
type Came = Extract<PageResponse, { readonly page: Page }>;

/** What the selectors of an article page must find and did not; null when they did. */
function missingFrom({ sighting }: Opened["facts"], { fields }: Site): string | null {
  const missing = (["title", "body"] as const).find(
    (name) => fields[name].article.length > 0 && sighting.article?.[name] === undefined,
  );
  return missing === undefined ? null : `no selector of its ${missing} matches`;
}

/**
 * A URL for a row that links to no article: the start of the list with a fragment made of the
 * row's own words: it does not change when the row moves to another page, and two rows are one
 * only when all that they say is equal.
 */
function rowUrl(site: Site, row: Row): string {
  const hash = entryId(`${site.start}#${encodeURIComponent(wordsOf(row))}`);
  return `${startOf(site)}#${slugify(row.readings.title?.raw ?? "") || "row"}-${hash.slice(0, 8)}`;
}
