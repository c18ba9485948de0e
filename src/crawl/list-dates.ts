/**
 * The order of day and month, where the site file names none and the list proves it: no month is above 12, and a weekday
 * is mostly that of one order alone. A proof may be on any page and a contradiction on any later one, so rows with a date
 * in figures wait until the list has been read once, and are read in the next pass through it.
 */
import { DateOrder } from "../dates/order.js";
import type { Row } from "../model.js";
import type { Site } from "../site/site.js";
import type { Listed } from "./ledger.js";
import type { Reader } from "./reader.js";

export class ListDates {
  /** Null where the site file names the order. */
  readonly #order: DateOrder | null;
  readonly #reader: Reader;
  readonly #waiting = new Set<Listed>();
  /** Formats that the list has proved, and the date that did. */
  readonly #learned = new Map<string, string>();
  /** True when the list has been read once. */
  isRead = false;

  constructor(site: Site, reader: Reader) {
    const isNamed = site.fields.date.formats.some((format) => !format.includes("MMM"));
    this.#order = isNamed ? null : new DateOrder();
    this.#reader = reader;
  }

  /** Rows that wait to be read. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes the dates of a listing page. */
  see(rows: readonly Row[]): void {
    for (const { readings } of rows) if (readings.date) this.#order?.see(readings.date.raw);
    if (this.isRead) this.#learn();
  }

  /** Lets a row wait where its date may depend on the order. @returns false where it does not */
  letWait(listed: Listed, { readings }: Row): boolean {
    if (this.isRead || this.#order === null || !this.#order.decides(readings.date?.raw ?? null))
      return false;
    // A row holds its whole page: the next pass brings it again.
    listed.row = null;
    this.#waiting.add(listed);
    return true;
  }

  /** Takes the article of a row that was waiting. @returns false where it was not */
  takeBack(listed: Listed, row: Row): boolean {
    if (!this.isRead || !this.#waiting.delete(listed)) return false;
    listed.row = row;
    return true;
  }

  /** The list has been read once: what it shows of the order counts. */
  decide(): void {
    this.isRead = true;
    const contradiction = this.#order?.contradiction ?? null;
    if (contradiction === null) this.#learn();
    else this.#reader.readDatesBy([], contradiction);
  }

  #learn(): void {
    const { formats = [], by = "" } = this.#order?.proved ?? {};
    const added = formats.filter((format) => !this.#learned.has(format));
    if (added.length === 0) return;
    this.#reader.readDatesBy(added);
    for (const format of added) this.#learned.set(format, by);
  }

  /** Dates that contradict the order by which others were read: the list has changed since it was first read. */
  get gaps(): string[] {
    const said = this.#learned.size > 0 ? this.#order?.contradiction : null;
    return said == null ? [] : [said];
  }

  get notes(): string[] {
    return [...this.#learned].map(
      ([format, by]) =>
        `${by} in the list proves the order of its dates: they are read as ${format}; write \`"formats": ["${format}"]\` in fields.date of the site file`,
    );
  }

  /** Gives those whose rows no later pass has brought. */
  left(): Iterable<Listed> {
    return this.#waiting;
  }
}
