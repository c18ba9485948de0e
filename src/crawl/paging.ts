/**
 * The way through the listing pages: which one comes next, when the list has ended, and what says
 * that rows are missing. A function of the pages read so far, and of nothing else.
 *
 * A list moves while it is read: an article published on the first page pushes the last row of each
 * page onto the next, one taken away pulls a row onto a page that was read before. So the list is
 * read in passes until two in a row saw the same rows, a bounded number of times.
 */

import type { Finding, Frame, Lead, Listing, Row } from "../model.js";
import { isPostKey } from "../post.js";
import { newestOnly } from "../site/listing-kinds.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { listingUrl, urlKey } from "../url.js";
import type { Accepted } from "./findings.js";
import { doubtOfEnd } from "./last-page.js";
import { isInert, leadWords, wayOn } from "./lead-words.js";
import { PageNumbers, startOf } from "./page-numbers.js";
import { MAX_PAGES, MAX_PASSES, Pass } from "./pass.js";
import { Posts } from "./posts.js";
import { rowKeysOf, sameRows } from "./row-keys.js";

/** Pages in a row that may be missed where the pager counts them, and where it does not. */
const MOST_MISSED = { counted: 100, uncounted: 3 };

/** What a site says where there is no further page; after what a control loaded, by a page of another kind too. */
const NOTHING_THERE = /^(?:HTTP 4(?:04|10)\b|the (?:page|response) is empty)/;
const ANOTHER_KIND = /^(?:the content type|the page has no markup)/;

/** What to request next. */
export interface NextPage {
  /** URL of the next listing page; null at the end. */
  readonly next: string | null;
  /** True when `next` begins another pass: it is requested when all that was requested before has been read. */
  readonly again: boolean;
}

/** What a listing page leads to: its rows that are to be listed, none where an earlier pass listed them. */
export type Step = NextPage & { readonly rows: readonly Row[] };

export class Paging {
  readonly #site: Site;
  readonly #isFixed: boolean;
  /** What is sent for listing pages that answer to POST. */
  readonly posts: Posts;
  readonly #numbers: PageNumbers;
  readonly #read = new Set<string>();
  /** Paths of pages that were read, by which a page is known that leads elsewhere. */
  readonly #paths = new Set<string>();
  /** Controls without a URL on pages whose next link was read: they are not the way on. */
  readonly #idle = new Set<string>();
  #pass: Pass;
  #before: Pass | null = null;
  #passes = 1;
  /** True until a first page has been read. */
  atStart = true;
  /** True when the list was read to its end, and no listing page waits to be read. */
  ended = false;
  /** What says that the pager is there and is not read; null when nothing does. */
  drift: string | null = null;
  /** URL requested because it should be there, though no page links to it. */
  #guessed: string | null = null;
  /** The same, where a list without any pager may have further pages: asked for once, and nothing is lost without it. */
  #probe: string | null = null;
  #previous: string | null = null;
  /** True when `listing.next` was seen to find the link back as well. */
  #hasBoth = false;
  /** True when the page before this one was requested by a control that loads more. */
  #byControl = false;
  /** The same, where it was counted on. */
  #byCount = false;
  /** What is around the rows of the last page that had some. */
  #frame: Frame | null = null;

  /** @param isFixed true where every pass would see the same pages: one is enough */
  constructor(site: Site, isFixed = false) {
    this.#site = site;
    this.#isFixed = isFixed;
    this.posts = new Posts(site);
    this.#numbers = new PageNumbers(site, this.posts);
    this.#pass = new Pass(site);
    this.#request(startOf(site));
  }

  /** Why rows may be missing. */
  get findings(): readonly Finding[] {
    return [...this.#pass.gaps, ...this.#pass.moved];
  }

  /** The same, one sentence each. */
  get gaps(): readonly string[] {
    return this.findings.map(({ message }) => message);
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

  hasRead(url: string): boolean {
    return this.#read.has(urlKey(listingUrl(url, this.#site.listing.pageParameter ?? undefined)));
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
    if (requested === this.#probe) return null;
    const listing = this.#ahead(given);
    const useless = this.#uselessness(listing, requested);
    if (useless !== null) return useless;
    const doubt = this.#doubt(listing);
    if (doubt !== null) return `it has no rows, and ${doubt}`;
    const lost = this.#lostNext(listing, requested);
    const { next } = listing;
    if (next !== null && this.#pass.hasRequested(next)) return `it leads back to ${next}`;
    const { usual } = this.#pass;
    const { length } = listing.rows;
    const isShort =
      length > 0 && length < usual && this.#pass.uneven === null && !listing.isCounted;
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
    this.posts.note(given);
    const listing = this.#ahead(given);
    if (listing.next !== given.next && listing.next !== null) this.#hasBoth = true;
    const useless = this.#uselessness(listing, requested);
    const isProbe = requested === this.#probe;
    const hasNothing = useless !== null || this.#pass.isStale(rowKeysOf(listing.rows));
    if (isProbe && (hasNothing || listing.rows.length === 0)) return { rows: [], ...this.#end() };
    if (useless !== null) {
      // A page without rows may still have its pager; one that is another page has not.
      const way = this.missed(requested, useless, listing.rows.length === 0 ? listing : null);
      this.atStart = false;
      return { rows: [], ...way };
    }
    const pass = this.#pass;
    const keys = rowKeysOf(listing.rows);
    const kind = listing.rows.length === 0 ? "empty" : pass.isStale(keys) ? "stale" : "new";
    this.#note(listing, requested, kind);
    if (kind === "new") this.#frame = listing.frame ?? null;
    if (kind === "empty" && this.#byCount) {
      const doubt = this.#doubt(listing);
      if (doubt === null) return this.#endOfCount(requested, kind);
      pass.gap("page-empty", requested, `listing page ${requested} has no rows, and ${doubt}`);
      return { rows: [], ...this.#end() };
    }
    if (kind === "stale" && this.#site.listing.kind !== "pages") this.#noteLoop(listing);
    if (kind === "stale" && this.#byCount && pass.pages.length === 1) this.#noteOnePage(requested);
    if (kind === "stale" || (kind === "empty" && listing.next !== null))
      return { rows: [], ...this.#empty(requested, kind, listing.next) };
    pass.addKind(kind);
    const lost = this.#lostNext(listing, requested);
    const page = { name: nameOf(listing), url: listing.url };
    // What a control loads comes in another size than the page that it is on.
    const isOwnSize = listing.isControl === true && pass.pages.length === 0;
    pass.add(page, keys, !isOwnSize && (listing.next !== null || lost !== null));
    for (const { finding, place, count, message } of listing.findings)
      pass.gap(finding, place, message, { count });
    if (listing.next !== null && !listing.isControl)
      for (const lead of listing.leads) if (lead.url === null) this.#idle.add(idOf(lead));
    const isKnown = this.#before?.pages.some((page) => sameRows(page.keys, keys)) ?? false;
    const rows = isKnown ? [] : listing.rows;
    if (lost === null) return { rows, ...this.#onward(listing, requested) };
    pass.gap("next-missing", listing.url, `listing page ${nameOf(listing)}: ${lost}`);
    return { rows, ...this.#after(requested) };
  }

  /**
   * Takes a page that could not be read. It must not hide those after it: the walk continues
   * after it where its own pager, its number or the URLs before it show where that is.
   *
   * @param listing what there was to it; null when nothing came
   */
  missed(requested: string, reason: string, listing: Listing | null = null): NextPage {
    const pass = this.#pass;
    if (requested === this.#probe) return this.#end();
    const isFirst = pass.requested === 1;
    this.#read.add(urlKey(requested));
    pass.missedInARow++;
    pass.addKind("missed");
    const isGuess = this.#guessed === requested;
    const isNothing = NOTHING_THERE.test(reason);
    if (isGuess && this.#byCount && isNothing) return this.#endOfCount(requested, "missed");
    if (isGuess && this.#byControl && (isNothing || ANOTHER_KIND.test(reason))) return this.#end();
    if (!isGuess || this.#byControl || this.#byCount)
      pass.gap("page-unread", requested, `listing page ${requested} could not be read: ${reason}`);
    pass.last = this.#numbers.of(requested) ?? pass.last + 1;
    if (listing !== null) pass.count(listing);
    const next = listing?.next ?? null;
    return isFirst && next === null ? this.#end() : this.#after(requested, next);
  }

  /**
   * The page with the next link that leads on. Some pagers print "previous" and "next" in one way, so `listing.next`
   * finds both, and on the last page "previous" alone.
   */
  #ahead(listing: Listing): Listing {
    const { next, nexts = [] } = listing;
    if (next === null || !this.#pass.hasRequested(next)) return listing;
    const onward = nexts.find((url) => !this.#pass.hasRequested(url));
    if (onward !== undefined) return { ...listing, next: onward };
    const isBack = this.#previous !== null && urlKey(next) === urlKey(this.#previous);
    return this.#hasBoth && isBack ? { ...listing, next: null } : listing;
  }

  #note(listing: Listing, requested: string, kind: "new" | "stale" | "empty"): void {
    const pass = this.#pass;
    this.#numbers.note(listing);
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
    this.#paths.add(pathOf(requested)).add(pathOf(listing.url));
  }

  /** Why a page is none of the list; null when it is one, or the end of it. */
  #uselessness(listing: Listing, requested: string): string | null {
    const { rows, saysEmpty, next, pageCount, url, parts = [] } = listing;
    const leadsAway = pathOf(url) !== pathOf(requested) && !this.#paths.has(pathOf(url));
    if (leadsAway && !this.atStart) return `it leads to ${url}`;
    if (rows.length > 0 || saysEmpty || parts.length > 0) return null;
    if (next !== null) return "it has no rows, although its pager leads on";
    if (this.atStart) return "it has no rows";
    // An answer says by an empty list that there are no more: one without a list is an error that comes with status 200.
    if (this.#site.listing.kind !== "pages") return "it has no list of rows, not even an empty one";
    // After the last page the pager is clamped to it: the list has become shorter.
    const isPast = pageCount !== null && (this.#numbers.of(requested) ?? 0) > pageCount;
    return isPast || this.#guessed === requested
      ? null
      : "it has no rows, although another page led to it";
  }

  /** What says that a page follows where no link leads to it. */
  #lostNext(
    { rows, next, pageNumber, pageCount, saysEmpty }: Listing,
    requested: string,
  ): string | null {
    if (next !== null || (rows.length === 0 && !saysEmpty)) return null;
    const count = pageCount ?? this.#pass.pageCount;
    const number = pageNumber ?? this.#numbers.of(requested) ?? this.#pass.last + 1;
    if (count === null || number >= count) return null;
    const lacks = rows.length === 0 ? "rows" : "next link";
    return `it has no ${lacks}, and the pager counts ${count} pages`;
  }

  #onward(listing: Listing, requested: string): NextPage {
    const { next } = listing;
    if (next === null) {
      const isTold = this.#seekNext(listing);
      if (isTold) return this.#end();
      if (this.#byControl) return this.#guess(listing, requested);
      return this.#mayGoOn(listing) ? this.#askOnce(listing, requested) : this.#end();
    }
    this.#byControl = listing.isControl === true;
    this.#byCount = listing.isCounted === true;
    const target = this.#numbers.unskipped(listing, next);
    if (!this.#pass.hasRequested(target)) {
      const way = this.#request(target);
      if (this.#byCount) this.#guessed = way.next;
      return way;
    }
    this.#noteLoop({ ...listing, next: target });
    return this.#after(requested);
  }

  #noteLoop(listing: Listing): void {
    const { next, url } = listing;
    if (next === null || !this.#pass.hasRequested(next)) return;
    const message = `listing page ${nameOf(listing)} leads back to ${next}`;
    this.#pass.loops.push({ url, message });
  }

  /** A site that does not know a parameter shows the first page whatever the number. */
  #noteOnePage(requested: string): void {
    const [first] = this.#pass.pages;
    if (first === undefined) return;
    const { kind } = this.#site.listing;
    this.#pass.said.add(
      kind === "feed"
        ? newestOnly(first.url, first.keys.byUrl.length)
        : `${requested} has the rows of the first page: the list has one page, or the site does not count its pages so (listing.next)`,
    );
  }

  /** Drupal shows further pages of a list by their number also where its builder left the pager out. */
  #mayGoOn({ pageCount }: Listing): boolean {
    return this.#site.listing.probe && pageCount === null && this.#pass.pageCount === null;
  }

  /** Asks for the page after one without any pager: in the first pass, and in later ones where it had rows. */
  #askOnce(listing: Listing, requested: string): NextPage {
    const isFirst = this.#before === null;
    // The first pass has asked for what is after its last page.
    if (!isFirst && this.#pass.pages.length >= (this.#before?.pages.length ?? 0))
      return this.#end();
    const way = this.#guess(listing, requested);
    if (way.next !== null && !way.again) this.#probe = way.next;
    return way;
  }

  /** After the last page that a control loaded, and that has no control itself: a script may count on alone. */
  #guess({ rows }: Listing, requested: string): NextPage {
    const next = this.#numbers.after(requested, this.#previous);
    if (rows.length === 0 || next === null || this.#pass.hasRequested(next)) return this.#end();
    const way = this.#request(next);
    this.#guessed = way.next;
    return way;
  }

  /** A page that leads on and has nothing new must not hide those after it, as one that is lost must not. */
  #empty(requested: string, kind: "stale" | "empty", next: string | null): NextPage {
    const pass = this.#pass;
    const { counted, last } = pass;
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

  /**
   * A list that seems to end where something leads on is not read to its end. On the first page that
   * is a pager which is not read at all; on later ones, one that is printed in another way there.
   *
   * @returns true when that is so
   */
  #seekNext({ url, leads, warnings }: Listing): boolean {
    const pass = this.#pass;
    const { next } = this.#site.listing;
    for (const { code, message } of warnings)
      if (code === "next-leaves-site") pass.gap("next-outside", url, message);
    if (next.length === 0) return false;
    const isFirst = pass.requested === 1;
    const isOpen = (lead: Lead) =>
      lead.url === null
        ? isFirst || !(isInert(lead) || this.#idle.has(idOf(lead)))
        : !pass.hasRequested(lead.url);
    const open = leads.filter(isOpen);
    const lead =
      open.find(({ kind }) => kind === "next") ?? open.find((one) => one.url !== null) ?? open[0];
    if (lead === undefined) return false;
    const before = pass.gaps.length;
    const place = lead.url === null || isFirst ? lead.place : url;
    if (lead.kind === "next") {
      const message = `listing.next matched ${leadWords(lead)} on listing page ${url}, and it cannot be followed: ${wayOn(lead)}`;
      pass.gap("next-unfollowed", place, message);
      return true;
    }
    const nothing = `listing.next matched nothing on ${isFirst ? "the first page," : "listing page"} ${url} ${tried(next)}`;
    if (!isFirst) {
      const message = `${nothing}, and ${lead.url ?? leadWords(lead)} looks like the page after it, and was not read`;
      pass.gap("next-unfollowed", place, message);
      return true;
    }
    const message = `${lead.url ?? leadWords(lead)} looks like the second listing page, and was not read`;
    pass.gap("next-unfollowed", place, message);
    if (pass.gaps.length > before)
      this.drift = `${nothing}, and ${lead.url === null ? "" : `${lead.url} looks like the second one: `}${leadWords(lead)}; ${wayOn(lead)}`;
    return true;
  }

  /** Why a page without rows may not be the end of a list that is counted; null when it is, and for any other page. */
  #doubt({ rows, saysEmpty, frame }: Listing): string | null {
    if (!this.#byCount || rows.length > 0 || saysEmpty) return null;
    return doubtOfEnd(frame, this.#frame);
  }

  /** There is nothing at the page that was counted to: the one before it was the last, and may be short. */
  #endOfCount(requested: string, kind: "empty" | "missed"): Step {
    const message = `listing page ${requested} has no rows, and more pages follow`;
    this.#pass.addEmpty(kind, requested, message, false);
    this.#read.delete(urlKey(requested));
    return { rows: [], ...this.#end() };
  }

  /** The page after one that gave nothing new: by its link, else by its number or by the URLs so far. */
  #after(requested: string, link: string | null = null): NextPage {
    const { counted, pageCount, last, missedInARow } = this.#pass;
    if (missedInARow >= MOST_MISSED[counted === null ? "uncounted" : "counted"]) return this.#end();
    if (link !== null && !this.#pass.hasRequested(link)) return this.#request(link);
    if (counted !== null && last >= counted) return this.#end();
    const next = this.#numbers.after(requested, this.#previous);
    if (next === null || this.#pass.hasRequested(next)) return this.#end();
    const way = this.#request(next);
    if (pageCount === null || last >= pageCount) this.#guessed = way.next;
    return way;
  }

  #request(next: string): NextPage {
    const pass = this.#pass;
    if (pass.requested >= MAX_PAGES) {
      pass.gap(
        "list-too-long",
        next,
        `there are more than ${MAX_PAGES} listing pages; ${next} and what follows were not read`,
      );
      return this.#end();
    }
    this.#guessed = null;
    this.#probe = null;
    this.#previous = pass.latest;
    pass.request(next);
    return { next, again: false };
  }

  /**
   * The end of a pass, where no part of the list waits: that of the walk when it saw what the one before it saw. Where rows are
   * missing for good, another pass would not bring them.
   */
  #end(): NextPage {
    const pass = this.#pass;
    const part = pass.takePart();
    if (part !== null) {
      this.#byControl = false;
      this.#byCount = false;
      return this.#request(part);
    }
    pass.countRows();
    // A link that leads back loses nothing where every page that the pager counts was read.
    if (pass.counted === null || pass.pages.length < pass.counted)
      for (const { url, message } of pass.loops) pass.gap("page-leads-back", url, message);
    const isHopeless = (pass.gaps.length > 0 && pass.moved.length === 0) || pass.isEmpty;
    const isSame = this.#isFixed || (this.#before !== null && pass.matches(this.#before));
    if (!isSame && !isHopeless && this.#passes >= MAX_PASSES)
      pass.gap(
        "list-unsteady",
        this.#site.start,
        `the list changed during each of ${MAX_PASSES} passes through it`,
      );
    if (isSame || isHopeless || this.#passes >= MAX_PASSES) {
      this.ended = true;
      return { next: null, again: false };
    }
    return this.again();
  }

  /** Begins another pass. */
  again(): NextPage {
    this.ended = false;
    this.#before = this.#pass;
    this.#pass = new Pass(this.#site);
    this.#byControl = false;
    this.#byCount = false;
    this.#passes++;
    return { ...this.#request(startOf(this.#site)), again: true };
  }
}

function nameOf({ pageNumber, url }: Listing): string {
  return String(pageNumber ?? url);
}

function pathOf(url: string): string {
  return urlKey(url).split("?")[0] ?? url;
}

function idOf({ place, label }: Lead): string {
  return `${place}\n${label}`;
}
