/** The nouns of the archive: an entry, what an archive holds and what a run writes, as memory has them. Types only. */
import type { Disk } from "../disk/disk.js";
import type { Span } from "../disk/staging.js";
import type { Media, Outcome, TemplateFingerprints } from "../model.js";
import type { OwnShape } from "../schema/fields.js";
import type { SnapshotEntry } from "../schema/snapshot.js";

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
}

/** What the next snapshot takes over from the last one. */
export interface LastSnapshot {
  readonly file: string;
  readonly sha256: string;
  readonly generator: string;
  readonly rules: string | null | undefined;
  readonly entries: ReadonlyMap<string, Pick<SnapshotEntry, "markup" | "goneSince">>;
}

export interface ArchiveOptions {
  /** Name of the site; an archive of another site is refused. */
  readonly site: string;
  /** Program and version, such as `sitelift 1.0.0`. */
  readonly generator: string;
  /** Origins of the site: a link to one of them is one to the site. */
  readonly origins?: readonly string[];
  /** What entries of the site have beside the keys of every entry. */
  readonly own?: OwnShape;
  /** Read and calculate everything, write nothing. */
  readonly dryRun?: boolean;
  /** For the snapshot of the run. Without this, it leaves none. */
  readonly snapshot?: {
    /** When the run began: ISO 8601, in UTC. */
    readonly time: string;
    /** When its pages were fetched, where the capture of the run does not say it. */
    readonly captured?: string | null;
    /** SHA-256 of what decides how pages are read: the site file and the overrides. */
    readonly rules?: string;
  };
  readonly disk?: Disk;
}

/** What a run has staged, without its texts. */
export interface Staged {
  readonly entries: readonly StagedEntry[];
  /** Of the texts. */
  readonly digest: string;
  /** What they show and offer, and why some of that did not come. */
  readonly media: readonly Pick<Media, "sourceUrl" | "kind">[];
  readonly failures: readonly (readonly [url: string, reason: string])[];
}
