/**
 * The walk: reads listing pages in order, requests the articles that their rows link to, and sends each
 * through the item pipeline. It builds nothing and knows no concrete source or sink.
 */

import type { Listing, Page, PageResponse, Row } from "../model.js";
import type { Walk } from "../schema/run-report.js";
import { startOf } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { slugify } from "../url/slug.js";
import { entryId, isOfOne, withoutSession } from "../url/url.js";
import { Acceptance } from "./acceptance.js";
import type { Opened } from "./article.js";
import { OrderedFrontier } from "./frontier.js";
import { reasonOf } from "./item-pipeline.js";
import type { Listed } from "./ledger.js";
import type { NextPage, Why } from "./paging.js";
import { wordsOf } from "./row-keys.js";
import { partsOf, type WalkEvent, type WalkOptions, type WalkParts } from "./walk-parts.js";
import { WalkReport } from "./walk-report.js";
import { openWhole } from "./whole-article.js";

export type { Walk, WalkEvent, WalkOptions };

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
          ? walker.acceptance.article(request, page, demanding)
          : inTurn(() => walker.acceptance.listing(request, page)),
    );
  } finally {
    walker.close();
  }
  return walker.report();
}

class Walker {
  readonly frontier = new OrderedFrontier();
  readonly acceptance: Acceptance;
  readonly #options: WalkOptions;
  readonly #parts: WalkParts;
  readonly #report: WalkReport;
  /** Listing pages that no page led to, and that the source holds; null until the list has ended. */
  #further: Set<string> | null = null;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#parts = partsOf(options);
    this.acceptance = new Acceptance(this.#parts);
    this.#report = new WalkReport(options.site, options.before, options.isOwnList);
  }

  async take(response: PageResponse): Promise<void> {
    for (const due of this.frontier.inOrder(response)) {
      if ("page" in due) this.#options.onPage?.(due.page);
      const { url, role } = due.request;
      const { listing, opened } = this.acceptance.take(due);
      if (role === "article") await this.#takeArticle(due, opened);
      else if (this.#further?.has(url)) await this.#takeFurther(due);
      else if ("page" in due) await this.#takeListing(due, listing);
      else await this.#missListing(url, due.failure);
    }
  }

  async #takeListing(response: Came, ahead: Promise<Listing> | undefined): Promise<void> {
    const { page } = response;
    const requested = response.request.url;
    let listing: Listing;
    try {
      listing = await (ahead ?? this.#parts.reader.listing(page));
    } catch (error) {
      const reason = `extract: ${reasonOf(error)}`;
      return this.#missListing(requested, { reason, code: "unusable" });
    }
    if (this.#parts.paging.atStart && this.#parts.requests.beginsRendering(listing))
      return this.addListing(requested);
    const { url, pageNumber, pageCount } = listing;
    const { rows } = listing;
    this.#report.see(listing);
    this.#parts.items.note(listing.warnings, url);
    const { rows: fresh, ...way } = this.#parts.paging.read(listing, requested);
    // A page that is as it was before is not reported again.
    if (fresh.length > 0 || rows.length === 0)
      this.#options.onEvent?.({ event: "listing", url, rows: rows.length, pageNumber, pageCount });
    await this.#takeRows(rows, fresh, page);
    this.#parts.mementos.add(listing, page, rows);
    await this.#takeOthers(response);
    await this.#requestNext(way);
  }

  async #takeRows(rows: readonly Row[], fresh: readonly Row[], page: Page): Promise<void> {
    this.#parts.dates.see(rows);
    if (this.#parts.dates.waiting > 0) for (const row of rows) await this.#takeWaiting(row, page);
    for (const row of fresh) await this.#takeRow(row, page);
  }

  /** The rows of the other captures of a listing page: each shows what was on the list at its time. */
  async #takeOthers({ request, others, tried = [] }: Came): Promise<void> {
    for await (const page of others ?? []) {
      const listing = await this.#parts.reader.listing(page).catch(() => null);
      if (listing === null || listing.rows.length === 0) continue;
      await this.#takeRows(listing.rows, listing.rows, page);
      this.#parts.mementos.add(listing, page, listing.rows);
    }
    this.#parts.mementos.refused(request.url, tried);
  }

  /** A listing page that no page led to. */
  async #takeFurther(response: PageResponse): Promise<void> {
    this.#further?.delete(response.request.url);
    if ("page" in response) {
      const { page } = response;
      const listing = await this.#parts.reader.listing(page).catch(() => null);
      if (listing !== null) await this.#takeRows(listing.rows, listing.rows, page);
      if (listing !== null) this.#parts.mementos.add(listing, page, listing.rows);
      await this.#takeOthers(response);
    } else this.#parts.mementos.missed(response.request.url, response.failure.reason);
    if (this.#further?.size === 0) this.#endList();
  }

  async #missListing(requested: string, why: Why): Promise<void> {
    if (this.#parts.paging.atStart) this.#report.unreachable = why;
    await this.#requestNext(this.#parts.paging.missed(requested, why));
  }

  async #requestNext(way: NextPage): Promise<void> {
    const isCut = way.next !== null && this.#isFull() && !way.again;
    if (!this.#parts.dates.isRead && (way.next === null || isCut || way.again)) {
      this.#parts.dates.decide();
      if (this.#parts.dates.waiting > 0 && !way.again) way = this.#parts.paging.again();
    }
    const { next, again } = way;
    if (next === null) {
      const all = (await this.#options.source.listings?.()) ?? [];
      this.#further = new Set(all.filter((url) => !this.#parts.paging.hasRead(url)));
      for (const url of this.#further) this.frontier.add(url, "listing");
      if (this.#further.size === 0) this.#endList();
    }
    // Reaching the limit on the last page is not a cut-off.
    else if (isCut && this.#parts.dates.waiting === 0) this.#report.cutOff = true;
    else this.addListing(next, again);
  }

  addListing(url: string, waits = false): void {
    this.frontier.add(url, "listing", waits, this.#parts.requests.of(url));
  }

  #endList(): void {
    const reason = "the list named it, and did not when it was read again";
    for (const listed of this.#parts.dates.left())
      this.#parts.items.settle(listed, "not-reached", { reason });
    this.#seekRelocated();
  }

  /** Requests what the whole list no longer names: a list with a gap says nothing about it. */
  #seekRelocated(): void {
    const { ended, findings } = this.#parts.paging;
    if (!ended || findings.length > 0 || this.#report.cutOff || !this.#parts.site.article.follow)
      return;
    const isListed = (url: string) => this.#parts.ledger.has(url);
    for (const url of this.#parts.relocations.begin(isListed)) this.frontier.add(url, "article");
  }

  /** The page of a known article that no row names. It is not read for its words: the list decides what is on the site. */
  async #takeRelocated(requested: string, page: Page): Promise<void> {
    // A page that cannot be read names no URL; the redirect is known all the same.
    const own = await this.#parts.reader.canonical(page).catch(() => null);
    const sessions = new Set([
      ...this.#parts.site.sessionParameters,
      ...this.#parts.sessions.found,
    ]);
    this.#parts.relocations.add(requested, own ?? withoutSession(page.url, sessions));
  }

  #isFull(): boolean {
    return this.#options.limit != null && this.#report.taken >= this.#options.limit;
  }

  async #takeRow(read: Row, page: Page): Promise<void> {
    const { memento } = page;
    const row = memento === undefined ? read : { ...read, memento };
    const listed = this.#parts.ledger.list(
      row,
      row.url ?? rowUrl(this.#parts.site, row),
      this.#parts.site.list,
    );
    if (listed === null) return;
    this.#options.onRow?.(this.#parts.site, row, page);
    const target = this.#targetOf(row);
    if (target !== null && !isOfOne(target, this.#parts.site.origins)) {
      const reason = `scope: ${new URL(target).origin} is not one of the site's origins`;
      return this.#parts.items.settle(listed, "excluded", { reason });
    }
    if (this.#isFull()) {
      const reason = `limit of ${this.#options.limit} articles`;
      return this.#parts.items.settle(listed, "not-reached", { reason });
    }
    this.#report.taken++;
    if (!this.#parts.dates.letWait(listed, row)) await this.#read(listed, row, page);
  }

  async #takeWaiting(row: Row, page: Page): Promise<void> {
    const listed = this.#parts.ledger.find(row.url ?? rowUrl(this.#parts.site, row));
    if (listed !== undefined && this.#parts.dates.takeBack(listed, row))
      await this.#read(listed, row, page);
  }

  /** Reads the article of a row, or requests it. */
  async #read(listed: Listed, row: Row, page: Page): Promise<void> {
    const target = this.#targetOf(row);
    if (target !== null) this.frontier.add(target, "article");
    else await this.#parts.items.process(listed, page, () => this.#parts.reader.bareRow(row, page));
  }

  #targetOf(row: Row): string | null {
    return this.#parts.site.article.follow ? row.url : null;
  }

  async #takeArticle(response: PageResponse, opened?: Opened): Promise<void> {
    const { url } = response.request;
    const listed = this.#parts.ledger.find(url);
    if (!this.#parts.ledger.has(url) && "page" in response)
      await this.#takeRelocated(url, response.page);
    if (listed === undefined || listed.row === null) return;
    const { tried = [] } = response;
    listed.mementos = tried.length === 0 ? undefined : tried;
    if ("failure" in response) {
      const { state, status, failure } = response;
      const { reason, code } = failure;
      const ofStatus = status === null ? {} : { status };
      return this.#parts.items.settle(listed, state, { reason, code, ...ofStatus });
    }
    const { row } = listed;
    const { page } = response;
    const { source } = this.#options;
    await this.#parts.items.process(listed, page, () =>
      openWhole(row, page, this.#parts.reader, source, opened),
    );
  }

  close(): void {
    this.#parts.reader.close();
  }

  report(): Walk {
    return this.#report.end(this.#parts);
  }
}

/** A response that is a page. */
type Came = Extract<PageResponse, { readonly page: Page }>;

/**
 * A URL for a row that links to no article: the start of the list with a fragment made of the
 * row's own words: it does not change when the row moves to another page, and two rows are one
 * only when all that they say is equal.
 */
function rowUrl(site: Site, row: Row): string {
  const hash = entryId(`${site.start}#${encodeURIComponent(wordsOf(row))}`);
  return `${startOf(site)}#${slugify(row.readings.title?.raw ?? "") || "row"}-${hash.slice(0, 8)}`;
}
