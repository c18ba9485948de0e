/** What an archive holds and lacks: the part of a report that account.json keeps. Types, and what is withheld. */
import type { Code, Loss, Outcome, State } from "../model.js";

/** A link to another site, and the date of an article that has it, `YYYY-MM-DD`. */
export interface OutsideLink {
  readonly url: string;
  readonly day: string | null;
}

/** One that is known to be dead. */
export interface DeadLink extends OutsideLink {
  /** What came when it was asked. */
  readonly why: string;
  /** URL of the capture that is nearest to the day; null where there is none. */
  readonly capture: string | null;
  /** Why there is none. */
  readonly without?: string;
}

/** The month of entries without a date. */
export const UNDATED = "undated";

type Counts = Readonly<Record<string, number>>;

/** A link that leads nowhere in the archive, and the entry that holds it. */
export interface UnresolvedLink {
  readonly entry: string;
  readonly address: string;
  /** State of the page in the ledger; null when no row ever named it. */
  readonly state: string | null;
}

/** True for what a web archive has and does not show: robots.txt and scope leave out what is not wanted, this does not. */
export function isWithheld({ state, code }: Pick<Outcome, "state" | "code">): boolean {
  return state === "excluded" && code === "not-archived";
}

/** True for the reason of an article that a limit left out. */
export function isLimit(reason: string | null | undefined): boolean {
  return reason?.startsWith("limit of ") === true;
}

/** What an archive is whose entries come from captures of web archives. Times are `YYYY-MM-DDThh:mm:ssZ`. */
export interface Composite {
  /** How many entries do. */
  readonly entries: number;
  /** How many of each web archive. */
  readonly archives: Counts;
  /** The oldest, the middle and the newest of their captures. */
  readonly from: string;
  readonly median: string;
  readonly to: string;
  /** By month of the capture (`YYYY-MM`), how many of each web archive; archives of older versions have none. */
  readonly spread?: Readonly<Record<string, Counts>>;
  /** Listed URLs that no archive has a capture of. */
  readonly neverCaptured: readonly string[];
  /** Images and attachments whose capture is more than 30 days from that of their page. */
  readonly farMedia: readonly {
    readonly entry: string;
    readonly address: string;
    readonly days: number;
  }[];
}

/** URLs that a list named, and how many are in each state. */
type ListHoldings = Readonly<Record<"listed" | "alsoInOthers" | State, number>>;

/**
 * What an archive holds and lacks, as account.json says it: it follows from the entries, their provenance and
 * the ledger, and not from when or how often a crawl was run. Lists of entries hold their ids.
 */
export interface Holdings {
  readonly entries: number;
  /** Not there for an archive of a live site. */
  readonly composite?: Composite;
  /** What each of several lists named, by its name; left out for a site with one. */
  readonly lists?: Readonly<Record<string, ListHoldings>>;
  readonly languages: Counts;
  /** By month (`YYYY-MM`, or `UNDATED`) and type; the type of entries without one is empty. */
  readonly months: Readonly<Record<string, Counts>>;
  /** By field, from where its value came: `article`, `listing`, `override`, `unknown`, or `none` without a value. */
  readonly coverage: Readonly<Record<string, Counts>>;
  /** Listed URLs that no new entry came of, each with its reason. */
  readonly notWritten: readonly {
    readonly url: string;
    readonly state: State;
    readonly reason: string | null;
    readonly code?: Code | undefined;
    readonly entry: string | null;
  }[];
  readonly warnings: readonly {
    readonly code: string;
    readonly entries: readonly { readonly entry: string; readonly message: string }[];
  }[];
  /** Entries without a value, by field. */
  readonly missing: Readonly<Record<"date" | "type" | "summary" | "body", readonly string[]>>;
  readonly losses: readonly {
    readonly construct: string;
    readonly kind: Loss["kind"];
    readonly count: number;
    readonly entries: number;
    readonly sample: string;
  }[];
  readonly media: {
    readonly files: number;
    readonly bytes: number;
    /** How often entries name a stored file. */
    readonly named: number;
    readonly kinds: readonly {
      readonly mediaType: string;
      readonly files: number;
      readonly bytes: number;
    }[];
    readonly failed: readonly {
      readonly address: string;
      readonly reason: string;
      readonly entries: readonly string[];
    }[];
  };
  readonly links: {
    readonly entries: number;
    readonly files: number;
    readonly external: number;
    readonly other: number;
    /** Those to other sites, by host. */
    readonly hosts: Counts;
    readonly embedded: readonly UnresolvedLink[];
    readonly notMigrated: readonly UnresolvedLink[];
    readonly broken: readonly UnresolvedLink[];
    /** Dead links to other sites, with the capture that they lead to now; left out where these were not asked. */
    readonly dead?: readonly (Omit<DeadLink, "url" | "day"> & {
      readonly entry: string;
      readonly address: string;
    })[];
    readonly fragments: readonly {
      readonly entry: string;
      readonly target: string;
      readonly fragment: string;
    }[];
  };
  readonly translations: {
    /** Entries that have at least one. */
    readonly linked: number;
    /** By language, how many of its entries have a translation into which other one. */
    readonly pairs: Readonly<Record<string, Counts>>;
    /** For each language of the archive: entries in other languages that have no translation into it. */
    readonly without: Counts;
    /** Translations that a page names and the archive does not hold. */
    readonly missing: readonly {
      readonly id: string;
      readonly language: string;
      readonly address: string;
    }[];
  };
  readonly overrides: {
    readonly applied: readonly { readonly entry: string; readonly keys: readonly string[] }[];
    readonly excluded: readonly string[];
    readonly unknown: readonly string[];
  };
  /** How many old URLs redirects.csv names. */
  readonly redirects: number;
}
