/** What is compared: the state of an archive, now or after an earlier run. */
import type { EntryData, Markup, Outcome, State } from "../../model.js";

/** An entry as a state knows it without reading it. */
export interface StoodEntry {
  readonly id: string;
  /** SHA-256 of its version: two entries with one hash are equal. */
  readonly hash: string;
  /** SHA-256 of what its pages say, whatever the archive makes of it: links between entries, paths of media. */
  readonly read: string;
  /** `written`, or why the run did not read it. */
  readonly state: State;
  readonly url: string;
  readonly title: string;
  readonly path: string;
  /** Time of the first run in a row that missed it; null when it is not gone, or no snapshot tells. */
  readonly goneSince: string | null;
  /** Hashes of the templates around its row and of its page; null when no snapshot tells. */
  readonly markup: Markup | null;
}

/** One version of an entry, whole. */
export interface Version {
  readonly data: EntryData;
  readonly body: string;
}

export interface ArchiveState {
  /** Folder of the archive. */
  readonly root: string;
  /** When the run began that left it; null when no snapshot tells. */
  readonly time: string | null;
  /** Whether that run read the listing to its end. */
  readonly complete: boolean;
  /** By id. */
  readonly entries: ReadonlyMap<string, StoodEntry>;
  /** The ledger by the keys of its addresses (`urlKey`); null for an earlier state. */
  readonly ledger: ReadonlyMap<string, Outcome> | null;
  read(entry: StoodEntry): Promise<Version>;
}
