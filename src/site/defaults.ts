/** The defaults of a site: what counts where its site file and its preset say nothing. */

import type { z } from "zod";
import type { Kind, SingleKind } from "../schema/fields.js";
import { originsOf } from "../url/url.js";
import { pathSelector } from "./data-path.js";
import type { OwnFieldInput } from "./field-schema.js";
import { startOfKind } from "./listing-kinds.js";
import type { counted, ListingKind, posted } from "./listing-schema.js";
import type { Preset } from "./schema.js";
import {
  type Alternative,
  type FieldRules,
  isReserved,
  type PostRules,
  type Site,
  shapesOf,
} from "./site.js";
import { offsetsOf } from "./zone.js";

const RESERVED_KINDS: Readonly<Record<string, SingleKind>> = {
  title: "text",
  summary: "text",
  body: "html",
  date: "date",
  type: "choice",
};

/** What a site has for one of several lists alone. */
export type ListFacts = Pick<Site, "starts" | "type"> & { readonly name: string | null };
const ONLY_LIST: ListFacts = { name: null, starts: null, type: null };

type Listing = NonNullable<Preset["listing"]>;
/** Where a path in JSON begins; null where the page that it is read from is no JSON. */
type From = ":scope" | "json" | null;

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Reads selectors as a site file writes them; those of a list that is JSON may be paths. */
function readerOf(kind: string) {
  const pathIn = (path: string, from: From) =>
    from !== null && /json/.test(kind) ? pathSelector(path, from) : path;
  const ways = (
    value: Listing["link"],
    read: "text" | "html",
    attribute: string | null = null,
    from: From = "json",
  ): readonly Alternative[] =>
    list(value).map((way) =>
      typeof way === "string"
        ? { select: pathIn(way, from), attribute, read, all: false }
        : {
            select: pathIn(way.select, from),
            attribute: way.attribute ?? (way.read ? null : attribute),
            read: way.read ?? read,
            all: way.all ?? false,
          },
    );
  return { pathIn, ways };
}
type Reader = ReturnType<typeof readerOf>;

/** @param given every option of any field, of which one that is not for its kind was refused */
function fieldRules(name: string, given: Partial<OwnFieldInput>, { ways }: Reader): FieldRules {
  const kind: Kind = RESERVED_KINDS[name] ?? given.kind ?? "text";
  const of = kind === "list" ? (given.of ?? "text") : kind;
  const read = of === "html" ? "html" : "text";
  return {
    kind,
    of,
    listing: ways(given.listing, read, null, ":scope"),
    article: ways(given.article, read, null, null),
    prefer: given.prefer ?? "article",
    required: given.required ?? (name === "title" || name === "body"),
    empty: given.empty ?? [],
    formats: given.formats ?? [],
    locales: given.locales ?? [],
    months: given.months,
    values: given.values ?? null,
    unknownValues: given.unknownValues ?? (given.values ? "error" : "keep"),
    decimal: given.decimal ?? null,
    split: given.split ?? null,
  };
}

/** The way to the next page: links, a form, a value that asks for it, or a count. */
function nextRules(
  { next = ["a[rel~=next]", "link[rel~=next]"], fragment }: Listing,
  { pathIn, ways }: Reader,
): Pick<Site["listing"], "next" | "submit" | "cursor" | "counted"> {
  const none = { next: [], cursor: null, counted: null };
  if (typeof next === "string" || Array.isArray(next) || "select" in next)
    return { ...none, next: ways(next, "text", "href") };
  if ("template" in next)
    return { ...none, counted: { template: next.template, ...countsOf(next) } };
  if ("parameter" in next)
    return { ...none, cursor: { ...next, select: pathIn(next.cursor, "json") } };
  if ("submit" in next) {
    const select = list(next.submit);
    const submit = { select, set: next.set ?? null };
    return { next: ways([...select], "text", "href"), submit, cursor: null, counted: null };
  }
  // The value that asks for more is beside the HTML, in the same answer.
  const besides = list(next.cursor).map((way) =>
    typeof way === "string" && fragment !== undefined ? pathSelector(way, "json") : way,
  );
  const post = postRules(next, ways(besides, "text"));
  const select = `POST ${post.url}`;
  return post.cursor.length > 0
    ? { ...none, cursor: { select, parameter: "", post } }
    : { ...none, counted: { template: select, ...countsOf(next), post } };
}

function listingRules(listing: Listing, kind: ListingKind, reader: Reader): Site["listing"] {
  const { pathIn, ways } = reader;
  const { fragment, pageParameter } = listing;
  const hasOnePage = Array.isArray(listing.next) && listing.next.length === 0;
  return {
    within: list(listing.within),
    rows: list(listing.rows).map((path) => pathIn(path, "json")),
    link: ways(listing.link ?? ":scope a[href]", "text", "href", ":scope"),
    kind,
    match: list(listing.match),
    ...(fragment === undefined ? {} : { fragment: pathSelector(fragment, "json") }),
    total: ways(listing.total, "text"),
    ...nextRules(listing, reader),
    current: hasOnePage ? [] : list(listing.current),
    pageLinks: hasOnePage ? [] : list(listing.pageLinks),
    pageParameter: pageParameter ?? null,
    probe: !hasOnePage && pageParameter !== undefined && (listing.probe ?? false),
    empty: list(listing.empty),
    ...(listing.render === "when-empty" ? { render: "when-empty" as const } : {}),
  };
}

/**
 * A site from what its site file and its preset say, merged: every default filled in.
 *
 * @param merged checked to have a start, rows and a title
 */
export function completeSite(
  name: string,
  merged: Preset,
  only: ListFacts = ONLY_LIST,
): Omit<Site, "languages" | "lists"> {
  const { article, requisites, listing = {} } = merged;
  const { kind = "pages" } = listing;
  const reader = readerOf(kind);
  const start = startOfKind(kind, merged.start as string);
  const own = Object.entries(merged.fields ?? {}).flatMap(([name, field]) =>
    field === null || isReserved(name) ? [] : [name],
  );
  const fields = Object.fromEntries(
    [...Object.keys(RESERVED_KINDS), ...own].map((name) => [
      name,
      fieldRules(name, merged.fields?.[name] ?? {}, reader),
    ]),
  ) as Site["fields"];
  const load = typeof requisites === "string" ? { load: requisites } : requisites;
  return {
    name,
    list: only.name,
    start,
    starts: only.starts,
    isOneOfStarts: false,
    type: only.type,
    zone: merged.zone === undefined ? null : offsetsOf(merged.zone),
    own: { fields: shapesOf({ fields }), ...(merged.types && { types: merged.types }) },
    language: merged.language ?? "und",
    encoding: merged.encoding ?? null,
    origins: [start, ...list(merged.origins)].flatMap(originsOf),
    remove: list(merged.remove),
    accept: merged.accept ?? [],
    ignore: merged.ignore ?? [],
    sessionParameters: list(merged.sessionParameters).map((name) => name.toLowerCase()),
    media: { origins: list(merged.media?.origins).map((origin) => new URL(origin).origin) },
    requisites: {
      load: load?.load ?? "look",
      files: load?.files ?? 10_000,
      bytes: load?.bytes ?? 1_000_000_000,
    },
    politeness: {
      delay: merged.politeness?.delay ?? 250,
      concurrency: merged.politeness?.concurrency ?? 2,
    },
    archive: merged.archive ?? [],
    health: merged.health ?? {},
    fewer:
      merged.fewer === false
        ? null
        : { rows: merged.fewer?.rows ?? 0.1, coverage: merged.fewer?.coverage ?? 0.05 },
    listing: listingRules(listing, kind, reader),
    article: {
      follow: article?.follow ?? true,
      ...(article?.pages === undefined ? {} : { pages: list(article.pages) }),
      translations: list(article?.translations),
      media: list(article?.media).map((path) =>
        article?.follow === false ? reader.pathIn(path, ":scope") : path,
      ),
    },
    fields,
  };
}

type Posted = z.input<typeof posted>;
type Counts = Pick<z.input<typeof counted>, "from" | "step" | "until">;

function countsOf({ from = 2, step = 1, until }: Counts) {
  return { from, step, until: typeof until === "number" ? until : null } satisfies Partial<
    Site["listing"]["counted"]
  >;
}

/** @param cursor where a page has what asks for the next one */
function postRules(
  { post, body, type = "form", values = {} }: Posted,
  cursor: readonly Alternative[],
): PostRules {
  return {
    url: post,
    body: typeof body === "string" ? body : fieldsOf(body),
    type: type === "json" ? "application/json" : "application/x-www-form-urlencoded",
    cursor,
    values: Object.entries(values).map(([name, { select, attribute = null, match = null }]) => ({
      ...{ name, select, attribute, match },
    })),
  };
}

function fieldsOf(fields: Readonly<Record<string, string>>): string {
  const encode = (text: string) =>
    text
      .split(/(\{[A-Za-z]\w*\})/)
      .map((part, at) => (at % 2 === 0 ? encodeURIComponent(part) : part))
      .join("");
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encode(value)}`)
    .join("&");
}
