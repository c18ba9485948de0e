/** A site: what to read and where, as plain data. */

import type { Offsets } from "../dates/time.js";
import { FIELD_NAMES } from "../model.js";
import type { FieldShape, Kind, OwnShape, SingleKind } from "../schema/fields.js";
import type { ArchiveInput } from "../schema/web-archive.js";
import type { OwnFieldInput } from "./field-schema.js";
import type { ListingKind } from "./listing-schema.js";
import type { Preset, SiteInput } from "./schema.js";
import type { Checked } from "./typed.js";

export type { OwnFieldInput, Preset, SingleKind, SiteInput };

/** One way to read a field. */
export interface Alternative {
  readonly select: string;
  readonly attribute: string | null;
  readonly read: "text" | "html" | "own" | "json-ld";
  readonly all: boolean;
}

/** How a field is read, and what becomes of its words. */
export interface FieldRules {
  /** The five fields of every entry have kinds too, which no site file sets. */
  readonly kind: Kind;
  /** Kind of one value: that of the field but for a list. */
  readonly of: SingleKind;
  readonly listing: readonly Alternative[];
  readonly article: readonly Alternative[];
  readonly prefer: "listing" | "article" | "same";
  readonly required: boolean;
  readonly empty: readonly string[];
  /** Of dates. */
  readonly formats: readonly string[];
  readonly locales: readonly string[];
  readonly months: readonly string[] | undefined;
  /** Dates of the list that contradict each other, for a sentence: set by a walk, not by a site file. */
  readonly contradiction?: string | null;
  /** Of a choice or a boolean. */
  readonly values: Readonly<Record<string, string | boolean | null>> | null;
  readonly unknownValues: "error" | "keep" | "null";
  /** Of a number: the sign before its decimals, where the site file names it. */
  readonly decimal: "." | "," | null;
  /** Of a list: what separates values in one text. */
  readonly split: string | null;
}

type ReservedField = (typeof FIELD_NAMES)[number];

/** A site, checked and complete: presets merged, every default filled in. */
export interface Site {
  readonly name: string;
  /** Which of several lists this is; null for a site with one. */
  readonly list: string | null;
  readonly start: string;
  /** What else begins the list: a URL for each element that its first page prints. */
  readonly starts: Starts | null;
  /** True for what begins at one of these: it may have no rows. */
  readonly isOneOfStarts: boolean;
  readonly language: string;
  /** Offsets of the time zone of times that are printed without one; null where the site file names none. */
  readonly zone: Offsets | null;
  /** Coding of the pages; null where they say it themselves. */
  readonly encoding: string | null;
  readonly origins: readonly string[];
  readonly remove: readonly string[];
  /** Findings that are known and right. */
  readonly accept: Readonly<NonNullable<Preset["accept"]>>;
  /** Parts of article pages that are in no field, on purpose. */
  readonly ignore: Readonly<NonNullable<Preset["ignore"]>>;
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
  readonly languages: Readonly<Record<string, Omit<Site, "languages" | "lists">>>;
  /** Each list complete; empty for a site with one. The site itself is then as all lists have it, its start the first's. */
  readonly lists: readonly Omit<Site, "lists">[];
  /** Type of entries whose pages print none; null for none. */
  readonly type: string | null;
  /** What its entries have beside the keys of every entry. */
  readonly own: OwnShape;
  /** Web archives from which it may be read. */
  readonly archive: readonly ArchiveInput[];
  readonly politeness: { readonly delay: number; readonly concurrency: number };
  /** The least share of articles that must have a field. */
  readonly health: Readonly<Record<string, number>>;
  /** Shares that a whole run may have fewer of than the one before it; null where they are not compared. */
  readonly fewer: { readonly rows: number; readonly coverage: number } | null;
  readonly listing: {
    readonly kind: ListingKind;
    /** Regular expressions, one of which finds the URL of each row; none for all rows. */
    readonly match: readonly string[];
    /** Where the HTML is in a page of the list that is JSON; left out where the site file names none. */
    readonly fragment?: string;
    readonly total: readonly Alternative[];
    /** Where pages are counted, and no link leads on; `until` is null where an empty page is the end. */
    readonly counted: {
      readonly template: string;
      readonly from: number;
      readonly step: number;
      readonly until: number | null;
      readonly post?: PostRules;
    } | null;
    /** Where a JSON answer gives a value that asks for the next page, and the parameter that takes it. */
    readonly cursor: {
      readonly select: string;
      readonly parameter: string;
      readonly post?: PostRules;
    } | null;
    /** What submits the form that leads to the next page, and fields that its script fills; left out where the site file names none. */
    readonly submit?: {
      readonly select: readonly string[];
      readonly set: Readonly<Record<string, string>> | null;
    };
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
    /** Where a browser shows the pages if the first one has no rows without; left out for never. */
    readonly render?: "when-empty";
  };
  readonly article: {
    readonly follow: boolean;
    /** Left out where there are none. */
    readonly pages?: readonly string[];
    readonly translations: readonly string[];
    readonly media: readonly string[];
  };
  readonly fields: Readonly<Record<ReservedField, FieldRules> & Record<string, FieldRules>>;
}

/** Where listing pages answer to POST. */
export interface PostRules {
  readonly url: string;
  /** With `{n}` or `{cursor}`, and names of values. */
  readonly body: string;
  readonly type: string;
  /** Values of the first page that are sent along. */
  readonly values: readonly {
    readonly name: string;
    readonly select: string;
    readonly attribute: string | null;
    readonly match: string | null;
  }[];
  readonly cursor: readonly Alternative[];
}

export interface Starts {
  readonly select: readonly string[];
  readonly attribute: string | null;
  readonly url: string | null;
}

/** Fields of a site: the five of every entry first, in their order, then its own. */
export function fieldsInOrder({ fields }: Pick<Site, "fields">): [string, FieldRules][] {
  const reserved = FIELD_NAMES.map((name): [string, FieldRules] => [name, fields[name]]);
  return [...reserved, ...Object.entries(fields).filter(([name]) => !isReserved(name))];
}

/** Names of a site's own fields, as its site file orders them. */
export function ownNames({ fields }: Pick<Site, "fields">): string[] {
  return Object.keys(fields).filter((name) => !isReserved(name));
}

/** True for one of the five fields of every entry. */
export function isReserved(name: string): name is ReservedField {
  return (FIELD_NAMES as readonly string[]).includes(name);
}

/** What an archive has to know of the fields of a site. */
export function shapesOf(site: Pick<Site, "fields">): Record<string, FieldShape> {
  return Object.fromEntries(ownNames(site).map((name) => [name, shapeOf(site.fields[name])]));
}

function shapeOf(rules: FieldRules | undefined): FieldShape {
  const { kind = "text", of = "text", values = null, unknownValues, required } = rules ?? {};
  const isClosed = of === "choice" && values !== null && unknownValues !== "keep";
  const choices = Object.values(values ?? {}).filter((one) => typeof one === "string");
  return {
    kind,
    ...(kind === "list" ? { of } : {}),
    ...(isClosed ? { choices: [...new Set(choices)] } : {}),
    ...(required ? { required } : {}),
  };
}

/** A site whose list begins at another URL, which may be on an origin of its own. */
export function startingAt(site: Site, start: string): Site {
  return { ...site, start, origins: [...site.origins, new URL(start).origin] };
}

/** A site as it is walked in another language. @param start URL of its listing in that language */
export function inOtherLanguage(site: Site, language: string, start: string): Site {
  const known = site.languages[language] ?? site.languages[language.split("-")[0] ?? ""] ?? site;
  const { politeness, article, origins, list, type, own } = site;
  return {
    ...known,
    ...{ list, type, own, lists: [], starts: null, isOneOfStarts: false },
    languages: site.languages,
    language,
    start,
    origins,
    politeness,
    article: { ...known.article, follow: article.follow },
  };
}

/** Gives a site file its types; what it says is checked when it is loaded. */
export function defineSite<const S extends SiteInput>(site: Checked<S>): S {
  return site;
}
