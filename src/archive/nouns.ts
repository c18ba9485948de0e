/** The nouns of the archive: an entry and what an archive holds, as memory has them. Types only. */
import type { Span } from "../disk/staging.js";
import type { Media, Outcome, TemplateFingerprints } from "../model.js";

/** An entry that a run has staged: what is kept of it in memory. The rest stays on disk. */
export interface StagedEntry {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly language: string;
  readonly date: string | null;
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
  /** URLs of its translations, by language, as its page names them. */
  readonly translations: Readonly<Record<string, string>>;
  /** SHA-256 of what its pages say, without id and aliases, which depend on the archive too. */
  readonly read: string;
  readonly hasMedia: boolean;
  /** True where nothing of it was read from a page of its own. */
  readonly isRowOnly: boolean;
  /** Templates that it was read from; null for an entry of an earlier run, whose snapshot has them. */
  readonly markup: TemplateFingerprints | null;
  /** Its JSON: in the staging file, or in entries.jsonl. */
  readonly text: Span;
}

/** An entry in its final form. */
export interface ArchivedEntry extends StagedEntry {
  /** Its content file. */
  readonly path: string;
  /** SHA-256 of `{id, slug, data, body}`, links and media set. */
  readonly hash: string;
  /** Its line of provenance.jsonl; null when that is lost. */
  readonly provenance: Span | null;
}

/** What the last run left, as far as the next one needs it in memory. */
export interface ArchiveIndex {
  /** Name of the site; null where no archive.json says it. */
  readonly site: string | null;
  readonly entries: ReadonlyMap<string, ArchivedEntry>;
  /** Media files that entries name, each as one of them does. */
  readonly media: readonly Media[];
  readonly ledger: readonly Outcome[];
  /** Paths of files that sitelift wrote: all others are left alone. */
  readonly owned: ReadonlySet<string>;
  /** True where the run that wrote it was cut off as it put its files in place. */
  readonly isCutOff: boolean;
}
