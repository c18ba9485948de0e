/** What is where in a file, by fingerprints. */
import { Table } from "../rows.js";
import type { Span } from "./staging.js";

const [OFFSET, LENGTH, MARK] = [0, 1, 2];

/** Spans by fingerprints. A row is never changed: a new span of a key is a new row. */
export class SpanTable {
  readonly #table = new Table(3);

  get length(): number {
    return this.#table.length;
  }

  /** @param mark what else is known of it: a small number @returns its row */
  set(key: number, { offset, length }: Span, mark = 0): number {
    return this.#table.add(key, [offset, length, mark]);
  }

  /** The newest row of a key. */
  rowOf(key: number): number | undefined {
    return this.#table.rowOf(key);
  }

  keyOf(row: number): number {
    return this.#table.keyAt(row);
  }

  markOf(row: number): number {
    return this.#table.get(row, MARK);
  }

  spanOf(row: number): Span {
    return { offset: this.#table.get(row, OFFSET), length: this.#table.get(row, LENGTH) };
  }
}
