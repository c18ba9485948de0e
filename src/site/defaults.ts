/** The defaults of a site: what counts where its site file and its preset say nothing. */
import type { Kind, SingleKind } from "../schema/fields.js";
import { originsOf } from "../url.js";
import { pathSelector } from "./data-path.js";
import type { OwnFieldInput } from "./field-schema.js";
import { startOfKind } from "./listing-kinds.js";
import { countsOf, postRules } from "./next.js";
import type { Preset } from "./schema.js";
import { type Alternative, type FieldRules, isReserved, type Site, shapesOf } from "./site.js";
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

type Ways = NonNullable<NonNullable<Preset["listing"]>["link"]>;

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
  const kind = merged.listing?.kind ?? "pages";
  const start = startOfKind(kind, merged.start as string);
  const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
    value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
  const isJson = /json/.test(kind);
  const pathIn = (path: string, from: ":scope" | "json" | null) =>
    isJson && from !== null ? pathSelector(path, from) : path;
  const ways = (
    value: Ways | undefined,
    read: "text" | "html",
    attribute: string | null = null,
    from: ":scope" | "json" | null = "json",
  ) =>
    list(value).map(
      (way): Alternative =>
        typeof way === "string"
          ? { select: pathIn(way, from), attribute, read, all: false }
          : {
              select: pathIn(way.select, from),
              attribute: way.attribute ?? (way.read ? null : attribute),
              read: way.read ?? read,
              all: way.all ?? false,
            },
    );
  const rules = (field: string): FieldRules => {
    // Every option of any field, of which one that is not for its kind was refused.
    const given = (merged.fields?.[field] ?? {}) as Partial<OwnFieldInput>;
    const fieldKind: Kind = RESERVED_KINDS[field] ?? given.kind ?? "text";
    const of = fieldKind === "list" ? (given.of ?? "text") : fieldKind;
    const read = of === "html" ? "html" : "text";
    return {
      kind: fieldKind,
      of,
      listing: ways(given.listing, read, null, ":scope"),
      article: ways(given.article, read, null, null),
      prefer: given.prefer ?? "article",
      required: given.required ?? (field === "title" || field === "body"),
      empty: given.empty ?? [],
      formats: given.formats ?? [],
      locales: given.locales ?? [],
      months: given.months,
      values: given.values ?? null,
      unknownValues: given.unknownValues ?? (given.values ? "error" : "keep"),
      decimal: given.decimal ?? null,
      split: given.split ?? null,
    };
  };
  const own = Object.entries(merged.fields ?? {}).flatMap(([name, field]) =>
    field === null || isReserved(name) ? [] : [name],
  );
  const fields = Object.fromEntries(
    [...Object.keys(RESERVED_KINDS), ...own].map((name) => [name, rules(name)]),
  ) as Site["fields"];
  const { listing, article } = merged;
  const { requisites } = merged;
  const next = listing?.next ?? ["a[rel~=next]", "link[rel~=next]"];
  const hasOnePage = Array.isArray(next) && next.length === 0;
  const counted = typeof next === "object" && "template" in next ? next : null;
  const cursor = typeof next === "object" && "parameter" in next ? next : null;
  const form = typeof next === "object" && "submit" in next ? next : null;
  const posted = typeof next === "object" && "post" in next ? next : null;
  // The value that asks for more is beside the HTML, in the same answer.
  const besides = list(posted?.cursor).map((way) =>
    typeof way === "string" && listing?.fragment !== undefined ? pathSelector(way, "json") : way,
  );
  const post = posted && postRules(posted, ways(besides, "text"));
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
      load: (typeof requisites === "string" ? requisites : requisites?.load) ?? "look",
      files: (typeof requisites === "string" ? undefined : requisites?.files) ?? 10_000,
      bytes: (typeof requisites === "string" ? undefined : requisites?.bytes) ?? 1_000_000_000,
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
    listing: {
      within: list(listing?.within),
      rows: list(listing?.rows).map((path) => pathIn(path, "json")),
      link: ways(listing?.link ?? ":scope a[href]", "text", "href", ":scope"),
      kind,
      match: list(listing?.match),
      ...(listing?.fragment === undefined
        ? {}
        : { fragment: pathSelector(listing.fragment, "json") }),
      total: ways(listing?.total, "text"),
      next:
        typeof next === "object" && ("template" in next || "parameter" in next || "post" in next)
          ? []
          : typeof next === "object" && "submit" in next
            ? ways([...list(next.submit)], "text", "href")
            : ways(next, "text", "href"),
      ...(form && { submit: { select: list(form.submit), set: form.set ?? null } }),
      cursor: cursor
        ? { ...cursor, select: pathIn(cursor.cursor, "json") }
        : post !== null && post.cursor.length > 0
          ? { select: `POST ${post.url}`, parameter: "", post }
          : null,
      counted: counted
        ? { template: counted.template, ...countsOf(counted) }
        : posted !== null && post !== null && post.cursor.length === 0
          ? { template: `POST ${post.url}`, ...countsOf(posted), post }
          : null,
      current: hasOnePage ? [] : list(listing?.current),
      pageLinks: hasOnePage ? [] : list(listing?.pageLinks),
      pageParameter: listing?.pageParameter ?? null,
      probe: !hasOnePage && listing?.pageParameter !== undefined && (listing.probe ?? false),
      empty: list(listing?.empty),
      ...(listing?.render === "when-empty" ? { render: "when-empty" as const } : {}),
    },
    article: {
      follow: article?.follow ?? true,
      ...(article?.pages === undefined ? {} : { pages: list(article.pages) }),
      translations: list(article?.translations),
      media: list(article?.media).map((path) =>
        article?.follow === false ? pathIn(path, ":scope") : path,
      ),
    },
    fields,
  };
}
