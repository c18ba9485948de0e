/**
 * The final form of every entry: links and media set, translations by their ids. Written to the staging
 * file line by line, so that the placing copies and calculates nothing.
 */

import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { hashOf } from "../../disk/read.js";
import { openSpans, type Spans, type Staging } from "../../disk/staging.js";
import type { Media, Outcome } from "../../model.js";
import type { EntryLine } from "../../schema/entry.js";
import type { Holdings } from "../../schema/run-report.js";
import { entryId } from "../../url.js";
import { entryText } from "../archive-index.js";
import { FILES } from "../layout.js";
import {
  anchorsOf,
  type LinkFacts,
  type Linking,
  noFacts,
  setLinks,
  type Targets,
} from "../links.js";
import type { Finished, IndexedEntry, Previous, Source } from "../nouns.js";
import { Tally } from "./account.js";
import { mediaPaths, type Shelf, type StoredFile } from "./media/shelf.js";
import type { Calculation } from "./plan.js";
import { linkTranslations, type Translations } from "./translations.js";

export interface Finish {
  readonly entries: readonly Finished[];
  /** Media files by path, each from the staging file or from where it stands. */
  readonly media: ReadonlyMap<string, StoredFile>;
  readonly links: LinkFacts;
  /** Fragments that lead to no place of their entry. */
  readonly fragments: Holdings["links"]["fragments"];
  readonly translations: Translations;
  readonly tally: Tally;
}

/** What a finish needs to know. */
export interface Unfinished {
  readonly root: string;
  readonly origins: readonly string[];
  readonly calculation: Calculation;
  readonly entries: readonly IndexedEntry[];
  readonly previous: Previous;
  readonly shelf: Shelf;
  readonly staging: Staging;
  readonly disk: Disk;
}

export async function finish(given: Unfinished): Promise<Finish> {
  const { root, calculation, entries, shelf, staging, disk } = given;
  const find = finder(entries, calculation.ledger);
  const translations = linkTranslations(entries, find);
  const archive = await openArchived(root, calculation, disk);
  try {
    const used = await usedMedia(given, archive);
    const paths = mediaPaths(used.values());
    const targets = targetsOf(given, find, (address) => {
      const known = used.get(address) ?? shelf.of(address);
      return known === null ? null : (paths.get(known.file.sha256) ?? null);
    });
    const links = noFacts();
    const tally = new Tally();
    const failure = (address: string) => shelf.failure(address) ?? "it was not asked for";
    const finished: Finished[] = [];
    for (const planned of calculation.entries) {
      const staged = await readStaged(planned.source, staging, archive);
      const stoodAt =
        planned.source.from === "run"
          ? null
          : (given.previous.entries.get(planned.id)?.path ?? null);
      const line = finishOne(staged, planned.path, stoodAt, {
        targets,
        links,
        shelf,
        paths,
        translations,
      });
      const provenance = await restage(planned.source, staging, archive);
      const facts =
        provenance === null ? {} : await staging.readJson<Record<string, unknown>>(provenance);
      tally.add(line, facts, failure);
      finished.push({
        id: planned.id,
        path: planned.path,
        hash: hashOf(entryText(line)),
        line: await staging.append(JSON.stringify(line)),
        provenance,
      });
    }
    const media = new Map<string, StoredFile>();
    for (const { file } of used.values()) {
      const path = paths.get(file.sha256);
      if (path !== undefined) media.set(path, file);
    }
    const fragments = await missingFragments(links, finished, staging);
    return { entries: finished, media, links, fragments, translations, tally };
  } finally {
    await archive?.close();
  }
}

interface Archived {
  readonly entries: Spans;
  readonly provenance: Spans | null;
  close(): Promise<void>;
}

/** Files of the archive from which earlier entries are read; null when none is. */
async function openArchived(
  root: string,
  { entries }: Calculation,
  disk: Disk,
): Promise<Archived | null> {
  const kept = entries.filter(({ source }) => source.from === "archive");
  if (kept.length === 0) return null;
  const hasProvenance = kept.some(({ source }) => source.provenance !== null);
  const opened = await openSpans(join(root, FILES.entries), disk);
  try {
    const provenance = hasProvenance ? await openSpans(join(root, FILES.provenance), disk) : null;
    const close = () => opened.close().finally(() => provenance?.close());
    return { entries: opened, provenance, close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

type Staged = Pick<EntryLine, "id" | "slug" | "data" | "body">;

async function readStaged(
  source: Source,
  staging: Spans,
  archive: Archived | null,
): Promise<Staged> {
  const from = source.from === "run" ? staging : archive?.entries;
  if (from === undefined) throw new Error("there is no archive to read an entry from");
  return from.readJson(source.entry);
}

/** Provenance as it stands, in the staging file. */
async function restage({ from, provenance }: Source, staging: Staging, archive: Archived | null) {
  if (provenance === null || from === "run") return provenance;
  const bytes = await archive?.provenance?.read(provenance);
  return bytes === undefined ? null : staging.append(bytes);
}

/** Every stored file that an entry names, by the address under which it does. */
async function usedMedia({ calculation, staging, shelf }: Unfinished, archive: Archived | null) {
  const used = new Map<string, NonNullable<ReturnType<Shelf["of"]>>>();
  for (const { source } of calculation.entries) {
    if (!source.hasMedia) continue;
    const { data } = await readStaged(source, staging, archive);
    for (const { sourceUrl } of data.media) {
      const known = shelf.of(sourceUrl);
      if (known !== null) used.set(sourceUrl, known);
    }
  }
  return used;
}

interface Means {
  readonly targets: Targets;
  readonly links: LinkFacts;
  readonly shelf: Shelf;
  readonly paths: ReadonlyMap<string, string>;
  readonly translations: Translations;
}

function finishOne(
  { id, slug, data, body }: Staged,
  path: string,
  stoodAt: string | null,
  { targets, links, shelf, paths, translations }: Means,
): EntryLine {
  const { sourceUrl, media } = data;
  const linking: Linking = { id, path, stoodAt, sourceUrl, media, body };
  const stored = media.map((one) => {
    const known = shelf.of(one.sourceUrl);
    if (known === null) return { ...one, path: null, sha256: null, bytes: null, mediaType: null };
    const { file } = known;
    const place = paths.get(file.sha256) ?? null;
    const { sha256, bytes, mediaType } = file;
    return { ...one, sourceUrl: known.sourceUrl, path: place, sha256, bytes, mediaType };
  });
  const set = { ...data, media: merged(stored), translations: translations.ids.get(id) ?? {} };
  return { id, slug, path, data: set, body: setLinks(linking, targets, links) };
}

/** A scaled image and its original are one file: what one of its places does not say, another may. */
function merged(media: readonly Media[]): Media[] {
  const byAddress = new Map<string, Media>();
  for (const one of media) {
    const known = byAddress.get(one.sourceUrl);
    const { alt, title, caption } = known ?? one;
    const words = {
      alt: alt ?? one.alt,
      title: title ?? one.title ?? null,
      caption: caption ?? one.caption ?? null,
    };
    byAddress.set(one.sourceUrl, known === undefined ? one : { ...known, ...words });
  }
  return [...byAddress.values()];
}

/** Finds entries by their addresses: their own first, then aliases, then what the ledger says. */
function finder(entries: readonly IndexedEntry[], ledger: readonly Outcome[]) {
  // By the ids that addresses give, which are short.
  const ids = new Map<string, string>();
  const alive = new Set(entries.map(({ id }) => id));
  for (const { url, entry } of ledger)
    if (entry !== undefined && alive.has(entry)) ids.set(entryId(url), entry);
  for (const { id, aliases } of entries) for (const alias of aliases) ids.set(entryId(alias), id);
  for (const { id, sourceUrl } of entries) ids.set(entryId(sourceUrl), id);
  return (address: string) => ids.get(entryId(address)) ?? null;
}

function targetsOf(
  { origins, calculation, entries, previous }: Unfinished,
  find: Targets["find"],
  mediaPath: Targets["mediaPath"],
): Targets {
  const places = new Map(calculation.entries.map(({ id, path }) => [id, path]));
  const addresses = new Map<string, string>();
  for (const { id, sourceUrl } of entries) addresses.set(places.get(id) ?? "", sourceUrl);
  // Relative links of an earlier body were set by the places of then.
  for (const { path, sourceUrl } of previous.entries.values()) addresses.set(path, sourceUrl);
  const states = new Map(calculation.ledger.map(({ url, state }) => [entryId(url), state]));
  return {
    origins,
    find,
    mediaPath,
    pathOf: (id) => places.get(id) ?? "",
    stateOf: (address) => states.get(entryId(address)) ?? null,
    addressAt: (path) => addresses.get(path) ?? null,
  };
}

async function missingFragments(
  { fragments }: LinkFacts,
  finished: readonly Finished[],
  staging: Spans,
) {
  const missing: { entry: string; target: string; fragment: string }[] = [];
  for (const { id, line } of finished) {
    const wanted = fragments.get(id);
    if (wanted === undefined) continue;
    const { body } = await staging.readJson<Staged>(line);
    const names = anchorsOf(body);
    for (const { entry, fragment } of wanted)
      if (!names.has(fragment)) missing.push({ entry, target: id, fragment });
  }
  return missing;
}
