/** The captures of listing pages that a walk has read, where the site comes from web archives. Pure. */
import type { Finding, Listing, Memento, Page, Row, TriedMemento } from "../model.js";
import type { ListingMemento } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { PageNumbers } from "./page-numbers.js";
import { rowKeysOf } from "./row-keys.js";

export class ListingMementos {
  readonly #continuity: Continuity;
  readonly #seen = new Map<string, ListingMemento>();
  /** What is worth a look, one sentence each. */
  readonly notes: string[] = [];

  constructor(site: Site) {
    this.#continuity = new Continuity(site);
  }

  get seen(): readonly ListingMemento[] {
    return [...this.#seen.values()];
  }

  add({ url, pageNumber }: Listing, { memento }: Page, rows: readonly Row[]): void {
    if (memento === undefined || this.#has(url, memento)) return;
    this.#set({ url, ...memento, rows: rows.length });
    this.#continuity.add(url, pageNumber, memento, rows);
  }

  refused(url: string, tried: readonly TriedMemento[]): void {
    for (const one of tried)
      if (one.refused !== undefined && !this.#has(url, one)) this.#set({ url, ...one, rows: 0 });
  }

  /** A listing page that an index names and no page led to. */
  missed(url: string, reason: string): void {
    this.notes.push(`listing page ${url}, which no page leads to, could not be read: ${reason}`);
  }

  findings(): Finding[] {
    return this.#continuity.findings();
  }

  #set(seen: ListingMemento): void {
    this.#seen.set(keyOf(seen.url, seen), seen);
  }

  #has(url: string, memento: TriedMemento): boolean {
    return this.#seen.has(keyOf(url, memento));
  }
}

function keyOf(url: string, { archive, time }: TriedMemento): string {
  return `${url} ${time} ${archive}`;
}

/** Pages that a source holds beside the articles: nothing says that they are articles of this list. */
export function unlistedNotes(urls: readonly string[]): string[] {
  if (urls.length === 0) return [];
  const some = urls.slice(0, 3).join(", ");
  return [
    `${urls.length === 1 ? "1 page" : `${urls.length} pages`} beside the articles: known from the index of web archives alone, on no captured listing page, and not read: ${some}${urls.length > 3 ? ", …" : ""}`,
  ];
}

interface Seen {
  readonly url: string;
  readonly time: string;
}

/**
 * Whether the captures of listing pages, made at different times, make one list. Rows move to deeper pages as others are
 * added before them, so nothing is lost where each deeper page was captured later than the one before it; nor where
 * two captures show a common row. Otherwise rows may have moved from one page to the next in between.
 */
class Continuity {
  readonly #numbers: PageNumbers;
  readonly #seen: Seen[] = [];
  /** Captures by the number of their page. */
  readonly #pages = new Map<number, number[]>();
  readonly #rows = new Map<number, number>();
  /** Of each capture, one that it is known to join; its own where there is none. */
  readonly #joined: number[] = [];

  constructor(site: Site) {
    this.#numbers = new PageNumbers(site);
  }

  /** @param pageNumber as the page shows it, for a list whose URLs do not count its pages */
  add(url: string, pageNumber: number | null, { time }: Memento, rows: readonly Row[]): void {
    const number = this.#numbers.of(url) ?? pageNumber;
    if (number === null || rows.length === 0) return;
    const at = this.#seen.push({ url, time }) - 1;
    this.#joined.push(at);
    const page = this.#pages.get(number) ?? [];
    this.#pages.set(number, page);
    page.push(at);
    for (const key of rowKeysOf(rows).byUrl) {
      const other = this.#rows.get(key);
      if (other === undefined) this.#rows.set(key, at);
      else this.#join(at, other);
    }
  }

  /** Where two listing pages that follow each other may not join. */
  findings(): Finding[] {
    const numbers = [...this.#pages.keys()].sort((a, b) => a - b);
    for (const number of numbers)
      for (const here of this.#of(number))
        for (const deeper of this.#of(number + 1))
          if (this.#timeOf(deeper) >= this.#timeOf(here)) this.#join(here, deeper);
    return numbers.flatMap((number) => {
      const here = this.#latest(number);
      const deeper = this.#latest(number + 1);
      if (here === undefined || deeper === undefined) return [];
      const root = this.#rootOf(here);
      if (this.#of(number + 1).some((one) => this.#rootOf(one) === root)) return [];
      const message = `rows may be missing between page ${number + 1}, captured ${this.#day(deeper)}, and page ${number}, captured ${this.#day(here)}: what moved from one to the other in between is on neither`;
      return [
        { finding: "captures-apart", place: this.#seen[deeper]?.url ?? "", count: null, message },
      ];
    });
  }

  #of(number: number): readonly number[] {
    return this.#pages.get(number) ?? [];
  }

  #latest(number: number): number | undefined {
    const byTime = (a: number, b: number) => (this.#timeOf(a) < this.#timeOf(b) ? 1 : -1);
    return this.#of(number).toSorted(byTime)[0];
  }

  #timeOf(at: number): string {
    return this.#seen[at]?.time ?? "";
  }

  #day(at: number): string {
    return this.#timeOf(at).slice(0, 10);
  }

  #join(a: number, b: number): void {
    this.#joined[this.#rootOf(a)] = this.#rootOf(b);
  }

  #rootOf(at: number): number {
    let root = at;
    for (let up = this.#joined[root]; up !== undefined && up !== root; up = this.#joined[root])
      root = up;
    this.#joined[at] = root;
    return root;
  }
}
