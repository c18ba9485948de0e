/** What is where in a file, by fingerprints. */
import { Columns, Rows } from "../rows.js";
import type { Span } from "./staging.js";

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
