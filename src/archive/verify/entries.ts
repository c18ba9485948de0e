/** entries.jsonl and provenance.jsonl line by line, and each content file against its entry. */

import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../disk/disk.js";
import { hashOf, jsonLines, readWhole } from "../../disk/read.js";
import { destinations } from "../../markdown/destinations.js";
import { ENTRY_KEYS, type EntryLine, entryLine } from "../../schema/entry.js";
import { byCodeUnits } from "../../text.js";
import { entryText } from "../archive-index.js";
import { readContent, withoutFinalNewlines } from "../frontmatter.js";
import { FILES } from "../layout.js";
import { relativeLink } from "../relative-link.js";
import type { Inquiry } from "./findings.js";

/** Ids, paths and versions of the entries. */
export interface Known {
  readonly ids: Set<string>;
  readonly hashes: Set<string>;
  readonly paths: Set<string>;
  /** Ids by content path. */
  readonly idAt: Map<string, string>;
  /** Places that links name: id and path of the entry that holds the link, content path of the one it leads to. */
  readonly fragments: {
    readonly entry: string;
    readonly path: string;
    readonly target: string;
    readonly fragment: string;
  }[];
}

/** Lines of a JSONL file that hold to a schema; the others are reported. */
export async function* checkedLines<T>(
  { root, disk, files, report }: Inquiry,
  path: string,
  schema: z.ZodType<T>,
): AsyncGenerator<{ readonly at: string; readonly value: T }, void, undefined> {
  if (!files.has(path)) return report("missing", path, "an archive has this file");
  try {
    for await (const line of jsonLines(join(root, path), schema, disk)) {
      const { number, ended, value, problems } = line;
      const at = `${path}:${number}`;
      if (!ended) report("line", at, "expected a line feed at its end, found none");
      if (value !== undefined) yield { at, value };
      else report("line", at, problems.join("; "));
    }
  } catch (error) {
    report(
      "unreadable",
      path,
      `it cannot be read: ${errorCode(error) ?? (error as Error).message}`,
    );
  }
}

export async function checkEntries(inquiry: Inquiry): Promise<Known> {
  const { report } = inquiry;
  const known: Known = {
    ids: new Set(),
    paths: new Set(),
    hashes: new Set(),
    idAt: new Map(),
    fragments: [],
  };
  let last = "";
  for await (const { at, value } of checkedLines(inquiry, FILES.entries, entryLine)) {
    if (known.ids.has(value.id)) report("id-twice", at, `${value.id} has stood before`);
    else if (byCodeUnits(last, value.id) > 0)
      report("not-sorted", at, `${value.id} stands after ${last}`);
    if (known.paths.has(value.path)) report("path-twice", at, `${value.path} has stood before`);
    known.ids.add(value.id);
    known.paths.add(value.path);
    known.idAt.set(value.path, value.id);
    known.hashes.add(hashOf(entryText(value)));
    last = value.id;
    await checkContent(inquiry, value);
    checkTargets(inquiry, value, known);
  }
  for (const path of inquiry.files.keys())
    if (path.startsWith("content/") && !known.paths.has(path))
      report("content-without-entry", path, "no line of entries.jsonl names this file");
  await checkProvenance(inquiry, known);
  return known;
}

async function checkContent(
  { root, disk, files, report }: Inquiry,
  { path, data, body }: EntryLine,
) {
  if (!files.has(path)) return report("content-missing", path, "its entry has no content file");
  let content: ReturnType<typeof readContent>;
  try {
    const bytes = await readWhole(join(root, path), disk);
    content = readContent(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return report("content-unreadable", path, `it cannot be read: ${(error as Error).message}`);
  }
  const found = (content.data ?? {}) as Readonly<Record<string, unknown>>;
  const differing = [...new Set<string>([...ENTRY_KEYS, ...Object.keys(found)])].filter(
    (key) => JSON.stringify(found[key]) !== JSON.stringify((data as Record<string, unknown>)[key]),
  );
  for (const key of differing) {
    const wanted = shorten((data as Record<string, unknown>)[key]);
    report("front-matter", path, `${key}: expected ${wanted}, found ${shorten(found[key])}`);
  }
  const wanted = withoutFinalNewlines(body);
  if (content.body !== wanted) report("body", path, difference(wanted, content.body));
}

function shorten(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 120);
}

function difference(wanted: string, found: string): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === found[at]) at++;
  const [one, other] = [wanted, found].map((text) => JSON.stringify(text.slice(at, at + 40)));
  return `the body differs from its entry at character ${at}: expected ${one}, found ${other}`;
}

/** Media of the entry, and the links of its body that lead into the archive. */
function checkTargets(
  { files, report }: Inquiry,
  { id, path, data, body }: EntryLine,
  { fragments }: Known,
): void {
  for (const media of data.media)
    if (media.path !== null && !files.has(media.path))
      report("media-missing", path, `${media.path} is not in the archive`);
  for (const { address } of destinations(body)) {
    const link = relativeLink(address, path);
    if (link === null) continue;
    const { target, fragment } = link;
    if (!files.has(target))
      report("link-broken", path, `the body links to ${link.path}, which is not there`);
    if (fragment !== null) fragments.push({ entry: id, path, target, fragment });
  }
}

async function checkProvenance(inquiry: Inquiry, { ids }: Known): Promise<void> {
  const seen = new Set<string>();
  const line = z.looseObject({
    id: z.string(),
    fields: z.looseObject({}),
    losses: z.array(z.unknown()),
  });
  let last = "";
  for await (const { at, value } of checkedLines(inquiry, FILES.provenance, line)) {
    const { id } = value;
    if (!ids.has(id)) inquiry.report("provenance", at, `there is no entry ${id}`);
    if (seen.has(id)) inquiry.report("id-twice", at, `${id} has stood before`);
    else if (byCodeUnits(last, id) > 0)
      inquiry.report("not-sorted", at, `${id} stands after ${last}`);
    seen.add(id);
    last = id;
  }
}
