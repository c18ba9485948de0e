/** From which responses each entry was read: the lines of records.jsonl. In memory there are rows of a table. */
import type { Entry } from "../../model.js";
import type { RecordSource } from "../../schema/capture.js";
import { byCodeUnits } from "../../text.js";

interface Read {
  /** Rows of responses; null where there is none. */
  readonly listing: number | null;
  readonly page: number | null;
  /** As it will be written: of one template, most entries have it in common. */
  readonly fields: string;
}

export class EntryRecords {
  readonly #read = new Map<string, Read>();
  readonly #fields = new Map<string, string>();

  add({ id, provenance }: Entry, rows: Pick<Read, "listing" | "page">): void {
    const sources = Object.entries(provenance.fields).map(
      ([name, { from, selector }]) => [name, { from, selector }] as const,
    );
    const text = JSON.stringify(Object.fromEntries(sources));
    const fields = this.#fields.get(text) ?? text;
    this.#fields.set(fields, fields);
    this.#read.set(id, { ...rows, fields });
  }

  /** @param ids ids in the archive of entries that came under another one; the lines are sorted by them */
  async *lines(
    ids: ReadonlyMap<string, string>,
    sourceAt: (row: number | null) => Promise<RecordSource | null>,
  ): AsyncGenerator<string> {
    const read = [...this.#read].map(([came, one]) => [ids.get(came) ?? came, one] as const);
    for (const [entry, one] of read.sort(([a], [b]) => byCodeUnits(a, b))) {
      const listing = await sourceAt(one.listing);
      const page = await sourceAt(one.page);
      yield JSON.stringify({ entry, listing, page, fields: JSON.parse(one.fields) });
    }
  }
}
