/**
 * The way through the listing pages: which one comes next, when the list has ended, and what says
 * that rows are missing. A function of the pages read so far, and of nothing else.
 *
 * A list moves while it is read: an article published on the first page pushes the last row of each
 * page onto the next, one taken away pulls a row onto a page that was read before. So the list is
 * looked through until two looks in a row saw the same rows, a bounded number of times.
 */

import type { Listing, Row } from "../model.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { addressBehind, atPage, listingUrl, pageIndex, pagerElement, urlKey } from "../url.js";
import { Look, MOST_LOOKS, MOST_PAGES } from "./pass.js";
import { marksOf, sameRows } from "./row-keys.js";

/** Pages in a row that may be missed where the pager counts them, and where it does not. */
const MOST_MISSED = { counted: 100, uncounted: 3 };

/** Where the walk goes on. */
export interface Way {
  /** Address to be read next; null at the end. */
  readonly next: string | null;
  /** True when `next` begins another look: it is asked for when all that was asked before has been read. */
  readonly again: boolean;
}

/** What a listing page leads to: its rows that are to be listed, none where an earlier look listed them. */
export type Step = Way & { readonly rows: readonly Row[] };

export class Paging {
  readonly #site: Site;
  readonly #addresses = new Set<string>();
  /** Paths of pages that were read, by which a page is known that leads elsewhere. */
  readonly #paths = new Set<string>();
  #look = new Look();
  #before: Look | null = null;
  #looks = 1;
  #ended = false;
  #wasRead = false;
  #drift: string | null = null;
  /** Address asked for because it should be there, though no page led to it. */
  #guessed: string | null = null;
  #previous: string | null = null;
  /** Which of several pagers of a page counts the list. */
  #element = 0;

  constructor(site: Site) {
    this.#site = site;
    this.#ask(startOf(site));
  }

  /** True until a first page has been read. */
  get atStart(): boolean {
    return !this.#wasRead;
  }

  /** True when the list was looked through to its end, and no listing page waits to be read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why rows may be missing, one sentence each. */
  get gaps(): readonly string[] {
    return [...this.#look.gaps, ...this.#look.moved];
  }

  /** What is worth a look and does not say that rows are missing, one sentence each. */
  get notes(): readonly string[] {
    const { uneven } = this.#look;
    return uneven === null ? [] : [uneven];
  }

  /** What says that the pager is there and is not read; null when nothing does. */
  get drift(): string | null {
    return this.#drift;
  }

  /** How many listing pages were read or could not be read, each counted once. */
  get pages(): number {
    return this.#addresses.size;
  }

  /**
   * Why a page that came whole is not believed at first; null when it is. Such a page is asked for
   * once more, and read as it is when it comes no better.
   *
   * @param asked address that was asked for
   */
  accept(listing: Listing, asked: string): string | null {
    const useless = this.#uselessness(listing, asked);
    if (useless !== null) return useless;
    const lost = this.#lostNext(listing, asked);
    const { next } = listing;
    if (next !== null && this.#look.asks(next)) return `it leads back to ${next}`;
    const { usual } = this.#look;
    const { length } = listing.rows;
    const isShort = length > 0 && length < usual && this.#look.uneven === null;
    if (isShort && (next !== null || lost !== null))
      return `it has ${length} rows where the others have ${usual}`;
    return lost;
  }

  /**
   * Takes a page that was read.
   *
   * The list ends where there is no next link, and where nothing new comes any more (behind their
   * last page, sites repeat it, or the first one, or show no rows).
   *
   * @param asked address that was asked for
   */
  read(listing: Listing, asked: string): Step {
    const useless = this.#uselessness(listing, asked);
    if (useless !== null) {
      // A page without rows may still have its pager; one that is another page has not.
      const way = this.missed(asked, useless, listing.rows.length === 0 ? listing : null);
      this.#wasRead = true;
      return { rows: [], ...way };
    }
    const look = this.#look;
    const marks = marksOf(listing.rows);
    const kind = listing.rows.length === 0 ? "empty" : look.isStale(marks) ? "stale" : "new";
    this.#note(listing, asked, kind);
    if (kind === "stale" || (kind === "empty" && listing.next !== null))
      return { rows: [], ...this.#hollow(asked, kind, listing.next) };
    look.came(kind);
    const lost = this.#lostNext(listing, asked);
    look.add(nameOf(listing), marks, listing.next !== null || lost !== null);
    const isKnown = this.#before?.pages.some((page) => sameRows(page.marks, marks)) ?? false;
    const way = lost === null ? this.#onward(listing, asked) : this.#around(listing, asked, lost);
    return { rows: isKnown ? [] : listing.rows, ...way };
  }

  /**
   * Takes a page that could not be read. It must not hide those after it: the walk goes on behind
   * it where its own pager, its number or the addresses before tell where that is.
   *
   * @param listing what there was to it; null when nothing came
   */
  missed(asked: string, reason: string, listing: Listing | null = null): Way {
    const look = this.#look;
    const isFirst = look.asked === 1;
    this.#addresses.add(urlKey(asked));
    look.missedInARow++;
    look.came("missed");
    if (this.#guessed !== asked) look.gap(`listing page ${asked} could not be read: ${reason}`);
    look.last = this.#numberOf(asked) ?? look.last + 1;
    if (listing !== null) look.count(listing);
    const next = listing?.next ?? null;
    if (isFirst && next === null) return this.#end();
    if (next !== null && !look.asks(next) && this.#mayMissMore()) return this.#ask(next);
    return this.#behind(asked);
  }

  #note(listing: Listing, asked: string, kind: "new" | "stale" | "empty"): void {
    const look = this.#look;
    const { pageParameter } = this.#site.listing;
    if (pageParameter !== null && listing.next !== null)
      this.#element = pagerElement(listing.url, [listing.next], pageParameter);
    if (kind === "new") look.missedInARow = 0;
    else look.missedInARow++;
    // One that shows another page's rows shows its number as well.
    const number = kind === "stale" ? this.#numberOf(asked) : listing.pageNumber;
    look.last = number ?? look.last + 1;
    // Behind the last page, some pagers count on for ever.
    if (kind === "new") look.count(listing);
    this.#wasRead = true;
    this.#addresses.add(urlKey(asked));
    this.#paths.add(pathOf(asked)).add(pathOf(listing.url));
  }

  /** Why a page is none of the list; null when it is one, or the end of it. */
  #uselessness(listing: Listing, asked: string): string | null {
    const { rows, saysEmpty, next, pageCount, url } = listing;
    const leadsAway = pathOf(url) !== pathOf(asked) && !this.#paths.has(pathOf(url));
    if (leadsAway && !this.atStart) return `it leads to ${url}`;
    if (rows.length > 0 || saysEmpty) return null;
    if (next !== null) return "it has no rows, although its pager leads on";
    if (this.atStart) return "it has no rows";
    // Behind the last page the pager is clamped to it: the list has become shorter.
    const isBehind = pageCount !== null && (this.#numberOf(asked) ?? 0) > pageCount;
    return isBehind || this.#guessed === asked
      ? null
      : "it has no rows, although another page led to it";
  }

  /** What says that a page follows where no link leads to it. */
  #lostNext(
    { rows, next, pageNumber, pageCount, saysEmpty }: Listing,
    asked: string,
  ): string | null {
    if (next !== null || (rows.length === 0 && !saysEmpty)) return null;
    const count = pageCount ?? this.#look.pageCount;
    const number = pageNumber ?? this.#numberOf(asked) ?? this.#look.last + 1;
    if (count === null || number >= count) return null;
    const lacks = rows.length === 0 ? "rows" : "next link";
    return `it has no ${lacks}, and the pager counts ${count} pages`;
  }

  #onward(listing: Listing, asked: string): Way {
    const { next } = listing;
    if (next === null) this.#seekNext(listing);
    if (next === null) return this.#end();
    const wished = this.#unskipped(listing, next);
    if (!this.#look.asks(wished)) return this.#ask(wished);
    this.#look.gap(`listing page ${nameOf(listing)} leads back to ${wished}`);
    return this.#behind(asked);
  }

  /** A page that leads on and has nothing new must hide those behind it no more than one that is lost. */
  #hollow(asked: string, kind: "stale" | "empty", next: string | null): Way {
    const look = this.#look;
    const { counted, last } = look;
    const has = kind === "stale" ? "only rows that were seen before" : "no rows";
    const isWithin = counted !== null && last <= counted;
    const pager = isWithin ? `the pager counts ${counted} pages` : "there are pages behind it";
    look.hollow(kind, `listing page ${asked} has ${has}, and ${pager}`, isWithin);
    if (counted !== null && !isWithin) return this.#end();
    if (next !== null && !look.asks(next) && this.#mayMissMore()) return this.#ask(next);
    return this.#behind(asked);
  }

  /**
   * A list that seems to end where its pager leads on is not read to its end. On the first page that
   * is a pager which is not read at all; behind it, one that is printed in another way there.
   */
  #seekNext({ url, likelyNext, warnings }: Listing): void {
    const look = this.#look;
    const { next } = this.#site.listing;
    for (const { code, message } of warnings) if (code === "next-leaves-site") look.gap(message);
    const likely = likelyNext.find((address) => !look.asks(address));
    const isFirst = look.asked === 1;
    if (likely === undefined || next.length === 0) return;
    const all = tried(next);
    if (!isFirst) {
      look.gap(
        `listing.next matched nothing on listing page ${url} ${all}, and ${likely} looks like the one behind it, and was not read`,
      );
      return;
    }
    this.#drift = `listing.next matched nothing on the first page, ${url} ${all}, and ${likely} looks like the second one; \`next: []\` says that the list has one page`;
    look.gap(`${likely} looks like the second listing page, and was not read`);
  }

  #around(listing: Listing, asked: string, lost: string): Way {
    this.#look.gap(`listing page ${nameOf(listing)}: ${lost}`);
    return this.#behind(asked);
  }

  /** A next link that leaps over pages is not followed before those. */
  #unskipped(listing: Listing, next: string): string {
    const { pageParameter } = this.#site.listing;
    const number = this.#numberOf(listing.url);
    const target = this.#numberOf(next);
    if (pageParameter === null || number === null || target === null) return next;
    if (number !== listing.pageNumber || target <= number + 1) return next;
    return atPage(next, pageParameter, number, this.#element);
  }

  /** The page behind one that gave no link, by its number or by the addresses so far. */
  #behind(asked: string): Way {
    const { pageParameter } = this.#site.listing;
    const number = this.#numberOf(asked);
    const { counted, pageCount, last } = this.#look;
    if ((counted !== null && last >= counted) || !this.#mayMissMore()) return this.#end();
    const next =
      pageParameter === null || number === null
        ? addressBehind(this.#previous, asked)
        : atPage(asked, pageParameter, number, this.#element);
    if (next === null || this.#look.asks(next)) return this.#end();
    const way = this.#ask(next);
    if (pageCount === null || last >= pageCount) this.#guessed = way.next;
    return way;
  }

  #mayMissMore(): boolean {
    const { counted, missedInARow } = this.#look;
    return missedInARow < MOST_MISSED[counted === null ? "uncounted" : "counted"];
  }

  #ask(next: string): Way {
    const look = this.#look;
    if (look.asked >= MOST_PAGES) {
      look.gap(
        `there are more than ${MOST_PAGES} listing pages; ${next} and what follows were not read`,
      );
      return this.#end();
    }
    this.#guessed = null;
    this.#previous = look.latest;
    look.ask(next);
    return { next, again: false };
  }

  /**
   * The end of a look: that of the walk when it saw what the one before it saw. Where rows are
   * missing for good, another look would not bring them.
   */
  #end(): Way {
    const look = this.#look;
    look.countRows();
    const isHopeless = (look.gaps.length > 0 && look.moved.length === 0) || look.isEmpty;
    const stands = this.#before !== null && look.confirms(this.#before);
    if (!stands && !isHopeless && this.#looks >= MOST_LOOKS)
      look.gap(`the list moved during each of ${MOST_LOOKS} looks through it`);
    if (stands || isHopeless || this.#looks >= MOST_LOOKS) {
      this.#ended = true;
      return { next: null, again: false };
    }
    this.#before = look;
    this.#look = new Look();
    this.#looks++;
    return { ...this.#ask(startOf(this.#site)), again: true };
  }

  /** Number of a listing page by its address, from 1; null where no parameter counts them. */
  #numberOf(url: string): number | null {
    const { pageParameter } = this.#site.listing;
    if (pageParameter === null) return null;
    const [address, start] = [new URL(url), new URL(this.#site.start)];
    // Where the path has become another and the parameter is missing, the path counts them: /news/page/2.
    if (address.pathname !== start.pathname && !address.searchParams.has(pageParameter))
      return null;
    return pageIndex(url, pageParameter, this.#element) + 1;
  }
}

function nameOf({ pageNumber, url }: Listing): string {
  return String(pageNumber ?? url);
}

function pathOf(url: string): string {
  return urlKey(url).split("?")[0] ?? url;
}

/** The address of a site's first listing page, as its pager would link to it. */
export function startOf(site: Site): string {
  return listingUrl(site.start, site.listing.pageParameter ?? undefined);
}
