/** The account of a run: what became of everything, and where to look. */

import type { Outcome, State } from "../model.js";
import { countStates, type Imbalance } from "../validate/ledger.js";
import { FILES } from "./layout.js";
import type { Touched } from "./place.js";
import type { IndexedEntry, Previous } from "./previous.js";

export interface Account {
  /** True when nothing was written: then it says what would have come of it. */
  readonly dryRun: boolean;
  /** Addresses of the whole ledger, and how many of them are in each state. */
  readonly listed: number;
  readonly counts: Readonly<Record<State, number>>;
  /** Entries of this run against the archive before it, and those of earlier runs that stay. */
  readonly entries: {
    readonly new: number;
    readonly edited: number;
    readonly unchanged: number;
    readonly kept: number;
    /** Earlier entries whose article has another address now. */
    readonly replaced: number;
  };
  /** Entries with at least one warning. */
  readonly withWarnings: number;
  /** What does not add up; empty when the ledger balances. */
  readonly balance: readonly Imbalance[];
  /** Files that were touched; null in a dry run. */
  readonly files: Readonly<Touched> | null;
  /** Paths in the archive that deserve a look, each with the reason. */
  readonly look: readonly { readonly path: string; readonly why: string }[];
}

/** Sums up a run. */
export function accountOf(run: {
  readonly ledger: readonly Outcome[];
  readonly written: readonly IndexedEntry[];
  readonly kept: readonly IndexedEntry[];
  readonly previous: Previous;
  readonly balance: readonly Imbalance[];
  readonly files: Readonly<Touched> | null;
}): Account {
  const { ledger, written, kept, previous, balance, files } = run;
  const counts = countStates(ledger);
  const entries = { new: 0, edited: 0, unchanged: 0, kept: kept.length, replaced: 0 };
  for (const { id, hash } of written) {
    const before = previous.entries.get(id)?.hash;
    entries[before === undefined ? "new" : before === hash ? "unchanged" : "edited"]++;
  }
  entries.replaced = previous.entries.size - kept.length - entries.edited - entries.unchanged;
  const withWarnings = written.filter(({ hasWarnings }) => hasWarnings).length;
  const look = LOOKS.map(([path, why, ...states]) => {
    const sum = states.reduce((total, state) => total + counts[state], 0);
    return { path, why: `${sum} ${why}`, sum };
  }).filter(({ sum }) => sum > 0);
  return {
    dryRun: files === null,
    listed: ledger.length,
    counts,
    entries,
    withWarnings,
    balance,
    files,
    look: look.map(({ path, why }) => ({ path, why })),
  };
}

const LOOKS: readonly (readonly [path: string, why: string, ...states: State[]])[] = [
  ["content/", "written", "written"],
  ["quarantine/", "rejected: the record, its issues and the page of each", "rejected"],
  [
    FILES.ledger,
    "failed, gone or not reached, each with its reason",
    "failed",
    "gone",
    "not-reached",
  ],
];
