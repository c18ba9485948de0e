/**
 * Whether the captures of listing pages, made at different times, make one list. Rows move to deeper pages as others are
 * added before them, so nothing is lost where each deeper page was captured later than the one before it; nor where
 * two captures show a common row. Otherwise rows may have moved from one page to the next in between. Pure.
 */
import type { Finding, Memento, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { PageNumbers } from "./page-numbers.js";
import { rowKeysOf } from "./row-keys.js";

interface Seen {
  readonly url: string;
  readonly time: string;
}

export class Continuity {
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
