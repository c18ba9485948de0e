/** States of archives: as they are now, and as their snapshots have them. Reads only. */
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { explained, realDisk, unless } from "../../disk/disk.js";
import { hashOf, readJson, readText } from "../../disk/read.js";
import { openSpans } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { Outcome } from "../../model.js";
import type { SnapshotEntry } from "../../schema/snapshot.js";
import { urlKey } from "../../url/url.js";
import { type EntryText, entryText, readIndex } from "../archive-index.js";
import { FILES, SNAPSHOTS } from "../layout.js";
import { notAnArchive, readManifest } from "../manifest.js";
import type { ArchiveIndex } from "../nouns.js";
import {
  lastSnapshot,
  readSnapshot,
  snapshotEntries,
  snapshotPaths,
  versionPath,
} from "../snapshots.js";

/** The state of an archive, now or after an earlier run. */
export interface ArchiveState {
  readonly root: string;
  /** When the run began that left it; null when no snapshot has that. */
  readonly time: string | null;
  /** Whether that run read the listing to its end. */
  readonly complete: boolean;
  /** Program and version of that run, and the hash of its site file and overrides; undefined when they are not known. */
  readonly generator?: string | undefined;
  readonly rules?: string | null | undefined;
  /** From when to when its pages were captured, where they come from web archives; null for a live site. */
  readonly captured?: { readonly from: string; readonly to: string } | null;
  readonly entries: ReadonlyMap<string, SnapshotEntry>;
  /** The ledger by the keys of its URLs (`urlKey`); null for an earlier state. */
  readonly ledger: ReadonlyMap<string, Outcome> | null;
  read(entry: SnapshotEntry): Promise<Pick<EntryText, "data" | "body">>;
}

/** The state that a path names: a snapshot, or an archive as it is. @throws {CliError} when it names neither */
export async function stateAt(path: string): Promise<ArchiveState> {
  const full = resolve(path);
  if (basename(dirname(full)) !== SNAPSHOTS || !full.endsWith(".json"))
    return explained(currentState(full), full, "read");
  const root = dirname(dirname(full));
  const open = async () => {
    if ((await realDisk.lstat(full).catch(unless("ENOENT"))) === undefined)
      throw new CliError(`there is no snapshot ${full}`);
    return snapshotState(root, `${SNAPSHOTS}/${basename(full)}`);
  };
  return explained(open(), root, "read");
}

/** The states of the two newest snapshots of an archive. @throws {CliError} when it has fewer */
export async function lastStates(folder: string): Promise<[ArchiveState, ArchiveState]> {
  const root = resolve(folder);
  const [old, now] = (await snapshotsIn(root)).slice(-2);
  if (old === undefined || now === undefined)
    throw new CliError(`${root} has one snapshot, and two are needed to compare`, {
      hint: "Every crawl adds one: crawl again.",
    });
  const both = [snapshotState(root, old), snapshotState(root, now)] as const;
  return explained(Promise.all(both), root, "read");
}

/**
 * The state of an archive at a time: its newest snapshot that is not later.
 *
 * @param time `YYYY-MM-DD`, or any beginning of `YYYY-MM-DDTHH:MM:SSZ`: then the end of that span counts
 * @throws {CliError} when all snapshots are later
 */
export async function stateAsOf(folder: string, time: string): Promise<ArchiveState> {
  const root = resolve(folder);
  const digits = (text: string) => text.replace(/\D/g, "");
  const wanted = digits(time);
  const paths = await snapshotsIn(root);
  const path = paths.findLast((one) => {
    return digits(basename(one).slice(0, 16)).slice(0, wanted.length) <= wanted;
  });
  if (path !== undefined) return explained(snapshotState(root, path), root, "read");
  throw new CliError(`${root} has no snapshot as old as ${time}`, {
    hint: `The oldest is ${paths[0]}.`,
  });
}

async function snapshotsIn(root: string): Promise<string[]> {
  const paths = await explained(snapshotPaths(root, realDisk), root, "read");
  if (paths.length > 0) return paths;
  await explained(readArchive(root), root, "read");
  throw new CliError(`${root} has no snapshot`, { hint: "Every crawl adds one: crawl again." });
}

async function readArchive(root: string) {
  const stats = await realDisk.lstat(root).catch(unless("ENOENT"));
  if (stats === undefined) throw new CliError(`there is no archive ${root}`);
  const what = "is neither an archive nor a snapshot of one";
  const hint = `An archive is a folder that holds ${FILES.manifest}; its snapshots are in ${SNAPSHOTS}/.`;
  if (stats.isFile()) throw new CliError(`${root} ${what}`, { hint });
  if ((await readManifest(root, realDisk)) === null)
    throw await notAnArchive(root, realDisk, what, hint);
  return readIndex(root, realDisk);
}

/** The archive as it is. Its newest snapshot has the time, and the markup of what has not changed since. */
async function currentState(root: string): Promise<ArchiveState> {
  const { entries, ledger } = await readArchive(root);
  const last = (await lastSnapshot(root, realDisk))?.snapshot ?? null;
  const known = new Map(
    last?.entries
      .filter(({ id, hash }) => entries.get(id)?.hash === hash)
      .map((one) => [one.id, one]),
  );
  const current = snapshotEntries(entries.values(), ledger, known);
  const isLast = known.size === entries.size && last?.entries.length === entries.size;
  return {
    root,
    time: isLast ? last.time : null,
    complete: isLast ? last.complete : !ledger.some(({ state }) => state === "not-reached"),
    generator: isLast ? last.generator : undefined,
    rules: isLast ? last.rules : undefined,
    captured: await capturedIn(root),
    entries: new Map(current.map((entry) => [entry.id, entry])),
    ledger: new Map(ledger.map((line) => [urlKey(line.url), line])),
    read: (entry) => readVersion(root, entry, entries),
  };
}

async function snapshotState(root: string, path: string): Promise<ArchiveState> {
  const snapshot = await readSnapshot(root, path, realDisk);
  const { entries } = await readArchive(root);
  return {
    root,
    time: snapshot.time,
    complete: snapshot.complete,
    generator: snapshot.generator,
    rules: snapshot.rules,
    captured: await capturedIn(root),
    entries: new Map(snapshot.entries.map((entry) => [entry.id, entry])),
    ledger: null,
    read: (entry) => readVersion(root, entry, entries),
  };
}

const account = z.looseObject({
  composite: z.looseObject({ from: z.string(), to: z.string() }).optional(),
});

/** What account.json says of captures; an account that is missing or damaged says nothing. */
async function capturedIn(root: string): Promise<NonNullable<ArchiveState["captured"]> | null> {
  const found = await readJson(join(root, FILES.account), account).catch(() => null);
  return found?.value?.composite ?? null;
}

/** A version from entries.jsonl while it is the newest, else from the file that keeps it. */
async function readVersion(
  root: string,
  { id, hash }: SnapshotEntry,
  entries: ArchiveIndex["entries"],
): Promise<EntryText> {
  const newest = entries.get(id);
  let text: string | undefined;
  if (newest?.hash === hash) {
    await using file = await openSpans(join(root, FILES.entries), realDisk);
    text = entryText(await file.readJson<EntryText>(newest.text));
  } else text = await readText(join(root, versionPath(hash))).catch(unless("ENOENT"));
  if (text !== undefined && hashOf(text) === hash) return JSON.parse(text);
  const what = text === undefined ? "is missing" : "is damaged";
  throw new CliError(`version ${hash} of ${id} ${what} in ${root}`, {
    hint: "`sitelift verify` lists every damage. Restore the file from a copy.",
  });
}
