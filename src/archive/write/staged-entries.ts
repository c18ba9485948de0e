/**
 * The entries that a run has staged: the JSON of each in the staging file, after the facts of it that the end of the run
 * needs. In memory there is where they are.
 */
import { createHash } from "node:crypto";
import { decodeText, hashOf } from "../../disk/read.js";
import type { Span, Spans } from "../../disk/staging.js";
import type { Entry } from "../../model.js";
import { IdTable } from "../../rows.js";
import { type EntryFacts, type EntryText, factsOf, stagedEntry } from "../archive-index.js";
import type { ArchiveIndex, StagedEntry } from "../nouns.js";
import { SharedTemplates } from "./history.js";

const [OFFSET, FACTS, TEXT] = [0, 1, 2];
const GONE = [Number.NaN, Number.NaN, Number.NaN];

export class StagedEntries {
  readonly #places = new IdTable(3);

  /** @param stage appends bytes to the staging file */
  async add(
    entry: EntryText & Pick<Entry, "anchors" | "provenance">,
    stage: (bytes: Uint8Array) => Promise<Span>,
  ): Promise<void> {
    const text = Buffer.from(JSON.stringify(entry));
    const said: readonly [EntryFacts, sum: string] = [factsOf(entry), hashOf(text)];
    const facts = Buffer.from(JSON.stringify(said));
    const { offset } = await stage(Buffer.concat([facts, text]));
    this.#places.set(entry.id, [offset, facts.length, text.length]);
  }

  remove(id: string): void {
    if (this.#places.rowOf(id) !== undefined) this.#places.set(id, GONE);
  }

  /** Where the JSON of an entry is. */
  text(id: string): Span | undefined {
    const row = this.#places.rowOf(id);
    return row === undefined ? undefined : this.#at(row)?.text;
  }

  /** Where the JSON of each is, in the order in which they came. */
  *texts(): Generator<Span> {
    for (const { text } of this.#all()) yield text;
  }

  /**
   * The entries, and a digest of all that was read of them.
   *
   * @param earlier entries of the archive: what they say too is held once
   */
  async read(staging: Spans, { entries: earlier }: ArchiveIndex) {
    const entries: StagedEntry[] = [];
    const templates = new SharedTemplates();
    const hash = createHash("sha256");
    for (const { facts, text } of this.#all()) {
      const json = decodeText(await staging.read(facts));
      const [said, sum]: readonly [EntryFacts, string] = JSON.parse(json);
      hash.update(`${sum}\n`);
      const markup = said.markup && templates.share(said.markup);
      entries.push(stagedEntry({ ...said, markup }, text, earlier.get(said.id)));
    }
    return { entries, digest: hash.digest("hex") };
  }

  *#all() {
    for (let row = 0; row < this.#places.length; row++) {
      const place = this.#at(row);
      if (place !== null) yield place;
    }
  }

  #at(row: number) {
    const get = (column: number) => this.#places.get(row, column);
    const [offset, length] = [get(OFFSET), get(FACTS)];
    if (Number.isNaN(offset)) return null;
    return { facts: { offset, length }, text: { offset: offset + length, length: get(TEXT) } };
  }
}
