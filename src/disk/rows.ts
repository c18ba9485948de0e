/** What a run knows of every article or response, by fingerprints, in typed arrays: an object for each takes four times as much. */
import type { Span } from "./staging.js";

/** Rows by fingerprints, in twelve bytes each for a place that is free at most every third time. */
export class Rows {
  #keys = new Float64Array(1024).fill(Number.NaN);
  #rows = new Uint32Array(1024);
  size = 0;

  get(key: number): number | undefined {
    if (Number.isNaN(key)) return undefined;
    const at = this.#placeOf(key);
    return this.#keys[at] === key ? this.#rows[at] : undefined;
  }

  /** @returns false where the key was known */
  set(key: number, row: number): boolean {
    if (Number.isNaN(key)) return true;
    if (this.size * 3 > this.#keys.length * 2) this.#grow();
    const at = this.#placeOf(key);
    const isNew = this.#keys[at] !== key;
    this.#keys[at] = key;
    this.#rows[at] = row;
    if (isNew) this.size++;
    return isNew;
  }

  /** Where a key is, or may be put. */
  #placeOf(key: number): number {
    const last = this.#keys.length - 1;
    // Fingerprints are hashes: their lowest bits are as good as any.
    let at = key % this.#keys.length;
    while (!Number.isNaN(this.#keys[at]) && this.#keys[at] !== key) at = at === last ? 0 : at + 1;
    return at;
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new Float64Array(keys.length * 2).fill(Number.NaN);
    this.#rows = new Uint32Array(rows.length * 2);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] ?? Number.NaN;
      if (Number.isNaN(key)) continue;
      const to = this.#placeOf(key);
      this.#keys[to] = key;
      this.#rows[to] = rows[at] ?? 0;
    }
  }
}

/** Rows of a block: what grows is the number of blocks, and nothing is copied. */
const BLOCK = 1 << 12;

/** Rows of numbers, as many for each. */
export class Columns {
  readonly #width: number;
  readonly #blocks: Float64Array[] = [];
  /** How many rows there are. */
  length = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** @param numbers of the row, column by column @returns the row */
  add(numbers: readonly number[]): number {
    const row = this.length++;
    if (row % BLOCK === 0) this.#blocks.push(new Float64Array(BLOCK * this.#width));
    for (const [column, number] of numbers.entries()) this.set(row, column, number);
    return row;
  }

  /** NaN where there is no such row. */
  get(row: number, column: number): number {
    const block = this.#blocks[Math.floor(row / BLOCK)];
    return block?.[(row % BLOCK) * this.#width + column] ?? Number.NaN;
  }

  set(row: number, column: number, number: number): void {
    const block = this.#blocks[Math.floor(row / BLOCK)] as Float64Array;
    block[(row % BLOCK) * this.#width + column] = number;
  }
}

const [KEY, OFFSET, LENGTH, MARK] = [0, 1, 2, 3];

/** Spans by fingerprints. A row is never changed: a new span of a key is a new row. */
export class SpanTable {
  readonly #rows = new Rows();
  readonly #columns = new Columns(4);

  /** How many rows there are. */
  get length(): number {
    return this.#columns.length;
  }

  /** @param mark what else is known of it: a small number @returns its row */
  set(key: number, { offset, length }: Span, mark = 0): number {
    const row = this.#columns.add([key, offset, length, mark]);
    this.#rows.set(key, row);
    return row;
  }

  /** The newest row of a key. */
  rowOf(key: number): number | undefined {
    return this.#rows.get(key);
  }

  keyOf(row: number): number {
    return this.#columns.get(row, KEY);
  }

  markOf(row: number): number {
    return this.#columns.get(row, MARK);
  }

  spanOf(row: number): Span {
    return { offset: this.#columns.get(row, OFFSET), length: this.#columns.get(row, LENGTH) };
  }
}
