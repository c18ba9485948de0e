/**
 * The corridor: walks listing pages, sends each article through extract, convert and validate, hands
 * the entries to the sinks, and keeps the ledger. It builds nothing and knows no concrete source or sink.
 */

import type { Listing, Page, PageResponse, Row, Sink, Source, State, Warning } from "../model.js";
import { NOTHING_SEEN, type Walk } from "../schema/run-report.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { entryId, sameOrigin, slugify } from "../url.js";
import type { Judged, Opened } from "./article.js";
import { DupeFilter } from "./dupefilter.js";
import { OrderedFrontier } from "./frontier.js";
import { addHealth, HealthCount, unmatchedFields } from "./health.js";
import type { Ledger, Listed } from "./ledger.js";
import type { Decided, Overrides } from "./overrides.js";
import { Paging, startOf, type Way } from "./paging.js";
import { Reader } from "./reader.js";
import { type KnownArticle, Sought } from "./relocated.js";
import { wordsOf } from "./row-keys.js";

export type { Walk };

export interface WalkOptions {
  readonly site: Site;
  readonly source: Source;
  readonly sinks: readonly Sink[];
  /** Read at most so many articles; null for all. */
  readonly limit?: number | null;
  /** Leave out articles dated before this calendar date (`YYYY-MM-DD`). */
  readonly since?: string | null;
  /** Articles of earlier runs: one that no row names is asked for, to see whether it has another address now. */
  readonly known?: readonly KnownArticle[];
  /** Decisions of people, applied before an article is judged. */
  readonly overrides?: Overrides;
  /** What earlier walks of the run have listed and written, and what they saw: this one continues both. */
  readonly dupefilter?: DupeFilter;
  readonly before?: Walk;
  readonly onEvent?: (event: WalkEvent) => void;
}

/** What happens on the way, for progress. */
export type WalkEvent =
  | {
      readonly event: "listing";
      readonly url: string;
      readonly rows: number;
      readonly pageNumber: number | null;
      readonly pageCount: number | null;
    }
  | {
      readonly event: "article";
      readonly url: string;
      readonly state: State;
      readonly reason?: string;
    };

/** Walks a site from its start to the end of its list. Rejects only for errors of the run: a source's or a sink's. */
export async function walk(options: WalkOptions): Promise<Walk> {
  const walker = new Walker(options);
  walker.frontier.add(startOf(options.site), "listing");
  // Arrivals are read one at a time; a second one waits for the first.
  let turn = Promise.resolve();
  const take = (response: PageResponse) => {
    turn = turn.then(() => walker.take(response));
    return turn;
  };
  try {
    await options.source.run(walker.frontier, take, (request, page) => {
      if (request.role === "article") return walker.acceptArticle(request.url, page);
      // What is read in another process waits for it.
      const accept = turn.then(() => walker.acceptListing(request.url, page));
      turn = accept.then(() => {});
      // Whoever waits for the verdict is told its error; nobody may be left who waits for the turn.
      turn.catch(() => {});
      return accept;
    });
  } finally {
    walker.close();
  }
  return walker.account();
}

class Walker {
  readonly frontier = new OrderedFrontier();
  readonly #options: WalkOptions;
  readonly #site: Site;
  readonly #dupefilter: DupeFilter;
  readonly #ledger: Ledger;
  readonly #paging: Paging;
  readonly #sought: Sought;
  readonly #reader: Reader;
  /** What is seen, counted on from what earlier walks saw. */
  readonly #seen: { -readonly [Key in keyof Walk]: Walk[Key] };
  readonly #warnings: Map<string, { count: number; first: string }>;
  readonly #health: HealthCount;
  readonly #listedBefore: number;
  #listings: Listing["translations"] | null = null;
  #drift: string | null = null;
  #unreachable: string | null = null;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#site = options.site;
    this.#seen = { ...(options.before ?? NOTHING_SEEN) };
    this.#warnings = new Map(this.#seen.warnings);
    this.#health = new HealthCount(options.site);
    this.#dupefilter = options.dupefilter ?? new DupeFilter();
    this.#ledger = this.#dupefilter.ledger;
    this.#listedBefore = this.#ledger.listed;
    this.#paging = new Paging(options.site);
    this.#sought = new Sought(options.known ?? []);
    this.#reader = new Reader(options.site);
  }

  async take(response: PageResponse): Promise<void> {
    for (const due of this.frontier.inOrder(response)) {
      if (due.request.role === "article") await this.#takeArticle(due);
      else if ("page" in due) await this.#takeListing(due.request.url, due.page);
      else this.#missListing(due.request.url, due.failure.reason);
    }
  }

  /** Why a page is to be asked for once more; null when it is believed, or when its turn will tell. */
  async acceptListing(url: string, page: Page): Promise<string | null> {
    try {
      return this.#paging.accept(await this.#reader.listing(page), url);
    } catch {
      return null;
    }
  }

  /** The same of an article page. */
  acceptArticle(url: string, page: Page): string | null {
    try {
      const row = this.#ledger.find(url)?.row;
      return row == null ? null : this.#reader.misfit(url, page, row);
    } catch {
      return null;
    }
  }

  async #takeListing(asked: string, page: Page): Promise<void> {
    let listing: Listing;
    try {
      listing = await this.#reader.listing(page);
    } catch (error) {
      this.#missListing(asked, `extract: ${reasonOf(error)}`);
      return;
    }
    const { url, rows, pageNumber, pageCount } = listing;
    this.#listings ??= listing.translations;
    this.#note(listing.warnings, url);
    if (this.#paging.atStart && rows.length === 0 && !listing.saysEmpty) {
      this.#drift = `listing.rows matched nothing on the first page, ${url} ${tried(this.#site.listing.rows)}`;
    }
    const { rows: fresh, ...way } = this.#paging.read(listing, asked);
    // A page that stands as it was seen before is no news.
    if (fresh.length > 0 || rows.length === 0)
      this.#options.onEvent?.({ event: "listing", url, rows: rows.length, pageNumber, pageCount });
    for (const row of fresh) await this.#takeRow(row, page);
    this.#goOn(way);
  }

  #missListing(asked: string, reason: string): void {
    if (this.#paging.atStart) this.#unreachable = reason;
    this.#goOn(this.#paging.missed(asked, reason));
  }

  #goOn({ next, again }: Way): void {
    if (next === null) {
      this.#seek();
      return;
    }
    // Reaching the limit on the last page is not a cut-off.
    if (this.#isFull() && !again) this.#seen.cutOff = true;
    else this.frontier.add(next, "listing", again);
  }

  /** Asks for what the whole list no longer names: a list with a gap tells nothing of it. */
  #seek(): void {
    const { ended, gaps } = this.#paging;
    if (!ended || gaps.length > 0 || this.#seen.cutOff || !this.#site.article.follow) return;
    const isListed = (url: string) => this.#ledger.find(url) !== undefined;
    for (const url of this.#sought.begin(isListed)) this.frontier.add(url, "article");
  }

  /** The page of a known article that no row names. It is not read for its words: the list decides what is on the site. */
  async #takeSought(asked: string, page: Page): Promise<void> {
    let own: string | null = null;
    try {
      own = await this.#reader.canonical(page);
    } catch {
      // What cannot be read names no address; the redirect tells all the same.
    }
    this.#sought.found(asked, own ?? page.url);
  }

  #isFull(): boolean {
    return this.#options.limit != null && this.#seen.taken >= this.#options.limit;
  }

  async #takeRow(row: Row, page: Page): Promise<void> {
    const listed = this.#ledger.list(row, row.url ?? rowAddress(this.#site, row));
    if (listed === null) return;
    const { follow } = this.#site.article;
    const target = row.url;
    if (target !== null && follow && !this.#site.origins.some((o) => sameOrigin(o, target))) {
      const reason = `scope: ${new URL(target).origin} is not one of the site's origins`;
      this.#settle(listed, "excluded", { reason });
    } else if (this.#isFull()) {
      this.#settle(listed, "not-reached", { reason: `limit of ${this.#options.limit} articles` });
    } else {
      this.#seen.taken++;
      if (target !== null && follow) this.frontier.add(target, "article");
      else await this.#takeBareRow(listed, row, page);
    }
  }

  async #takeArticle(response: PageResponse): Promise<void> {
    const listed = this.#ledger.find(response.request.url);
    if (listed === undefined && "page" in response)
      await this.#takeSought(response.request.url, response.page);
    if (listed === undefined || listed.row === null) return;
    if ("failure" in response) {
      const { state, status, failure } = response;
      this.#settle(listed, state, {
        reason: failure.reason,
        ...(status === null ? {} : { status }),
      });
      return;
    }
    const { row } = listed;
    const { page } = response;
    const opened = await this.#alone("extract", listed, () => this.#reader.article(row, page));
    if (opened === null) return;
    const reason = opened.facts.misfit;
    if (reason === null) await this.#process(listed, opened, page);
    else this.#settle(listed, "failed", { reason, status: page.status });
  }

  /** A row without a page of its own is the article. */
  async #takeBareRow(listed: Listed, row: Row, page: Page): Promise<void> {
    const opened = await this.#alone("extract", listed, () => this.#reader.bareRow(row, page));
    if (opened !== null) await this.#process(listed, opened, page);
  }

  /** What was read becomes an entry, a duplicate or a rejection. */
  async #process(listed: Listed, { facts, finish }: Opened, page: Page): Promise<void> {
    const identity = await this.#alone("extract", listed, () =>
      this.#dupefilter.identify(listed, facts),
    );
    if (identity === null) return;
    if ("duplicateOf" in identity) {
      const { duplicateOf, address } = identity;
      this.#settle(listed, "duplicate", { reason: `of ${address}`, entry: duplicateOf });
      return;
    }
    const { url, more } = identity;
    this.#health.see(facts.sighting);
    const judged = await this.#alone("convert", listed, async () =>
      this.#decide(await finish(url, more), [url, listed.url]),
    );
    if (judged === null) return;
    if ("excluded" in judged) {
      this.#settle(listed, "excluded", { reason: judged.excluded, withdrawn: true });
      return;
    }
    const { draft, warnings, verdict } = judged;
    const { date } = draft.data;
    const { since, sinks } = this.#options;
    if (since != null && typeof date === "string" && date < since) {
      this.#settle(listed, "excluded", { reason: `filter: dated ${date}, before ${since}` });
      return;
    }
    this.#note(warnings, url);
    if ("issues" in verdict) {
      const { issues } = verdict;
      const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
      const rejection = { id: draft.id, url, draft, issues, page };
      for (const sink of sinks) await sink.rejection?.(rejection);
      const reason = `${issues[0]?.path}: ${issues[0]?.message}${more}`;
      this.#settle(listed, "rejected", { reason });
      return;
    }
    this.#dupefilter.write(draft.id, facts.title);
    const origin = { listing: listed.row?.listing ?? page.url, page: page.url };
    for (const sink of sinks) await sink.entry?.(verdict, origin);
    this.#settle(listed, "written", { entry: draft.id });
  }

  #decide(judged: Judged, addresses: readonly string[]): Decided {
    const { aliases } = judged.draft.data;
    const all = Array.isArray(aliases) ? [...addresses, ...aliases.map(String)] : addresses;
    return this.#options.overrides?.decide(judged, all) ?? judged;
  }

  /** Runs a stage on one page; what it throws is that page's failure, never the run's. */
  async #alone<T>(stage: string, listed: Listed, run: () => T | Promise<T>): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      this.#settle(listed, "failed", { reason: `${stage}: ${reasonOf(error)}` });
      return null;
    }
  }

  #settle(
    listed: Listed,
    state: State,
    more: { reason?: string; entry?: string; status?: number; withdrawn?: boolean },
  ): void {
    this.#ledger.settle(listed, state, more);
    const { reason } = more;
    const { url } = listed;
    this.#options.onEvent?.({
      event: "article",
      url,
      state,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #note(warnings: readonly Warning[], url: string): void {
    for (const { code } of warnings) {
      const seen = this.#warnings.get(code);
      this.#warnings.set(code, { count: (seen?.count ?? 0) + 1, first: seen?.first ?? url });
    }
  }

  close(): void {
    this.#reader.close();
  }

  account(): Walk {
    const { before } = this.#options;
    const seen = this.#seen;
    const { ended, gaps, pages, notes, drift } = this.#paging;
    const health = this.#health.health();
    // In what language a list is that follows another.
    const { language } = this.#site;
    const label = before === undefined ? "" : `${language}: `;
    const isLost = before !== undefined && this.#unreachable !== null;
    seen.outcomes = this.#ledger.outcomes();
    seen.listed = this.#ledger.listed;
    seen.listingPages += pages;
    seen.complete &&=
      ended &&
      !seen.cutOff &&
      gaps.length === 0 &&
      !seen.outcomes.some(({ state }) => state === "not-reached");
    seen.moved = [...seen.moved, ...this.#sought.moves];
    seen.gaps = [
      ...seen.gaps,
      ...(isLost ? [`the list in "${language}" could not be read: ${this.#unreachable}`] : []),
      ...gaps,
    ];
    seen.notes = [...seen.notes, ...notes.map((note) => label + note)];
    seen.drift = [
      ...seen.drift,
      ...[
        ...(this.#drift === null || seen.listed > this.#listedBefore ? [] : [this.#drift]),
        ...(drift === null ? [] : [drift]),
        ...unmatchedFields(health, this.#site).drift,
      ].map((line) => label + line),
    ];
    seen.warnings = this.#warnings;
    seen.health = addHealth(seen.health, health);
    if (before === undefined) {
      seen.unreachable = this.#unreachable;
      seen.listings = this.#listings ?? {};
    }
    return seen;
  }
}

/**
 * An address for a row that links to no article: the start of the list with a fragment made of the
 * row's own words: it does not change when the row moves to another page, and two rows are one
 * only when all that they say is equal.
 */
function rowAddress(site: Site, row: Row): string {
  const hash = entryId(`${site.start}#${encodeURIComponent(wordsOf(row))}`);
  return `${startOf(site)}#${slugify(row.readings.title?.raw ?? "") || "row"}-${hash.slice(0, 8)}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
