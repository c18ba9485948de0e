/**
 * The final form of every entry: links and media set, translations by their ids. Written to the staging file
 * line by line, so that the commit copies and calculates nothing.
 */
import { join } from "node:path";
import { hashOf } from "../../disk/read.js";
import { openSpans, type Staging } from "../../disk/staging.js";
import { showAnchors } from "../../markdown/anchors.js";
import type { Entry, Media, Provenance } from "../../model.js";
import type { Holdings } from "../../schema/holdings.js";
import { entryId } from "../../url/url.js";
import { archivedEntry, type EntryText, entryTexts } from "../archive-index.js";
import { FILES } from "../layout.js";
import { anchorsOf, type LinkFacts, noFacts, setLinks, type Targets } from "../links.js";
import type { ArchivedEntry, StagedEntry } from "../nouns.js";
import { linkFields } from "../own-fields.js";
import { type KnownMedia, type MediaStore, mediaPaths, type StoredFile } from "./media/store.js";
import { keyOf as linkKey } from "./outside-links.js";
import type { Closing, Plan } from "./plan.js";
import { Tally } from "./tally.js";
import { linkTranslations } from "./translations.js";

/**
 * @returns entries sorted by id, their texts in the staging file; media files by path, each in the staging file or
 *   where the archive has it; what the archive will hold
 */
export async function link(given: Closing) {
  const { root, plan, media, staging, disk } = given;
  const open = (path: string, isNeeded: boolean) =>
    isNeeded ? openSpans(join(root, path), disk) : null;
  await using texts = await open(FILES.entries, plan.kept.length > 0);
  const hasLines = plan.kept.some(({ provenance }) => provenance !== null);
  await using lines = await open(FILES.provenance, hasLines);
  /** Entries of the run are in the staging file, earlier ones in the archive. */
  const read = async (entry: StagedEntry | ArchivedEntry): Promise<Whole> => {
    if (!("path" in entry)) {
      const { provenance, ...staged } = await staging.readJson<Entry>(entry.text);
      return { ...staged, provenance: provenanceLine(entry, provenance) };
    }
    if (texts === null) throw new Error("there is no archive to read an entry from");
    const provenance =
      entry.provenance && lines && (await lines.readJson<ProvenanceLine>(entry.provenance));
    return { ...(await texts.readJson<EntryText>(entry.text)), provenance };
  };
  const find = finder(plan);
  const translations = linkTranslations(plan.entries, find);
  const used = await usedMedia(given, read);
  const paths = mediaPaths(used.values());
  const pathOf = (known: KnownMedia | null) =>
    known === null ? null : (paths.get(known.file.sha256) ?? null);
  const targets = targetsOf(given, find, (url) => pathOf(used.get(url) ?? media.find(url)));
  const links = noFacts();
  const tally = new Tally();
  const entries: ArchivedEntry[] = [];
  for (const entry of plan.entries) {
    const { id } = entry;
    const { slug, data, body, provenance } = await read(entry);
    const path = plan.paths.get(id) ?? "";
    const from = "path" in entry ? entry.path : null;
    const named = data.media.map((one) => stored(one, media, pathOf));
    const unlinked = { id, path, from, data, body };
    const fields = linkFields(unlinked, given.options.own, targets, links);
    const linked = {
      id,
      slug,
      data: {
        ...data,
        id,
        aliases: entry.aliases,
        media: mergeMedia(named),
        translations: translations.ids.get(id) ?? {},
        ...(fields && { fields }),
      },
      body: setLinks(unlinked, targets, links),
    };
    const failure = (url: string) => media.failure(url) ?? "it was not asked for";
    tally.add(linked, provenance ?? {}, failure, (url) => media.captured(url));
    const { line, hashed } = entryTexts(linked, path);
    const text = await staging.append(line);
    const source = provenance && (await staging.append(JSON.stringify(provenance)));
    const hash = hashOf(hashed);
    entries.push(archivedEntry(entry, { path, hash, text, provenance: source }));
  }
  const files = new Map<string, StoredFile>();
  for (const known of used.values()) files.set(pathOf(known) ?? "", known.file);
  const fragments: MissingFragment[] = [];
  for (const [at, entry] of entries.entries()) {
    const wanted = links.fragments.get(entry.id);
    if (wanted === undefined) continue;
    const whole = await read(plan.entries[at] ?? entry);
    const { linked, missing } = await showWanted(entry, whole, wanted, targets, staging);
    entries[at] = linked;
    for (const { entry: from, fragment } of missing)
      fragments.push({ entry: from, target: entry.id, fragment });
  }
  const facts = { links, fragments, translations, media: files };
  const holdings = (more: Parameters<Tally["holdings"]>[2]) =>
    tally.holdings(facts, plan.ledger, more);
  return { entries, media: files, holdings };
}

/** An entry, whole, with its line of provenance.jsonl; null when an earlier archive has lost that. */
type Whole = EntryText & Pick<Entry, "anchors"> & { readonly provenance: ProvenanceLine | null };
type ProvenanceLine = Pick<StagedEntry, "id" | "read" | "translations"> &
  Omit<Provenance, "markup">;

/** The markup is in snapshots alone: a new template does not change the provenance. */
function provenanceLine(
  { id, read, translations }: StagedEntry,
  { markup: _, ...provenance }: Provenance,
): ProvenanceLine {
  return { id, read, ...provenance, translations };
}

type MissingFragment = Holdings["links"]["fragments"][number];

/** Every stored file that an entry names, by the URL under which it does. */
async function usedMedia(
  { plan, media }: Closing,
  read: (entry: StagedEntry | ArchivedEntry) => Promise<Whole>,
) {
  const used = new Map<string, KnownMedia>();
  for (const entry of plan.entries) {
    if (!entry.hasMedia) continue;
    const { data } = await read(entry);
    for (const { sourceUrl } of data.media) {
      const known = media.find(sourceUrl);
      if (known !== null) used.set(sourceUrl, known);
    }
  }
  return used;
}

/** An image or attachment as an entry of the archive names it. */
function stored(
  { reason: earlier, ...one }: Media,
  media: MediaStore,
  pathOf: (known: KnownMedia) => string | null,
): Media {
  const known = media.find(one.sourceUrl);
  if (known === null) {
    const why = media.failure(one.sourceUrl) ?? earlier;
    const reason = why === undefined ? {} : { reason: why };
    return { ...one, path: null, sha256: null, bytes: null, mediaType: null, ...reason };
  }
  const { sha256, bytes, mediaType } = known.file;
  return { ...one, sourceUrl: known.sourceUrl, path: pathOf(known), sha256, bytes, mediaType };
}

/** A scaled image and its original are one file: what one of its places does not say, another may. */
function mergeMedia(media: readonly Media[]): Media[] {
  const byUrl = new Map<string, Media>();
  for (const one of media) {
    const known = byUrl.get(one.sourceUrl);
    const { alt, title, caption } = known ?? one;
    const words = {
      alt: alt ?? one.alt,
      title: title ?? one.title ?? null,
      caption: caption ?? one.caption ?? null,
    };
    byUrl.set(one.sourceUrl, known === undefined ? one : { ...known, ...words });
  }
  return [...byUrl.values()];
}

/** Finds entries by their URLs: their own first, then aliases, then what the ledger says. */
function finder({ entries, ledger, paths }: Plan) {
  // By the ids that URLs give, which are short.
  const ids = new Map<string, string>();
  for (const { url, entry } of ledger)
    if (entry !== undefined && paths.has(entry)) ids.set(idOf(url, entry), entry);
  for (const { id, aliases } of entries) for (const alias of aliases) ids.set(entryId(alias), id);
  for (const { id, sourceUrl } of entries) ids.set(entryId(sourceUrl), id);
  return (url: string) => ids.get(entryId(url)) ?? null;
}

/** The id that a URL gives; where that is a text that is held already, the same text. */
function idOf(url: string, held: string | undefined): string {
  const id = entryId(url);
  return id === held ? held : id;
}

function targetsOf(
  { options, plan, index, run }: Closing,
  find: Targets["find"],
  mediaPath: Targets["mediaPath"],
): Targets {
  const urls = new Map<string, string>();
  for (const { id, sourceUrl } of plan.entries) urls.set(plan.paths.get(id) ?? "", sourceUrl);
  // Relative links of an earlier body were set for the paths of then.
  for (const { path, sourceUrl } of index.entries.values()) urls.set(path, sourceUrl);
  const states = new Map(plan.ledger.map(({ url, entry, state }) => [idOf(url, entry), state]));
  const known = new Map(run.dead?.map((link) => [linkKey(link.url, link.day), link]));
  return {
    origins: options.origins,
    find,
    mediaPath,
    dead: (url, day) => known.get(linkKey(url, day)),
    pathOf: (id) => plan.paths.get(id) ?? "",
    stateOf: (url) => states.get(entryId(url)) ?? null,
    urlAt: (path) => urls.get(path) ?? null,
    urlOf: (id) => {
      const path = plan.paths.get(id) ?? index.entries.get(id)?.path;
      return path === undefined ? null : (urls.get(path) ?? null);
    },
  };
}

/** An entry with the ids of its page to which links lead and that it lacked, and the links that lead to none all the same. */
async function showWanted(
  entry: ArchivedEntry,
  { data, body, anchors = [] }: Whole,
  wanted: NonNullable<ReturnType<LinkFacts["fragments"]["get"]>>,
  targets: Targets,
  staging: Staging,
) {
  const before = await staging.readJson<EntryText>(entry.text);
  const missingIn = (text: string) => {
    const names = anchorsOf(text);
    return wanted.filter(({ fragment }) => !names.has(fragment));
  };
  const missing = missingIn(before.body);
  const lacking = new Set(missing.map(({ fragment }) => fragment));
  if (!anchors.some(({ id }) => lacking.has(id))) return { linked: entry, missing };
  const shown = { ...entry, from: null, data, body: showAnchors(body, anchors, lacking) };
  const mended = { ...before, body: setLinks(shown, targets, noFacts()) };
  const { line, hashed } = entryTexts(mended, entry.path);
  const text = await staging.append(line);
  return {
    linked: archivedEntry(entry, { ...entry, hash: hashOf(hashed), text }),
    missing: missingIn(mended.body),
  };
}
