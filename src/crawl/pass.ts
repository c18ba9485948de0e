/** One pass through a list: what it has seen. */
import type { Finding, Listing } from "../model.js";
import { Rows } from "../rows.js";
import { codeOfFinding } from "../schema/failure-code.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url/url.js";
import { type Accepted, accepted } from "./findings.js";
import { listKind } from "./list-kind.js";
import { commonest, type RowKeys, sameRows } from "./row-keys.js";

/** Passes through the whole list before it is said to move without end. */
export const MAX_PASSES = 5;
/** Listing pages of one look: a pager that makes up pages for ever ends here. */
export const MAX_PAGES = 10_000;

/** What kind of page came: one with new rows, with rows that were all seen before, without rows, or none. */
type Kind = "new" | "stale" | "empty" | "missed";

interface SeenPage {
  readonly name: string;
  readonly url: string;
  readonly keys: RowKeys;
  /** True when another page follows. */
  readonly leadsOn: boolean;
}

export class Pass {
  readonly pages: SeenPage[] = [];
  /** Why rows may be missing for good. */
  readonly gaps: Finding[] = [];
  /** The same, where rows that moved may be the reason: another pass will show it. */
  readonly moved: Finding[] = [];
  /** What the site file accepts. */
  readonly accepted: Accepted[] = [];
  readonly #site: Site;
  /** Pages whose next link leads to a page that was read, and a sentence for each. */
  readonly #loops: { readonly url: string; readonly message: string }[] = [];
  /** Pages without new rows since the last one that had some: the end of the list, or pages that are lost. */
  #emptyPages: { readonly kind: Kind; readonly finding: Finding }[] = [];
  readonly #requested = new Set<string>();
  readonly #keys = new Rows();
  /** How many pages between the first and the last one have so many rows, of those that another follows. */
  readonly #sizes = new Map<number, number>();
  /** Rows of the first page that are on a later one too: an article that is pinned has its own place as well. */
  readonly #pinned = new Set<number>();
  /** URL that was requested last. */
  latest: string | null = null;
  /** How many pages the pager says there are, at least; null when it does not. */
  pageCount: number | null = null;
  /** The same, where a pager counted further than to the page that comes next; null where none did. */
  counted: number | null = null;
  /** Number of the page that was read or missed last. */
  last = 0;
  missedInARow = 0;
  /** What pages say that is worth a look. */
  readonly said = new Set<string>();
  /** Pages that others name, and that were not requested yet. */
  readonly #parts: string[] = [];
  /** How many articles the list says it has, and on which page; null where it does not. */
  #total: { readonly count: number; readonly url: string } | null = null;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Notes why rows may be missing, unless the site file accepts it. @param into `moved` where another pass may show it */
  gap(
    finding: string,
    place: string,
    message: string,
    {
      count = null,
      code = codeOfFinding(finding),
      into = this.gaps,
    }: Partial<Pick<Finding, "count" | "code">> & { into?: Finding[] } = {},
  ): void {
    const found = { finding, place, count, message };
    const known = accepted(found, this.#site);
    if (known === null) into.push({ ...found, code });
    else this.accepted.push(known);
  }

  /** What a finding of a page belongs to: a request that failed may bring its rows in another pass. */
  kindOf(finding: string): Finding[] {
    return finding === "request-failed" ? this.moved : this.gaps;
  }

  get requested(): number {
    return this.#requested.size;
  }

  count({ pageCount, pageNumber }: Listing): void {
    this.pageCount = pageCount ?? this.pageCount;
    if (pageCount !== null && pageNumber !== null && pageCount > pageNumber + 1)
      this.counted = pageCount;
  }

  /** Notes what a page says of the rest of the list. */
  addParts({ url, parts = [], total, note }: Listing): void {
    if (note !== undefined) this.said.add(note);
    this.#parts.push(...parts.slice(0, MAX_PAGES - this.#parts.length));
    if (total !== undefined) this.#total = { count: total, url };
  }

  /** The next part of the list, in the order in which they were named. */
  takePart(): string | null {
    for (;;) {
      const part = this.#parts.shift();
      if (part === undefined) return null;
      if (!this.hasRequested(part)) return part;
    }
  }

  get #isEmpty(): boolean {
    return this.pages.every(({ keys }) => keys.byUrl.length === 0);
  }

  /** True where rows are missing for good, or there are none: another pass would not bring them. */
  get isHopeless(): boolean {
    return (this.gaps.length > 0 && this.moved.length === 0) || this.#isEmpty;
  }

  /** How many rows a page has that is not the last. */
  get usual(): number {
    return commonest(this.#rowCounts());
  }

  request(url: string): void {
    this.#requested.add(urlKey(url));
    this.latest = url;
  }

  hasRequested(url: string): boolean {
    return this.#requested.has(urlKey(url));
  }

  /** True when every row was seen before, by its URL or, page for page, by its words. */
  isStale(keys: RowKeys): boolean {
    const { length } = keys.byUrl;
    if (length === 0) return false;
    if (keys.byUrl.every((key) => this.#keys.get(key) !== undefined)) return true;
    return length > 1 && this.pages.some((page) => sameRows(page.keys, keys));
  }

  /**
   * Takes a last page whose rows are pinned on the first one: they have their own place as well, and may be alone there.
   * The first page has as many rows more than the second; a site that shows its newest rows again shows others.
   *
   * @returns false for any other page
   */
  takePinned({ byUrl }: RowKeys): boolean {
    const first = new Set(this.pages[0]?.keys.byUrl);
    const more = first.size - (this.pages[1]?.keys.byUrl.length ?? first.size);
    const isPinned =
      byUrl.length > 0 && byUrl.length <= more && byUrl.every((key) => first.has(key));
    if (isPinned) for (const key of byUrl) this.#pinned.add(key);
    return isPinned;
  }

  /** True where a page after the first one, which may have a row more that is pinned, had so many rows, asked for again or not. */
  hasSize(length: number): boolean {
    return this.pages.slice(1).some(({ keys }) => keys.byUrl.length === length);
  }

  add(listing: Listing, keys: RowKeys, leadsOn: boolean): void {
    // What is left of a page by `match` is of any size, and so are the archives of a feed.
    const hasSize = !listKind(this.#site).isData && this.#site.listing.match.length === 0;
    const first = new Set(this.pages[0]?.keys.byUrl);
    for (const key of keys.byUrl) if (first.has(key)) this.#pinned.add(key);
    const { url } = listing;
    const before = this.pages.at(-1);
    if (this.pages.length > 1 && before?.leadsOn) countIn(this.#sizes, before.keys.byUrl.length);
    this.pages.push({ name: nameOf(listing), url, keys, leadsOn: leadsOn && hasSize });
    for (const key of keys.byUrl) this.#keys.set(key, 0);
  }

  /**
   * Takes a page that has no new rows and yet leads on. Sites send such a page after their last one, and
   * then always the same kind; where another kind follows, it was part of the list.
   *
   * @param isWithin true when the pager says that it is part of the list
   */
  addEmpty(kind: Kind, url: string, message: string, isWithin: boolean): void {
    this.addKind(kind);
    const finding = { finding: `page-${kind}`, place: url, count: null, message };
    if (isWithin) this.gap(finding.finding, url, message, { into: this.moved });
    else this.#emptyPages.push({ kind, finding });
  }

  addKind(kind: Kind): void {
    if (this.#emptyPages.every((page) => page.kind === kind)) return;
    for (const { finding } of this.#emptyPages)
      this.gap(finding.finding, finding.place, finding.message, { into: this.moved });
    this.#emptyPages = [];
  }

  /** Notes a page whose next link leads back; nothing for any other. */
  noteLoop(listing: Listing): void {
    const { next, url } = listing;
    if (next === null || !this.hasRequested(next)) return;
    this.#loops.push({ url, message: `listing page ${nameOf(listing)} leads back to ${next}` });
  }

  /** A site that does not know a parameter shows the first page whatever the number. */
  noteOnePage(requested: string): void {
    const [first] = this.pages;
    if (first === undefined) return;
    const { onePage } = listKind(this.#site);
    this.said.add(
      onePage?.(first.url, first.keys.byUrl.length) ??
        `${requested} has the rows of the first page: the list has one page, or the site does not count its pages so (listing.next)`,
    );
  }

  /** Notes what only all pages show. */
  close(): void {
    this.#countRows();
    // A link that leads back loses nothing where every page that the pager counts was read.
    if (this.counted === null || this.pages.length < this.counted)
      for (const { url, message } of this.#loops) this.gap("page-leads-back", url, message);
  }

  /**
   * Every page but the last holds as many rows as most do: those that do not have lost some. The first one may
   * have fewer all the same: there sites set articles apart.
   */
  #countRows(): void {
    const { usual } = this;
    this.#countTotal();
    if (this.uneven !== null) return;
    for (const page of this.pages.slice(1)) {
      const { length } = page.keys.byUrl;
      if (this.#isFollowed(page) && length < usual)
        this.gap(
          "page-short",
          page.url,
          `listing page ${page.name} has ${length} rows where the others have ${usual}`,
          { count: length },
        );
    }
  }

  /** The list has as many rows as it says. */
  #countTotal(): void {
    const { total, match } = this.#site.listing;
    const { mayLackTotal } = listKind(this.#site);
    if (this.#total === null && total.length > 0 && !mayLackTotal && !this.#isEmpty)
      this.said.add(
        `listing.total ${tried(total.map(({ select }) => select))} gives no number: the list is not compared with its own count`,
      );
    if (this.#total === null || match.length > 0) return;
    const { count, url } = this.#total;
    const found = new Set(this.#rows().byUrl).size;
    if (found >= count) return;
    const message = `${url} says that the list has ${count} articles, and ${found} were found`;
    this.gap("total-missed", url, message, { count: count - found, into: this.moved });
  }

  /**
   * A sentence where the pages of a list have no size in common, as in one that has a page for each month:
   * then a page with fewer rows than another means nothing. Null where more than half are of one size.
   */
  get uneven(): string | null {
    const counts = this.#rowCounts();
    const usual = counts.get(commonest(counts)) ?? 0;
    const pages = [...counts.values()].reduce((sum, times) => sum + times, 0);
    if (counts.size < 3 || usual * 2 > pages || counts.has(0)) return null;
    const sizes = [...counts.keys()];
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    return `listing pages have ${least} to ${most} rows, and no size in common: rows that are missing from one would not be seen`;
  }

  /**
   * True when this pass saw the same rows in the same order as the one before it. Where that one may have lost
   * some, this one proves nothing unless it reports the same: both may have lost the same rows.
   */
  matches(before: Pass): boolean {
    if (this.moved.length === 0 && before.moved.length > 0) return false;
    return sameRows(this.#rows(), before.#rows());
  }

  /** A page that nothing new follows is the last one, whatever it says. */
  #isFollowed(page: SeenPage): boolean {
    return page.leadsOn && (this.#emptyPages.length === 0 || page !== this.pages.at(-1));
  }

  /** How many pages have so many rows, of those that another follows; of the first one without what is pinned there above as many as others have. */
  #rowCounts(): ReadonlyMap<number, number> {
    const counts = new Map(this.#sizes);
    const [first, second] = this.pages;
    const last = this.pages.at(-1);
    if (first !== undefined && this.#isFollowed(first)) {
      const { length } = first.keys.byUrl;
      const isLonger = length > (second?.keys.byUrl.length ?? 0);
      countIn(counts, length - (isLonger ? this.#pinned.size : 0));
    }
    if (last !== undefined && last !== first && this.#isFollowed(last))
      countIn(counts, last.keys.byUrl.length);
    return counts;
  }

  #rows(): RowKeys {
    return {
      byUrl: this.pages.flatMap(({ keys }) => keys.byUrl),
      byWords: this.pages.flatMap(({ keys }) => keys.byWords),
    };
  }
}

function countIn(times: Map<number, number>, count: number): void {
  times.set(count, (times.get(count) ?? 0) + 1);
}

export function nameOf({ pageNumber, url }: Listing): string {
  return String(pageNumber ?? url);
}
