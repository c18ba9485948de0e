/** What an archive will hold after a run: planned before a byte of it changes. Pure. */

import { checkBalance, type Imbalance } from "../../schema/ledger.js";
import type { Run, RunOutcome } from "../../schema/run-report.js";
import { byCodeUnits } from "../../text.js";
import type { ArchivedEntry, ArchiveIndex, StagedEntry } from "../nouns.js";
import { contentPaths } from "../paths.js";
import { type MergedLedger, mergeLedger } from "./merge-ledger.js";

export interface Plan extends MergedLedger<ArchivedEntry> {
  /** Entries of the run, and earlier ones that stay: sorted by id. */
  readonly entries: readonly (StagedEntry | ArchivedEntry)[];
  /** Path of the content file of each, by id. */
  readonly paths: ReadonlyMap<string, string>;
  /** What does not add up. */
  readonly balance: readonly Imbalance[];
}

/** Merges the ledger, decides which earlier entries stay, and gives every entry its path. */
export function plan(run: Run, written: readonly StagedEntry[], index: ArchiveIndex): Plan {
  const ids = new Set(written.map(({ id }) => id));
  const earlier = [...index.entries.values()].filter(({ id }) => !ids.has(id));
  const merged = mergeLedger(run, written, earlier, index.ledger);
  const entries = [...written, ...merged.kept].sort((a, b) => byCodeUnits(a.id, b.id));
  const paths = contentPaths(entries);
  // The ledger has one line for a URL that the run gave twice; the check must see both.
  const lines = [...merged.ledger, ...repeated(run.outcomes)];
  const balance = checkBalance(lines, run.listed + merged.carried, new Set(paths.keys()));
  return { ...merged, entries, paths, balance };
}

function repeated(outcomes: readonly RunOutcome[]): RunOutcome[] {
  const seen = new Set<string>();
  return outcomes.filter(({ url }) => seen.size === seen.add(url).size);
}
