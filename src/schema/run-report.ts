/**
 * What a run found and what became of it. The walk fills its part, the command adds what it alone knows, the
 * archive the rest; the terminal, the `end` event, account.json, account.md and the exit code read this one
 * report. Types only, and the walk before its first page.
 */
import { FIELD_NAMES, type Outcome } from "../model.js";
import type { Health, SideHealth } from "./health.js";

/** What became of one URL in this run. */
export type RunOutcome = Outcome & {
  /** Status of a failed response; it is not written. */
  readonly status?: number;
  /** True when a person has decided that the archive shall not hold it: an earlier version goes too. */
  readonly withdrawn?: boolean;
};

/** What the walks of a run have seen: each goes on with that of the one before it. */
export interface Walk {
  /** One for each listed URL. */
  readonly outcomes: readonly RunOutcome[];
  /** Distinct URLs that rows named, counted apart from the outcomes. */
  readonly listed: number;
  readonly listingPages: number;
  /** How many articles were to be read. */
  readonly taken: number;
  /** True when every list was read to its end and nothing says that rows are missing: what it no longer names is gone. */
  readonly complete: boolean;
  /** True when a limit ended the walk before the list did. */
  readonly cutOff: boolean;
  /** Languages whose lists were walked, where the site has several: the others are unknown. Null for all. */
  readonly languages: readonly string[] | null;
  /** URLs of the list in other languages, as its first page names them. */
  readonly listings: Readonly<Record<string, string>>;
  /** URLs of earlier entries that lead to another URL now. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Why rows may be missing, one sentence each. */
  readonly gaps: readonly string[];
  /** What is worth a look and does not make the run incomplete, one sentence each. */
  readonly notes: readonly string[];
  /** Selectors that must match and matched nothing, one sentence each. */
  readonly drift: readonly string[];
  /** Why the first page could not be read; null when it was. */
  readonly unreachable: string | null;
  /** How often each warning was given, and where first. */
  readonly warnings: ReadonlyMap<string, { readonly count: number; readonly first: string }>;
  /** What the selectors of each field did. */
  readonly health: Health;
}

const NO_SIDE: SideHealth = { of: 0, found: 0, ways: [] };
const NO_FIELD = { of: 0, present: 0, listing: NO_SIDE, article: NO_SIDE };

/** A walk before its first page. */
export const NOTHING_SEEN: Walk = {
  outcomes: [],
  listed: 0,
  listingPages: 0,
  taken: 0,
  complete: true,
  cutOff: false,
  languages: null,
  listings: {},
  moved: [],
  gaps: [],
  notes: [],
  drift: [],
  unreachable: null,
  warnings: new Map(),
  health: Object.fromEntries(FIELD_NAMES.map((name) => [name, NO_FIELD])) as Health,
};
