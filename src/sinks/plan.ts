/** What an archive will hold after a run: a calculation, before a byte is placed. */
import type { Outcome } from "../model.js";
import { checkBalance, type Imbalance } from "../validate/ledger.js";
import type { Finished } from "./finish.js";
import type { StoredFile } from "./media/shelf.js";
import { byCodeUnits } from "./order.js";
import { contentPaths } from "./paths.js";
import type { IndexedEntry, Previous } from "./previous.js";
import { type Run, settle } from "./settle.js";
import type { Span } from "./staging.js";

/** Where the bytes of an entry stand before it is finished: in the staging file of this run, or in the archive. */
export interface Source {
  readonly from: "run" | "archive";
  readonly entry: Span;
  /** Null when an earlier archive has lost it. */
  readonly provenance: Span | null;
  readonly hasMedia: boolean;
}

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

/** An entry of this run. */
export interface Taken extends IndexedEntry {
  readonly provenance: Span;
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
