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

/** Spans by fingerprints. A row is never changed: a new span of a key is a new row. */
export class SpanTable {
  readonly #rows = new Rows();
  readonly #keys: Float64Array[] = [];
  readonly #offsets: Float64Array[] = [];
  readonly #lengths: Uint32Array[] = [];
  readonly #marks: Uint32Array[] = [];
  /** How many rows there are. */
  length = 0;

  /**
   * @param mark what else is known of it: a small number
   * @returns its row
   */
  set(key: number, { offset, length }: Span, mark = 0): number {
    const row = this.length++;
    const at = row % BLOCK;
    if (at === 0) {
      this.#keys.push(new Float64Array(BLOCK));
      this.#offsets.push(new Float64Array(BLOCK));
      this.#lengths.push(new Uint32Array(BLOCK));
      this.#marks.push(new Uint32Array(BLOCK));
    }
    (this.#keys.at(-1) as Float64Array)[at] = key;
    (this.#offsets.at(-1) as Float64Array)[at] = offset;
    (this.#lengths.at(-1) as Uint32Array)[at] = length;
    (this.#marks.at(-1) as Uint32Array)[at] = mark;
    this.#rows.set(key, row);
    return row;
  }

  /** The newest row of a key. */
  rowOf(key: number): number | undefined {
    return this.#rows.get(key);
  }

  keyOf(row: number): number {
    return this.#keys[Math.floor(row / BLOCK)]?.[row % BLOCK] ?? Number.NaN;
  }

  markOf(row: number): number {
    return this.#marks[Math.floor(row / BLOCK)]?.[row % BLOCK] ?? 0;
  }

  spanOf(row: number): Span {
    const [block, at] = [Math.floor(row / BLOCK), row % BLOCK];
    return { offset: this.#offsets[block]?.[at] ?? 0, length: this.#lengths[block]?.[at] ?? 0 };
  }
}
