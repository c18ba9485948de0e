/** What differs between two versions of an entry. */
import { posix } from "node:path";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { destinations, replaceDestinations } from "../../markdown/destinations.js";
import { count, cut } from "../../text.js";
import { urlKey } from "../../url/url.js";
import type { EntryText } from "../archive-index.js";

/** A key of the front matter, or `path` for the content file, with its two values. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Keys whose values differ, in the order of the front matter. @param but keys that are left out */
export function fieldChanges(
  { data: from }: Pick<EntryText, "data">,
  { data: to }: Pick<EntryText, "data">,
  but: ReadonlySet<string>,
): FieldChange[] {
  const [old, now] = [from, to].map(keyed);
  const keys = new Set([...Object.keys(now ?? {}), ...Object.keys(old ?? {})]);
  return [...keys]
    .filter((key) => !but.has(key))
    .map((field) => ({ field, from: old?.[field] ?? null, to: now?.[field] ?? null }))
    .filter(({ field, from, to }) => wordsOf(field, from) !== wordsOf(field, to));
}

/** Front matter with a key for each of the site's own fields. */
function keyed({ fields = {}, ...data }: EntryText["data"]): Readonly<Record<string, unknown>> {
  const own = Object.entries(fields).map(([name, value]) => [`fields.${name}`, value]);
  return { ...data, ...Object.fromEntries(own) };
}

/** A stored file by its bytes: its readable name is another one when a further URL leads to the same bytes. */
const STORED = /^(media\/).*(-[0-9a-f]{16}\.[a-z0-9]+)$/;

/** Why a file could not be had may be said in other words by each run: that is not a change. Nor is the name of one. */
function wordsOf(field: string, value: unknown): string {
  const isSaid = (key: string) => field !== "media" || key !== "reason";
  const words = (one: unknown) => (typeof one === "string" ? one.replace(STORED, "$1$2") : one);
  return JSON.stringify(value, (key, one) => (isSaid(key) ? words(one) : undefined));
}

/** Keys that hold lists of files or of ids: their names say more than their values. */
const LISTS = new Set(["media", "translations", "warnings", "aliases"]);
/** Characters of a value. */
const LONGEST = 120;

/** An edit in words, one line for each key and one for the body. Bytes in an address (`data:`) are never shown. */
export function editWords(edit: {
  readonly fields: readonly FieldChange[];
  readonly body: string | null;
}): string[] {
  const fields = edit.fields.map(({ field, from, to }) => {
    return LISTS.has(field)
      ? listWords(field, from, to)
      : `${field}: ${shown(from)} → ${shown(to)}`;
  });
  if (edit.body === null) return fields;
  const lines = edit.body.split("\n").slice(2);
  const [more, less] = ["+", "-"].map((sign) => lines.filter((line) => line.startsWith(sign)));
  return [
    ...fields,
    `body: ${count(more?.length ?? 0, "line")} added, ${less?.length ?? 0} removed`,
  ];
}

function listWords(field: string, from: unknown, to: unknown): string {
  const items = (value: unknown) =>
    new Set(Object.values((value ?? []) as object).map((item) => wordsOf(field, item)));
  const [old, now] = [items(from), items(to)];
  const added = [...now].filter((item) => !old.has(item)).length;
  const removed = [...old].filter((item) => !now.has(item)).length;
  return `${field}: ${added} added, ${removed} removed`;
}

function shown(value: unknown): string {
  return cut(withoutBytes(typeof value === "string" ? value : JSON.stringify(value)), LONGEST);
}

/** Text with encoded bytes left out, of `data:` URLs and others: nobody reads them. */
export function withoutBytes(text: string): string {
  return text
    .replace(
      /(data:[\w.+/-]{0,99}(?:;[\w=.+-]{1,99}){0,9},)([^\s"'()<>\\]{40,})/gi,
      (_, head: string, bytes: string) => `${head}…(${bytes.length} characters)`,
    )
    .replace(/[\w+/=-]{200,}/g, (bytes) => `${bytes.slice(0, 20)}…(${bytes.length} characters)`);
}

/** Edits after which two bodies count as nothing alike: the work grows with their square. */
const MOST_EDITS = 4000;

/**
 * The change of a body as a unified diff of its Markdown, with three lines of context.
 *
 * @param names paths of the content file before and after
 * @returns null when the bodies are equal but for line feeds at their ends
 */
export function bodyPatch(
  from: string,
  to: string,
  names: readonly [from: string, to: string],
): string | null {
  const [old, now] = [ended(from), ended(to)];
  if (old === now) return null;
  const [before, after] = [`a/${names[0]}`, `b/${names[1]}`];
  const options = { context: 3, maxEditLength: MOST_EDITS, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(before, after, old, now, undefined, undefined, options);
  return patch ?? replaced(before, after, old, now);
}

/** The same form for bodies that have nothing in common: all of one goes, all of the other comes. */
function replaced(before: string, after: string, old: string, now: string): string {
  const sides = [old, now].map((text) => (text === "" ? [] : text.slice(0, -1).split("\n")));
  const [less = [], more = []] = sides;
  const span = (lines: readonly string[]) => `${lines.length === 0 ? 0 : 1},${lines.length}`;
  return [
    `--- ${before}`,
    `+++ ${after}`,
    `@@ -${span(less)} +${span(more)} @@`,
    ...less.map((line) => `-${line}`),
    ...more.map((line) => `+${line}`),
    "",
  ].join("\n");
}

function ended(body: string): string {
  const text = body.replace(/\n+$/, "");
  return text === "" ? "" : `${text}\n`;
}

/** Stored files of an article that have another name now, from the earlier path to the later. */
export function renamedFiles(
  { data: from }: Pick<EntryText, "data">,
  { data: to }: Pick<EntryText, "data">,
): ReadonlyMap<string, string> {
  const now = new Map(to.media.map(({ sha256, path }) => [sha256, path]));
  return new Map(
    from.media.flatMap(({ sha256, path }) => {
      const later = sha256 === null ? null : now.get(sha256);
      return path === null || later == null || later === path ? [] : [[path, later] as const];
    }),
  );
}

/** Articles and files that moved between two states. */
export interface Moves {
  /** Content paths and those of files, from the earlier to the later. */
  readonly paths: ReadonlyMap<string, string>;
  /** Keys (`urlKey`) of both URLs of a renamed article, to its later content path. */
  readonly urls: ReadonlyMap<string, string>;
}

/**
 * A body with its links as they would be set now, whichever articles moved.
 *
 * @param from content path that its relative links were set for; `to` is the one to set them for
 */
export function retargeted(body: string, [from, to]: readonly [string, string], moves: Moves) {
  if (moves.paths.size === 0 && moves.urls.size === 0) return body;
  const relativeTo = (path: string) => posix.relative(posix.dirname(to), path);
  return replaceDestinations(body, destinations(body), ({ address }) => {
    const [place = "", hash = ""] = address.split(/(?=#)/, 2);
    if (/^https?:/i.test(place)) {
      const path = moves.urls.get(urlKey(place));
      return path === undefined ? null : relativeTo(path) + hash;
    }
    if (place === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(place)) return null;
    const path = posix.join(posix.dirname(from), place);
    return relativeTo(moves.paths.get(path) ?? path) + hash;
  });
}
