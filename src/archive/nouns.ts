/** The nouns of the archive: an entry and a run as its files know them. Types only. */
import type { Span } from "../disk/staging.js";
import type { Markup, Media, Outcome } from "../model.js";
import type { Wish } from "./paths.js";

/** An entry in memory: what its path, its ledger lines and a comparison need. */
export interface IndexedEntry extends Wish, Omit<Held, "language"> {
  /** SHA-256 of `{id, slug, data, body}`, links and media set. */
  readonly hash: string;
  /** That of the entry as it was read from its page, without id and aliases, which depend on the archive too. */
  readonly substance: string;
  /** Addresses of its translations, by language, as its page names them. */
  readonly translations: Readonly<Record<string, string>>;
  readonly title: string;
  readonly span: Span;
  readonly hasWarnings: boolean;
  readonly hasMedia: boolean;
  /** Templates that it was read from; null for an entry of an earlier run, whose snapshot tells. */
  readonly markup: Markup | null;
}

/** An entry of an archive, and where its content file stands. */
export interface StoredEntry extends IndexedEntry {
  readonly path: string;
  /** Its line in provenance.jsonl; null when that is lost. */
  readonly provenance: Span | null;
}

export interface Previous {
  /** Name of the site; null where no archive.json says it. */
  readonly site: string | null;
  readonly entries: ReadonlyMap<string, StoredEntry>;
  /** Media files that entries name, each as one of them does. */
  readonly media: readonly Media[];
  readonly ledger: readonly Outcome[];
  /** Paths of files that sitelift wrote: all others are left alone. */
  readonly owned: ReadonlySet<string>;
}

/** Where the bytes of an entry stand before it is finished: in the staging file of this run, or in the archive. */
export interface Source {
  readonly from: "run" | "archive";
  readonly entry: Span;
  /** Null when an earlier archive has lost it. */
  readonly provenance: Span | null;
  readonly hasMedia: boolean;
}

/** An entry of this run. */
export interface Taken extends IndexedEntry {
  readonly provenance: Span;
}

/** An entry in its final form. */
export interface Finished {
  readonly id: string;
  readonly path: string;
  /** SHA-256 of the entry without its path. */
  readonly hash: string;
  /** In the staging file: its line of entries.jsonl, and that of provenance.jsonl; null when an earlier archive has lost it. */
  readonly line: Span;
  readonly provenance: Span | null;
}

/** An entry as far as its ledger lines depend on it. */
export interface Held {
  readonly id: string;
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
  readonly language?: string;
}
