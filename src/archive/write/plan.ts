/** What an archive will hold after a run: a calculation, before a byte is placed. */

import type { Span } from "../../disk/staging.js";
import type { Outcome } from "../../model.js";
import { checkBalance, type Imbalance } from "../../schema/ledger.js";
import type { Run } from "../../schema/run-report.js";
import { byCodeUnits } from "../../text.js";
import type { Finished, IndexedEntry, Previous, Source, Taken } from "../nouns.js";
import { contentPaths } from "../paths.js";
import type { StoredFile } from "./media/shelf.js";
import { settle } from "./merge-ledger.js";

/** Everything that the archive will hold. */
export interface Plan {
  readonly site: string;
  readonly generator: string;
  /** Sorted by id, in their final form. */
  readonly entries: readonly Finished[];
  readonly ledger: readonly Outcome[];
  /** Media files by path. */
  readonly media: ReadonlyMap<string, StoredFile>;
  /** Text of each file that follows from the others. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files of quarantine that this run gives, by path. */
  readonly quarantine: ReadonlyMap<string, Span>;
  /** Files of quarantine that stay as they are. */
  readonly keptQuarantine: readonly string[];
}

/** The part of a plan that follows from entries and outcomes. */
export interface Calculation {
  /** Sorted by id. */
  readonly entries: readonly {
    readonly id: string;
    readonly path: string;
    readonly source: Source;
  }[];
  readonly ledger: readonly Outcome[];
  readonly kept: readonly IndexedEntry[];
  /** What does not add up. */
  readonly balance: readonly Imbalance[];
}

/** Settles the ledger, decides which earlier entries stay, and gives every entry its path. */
export function calculate(
  run: Run,
  taken: ReadonlyMap<string, Taken>,
  previous: Previous,
): Calculation {
  const written = [...taken.values()];
  const earlier = [...previous.entries.values()].filter(({ id }) => !taken.has(id));
  const settled = settle(run, written, earlier, previous.ledger);
  const kept = earlier.filter(({ id }) => settled.kept.has(id));
  const all: readonly IndexedEntry[] = [...written, ...kept];
  const paths = contentPaths(all);
  const entries = all.map(({ id, span, hasMedia }) => {
    const own = taken.get(id);
    const provenance = (own ?? previous.entries.get(id))?.provenance ?? null;
    const from = own === undefined ? ("archive" as const) : ("run" as const);
    return { id, path: paths.get(id) ?? "", source: { from, entry: span, provenance, hasMedia } };
  });
  const { ledger, carried } = settled;
  // The ledger has one line for an address that the run gave twice; the check must see both.
  const balance = checkBalance(
    [...ledger, ...repeated(run.outcomes)],
    run.listed + carried,
    new Set(paths.keys()),
  );
  return { entries: entries.sort((a, b) => byCodeUnits(a.id, b.id)), ledger, kept, balance };
}

function repeated(outcomes: readonly Outcome[]): Outcome[] {
  const seen = new Set<string>();
  return outcomes.filter(({ url }) => seen.size === seen.add(url).size);
}
