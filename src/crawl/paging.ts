/**
 * The way through the listing pages: which one comes next, and when the list has ended. A function of the pages read so
 * far, and of nothing else.
 *
 * A list moves while it is read: an article published on the first page pushes the last row of each
 * page onto the next, one taken away pulls a row onto a page that was read before. So the list is
 * read in passes until two in a row saw the same rows, a bounded number of times.
 */

import type { Failure, Finding, Listing, Row } from "../model.js";
import { pageUrl, startOf } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { isPostKey } from "../url/post.js";
import { urlKey } from "../url/url.js";
import type { Accepted } from "./findings.js";
import { listKind } from "./list-kind.js";
import { ListingRequests } from "./listing-requests.js";
import { PageDoubts } from "./page-doubts.js";
import { PageNumbers } from "./page-numbers.js";
import { MAX_PAGES, MAX_PASSES, nameOf, Pass } from "./pass.js";
import { rowKeysOf, sameRows } from "./row-keys.js";
import { UnreadPager } from "./unread-pager.js";

/** Pages in a row that may be missed where the pager counts them, and where it does not. */
const MOST_MISSED = { counted: 100, uncounted: 3 };

/** What a site says where there is no further page; after what a control loaded, by a page of another kind too. */
const NOTHING_THERE = /^the (?:page|response) is empty/;
const ANOTHER_KIND = /^(?:the content type|the page has no markup)/;

/** Why a listing page was not read. */
export type Why = Pick<Failure, "reason" | "code">;

export interface NextPage {
  /** URL of the next listing page; null at the end. */
  readonly next: string | null;
  /** True when `next` begins another pass: it is requested when all that was requested before has been read. */
  readonly again: boolean;
}

/** What a listing page leads to: its rows that are to be listed, none where an earlier pass listed them. */
type Step = NextPage & { readonly rows: readonly Row[] };

/**
 * Why the page in hand was requested: something named it; it should be there, though nothing links to it; or a list
 * without any pager may have it, and nothing is lost without it.
 */
type Asked = "named" | "guessed" | "probed";

/** How the pages of the list lead to one another: by links, by controls that load more, or by a number that counts on. */
type By = "link" | "control" | "count";

export class Paging {
  readonly #site: Site;
  readonly #isFixed: boolean;
  readonly #requests: ListingRequests;
  readonly #numbers: PageNumbers;
  readonly #doubts: PageDoubts;
  readonly #unread: UnreadPager;
  readonly #read = new Set<string>();
  #pass: Pass;
  #before: Pass | null = null;
  #passes = 1;
  #asked: Asked = "named";
  #by: By = "link";
  /** URL that was requested before the page in hand. */
  #previous: string | null = null;
  /** True until a first page has been read. */
  atStart = true;
  /** True when the list was read to its end, and no listing page waits to be read. */
  ended = false;
  /** True when `listing.next` was seen to find the link back as well. */
  #hasBoth = false;

  /** @param isFixed true where every pass would see the same pages: one is enough */
  constructor(site: Site, isFixed = false, requests = new ListingRequests(site)) {
    this.#site = site;
    this.#isFixed = isFixed;
    this.#requests = requests;
    this.#numbers = new PageNumbers(site, requests);
    this.#doubts = new PageDoubts(site, this.#numbers);
    this.#unread = new UnreadPager(site);
    this.#pass = new Pass(site);
    this.#request(startOf(site));
  }

  /** Why rows may be missing. */
  get findings(): readonly Finding[] {
    return [...this.#pass.gaps, ...this.#pass.moved];
  }

  /** What the site file accepts. */
  get accepted(): readonly Accepted[] {
    return this.#pass.accepted;
  }

  /** What is worth a look and does not say that rows are missing, one sentence each. */
  get notes(): readonly string[] {
    const { uneven, said } = this.#pass;
    return uneven === null ? [...said] : [uneven, ...said];
  }

  /** What says that the pager is there and is not read; null when nothing does. */
  get drift(): string | null {
    return this.#unread.drift;
  }

  hasRead(url: string): boolean {
    return this.#read.has(urlKey(pageUrl(url, this.#site)));
  }

  /** How many listing pages were read or could not be read, each counted once. */
  get pages(): number {
    return this.#read.size;
  }

  /**
   * Why a page that came whole is not accepted at first; null when it is. Such a page is requested
   * once more, and read as it is when it comes no better.
   *
   * @param requested URL that was requested
   */
  retryReason(given: Listing, requested: string): string | null {
    if (this.#asked === "probed") return null;
    const listing = this.#facing(given);
    const useless = this.#uselessness(listing, requested);
    if (useless !== null) return useless;
    const doubt = this.#by === "count" ? this.#doubts.ofEnd(listing) : null;
    if (doubt !== null) return `it has no rows, and ${doubt}`;
    const lost = this.#doubts.lostNext(listing, requested, this.#pass);
    const { next } = listing;
    if (next !== null && this.#pass.hasRequested(next)) return `it leads back to ${next}`;
    const { usual } = this.#pass;
    const { length } = listing.rows;
    const isShort =
      length > 0 &&
      length < usual &&
      !this.#pass.hasSize(length) &&
      this.#pass.uneven === null &&
      !listing.isCounted;
    if (isShort && (next !== null || lost !== null))
      return `it has ${length} rows where the others have ${usual}`;
    return lost;
  }

  /**
   * Takes a page that was read.
   *
   * The list ends where there is no next link, and where nothing new comes any more (after their
   * last page, sites repeat it, or the first one, or show no rows).
   *
   * @param requested URL that was requested
   */
  read(given: Listing, requested: string): Step {
    const pass = this.#pass;
    this.#requests.note(given);
    const listing = this.#facing(given);
    if (listing.next !== given.next && listing.next !== null) this.#hasBoth = true;
    const { rows, next } = listing;
    const keys = rowKeysOf(rows);
    const kind = rows.length === 0 ? "empty" : pass.isStale(keys) ? "stale" : "new";
    const useless = this.#uselessness(listing, requested);
    if (this.#asked === "probed" && (useless !== null || kind !== "new"))
      return { rows: [], ...this.#end() };
    if (useless !== null) {
      // A page without rows may still have its pager; one that is another page has not.
      const way = this.missed(requested, { reason: useless }, rows.length === 0 ? listing : null);
      this.atStart = false;
      return { rows: [], ...way };
    }
    this.#note(listing, requested, kind);
    const isLast = kind === "empty" && next === null && this.#by !== "count";
    if (kind !== "new" && !isLast)
      return { rows: [], ...this.#takeNothing(listing, requested, kind) };
    pass.addKind(kind);
    const lost = this.#doubts.lostNext(listing, requested, pass);
    // What a control loads comes in another size than the page that it is on.
    const isOwnSize = listing.isControl === true && pass.pages.length === 0;
    pass.add(listing, keys, !isOwnSize && (next !== null || lost !== null));
    for (const { finding, place, message, ...more } of listing.findings)
      pass.gap(finding, place, message, { ...more, into: pass.kindOf(finding) });
    if (next !== null && !listing.isControl) this.#unread.passOver(listing);
    const isKnown = this.#before?.pages.some((page) => sameRows(page.keys, keys)) ?? false;
    const fresh = isKnown ? [] : rows;
    if (lost === null) return { rows: fresh, ...this.#onward(listing, requested) };
    pass.gap("next-missing", listing.url, `listing page ${nameOf(listing)}: ${lost}`);
    return { rows: fresh, ...this.#after(requested) };
  }

  /**
   * Takes a page that could not be read. It must not hide those after it: the walk continues
   * after it where its own pager, its number or the URLs before it show where that is.
   *
   * @param listing what there was to it; null when nothing came
   */
  missed(requested: string, { reason, code }: Why, listing: Listing | null = null): NextPage {
    const pass = this.#pass;
    if (this.#asked === "probed") return this.#end();
    const isFirst = pass.requested === 1;
    this.#read.add(urlKey(requested));
    pass.missedInARow++;
    pass.addKind("missed");
    const isGuess = this.#asked === "guessed";
    const isNothing = code === "gone" || NOTHING_THERE.test(reason);
    if (isGuess && this.#by === "count" && isNothing) return this.#endOfCount(requested, "missed");
    if (isGuess && this.#by === "control" && (isNothing || ANOTHER_KIND.test(reason)))
      return this.#end();
    if (!isGuess || this.#by !== "link")
      pass.gap("page-unread", requested, `listing page ${requested} could not be read: ${reason}`, {
        code,
      });
    pass.last = this.#numbers.of(requested) ?? pass.last + 1;
    if (listing !== null) pass.count(listing);
    const next = listing?.next ?? null;
    return isFirst && next === null ? this.#end() : this.#after(requested, next);
  }

  /**
   * The page with the next link that leads on. Some pagers print "previous" and "next" in one way, so `listing.next`
   * finds both, and on the last page "previous" alone.
   */
  #facing(listing: Listing): Listing {
    const { next, nexts = [] } = listing;
    if (next === null || !this.#pass.hasRequested(next)) return listing;
    const onward = nexts.find((url) => !this.#pass.hasRequested(url));
    if (onward !== undefined) return { ...listing, next: onward };
    const isBack = this.#previous !== null && urlKey(next) === urlKey(this.#previous);
    return this.#hasBoth && isBack ? { ...listing, next: null } : listing;
  }

  #uselessness(listing: Listing, requested: string): string | null {
    const isGuess = this.#asked !== "named";
    return this.#doubts.uselessness(listing, requested, { isStart: this.atStart, isGuess });
  }

  #note(listing: Listing, requested: string, kind: "new" | "stale" | "empty"): void {
    const pass = this.#pass;
    this.#numbers.note(listing);
    this.#doubts.note(listing, requested, kind === "new");
    if (kind === "new") pass.missedInARow = 0;
    else pass.missedInARow++;
    // One that shows another page's rows shows its number as well.
    const number = kind === "stale" ? this.#numbers.of(requested) : listing.pageNumber;
    pass.last = number ?? pass.last + 1;
    // After the last page, some pagers count on for ever.
    if (kind === "new") pass.count(listing);
    pass.addParts(listing);
    this.atStart = false;
    this.#read.add(urlKey(requested));
  }

  /** The way on from a page of the list, by what it shows. */
  #onward(listing: Listing, requested: string): NextPage {
    const { next, rows } = listing;
    if (next === null) {
      if (this.#unread.seek(listing, this.#pass)) return this.#end();
      // After the last page that a control loaded, and that has no control itself: a script may count on alone.
      if (this.#by === "control") return this.#guess(rows, requested, "guessed");
      // The first pass has asked for what is after its last page.
      const most = this.#before?.pages.length ?? Number.POSITIVE_INFINITY;
      const mayGoOn = this.#doubts.mayGoOn(listing, this.#pass) && this.#pass.pages.length < most;
      return mayGoOn ? this.#guess(rows, requested, "probed") : this.#end();
    }
    this.#by = listing.isControl ? "control" : listing.isCounted ? "count" : "link";
    const target = this.#numbers.unskipped(listing, next);
    if (!this.#pass.hasRequested(target))
      return this.#request(target, this.#by === "count" ? "guessed" : "named");
    this.#pass.noteLoop({ ...listing, next: target });
    return this.#after(requested);
  }

  /** The page after one with rows that nothing leads on from. */
  #guess(rows: readonly Row[], requested: string, asked: Asked): NextPage {
    const next = this.#numbers.after(requested, this.#previous);
    if (rows.length === 0 || next === null || this.#pass.hasRequested(next)) return this.#end();
    return this.#request(next, asked);
  }

  /** A page that leads on and has nothing new must not hide those after it, as one that is lost must not. */
  #takeNothing(listing: Listing, requested: string, kind: "stale" | "empty"): NextPage {
    const pass = this.#pass;
    const { next } = listing;
    if (kind === "empty" && this.#by === "count") {
      const doubt = this.#doubts.ofEnd(listing);
      if (doubt === null) return this.#endOfCount(requested, kind);
      pass.gap("page-empty", requested, `listing page ${requested} has no rows, and ${doubt}`);
      return this.#end();
    }
    if (kind === "stale" && listKind(this.#site).isData) pass.noteLoop(listing);
    if (kind === "stale" && this.#by === "count" && pass.pages.length === 1)
      pass.noteOnePage(requested);
    const { counted, last } = pass;
    const isLast = next === null && (counted === null || last === counted);
    if (isLast && pass.takePinned(rowKeysOf(listing.rows))) return this.#end();
    const has = kind === "stale" ? "only rows that were seen before" : "no rows";
    const isWithin = counted !== null && last <= counted;
    const pager = isWithin ? `the pager counts ${counted} pages` : "more pages follow";
    const message = `listing page ${requested} has ${has}, and ${pager}`;
    if (kind === "stale" && this.#site.listing.submit !== undefined && isPostKey(requested)) {
      pass.gap("page-stale", requested, `${message}: the site may not take what its form sends`);
      return this.#end();
    }
    // An answer that says it has no rows, and where to read on, has lost none: a cursor may pass what nobody may see.
    const isPassed = kind === "empty" && this.#site.listing.cursor !== null;
    if (isPassed && next !== null && !pass.hasRequested(next)) {
      pass.addKind(kind);
      if (pass.missedInARow < MOST_MISSED.counted) return this.#request(next);
      pass.gap("page-empty", requested, message);
      return this.#end();
    }
    pass.addEmpty(kind, requested, message, isWithin);
    return counted !== null && !isWithin ? this.#end() : this.#after(requested, next);
  }

  /** There is nothing at the page that was counted to: the one before it was the last, and may be short. */
  #endOfCount(requested: string, kind: "empty" | "missed"): NextPage {
    const message = `listing page ${requested} has no rows, and more pages follow`;
    this.#pass.addEmpty(kind, requested, message, false);
    this.#read.delete(urlKey(requested));
    return this.#end();
  }

  /** The page after one that gave nothing new: by its link, else by its number or by the URLs so far. */
  #after(requested: string, link: string | null = null): NextPage {
    const { counted, pageCount, last, missedInARow } = this.#pass;
    if (missedInARow >= MOST_MISSED[counted === null ? "uncounted" : "counted"]) return this.#end();
    if (link !== null && !this.#pass.hasRequested(link)) return this.#request(link);
    if (counted !== null && last >= counted) return this.#end();
    const next = this.#numbers.after(requested, this.#previous);
    if (next === null || this.#pass.hasRequested(next)) return this.#end();
    return this.#request(next, pageCount === null || last >= pageCount ? "guessed" : "named");
  }

  #request(next: string, asked: Asked = "named"): NextPage {
    const pass = this.#pass;
    if (pass.requested >= MAX_PAGES) {
      pass.gap(
        "list-too-long",
        next,
        `there are more than ${MAX_PAGES} listing pages; ${next} and what follows were not read`,
      );
      return this.#end();
    }
    this.#asked = asked;
    this.#previous = pass.latest;
    pass.request(next);
    return { next, again: false };
  }

  /** The end of a pass, where no part of the list waits: that of the walk when it saw what the one before it saw. */
  #end(): NextPage {
    const pass = this.#pass;
    const part = pass.takePart();
    if (part !== null) {
      this.#by = "link";
      return this.#request(part);
    }
    pass.close();
    const isSame = this.#isFixed || (this.#before !== null && pass.matches(this.#before));
    if (!isSame && !pass.isHopeless) {
      if (this.#passes < MAX_PASSES) return this.again();
      pass.gap(
        "list-unsteady",
        this.#site.start,
        `the list changed during each of ${MAX_PASSES} passes through it`,
      );
    }
    this.ended = true;
    return { next: null, again: false };
  }

  again(): NextPage {
    this.ended = false;
    this.#before = this.#pass;
    this.#pass = new Pass(this.#site);
    this.#by = "link";
    this.#passes++;
    return { ...this.#request(startOf(this.#site)), again: true };
  }
}
