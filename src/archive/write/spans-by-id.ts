/** Where entries are in the staging file, by their ids. */
import type { Span } from "../../disk/staging.js";
import { IdTable } from "../../rows.js";

export class SpansById {
  readonly #table = new IdTable(2);

  get(id: string): Span | undefined {
    const row = this.#table.rowOf(id);
    return row === undefined ? undefined : this.#at(row);
  }

  set(id: string, { offset, length }: Span): void {
    this.#table.set(id, [offset, length]);
  }

  delete(id: string): void {
    this.#table.set(id, [Number.NaN, Number.NaN]);
  }

  /** In the order in which their ids came. */
  *values(): Generator<Span> {
    for (let row = 0; row < this.#table.length; row++) {
      const span = this.#at(row);
      if (span !== undefined) yield span;
    }
  }

  #at(row: number): Span | undefined {
    const [offset, length] = [this.#table.get(row, 0), this.#table.get(row, 1)];
    return Number.isNaN(length) ? undefined : { offset, length };
  }
}
