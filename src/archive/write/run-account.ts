/** The account of a run: what became of everything, and where to look. */

import type { Outcome, State } from "../../model.js";
import { countStates, type Imbalance } from "../../schema/ledger.js";
import { urlKey } from "../../url.js";
import { FILES } from "../layout.js";
import type { IndexedEntry, Previous } from "../nouns.js";
import { statesOf } from "../snapshots.js";
import type { ClosingAccount } from "./account.js";
import type { Touched } from "./commit.js";

export interface Account {
  /** True when nothing was written: then it says what would have come of it. */
  readonly dryRun: boolean;
  /** Addresses of the whole ledger, and how many of them are in each state. */
  readonly listed: number;
  readonly counts: Readonly<Record<State, number>>;
  /** Keys (`urlKey`) of addresses whose article is gone. */
  readonly gone: ReadonlySet<string>;
  /** Entries of this run against the archive before it, and those of earlier runs that stay. */
  readonly entries: {
    readonly new: number;
    readonly edited: number;
    /** Their article has another address now; their words may have changed too. */
    readonly renamed: number;
    readonly unchanged: number;
    /** Of the four before: gone in an earlier run, and listed again. */
    readonly returned: number;
    readonly kept: number;
    /** Of those kept: missed for the first time. */
    readonly gone: number;
    /** Earlier entries whose address leads to another entry now. */
    readonly replaced: number;
  };
  /** Ids in the archive of entries that came under another id: the archive knew them by another address. */
  readonly ids: ReadonlyMap<string, string>;
  /** Entries with at least one warning. */
  readonly withWarnings: number;
  /** What does not add up; empty when the ledger balances. */
  readonly balance: readonly Imbalance[];
  /** Files that were touched; null in a dry run. */
  readonly files: Readonly<Touched> | null;
  /** What account.json of the archive says; null in a dry run. */
  readonly closing: ClosingAccount | null;
  /** Paths in the archive that deserve a look, each with the reason. */
  readonly look: readonly { readonly path: string; readonly why: string }[];
}

interface Done {
  readonly ledger: readonly Outcome[];
  readonly written: readonly IndexedEntry[];
  readonly kept: readonly IndexedEntry[];
  readonly previous: Previous;
  readonly ids: ReadonlyMap<string, string>;
  readonly balance: readonly Imbalance[];
  readonly closing: ClosingAccount | null;
}

/** Sums up a run whose files have not been placed yet. */
export function accountOf(run: Done): Account {
  const { ledger, written, ids, balance, closing } = run;
  const counts = countStates(ledger);
  const entries = countEntries(run);
  const withWarnings = written.filter(({ hasWarnings }) => hasWarnings).length;
  const look = LOOKS.map(([path, why, ...states]) => {
    const sum = states.reduce((total, state) => total + counts[state], 0);
    return { path, why: `${sum} ${why}`, sum };
  }).filter(({ sum }) => sum > 0);
  return {
    dryRun: closing === null,
    listed: ledger.length,
    counts,
    gone: new Set(ledger.flatMap(({ url, state }) => (state === "gone" ? urlKey(url) : []))),
    entries,
    ids,
    withWarnings,
    balance,
    files: null,
    closing,
    look: [...look.map(({ path, why }) => ({ path, why })), ...(closing === null ? [] : [SIGN])],
  };
}

/** Compares the entries of a run with the archive before it. */
function countEntries({ ledger, written, kept, previous }: Done): Account["entries"] {
  const [before, after] = [statesOf(previous.ledger), statesOf(ledger)];
  const isNewlyGone = ({ id }: IndexedEntry) =>
    after.get(id) === "gone" && before.get(id) !== "gone";
  const sums = { new: 0, edited: 0, renamed: 0, unchanged: 0 };
  for (const entry of written) sums[verdictOn(entry, previous.entries.get(entry.id))]++;
  return {
    ...sums,
    returned: written.filter(({ id }) => before.get(id) === "gone").length,
    kept: kept.length,
    gone: kept.filter(isNewlyGone).length,
    replaced: previous.entries.size - kept.length - (written.length - sums.new),
  };
}

function verdictOn(entry: IndexedEntry, before: IndexedEntry | undefined) {
  if (before === undefined) return "new";
  if (urlKey(entry.sourceUrl) !== urlKey(before.sourceUrl)) return "renamed";
  const same =
    entry.substance === before.substance && entry.aliases.join("\n") === before.aliases.join("\n");
  return same ? "unchanged" : "edited";
}

const SIGN = { path: FILES.accountText, why: "all of it, for the person who signs" };

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
