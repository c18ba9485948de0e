/** The archive as the last run left it, as far as the next one needs it in memory. */

import { join } from "node:path";
import { z } from "zod";
import { type Disk, unless } from "../disk/disk.js";
import { fileSize } from "../disk/files.js";
import { PLACING, STAGING } from "../disk/layout.js";
import { hashOf, parseJson, readLines, readWhole } from "../disk/read.js";
import type { Span } from "../disk/staging.js";
import { CliError } from "../error.js";
import type { EntryData, Media, Outcome } from "../model.js";
import { entryLine } from "../schema/entry.js";
import { outcomeLine } from "../schema/ledger.js";
import { FORMAT_VERSION, type Manifest, manifest } from "../schema/manifest.js";
import { FILES } from "./layout.js";
import type { Previous, StoredEntry } from "./nouns.js";

/** The JSON of an entry without its path: what is staged, hashed and compared. */
export function entryText(entry: {
  readonly id: string;
  readonly slug: string;
  readonly data: unknown;
  readonly body: string;
}): string {
  const { id, slug, data, body } = entry;
  return JSON.stringify({ id, slug, data, body });
}

/** SHA-256 of what an entry says, whatever it is called. */
export function substanceOf(entry: {
  readonly slug: string;
  readonly data: EntryData;
  readonly body: string;
}): string {
  const { slug, data, body } = entry;
  const { id: _, aliases: __, ...said } = data;
  return hashOf(JSON.stringify({ slug, said, body }));
}

/**
 * Reads the archive in a folder; an empty one when there is none.
 *
 * @throws {CliError} when the folder holds something else, or an archive that cannot be read
 */
export async function readPrevious(root: string, disk: Disk): Promise<Previous> {
  const owned = new Set<string>();
  const placing = await readJson(root, `${STAGING}/${PLACING}`, disk);
  for (const path of z.array(z.string()).catch([]).parse(placing)) owned.add(path);
  const known = await readManifest(root, disk);
  if (known !== null) for (const { path } of known.files) owned.add(path);
  if (known === null && placing === undefined) await refuseForeign(root, disk);
  return { site: known?.site ?? null, owned, ...(await readIndex(root, disk)) };
}

/** archive.json, checked; null when there is none. */
export async function readManifest(root: string, disk: Disk): Promise<Manifest | null> {
  const found = await readJson(root, FILES.manifest, disk);
  if (found === undefined) return null;
  const version = z.looseObject({ formatVersion: z.number() }).safeParse(found).data?.formatVersion;
  if (version !== undefined && version > FORMAT_VERSION)
    throw new CliError(
      `${root} is an archive of format ${version}, and this program knows formats up to ${FORMAT_VERSION}`,
      { hint: "Update sitelift." },
    );
  const parsed = manifest.safeParse(found);
  if (parsed.success) return parsed.data;
  throw damaged(root, FILES.manifest, z.prettifyError(parsed.error).split("\n"));
}

async function readJson(root: string, path: string, disk: Disk): Promise<unknown> {
  const file = join(root, path);
  const bytes = await readWhole(file, disk).catch(unless("ENOENT"));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    throw damaged(root, path, [(error as Error).message]);
  }
}

/** A folder with our names in it and no archive.json is somebody else's, or damaged: neither is written to. */
async function refuseForeign(root: string, disk: Disk): Promise<void> {
  const names = new Set((await disk.readdir(root).catch(unless("ENOENT"))) ?? []);
  const ours = ["content", "media", "quarantine", ...Object.values(FILES)].filter((name) =>
    names.has(name),
  );
  if (ours.length > 0)
    throw new CliError(`${root} holds ${ours.join(", ")}, and no archive.json that says whose`, {
      hint: "Choose another folder with --out, or restore archive.json.",
    });
}

const provenanceLine = z.object({
  id: z.string(),
  /** Hash of what was read; missing in lines that a test or another program has written. */
  read: z.string().optional().catch(undefined),
  translations: z.record(z.string(), z.string()).catch({}),
});

async function readIndex(root: string, disk: Disk) {
  const sources = new Map<string, z.output<typeof provenanceLine> & { readonly span: Span }>();
  for await (const { value, span } of jsonLines(root, FILES.provenance, provenanceLine, disk))
    sources.set(value.id, { ...value, span });
  const entries = new Map<string, StoredEntry>();
  const media = new Map<string, Media>();
  for await (const { value, span } of jsonLines(root, FILES.entries, entryLine, disk)) {
    const { id, slug, path, data } = value;
    const { title, language, date, sourceUrl, aliases, warnings } = data;
    const hash = hashOf(entryText(value));
    const { read, translations = {}, span: provenance = null } = sources.get(id) ?? {};
    const place = { id, slug, path, title, language, date, sourceUrl, aliases, translations };
    const [hasWarnings, hasMedia] = [warnings.length > 0, data.media.length > 0];
    const substance = read ?? substanceOf(value);
    const stands = { markup: null, hash, substance, span, provenance, hasWarnings, hasMedia };
    entries.set(id, { ...place, ...stands });
    for (const one of data.media) if (one.path !== null) media.set(one.sourceUrl, one);
  }
  const ledger: Outcome[] = [];
  for await (const { value } of jsonLines(root, FILES.ledger, outcomeLine, disk))
    ledger.push(value as Outcome);
  return { entries, media: [...media.values()], ledger };
}

async function* jsonLines<T>(root: string, path: string, schema: z.ZodType<T>, disk: Disk) {
  const file = join(root, path);
  if ((await fileSize(file, disk)) === null) return;
  for await (const { number, text, offset, length } of readLines(file, disk)) {
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success)
      throw damaged(root, `${path}, line ${number}`, z.prettifyError(parsed.error).split("\n"));
    yield { value: parsed.data, span: { offset, length } };
  }
}

function damaged(root: string, what: string, details: readonly string[]): CliError {
  return new CliError(`${what} of ${root} is damaged`, {
    details,
    hint: "`sitelift verify` lists every damage. Restore the file, or write to another folder.",
  });
}
