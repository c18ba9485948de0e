/** From which responses each entry was read: the lines of records.jsonl. In memory there are rows of a table. */
import type { Entry } from "../../model.js";
import { IdTable } from "../../rows.js";
import type { RecordSource } from "../../schema/capture.js";
import { byCodeUnits } from "../../text.js";

/** Rows of responses; null where there is none. */
interface Sources {
  readonly listing: number | null;
  readonly page: number | null;
}

const [LISTING, PAGE, FIELDS] = [0, 1, 2];

export class EntryRecords {
  readonly #entries = new IdTable(3);
  /** What says where fields came from: of one template, most entries have it in common. */
  readonly #fields = new Map<string, number>();

  add({ id, provenance }: Entry, { listing, page }: Sources): void {
    const sources = Object.entries(provenance.fields).map(
      ([name, { from, selector }]) => [name, { from, selector }] as const,
    );
    const text = JSON.stringify(Object.fromEntries(sources));
    const fields = this.#fields.get(text) ?? this.#fields.size;
    this.#fields.set(text, fields);
    this.#entries.set(id, [listing ?? Number.NaN, page ?? Number.NaN, fields]);
  }

  /** @param ids ids in the archive of entries that came under another one; the lines are sorted by them */
  async *lines(
    ids: ReadonlyMap<string, string>,
    sourceAt: (row: number | null) => Promise<RecordSource | null>,
  ): AsyncGenerator<string> {
    const table = this.#entries;
    const read = Array.from({ length: table.length }, (_, row) => {
      const came = table.idAt(row);
      return [ids.get(came) ?? came, row] as const;
    });
    const fields = [...this.#fields.keys()];
    const sourceIn = (row: number, column: number) => {
      const at = table.get(row, column);
      return sourceAt(Number.isNaN(at) ? null : at);
    };
    for (const [entry, row] of read.sort(([a], [b]) => byCodeUnits(a, b))) {
      const listing = await sourceIn(row, LISTING);
      const page = await sourceIn(row, PAGE);
      const said = JSON.stringify({ entry, listing, page });
      yield `${said.slice(0, -1)},"fields":${fields[table.get(row, FIELDS)]}}`;
    }
  }
}
