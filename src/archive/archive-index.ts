/** The archive as the last run left it, as far as the next one needs it in memory. */
import { join } from "node:path";
import { z } from "zod";
import { CAPTURES } from "../capture/layout.js";
import { type Disk, unless } from "../disk/disk.js";
import { fileSize } from "../disk/files.js";
import { LOCK, READINGS, REDO_LIST, STAGING } from "../disk/layout.js";
import { hashOf, jsonLines } from "../disk/read.js";
import type { Span } from "../disk/staging.js";
import { CliError } from "../error.js";
import type { Entry, Media, Outcome } from "../model.js";
import { entryLine } from "../schema/entry.js";
import { outcomeLine } from "../schema/ledger.js";
import { byCodeUnits, count } from "../text.js";
import { FILES, LINE_FILES, listFiles, OVERRIDES, SNAPSHOTS } from "./layout.js";
import { damaged, damagesOf, isOurs, readManifest } from "./manifest.js";
import type { ArchivedEntry, ArchiveIndex, StagedEntry } from "./nouns.js";

/** What an entry says: its line of entries.jsonl without its path. */
export type EntryText = Pick<Entry, "id" | "slug" | "data" | "body">;

/** The JSON whose SHA-256 is the hash of an entry. */
export function entryText({ id, slug, data, body }: EntryText): string {
  return JSON.stringify({ id, slug, data, body });
}

/** The line of entries.jsonl of an entry, and the JSON of which it has the hash: the same without its path. */
export function entryTexts({ id, slug, data, body }: EntryText, path: string) {
  const head = JSON.stringify({ id, slug }).slice(0, -1);
  const rest = JSON.stringify({ data, body }).slice(1);
  return { line: `${head},"path":${JSON.stringify(path)},${rest}`, hashed: `${head},${rest}` };
}

/** SHA-256 of what an entry says, whatever id and aliases it has. */
function readHash({ slug, data, body }: EntryText): string {
  const { id: _, aliases: __, ...said } = data;
  return hashOf(JSON.stringify({ slug, said, body }));
}

/** What most entries have in common is held once. */
const NO_ALIASES: readonly string[] = [];
const NO_TRANSLATIONS: Readonly<Record<string, string>> = {};

/** What is kept of an entry, but for the place of its JSON. */
export type EntryFacts = Omit<StagedEntry, "text">;

export function factsOf(entry: EntryText & Pick<Entry, "provenance">): EntryFacts {
  const { title, language, date, sourceUrl, aliases, translations, media } = entry.data;
  return {
    ...{ id: entry.id, slug: entry.slug },
    ...{ title, language, date, sourceUrl, aliases, translations },
    read: readHash(entry),
    hasMedia: media.length > 0,
    isRowOnly: isRowOnly(entry.provenance),
    markup: entry.provenance.markup ?? null,
  };
}

/**
 * What is kept of an entry in memory.
 *
 * @param text where its JSON is
 * @param known another that may say the same: what it says is held once
 */
export function stagedEntry(facts: EntryFacts, text: Span, known?: ArchivedEntry): StagedEntry {
  const { aliases, translations } = facts;
  const once = (key: "id" | "slug" | "title" | "language" | "sourceUrl" | "read") =>
    known !== undefined && known[key] === facts[key] ? known[key] : facts[key];
  // Written out, here and below: an object that others are spread into takes three times the memory in V8.
  return {
    id: once("id"),
    slug: once("slug"),
    title: once("title"),
    language: once("language"),
    date: facts.date,
    sourceUrl: once("sourceUrl"),
    aliases: aliases.length === 0 ? NO_ALIASES : aliases,
    translations: Object.keys(translations).length === 0 ? NO_TRANSLATIONS : translations,
    read: once("read"),
    hasMedia: facts.hasMedia,
    isRowOnly: facts.isRowOnly,
    markup: facts.markup,
    text,
  };
}

/** An entry where its links are set. */
export function archivedEntry(
  entry: StagedEntry,
  { path, hash, text, provenance }: Pick<ArchivedEntry, "path" | "hash" | "text" | "provenance">,
): ArchivedEntry {
  return {
    id: entry.id,
    slug: entry.slug,
    title: entry.title,
    language: entry.language,
    date: entry.date,
    sourceUrl: entry.sourceUrl,
    aliases: entry.aliases,
    translations: entry.translations,
    read: entry.read,
    hasMedia: entry.hasMedia,
    isRowOnly: entry.isRowOnly,
    markup: entry.markup,
    text,
    path,
    hash,
    provenance,
  };
}

function isRowOnly({ fields }: { readonly fields: Readonly<Record<string, { from: string }>> }) {
  return !Object.values(fields).some(({ from }) => from === "article");
}

/**
 * Reads the archive in a folder; an empty one when there is none.
 *
 * @throws {CliError} when the folder holds something else, or an archive that cannot be read
 */
export async function readIndex(root: string, disk: Disk): Promise<ArchiveIndex> {
  const known = await readManifest(root, disk);
  const named = known?.files.map(({ path }) => path) ?? [];
  // What it names is removed when it is no longer needed: nothing but what a run writes.
  const owned = new Set(named.filter(isOurs));
  // Who only reads may meet a commit that was cut off: its files are not those of archive.json yet.
  const isCutOff = (await fileSize(join(root, STAGING, REDO_LIST), disk)) !== null;
  if (known === null && !isCutOff) await refuseForeign(root, disk);
  const lines = await indexLines(root, disk);
  if (known !== null && !isCutOff) {
    const isKept = (path: string) => LINE_FILES.has(path) || path.startsWith("quarantine/");
    const damages = await damagesOf(root, known, isKept, disk);
    if (damages.length > 0) throw damaged(root, "what this run would keep", damages);
  }
  return { site: known?.site ?? null, owned, ...lines };
}

/** What a folder may hold before its first run: what runs make beside an archive, or leave where they are cut off. */
const BEFORE: ReadonlySet<string> = new Set([
  CAPTURES,
  LOCK,
  OVERRIDES,
  READINGS,
  SNAPSHOTS,
  STAGING,
]);

/** What ext4, Windows and Synology's servers put into folders by themselves. */
const BY_SYSTEM: ReadonlySet<string> = new Set([
  "$RECYCLE.BIN",
  "@eaDir",
  "System Volume Information",
  "Thumbs.db",
  "desktop.ini",
  "lost+found",
]);

/** Folders that a first run makes, and leaves empty where it is cut off before its commit. */
const EMPTY: ReadonlySet<string> = new Set(["content", "media", "quarantine"]);

/**
 * A folder without archive.json that holds anything else is somebody's, or a damaged archive: neither is written to. Hidden
 * files, such as `.git`, and what a system makes by itself, such as at the root of a volume, are nobody's content.
 */
async function refuseForeign(root: string, disk: Disk): Promise<void> {
  const names = (await disk.readdir(root).catch(unless("ENOENT"))) ?? [];
  const others: string[] = [];
  for (const name of names.sort(byCodeUnits)) {
    if (BEFORE.has(name) || name.startsWith(".") || BY_SYSTEM.has(name)) continue;
    if (!EMPTY.has(name) || !(await isEmpty(join(root, name), disk))) others.push(name);
  }
  const [first, ...more] = others;
  if (first === undefined) return;
  const what = more.length === 0 ? first : `${first} and ${count(more.length, "other")}`;
  throw new CliError(
    `${root} is not empty and not an archive: it holds ${what}, and no ${FILES.manifest}`,
    {
      hint: others.some((name) => EMPTY.has(name) || isOurs(name))
        ? `Choose another folder with --out, or restore ${FILES.manifest}.`
        : "Choose another folder with --out.",
    },
  );
}

/** True for a folder that holds nothing but folders. */
async function isEmpty(folder: string, disk: Disk): Promise<boolean> {
  if (!(await disk.lstat(folder)).isDirectory()) return false;
  const { files, odd } = await listFiles(folder, disk);
  return files.size + odd.length === 0;
}

const provenanceLine = z.object({
  id: z.string(),
  /** Hash of what was read; missing in lines that a test or another program has written. */
  read: z.string().optional().catch(undefined),
  translations: z.record(z.string(), z.string()).catch({}),
  fields: z
    .record(z.string(), z.object({ from: z.string() }))
    .optional()
    .catch(undefined),
});

async function indexLines(root: string, disk: Disk) {
  const sources = new Map<
    string,
    Pick<ArchivedEntry, "isRowOnly" | "translations" | "provenance"> & { read?: string | undefined }
  >();
  for await (const { value, span } of intactLines(root, FILES.provenance, provenanceLine, disk)) {
    const { id, read, translations, fields } = value;
    const isRow = fields !== undefined && isRowOnly({ fields });
    sources.set(id, { read, translations, provenance: span, isRowOnly: isRow });
  }
  const entries = new Map<string, ArchivedEntry>();
  const media = new Map<string, Media>();
  for await (const { value, span } of intactLines(root, FILES.entries, entryLine, disk)) {
    const { id, path, data } = value;
    const source = sources.get(id);
    const { translations = NO_TRANSLATIONS } = source ?? {};
    entries.set(id, {
      id,
      slug: value.slug,
      title: data.title,
      language: data.language,
      date: data.date,
      sourceUrl: data.sourceUrl,
      aliases: data.aliases.length === 0 ? NO_ALIASES : data.aliases,
      translations: Object.keys(translations).length === 0 ? NO_TRANSLATIONS : translations,
      read: source?.read ?? readHash(value),
      hasMedia: data.media.length > 0,
      isRowOnly: source?.isRowOnly ?? false,
      markup: null,
      text: span,
      path,
      hash: hashOf(entryText(value)),
      provenance: source?.provenance ?? null,
    });
    for (const one of data.media) if (one.path !== null) media.set(one.sourceUrl, one);
  }
  const ledger: Outcome[] = [];
  for await (const { value } of intactLines(root, FILES.ledger, outcomeLine, disk))
    ledger.push(value as Outcome);
  return { entries, media: [...media.values()], ledger };
}

/**
 * Lines of a JSONL file of the archive, each with its place; none where the file is missing.
 *
 * @throws {CliError} at the first damaged line
 */
export async function* intactLines<T>(
  root: string,
  path: string,
  schema: z.ZodType<T>,
  disk: Disk,
): AsyncGenerator<{ readonly value: T; readonly span: Span }, void, undefined> {
  const file = join(root, path);
  if ((await fileSize(file, disk)) === null) return;
  for await (const { number, value, problems, offset, length } of jsonLines(file, schema, disk)) {
    if (value === undefined) throw damaged(root, `${path}, line ${number}`, problems);
    yield { value, span: { offset, length } };
  }
}
