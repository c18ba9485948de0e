/**
 * Whether a run would write again what its archive holds. Entries, media, quarantine and ledger follow from what was read
 * and from what the archive held; so where an earlier run made these very files of the same, and all of them are there
 * byte by byte, no link is set and no file made a second time. A file that is missing or changed is made again.
 */
import { createHash } from "node:crypto";
import type { Disk } from "../../disk/disk.js";
import type { Holdings } from "../../schema/holdings.js";
import type { Manifest } from "../../schema/manifest.js";
import { archivedEntry } from "../archive-index.js";
import { FILES, LINE_FILES } from "../layout.js";
import { damagesOf, readManifest } from "../manifest.js";
import type { ArchivedEntry, ArchiveIndex } from "../nouns.js";
import type { Commit } from "./commit.js";
import type { Closing, Plan } from "./plan.js";
import type { Readings } from "./readings.js";

/**
 * A digest of all that the files of an archive are made of, but for the code that makes them.
 *
 * @param read digest of the entries that the run has read
 */
export async function inputsOf(
  { options, plan, index, media, run, staging }: Closing,
  read: string,
  { quarantine, keptQuarantine }: Pick<Commit, "quarantine" | "keptQuarantine">,
): Promise<string> {
  const { site, own, origins } = options;
  const hash = createHash("sha256");
  let held = "";
  const flush = () => {
    hash.update(held);
    held = "";
  };
  // Each update of a hash takes as long as the hashing of some kB.
  const add = (...part: unknown[]) => {
    held += `${JSON.stringify(part)}\n`;
    if (held.length > 1 << 16) flush();
  };
  add(read, site, own, origins, run.dead ?? null, run.unusedOverrides, keptQuarantine);
  const urls = new Map<string, string>();
  for (const entry of plan.entries) {
    const { id, sourceUrl, aliases } = entry;
    const path = plan.paths.get(id) ?? "";
    urls.set(path, sourceUrl);
    add(id, sourceUrl, aliases, path, "hash" in entry ? entry.hash : null);
  }
  // Links of earlier bodies were set for the paths of then.
  for (const { id, path, sourceUrl } of index.entries.values())
    if (urls.get(path) !== sourceUrl || !plan.paths.has(id)) add(id, path, sourceUrl);
  for (const line of plan.ledger) add(line);
  for (const one of media.state()) add(one);
  for (const [path, span] of quarantine) {
    add(path, span.length);
    flush();
    hash.update(await staging.read(span));
  }
  flush();
  return hash.digest("hex");
}

/** Files that follow from the others, and are made by every run. */
const RENEWED: ReadonlySet<string> = new Set(
  Object.values(FILES).filter((path) => !LINE_FILES.has(path)),
);

type Files = Manifest["files"];

/** Files that were made of inputs, and what they came to. */
interface Unchanged {
  readonly files: Files;
  readonly holdings: Holdings;
}

/** What an earlier run made of the same inputs, and the archive still holds; null where that is not so, or not known. */
export async function findUnchanged(
  root: string,
  inputs: string,
  readings: Readings,
  disk: Disk,
): Promise<Unchanged | null> {
  const manifest = await readManifest(root, disk);
  if (manifest === null) return null;
  const files = madeOf(manifest.files);
  const kept = await readings.find(keyOf(inputs, files));
  if (kept === null) return null;
  const isMade = (path: string) => !RENEWED.has(path);
  // What cannot be read is damaged, too: making it again then fails, or heals it.
  const damages = await damagesOf(root, manifest, isMade, disk).catch(() => ["unreadable"]);
  return damages.length > 0 ? null : { files, holdings: JSON.parse(kept) };
}

/** Keeps for the next run what came of inputs. @param files of archive.json */
export async function keepMade(
  inputs: string,
  files: Files,
  holdings: Holdings,
  readings: Readings,
): Promise<void> {
  // What reads no page by what was read before has no file beside its archive.
  if (!readings.isUsed) return;
  const key = keyOf(inputs, madeOf(files));
  if ((await readings.find(key)) === null) await readings.add(key, JSON.stringify(holdings));
}

function madeOf(files: Files): Files {
  return files.filter(({ path }) => !RENEWED.has(path));
}

function keyOf(inputs: string, files: Files): string {
  const hash = createHash("sha256").update(`made of ${inputs}`);
  for (const { path, sha256 } of files) hash.update(`\n${path} ${sha256}`);
  return hash.digest("hex");
}

/** The entries of a plan as the archive holds them. @throws Error where it lacks one, which it then was not made of */
export function entriesOf({ entries, paths }: Plan, index: ArchiveIndex): ArchivedEntry[] {
  return entries.map((entry) => {
    const held = index.entries.get(entry.id);
    if (held === undefined) throw new Error(`the archive lacks ${entry.id}`);
    return archivedEntry(entry, { ...held, path: paths.get(entry.id) ?? "" });
  });
}
