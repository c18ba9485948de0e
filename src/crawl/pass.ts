/** One pass through a list: what it has seen. */
import type { Listing } from "../model.js";
import { urlKey } from "../url.js";
import { commonest, type RowKeys, sameRows } from "./row-keys.js";

/** Passes through the whole list before it is said to move without end. */
export const MAX_PASSES = 5;
/** Listing pages of one look: a pager that makes up pages for ever ends here. */
export const MAX_PAGES = 10_000;

/** What kind of page came: one with new rows, with rows that were all seen before, without rows, or none. */
type Kind = "new" | "stale" | "empty" | "missed";

interface SeenPage {
  readonly name: string;
  readonly keys: RowKeys;
  /** True when another page follows. */
  readonly leadsOn: boolean;
}

export class Pass {
  readonly pages: SeenPage[] = [];
  /** Why rows may be missing for good, one sentence each. */
  readonly gaps: string[] = [];
  /** The same, where rows that moved may be the reason: another pass will show it. */
  readonly moved: string[] = [];
  /** Pages without new rows since the last one that had some: the end of the list, or pages that are lost. */
  #emptyPages: { readonly kind: Kind; readonly sentence: string }[] = [];
  readonly #requested = new Set<string>();
  readonly #keys = new Set<number>();
  /** URL that was requested last. */
  latest: string | null = null;
  /** How many pages the pager says there are, at least; null when it does not. */
  pageCount: number | null = null;
  /** The same, where a pager counted further than to the page that comes next; null where none did. */
  counted: number | null = null;
  /** Number of the page that was read or missed last. */
  last = 0;
  missedInARow = 0;

  /** How many pages were requested. */
  get requested(): number {
    return this.#requested.size;
  }

  count({ pageCount, pageNumber }: Listing): void {
    this.pageCount = pageCount ?? this.pageCount;
    if (pageCount !== null && pageNumber !== null && pageCount > pageNumber + 1)
      this.counted = pageCount;
  }

  get isEmpty(): boolean {
    return this.pages.every(({ keys }) => keys.byUrl.length === 0);
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
    if (keys.byUrl.every((key) => this.#keys.has(key))) return true;
    return length > 1 && this.pages.some((page) => sameRows(page.keys, keys));
  }

  add(name: string, keys: RowKeys, leadsOn: boolean): void {
    this.pages.push({ name, keys, leadsOn });
    for (const key of keys.byUrl) this.#keys.add(key);
  }

  /**
   * Takes a page that has no new rows and yet leads on. Sites send such a page after their last one, and
   * then always the same kind; where another kind follows, it was part of the list.
   *
   * @param isWithin true when the pager says that it is part of the list
   */
  addEmpty(kind: Kind, sentence: string, isWithin: boolean): void {
    this.addKind(kind);
    if (isWithin) this.moved.push(sentence);
    else this.#emptyPages.push({ kind, sentence });
  }

  /** Notes which kind of page came. */
  addKind(kind: Kind): void {
    if (this.#emptyPages.every((page) => page.kind === kind)) return;
    this.moved.push(...this.#emptyPages.map(({ sentence }) => sentence));
    this.#emptyPages = [];
  }

  /** Every page but the last holds as many rows as most do: those that do not have lost some. */
  countRows(): void {
    const { usual } = this;
    if (this.uneven !== null) return;
    // A page that nothing new follows is the last one, whatever it says.
    const last = this.#emptyPages.length > 0 ? this.pages.at(-1) : undefined;
    for (const page of this.pages) {
      const { length } = page.keys.byUrl;
      if (page.leadsOn && page !== last && length < usual)
        this.gaps.push(
          `listing page ${page.name} has ${length} rows where the others have ${usual}`,
        );
    }
  }

  /**
   * A sentence where the pages of a list have no size in common, as in one that has a page for each month:
   * then a page with fewer rows than another means nothing. Null where more than half are of one size.
   */
  get uneven(): string | null {
    const counts = this.#rowCounts();
    const sizes = new Set(counts);
    const usual = counts.filter((count) => count === this.usual).length;
    if (sizes.size < 3 || usual * 2 > counts.length || sizes.has(0)) return null;
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
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

  /** Of each page that another follows. */
  #rowCounts(): number[] {
    return this.pages.flatMap(({ keys, leadsOn }) => (leadsOn ? keys.byUrl.length : []));
  }

  #rows(): RowKeys {
    return {
      byUrl: this.pages.flatMap(({ keys }) => keys.byUrl),
      byWords: this.pages.flatMap(({ keys }) => keys.byWords),
    };
  }
}
