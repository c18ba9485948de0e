/**
 * What a run found and what became of it. The walk fills its part, the command adds what it alone knows, the
 * archive the rest; the terminal, the `end` event, account.json, account.md and the exit code read this one
 * report. Types, and what a run begins with.
 */

import {
  type Code,
  FIELD_NAMES,
  type Finding,
  type Holding,
  type Outcome,
  type State,
  type TriedMemento,
} from "../model.js";
import type { RequisiteCost } from "./capture.js";
import type { FieldHealth, Health, SideHealth } from "./health.js";
import { type DeadLink, type Holdings, isLimit, isWithheld } from "./holdings.js";
import type { Imbalance } from "./ledger.js";

/** What became of one URL in this run. */
export type RunOutcome = Outcome & {
  /** Status of a failed response; it is not written. */
  readonly status?: number;
  /** True when an override excludes it: an earlier version goes too. */
  readonly withdrawn?: boolean;
};

/** One place of article pages, and what it holds on all of them. */
export interface Place extends Holding {
  /** A selector. */
  readonly place: string;
  /** On how many articles it holds something. */
  readonly articles: number;
  /** First words of at most three. */
  readonly samples: readonly string[];
  /** True where all of it leads to other pages. */
  readonly isLinked: boolean;
}

/** What article pages hold beside their fields, most articles first. The words of all pages are the sum of all of these. */
export interface Remains {
  readonly articles: number;
  /** Words in fields, and in what the site file removes. */
  readonly words: { readonly read: number; readonly removed: number };
  /** In no field, and the articles' own. */
  readonly left: readonly Place[];
  /** Menus, footers and side blocks: they repeat. */
  readonly furniture: readonly Place[];
  /** Rows of links to other articles. */
  readonly navigation: readonly Place[];
  /** What the site file ignores: `place` is its selector. */
  readonly ignored: readonly (Place & { readonly reason: string })[];
}

/** What one of several lists came to. */
export interface ListWalk {
  readonly name: string;
  readonly start: string;
  readonly listingPages: number;
  /** URLs that it named first: one that an earlier list named is counted there. */
  readonly listed: number;
  /** True when it was read to its end and nothing says that rows are missing. */
  readonly complete: boolean;
}

/** A capture of a listing page: how many rows it has, or why it was refused. */
export interface ListingMemento extends TriedMemento {
  readonly url: string;
  readonly rows: number;
}

/** From where a page is known that no row names: the index of a web archive (then it has a capture), or an archived feed or sitemap. */
export type Unlisted = "index" | "feed" | "sitemap";

/** What the walks of a run have seen: each continues that of the one before it. */
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
  /** True when every list was read to its end, whatever it lacks. */
  readonly ended: boolean;
  /** True when a limit ended the walk before the list did. */
  readonly cutOff: boolean;
  /** Languages whose lists were walked, where the site has several: the others are unknown. Null for all. */
  readonly languages: readonly string[] | null;
  /** What each of several lists came to; left out for a site with one. */
  readonly lists?: readonly ListWalk[];
  /** URLs of further first pages of the list walked last, as its first page prints them. */
  readonly starts?: readonly string[];
  /** URLs of the list in other languages, as its first page names them. */
  readonly listings: Readonly<Record<string, string>>;
  /** Captures of listing pages, of a site that was read from web archives. */
  readonly listingMementos?: readonly ListingMemento[];
  /** Of the same: pages that look like articles, that no captured listing page names, and from where they are known. */
  readonly unlisted?: readonly { readonly url: string; readonly foundIn: readonly Unlisted[] }[];
  /** URLs of feeds that the first pages of the lists name. */
  readonly feeds: readonly string[];
  /** URLs of earlier entries that lead to another URL now. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Why rows may be missing, one sentence each. */
  readonly gaps: readonly string[];
  /** Of those that another run would find again, why. */
  readonly lasting: readonly Code[];
  /** Those gaps, and that drift, by the name by which a site file accepts one. */
  readonly open: readonly Finding[];
  /** Findings that the site file accepts: they do not count. */
  readonly accepted: readonly (Finding & { readonly reason: string })[];
  /** What is worth a look and does not make the run incomplete, one sentence each. */
  readonly notes: readonly string[];
  /** Selectors that must match and matched nothing, one sentence each. */
  readonly drift: readonly string[];
  /** Why the first page could not be read; null when it was. */
  readonly unreachable: string | null;
  /** How often each warning was given, and where first. */
  readonly warnings: ReadonlyMap<string, { readonly count: number; readonly first: string }>;
  readonly health: Health;
  readonly remains: Remains;
}

const NO_SIDE: SideHealth = { of: 0, found: 0, ways: [] };
/** Of a field that nothing was read for. */
export const NO_FIELD: FieldHealth = { of: 0, present: 0, listing: NO_SIDE, article: NO_SIDE };

/** A walk before its first page. */
export const NOTHING_SEEN: Walk = {
  outcomes: [],
  listed: 0,
  listingPages: 0,
  taken: 0,
  complete: true,
  ended: true,
  cutOff: false,
  languages: null,
  listings: {},
  feeds: [],
  moved: [],
  gaps: [],
  lasting: [],
  open: [],
  accepted: [],
  notes: [],
  drift: [],
  unreachable: null,
  warnings: new Map(),
  health: Object.fromEntries(FIELD_NAMES.map((name) => [name, NO_FIELD])),
  remains: {
    articles: 0,
    words: { read: 0, removed: 0 },
    left: [],
    furniture: [],
    navigation: [],
    ignored: [],
  },
};

/** What the pages of a run need to be looked at: style sheets, scripts, fonts, icons, images. It is in the capture alone. */
export interface RequisiteReport {
  readonly load: "look" | "all";
  /** Files that are in the capture, and the bytes of their contents. */
  readonly files: number;
  readonly bytes: number;
  /** What is not, with the number of pages that need it and three of them; most pages first, at most a hundred. */
  readonly missing: readonly {
    readonly url: string;
    readonly reason: string;
    readonly pages: number;
    readonly samples: readonly string[];
  }[];
  /** How many more are missing. */
  readonly more: number;
  /** Where the budget was used up, or a page names too many files: one sentence each. */
  readonly notes: readonly string[];
  /** What fetching them took, and what it added to the capture; null where nothing was fetched. */
  readonly cost: RequisiteCost | null;
}

/** What the finding is called that a feed or sitemap of the site names articles which the list does not. */
export const NOT_IN_LIST = "not-in-list";

/** Those findings of a run, one sentence each. */
export function notInList({ open }: Pick<Walk, "open">): string[] {
  return open.filter(({ finding }) => finding === NOT_IN_LIST).map(({ message }) => message);
}

/** A run when its lists have been walked: what the archive needs to know of it. */
export interface Run extends Walk {
  /** True when it was stopped before its end. */
  readonly interrupted: boolean;
  /** Folder of its capture in the archive; null without one. */
  readonly capture: string | null;
  /** Dead links to other sites; left out where these were not asked. */
  readonly dead?: readonly DeadLink[];
  /** Null where no requisites were fetched. */
  readonly requisites: RequisiteReport | null;
  /** True when robots.txt was not asked. */
  readonly ignoredRobots: boolean;
  /** A sentence where every row links outside the site's origins; null otherwise. */
  readonly outside: string | null;
  readonly selectors: {
    /** Selectors that matched in the run before and match nothing now, one sentence each. */
    readonly lost: readonly string[];
    /** Selectors that may match nothing, and matched nothing in the whole run, one sentence each. */
    readonly unmatched: readonly string[];
    /** Fields below the share that the site file demands, one sentence each. */
    readonly thresholds: readonly string[];
  };
  /** Rows of the lists; null where the run read a part of them. */
  readonly rows: number | null;
  /** What the run has fewer of than the one before, one sentence each. */
  readonly fewer: readonly string[];
  /** Places that hold something on more than one article in twenty, in no field, one sentence each. */
  readonly leftBehind: readonly string[];
  /** What health.json is to hold, for the next run to compare with; null writes none. */
  readonly baseline: Health | null;
  /** Overrides that named nothing that was read: ids, URLs or paths. */
  readonly unusedOverrides: readonly string[];
}

/** A run and what became of everything. */
export interface RunReport extends Run {
  readonly site: string;
  readonly out: string;
  /** URLs of the whole ledger, and how many of them are in each state. */
  readonly counts: Readonly<Record<"listed" | State, number>>;
  /** Keys (`urlKey`) of URLs whose article is gone. */
  readonly gone: ReadonlySet<string>;
  /** Entries of this run against the archive before it, and those of earlier runs that stay. */
  readonly entries: {
    readonly new: number;
    readonly edited: number;
    /** Not edited on the site, but read in another way: its rules or sitelift changed. Left out where there is none. */
    readonly reread?: number;
    /** Their article has another URL now; their words may have changed too. */
    readonly renamed: number;
    readonly unchanged: number;
    /** Of the four before: gone in an earlier run, and listed again. */
    readonly returned: number;
    readonly kept: number;
    /** Of those kept: missed for the first time. */
    readonly gone: number;
    /** Earlier entries whose URL leads to another entry now. */
    readonly replaced: number;
  };
  /** Ids in the archive of entries that came under another id: the archive knew them by another URL. */
  readonly ids: ReadonlyMap<string, string>;
  /** What does not add up; empty when the ledger balances. */
  readonly balance: readonly Imbalance[];
  /** Files that were written, left alone and removed; null in a dry run. */
  readonly files: Readonly<Record<"written" | "unchanged" | "removed", number>> | null;
  /** What the archive holds; null in a dry run, which writes nothing. */
  readonly archive: Holdings | null;
  /**
   * Bytes of the run's capture and of all captures of the archive, and how many there are; null without a capture. It is
   * not in account.json, which is the same when the archive is built again from its captures.
   */
  readonly disk: {
    readonly capture: number;
    readonly captures: number;
    readonly count: number;
  } | null;
}

/** The report of a run that wrote its archive. */
export type Account = RunReport & { readonly archive: Holdings };

/** URLs of the articles of which the site file accepts that they failed, or were rejected. */
export function acceptedArticles(
  { accepted }: Pick<Walk, "accepted">,
  name: "article-failed" | "article-rejected",
): ReadonlySet<string> {
  return new Set(accepted.filter(({ finding }) => finding === name).map(({ place }) => place));
}

/** Those of listed articles that are missing, and that the site file does not accept. A limit is what was asked for. */
export function missingOf<T extends Pick<Holdings["notWritten"][number], "url" | "state" | "code">>(
  all: readonly (T & { readonly reason?: string | null })[],
  report: Pick<Walk, "accepted">,
) {
  const known = acceptedArticles(report, "article-failed");
  return all.filter((one) =>
    one.state === "not-reached"
      ? !isLimit(one.reason)
      : (one.state === "failed" || isWithheld(one)) && !known.has(one.url),
  );
}

/** What to add to `accept` of a site file, as JSON and TypeScript read it. */
export function acceptWords({ finding, place, count }: Omit<Finding, "message">): string {
  const counted = count === null ? "" : `, "count": ${count}`;
  return `{ "finding": "${finding}", "place": ${JSON.stringify(place)}${counted}, "reason": "…" }`;
}

/**
 * Findings that a site file may accept. On template drift those of the drift alone: the others may come from it, and to
 * accept them would hide it.
 */
export function acceptable({ open, drift }: Pick<Walk, "open" | "drift">): readonly Finding[] {
  return drift.length === 0 ? open : open.filter((one) => drift.some((line) => isOf(line, one)));
}

/** True for the finding that a line of drift, which may begin with the name of its list, is about. */
export function isOf(line: string, { message }: Finding): boolean {
  return line.endsWith(message);
}
