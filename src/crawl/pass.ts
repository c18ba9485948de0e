/** What one look through a list has seen. */
import type { Listing } from "../model.js";
import { urlKey } from "../url.js";
import { commonest, type Marks, sameRows } from "./row-keys.js";

/** Looks through the whole list before it is said to move without end. */
export const MOST_LOOKS = 5;
/** Listing pages of one look: a pager that makes up pages for ever ends here. */
export const MOST_PAGES = 10_000;

/** What kind of answer a page was: one with new rows, with rows that were all seen before, without rows, or none. */
type Kind = "new" | "stale" | "empty" | "missed";

interface SeenPage {
  readonly name: string;
  readonly marks: Marks;
  /** True when another page follows. */
  readonly leadsOn: boolean;
}

export class Look {
  readonly pages: SeenPage[] = [];
  /** Why rows may be missing for good, one sentence each. */
  readonly gaps: string[] = [];
  /** The same, where rows that moved may be the reason, which another look tells. */
  readonly moved: string[] = [];
  /** Pages without anything new since the last one that had: the end of the list, or pages that are lost. */
  #hollow: { readonly kind: Kind; readonly sentence: string }[] = [];
  readonly #addresses = new Set<string>();
  readonly #keys = new Set<number>();
  #pageCount: number | null = null;
  #counted: number | null = null;
  /** Number of the page that was read or missed last. */
  last = 0;
  missedInARow = 0;
  #latest: string | null = null;

  /** How many pages were asked for. */
  get asked(): number {
    return this.#addresses.size;
  }

  /** The address that was asked for last. */
  get latest(): string | null {
    return this.#latest;
  }

  /** How many pages the pager says there are, at least; null when it does not. */
  get pageCount(): number | null {
    return this.#pageCount;
  }

  /** The same, where a pager counted further than to the page that comes next; null where none did. */
  get counted(): number | null {
    return this.#counted;
  }

  count({ pageCount, pageNumber }: Listing): void {
    this.#pageCount = pageCount ?? this.#pageCount;
    if (pageCount !== null && pageNumber !== null && pageCount > pageNumber + 1)
      this.#counted = pageCount;
  }

  get isEmpty(): boolean {
    return this.pages.every(({ marks }) => marks.keys.length === 0);
  }

  /** How many rows a page has that is not the last. */
  get usual(): number {
    return commonest(
      this.pages.flatMap(({ marks, leadsOn }) => (leadsOn ? marks.keys.length : [])),
    );
  }

  ask(url: string): void {
    this.#addresses.add(urlKey(url));
    this.#latest = url;
  }

  asks(url: string): boolean {
    return this.#addresses.has(urlKey(url));
  }

  gap(sentence: string): void {
    this.gaps.push(sentence);
  }

  /** True when every row was seen before, by its address or, page for page, by its words. */
  isStale(marks: Marks): boolean {
    const { length } = marks.keys;
    if (length === 0) return false;
    if (marks.keys.every((key) => this.#keys.has(key))) return true;
    return length > 1 && this.pages.some((page) => sameRows(page.marks, marks));
  }

  add(name: string, marks: Marks, leadsOn: boolean): void {
    this.pages.push({ name, marks, leadsOn });
    for (const key of marks.keys) this.#keys.add(key);
  }

  /**
   * Takes a page that has nothing new and yet leads on. Sites answer so behind their last page, and
   * then always so; where another kind of answer follows, it stood within the list.
   *
   * @param isWithin true when the pager says that it stands within the list
   */
  hollow(kind: Kind, sentence: string, isWithin: boolean): void {
    this.came(kind);
    if (isWithin) this.moved.push(sentence);
    else this.#hollow.push({ kind, sentence });
  }

  /** Notes which kind of answer came. */
  came(kind: Kind): void {
    const isOther = this.#hollow.some((page) => page.kind !== kind);
    if (!isOther) return;
    this.moved.push(...this.#hollow.map(({ sentence }) => sentence));
    this.#hollow = [];
  }

  /** Every page but the last holds as many rows as most do: those that do not have lost some. */
  countRows(): void {
    const { usual } = this;
    if (this.uneven !== null) return;
    // A page that nothing new follows is the last one, whatever it says.
    const last = this.#hollow.length > 0 ? this.pages.at(-1) : undefined;
    for (const page of this.pages) {
      const { name, marks, leadsOn } = page;
      if (leadsOn && page !== last && marks.keys.length < usual)
        this.gap(
          `listing page ${name} has ${marks.keys.length} rows where the others have ${usual}`,
        );
    }
  }

  /**
   * Says so where the pages of a list have no size in common, as in one that has a page for each month:
   * then a page with fewer rows than another tells nothing. Null where more than half are of one size.
   */
  get uneven(): string | null {
    const counts = this.pages.flatMap(({ marks, leadsOn }) => (leadsOn ? marks.keys.length : []));
    const sizes = new Set(counts);
    const usual = counts.filter((count) => count === this.usual).length;
    if (sizes.size < 3 || usual * 2 > counts.length || sizes.has(0)) return null;
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return `listing pages have ${least} to ${most} rows, and no size in common: rows that are missing from one would not be seen`;
  }

  /**
   * True when this look saw the same rows in the same order as the one before it. Where that one may have lost
   * some, this one confirms nothing unless it says so itself: both may have lost the same.
   */
  confirms(before: Look): boolean {
    if (this.moved.length === 0 && before.moved.length > 0) return false;
    return sameRows(this.#rows(), before.#rows());
  }

  #rows(): Marks {
    return {
      keys: this.pages.flatMap(({ marks }) => marks.keys),
      words: this.pages.flatMap(({ marks }) => marks.words),
    };
  }
}
