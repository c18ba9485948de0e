/** entries.jsonl and provenance.jsonl line by line, and each content file against its entry. */
import { join } from "node:path";
import { z } from "zod";
import { hashOf, readWhole } from "../../disk/read.js";
import { destinations } from "../../markdown/destinations.js";
import { ENTRY_KEYS, type EntryLine, entryLine } from "../../schema/entry.js";
import { type OwnShape, singleKind } from "../../schema/fields.js";
import { entryText } from "../archive-index.js";
import { readContent, withoutFinalNewlines } from "../frontmatter.js";
import { FILES } from "../layout.js";
import { relativeLink } from "../links.js";
import { checkedLines, type Inquiry, orderedKeys } from "./inquiry.js";

export interface KnownEntries {
  readonly ids: Set<string>;
  /** Hashes of the versions of the entries. */
  readonly hashes: Set<string>;
  /** Ids by content path. */
  readonly idAt: Map<string, string>;
  /** Ids of other entries that fields name. */
  readonly references: { readonly path: string; readonly name: string; readonly id: string }[];
  /** Links to an anchor: id and path of the entry with the link, content path of its target. */
  readonly fragments: {
    readonly entry: string;
    readonly path: string;
    readonly target: string;
    readonly fragment: string;
  }[];
}

export async function checkEntries(inquiry: Inquiry): Promise<KnownEntries> {
  const { files, report } = inquiry;
  const known: KnownEntries = {
    ids: new Set(),
    hashes: new Set(),
    idAt: new Map(),
    fragments: [],
    references: [],
  };
  const checkId = orderedKeys(report, "id-twice");
  for await (const { at, value } of checkedLines(inquiry, FILES.entries, entryLine)) {
    const { id, path } = value;
    checkId(id, at);
    if (known.idAt.has(path)) report("path-twice", at, `duplicate path ${path}`);
    known.ids.add(id);
    known.idAt.set(path, id);
    known.hashes.add(hashOf(entryText(value)));
    await checkContent(inquiry, value, at);
    checkTargets(inquiry, value, known);
  }
  for (const path of files.keys())
    if (path.startsWith("content/") && !known.idAt.has(path))
      report("content-without-entry", path, `not listed in ${FILES.entries}`);
  for (const { path, name, id } of known.references)
    if (!known.ids.has(id)) report("reference-broken", path, `fields.${name}: no entry ${id}`);
  await checkProvenance(inquiry, known);
  return known;
}

async function checkContent(
  { root, disk, files, report, changed }: Inquiry,
  { path, data, body }: EntryLine,
  at: string,
) {
  if (!files.has(path)) return report("content-missing", path, "the content file is missing");
  let content: ReturnType<typeof readContent>;
  try {
    const bytes = await readWhole(join(root, path), disk);
    content = readContent(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return report("content-unreadable", path, `cannot be read: ${(error as Error).message}`);
  }
  const found = (content.data ?? {}) as Readonly<Record<string, unknown>>;
  const wanted: Readonly<Record<string, unknown>> = data;
  // A content file that is as it was written is right, and the entry is not.
  const isRight = changed.has(FILES.entries) && !changed.has(path);
  const place = isRight ? at : path;
  const sides = <T>(entry: T, file: T): [T, T] => (isRight ? [file, entry] : [entry, file]);
  const said = (words: string) => (isRight ? `${words} (${path})` : words);
  for (const key of new Set<string>([...ENTRY_KEYS, ...Object.keys(found)])) {
    const [one, other] = sides(wanted[key], found[key]);
    if (JSON.stringify(one) !== JSON.stringify(other))
      report("front-matter", place, said(valueDifference(key, one, other)));
  }
  const text = withoutFinalNewlines(body);
  if (content.body !== text) report("body", place, said(difference(...sides(text, content.body))));
}

/** Where two values differ first, such as `media[2].alt`, and what each has there. */
function valueDifference(place: string, wanted: unknown, found: unknown): string {
  if (isNested(wanted) && isNested(found) && Array.isArray(wanted) === Array.isArray(found)) {
    for (const name of Object.keys({ ...wanted, ...found }))
      if (JSON.stringify(wanted[name]) !== JSON.stringify(found[name])) {
        const inside = Array.isArray(wanted) ? `${place}[${name}]` : `${place}.${name}`;
        return valueDifference(inside, wanted[name], found[name]);
      }
    return `${place}: the same keys in another order`;
  }
  const [one = "", other = ""] = [wanted, found].map((value) => JSON.stringify(value) ?? "nothing");
  const at = firstDifference(one, other);
  return `${place}: expected ${around(one, at)}, found ${around(other, at)}`;
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A long text from a little before a place on. */
function around(text: string, at: number): string {
  if (text.length <= 120) return text;
  const start = Math.max(0, at - 40);
  const end = start + 120;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function difference(wanted: string, found: string): string {
  const at = firstDifference(wanted, found);
  const [one, other] = [wanted, found].map((text) => JSON.stringify(text.slice(at, at + 40)));
  return `the body of file and entry differ at character ${at}: expected ${one}, found ${other}`;
}

/** Each value of the site's own fields, with its kind. */
function ownValues(fields: EntryLine["data"]["fields"], own: OwnShape = { fields: {} }) {
  return Object.entries(own.fields).flatMap(([name, shape]) => {
    const value = fields?.[name] ?? [];
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.map((one) => ({ name, kind: singleKind(shape), value: String(one) }));
  });
}

/** Media of the entry, and the links of its body into the archive. */
function checkTargets(
  { files, manifest, report }: Inquiry,
  { id, path, data, body }: EntryLine,
  { fragments, references }: KnownEntries,
): void {
  for (const media of data.media)
    if (media.path !== null && !files.has(media.path))
      report("media-missing", path, `${media.path} is missing`);
  const own = ownValues(data.fields, manifest?.own);
  for (const { name, kind, value } of own)
    if ((kind === "file" || kind === "image") && value.startsWith("media/") && !files.has(value))
      report("media-missing", path, `fields.${name}: ${value} is missing`);
    else if (kind === "reference" && !/^https?:/i.test(value))
      references.push({ path, name, id: value });
  const texts = [body, ...own.flatMap(({ kind, value }) => (kind === "html" ? value : []))];
  for (const { address } of texts.flatMap((text) => destinations(text))) {
    const link = relativeLink(address, path);
    if (link === null) continue;
    const { target, fragment } = link;
    if (!files.has(target))
      report("link-broken", path, `the body links to ${link.path}, which is missing`);
    if (fragment !== null) fragments.push({ entry: id, path, target, fragment });
  }
}

const provenanceLine = z.looseObject({
  id: z.string(),
  fields: z.looseObject({}),
  losses: z.array(z.unknown()),
});

async function checkProvenance(inquiry: Inquiry, { ids }: KnownEntries): Promise<void> {
  const checkId = orderedKeys(inquiry.report, "id-twice");
  for await (const { at, value } of checkedLines(inquiry, FILES.provenance, provenanceLine)) {
    if (!ids.has(value.id)) inquiry.report("provenance", at, `no entry ${value.id}`);
    checkId(value.id, at);
  }
}
