/**
 * The way through the listing pages: which one comes next, when the list has ended, and what says
 * that rows are missing. A function of the pages read so far, and of nothing else.
 */
import type { Listing } from "./model.js";
import type { Site } from "./site.js";
import { listingUrl, pageIndex, urlKey } from "./url.js";

export class Paging {
  readonly #site: Site;
  readonly #seen = new Set<string>();
  readonly #gaps: string[] = [];
  #pageCount: number | null = null;
  #last = 0;
  #pages = 0;
  #ended = false;

  constructor(site: Site) {
    this.#site = site;
    this.#seen.add(urlKey(startOf(site)));
  }

  /** True until a first page has been read. */
  get atStart(): boolean {
    return this.#last === 0;
  }

  /** True when no listing page waits to be read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why rows may be missing, one sentence each. */
  get gaps(): readonly string[] {
    return this.#gaps;
  }

  /** How many listing pages were read or could not be read. */
  get pages(): number {
    return this.#pages;
  }

  /**
   * Takes a page that was read.
   *
   * The list ends where there is no next link, where there are no rows (a page out of range has a
   * pager clamped to the last page), and where every row was seen before (sites that repeat their
   * last page).
   *
   * @param fresh how many of its rows were new
   * @returns the address of the next listing page; null at the end of the list
   */
  read(listing: Listing, fresh: number): string | null {
    this.#pages++;
    this.#last = listing.pageNumber ?? this.#last + 1;
    this.#pageCount = listing.pageCount ?? this.#pageCount;
    const { next } = listing;
    const where = `listing page ${listing.pageNumber ?? listing.url}`;
    const counted =
      this.#pageCount !== null && this.#last < this.#pageCount
        ? `the pager counts ${this.#pageCount} pages`
        : null;
    if (listing.rows.length === 0) {
      if (next !== null && !listing.saysEmpty)
        return this.#end(`${where} has no rows, although its pager leads on`);
      return this.#end(counted && `${where} has no rows, and ${counted}`);
    }
    if (next === null) return this.#end(counted && `${where} has no next link, and ${counted}`);
    if (fresh === 0)
      return this.#end(counted && `${where} has only rows that were seen before, and ${counted}`);
    if (!this.#isNew(next)) return this.#end(`${where} leads back to ${next}`);
    return next;
  }

  /**
   * Takes a page that could not be read. It must not hide those after it: where a query parameter
   * counts the pages and the pager told how many there are, the walk goes on behind it.
   *
   * @returns the address of the listing page behind it; null when there is none or it cannot be told
   */
  missed(url: string, reason: string): string | null {
    const { pageParameter } = this.#site.listing;
    this.#pages++;
    this.#gaps.push(`listing page ${url} could not be read: ${reason}`);
    if (this.atStart || pageParameter === null || this.#pageCount === null) return this.#end(null);
    this.#last = pageIndex(url, pageParameter) + 1;
    if (this.#last >= this.#pageCount) return this.#end(null);
    const behind = new URL(url);
    behind.searchParams.set(pageParameter, String(this.#last));
    const next = listingUrl(behind.href, pageParameter);
    return this.#isNew(next) ? next : this.#end(null);
  }

  /** Ends the walk before the list does. */
  stop(): void {
    this.#ended = true;
  }

  #isNew(url: string): boolean {
    const key = urlKey(url);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  #end(gap: string | null): null {
    if (gap !== null) this.#gaps.push(gap);
    this.#ended = true;
    return null;
  }
}

/** The address of a site's first listing page, as its pager would link to it. */
export function startOf(site: Site): string {
  return listingUrl(site.start, site.listing.pageParameter ?? undefined);
}
