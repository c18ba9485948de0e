/** A site: what to read and where, as plain data. */
import type { FieldName } from "../model.js";
import type { ListingKind, Preset, SiteInput } from "./schema.js";

export type { Preset, SiteInput };

/** One way to read a field. */
export interface Alternative {
  readonly select: string;
  readonly attribute: string | null;
  readonly read: "text" | "html" | "own";
  readonly all: boolean;
}

export interface FieldRules {
  readonly listing: readonly Alternative[];
  readonly article: readonly Alternative[];
  readonly prefer: "listing" | "article" | "same";
  readonly required: boolean;
  readonly empty: readonly string[];
}

/** A site, checked and complete: presets merged, every default filled in. */
export interface Site {
  readonly name: string;
  readonly start: string;
  readonly language: string;
  /** Coding of the pages; null where they say it themselves. */
  readonly encoding: string | null;
  readonly origins: readonly string[];
  readonly remove: readonly string[];
  /** Findings that are known and right. */
  readonly accept: readonly {
    readonly finding: string;
    readonly place: string;
    readonly count?: number | undefined;
    readonly reason: string;
  }[];
  /** Parts of article pages that are in no field, on purpose. */
  readonly ignore: readonly { readonly select: string; readonly reason: string }[];
  /** Parameters of URLs that hold a session on this site, in lower case. */
  readonly sessionParameters: readonly string[];
  readonly media: { readonly origins: readonly string[] };
  /** What a crawl stores so that pages can be looked at, and its budget. */
  readonly requisites: {
    readonly load: "none" | "look" | "all";
    readonly files: number;
    readonly bytes: number;
  };
  /** The site in other languages that it knows, each complete, but for the start. */
  readonly languages: Readonly<Record<string, Omit<Site, "languages">>>;
  readonly politeness: { readonly delay: number; readonly concurrency: number };
  /** The least share of articles that must have a field. */
  readonly health: Readonly<Partial<Record<FieldName, number | undefined>>>;
  readonly listing: {
    readonly kind: ListingKind;
    /** Regular expressions, one of which finds the URL of each row; none for all rows. */
    readonly match: readonly string[];
    readonly total: readonly Alternative[];
    /** Where pages are counted, and no link leads on; `until` is null where an empty page is the end. */
    readonly counted: {
      readonly template: string;
      readonly from: number;
      readonly step: number;
      readonly until: number | null;
    } | null;
    readonly within: readonly string[];
    readonly rows: readonly string[];
    readonly link: readonly Alternative[];
    readonly next: readonly Alternative[];
    readonly current: readonly string[];
    readonly pageLinks: readonly string[];
    readonly pageParameter: string | null;
    /** True when a list without a pager is asked for its second page. */
    readonly probe: boolean;
    readonly empty: readonly string[];
  };
  readonly article: {
    readonly follow: boolean;
    readonly translations: readonly string[];
    readonly media: readonly string[];
  };
  readonly fields: Readonly<Record<FieldName, FieldRules>> & {
    readonly date: FieldRules & {
      readonly formats: readonly string[];
      readonly locales: readonly string[];
      readonly months: readonly string[] | undefined;
      /** Dates of the list that contradict each other, for a sentence: set by a walk, not by a site file. */
      readonly contradiction?: string | null;
    };
    readonly type: FieldRules & {
      readonly values: Readonly<Record<string, string | null>> | null;
      readonly unknownValues: "error" | "keep" | "null";
    };
  };
}

/** Gives a site file its types; what it says is checked when it is loaded. */
export function defineSite(site: SiteInput): SiteInput {
  return site;
}
