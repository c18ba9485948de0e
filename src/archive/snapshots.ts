/**
 * Snapshots: the state of an archive after each run, one small file each. A version of an entry is in
 * entries.jsonl while it is the newest; before a run replaces it, it is kept under its own hash. So every
 * version that a snapshot names can be read, and a run that changes nothing writes its snapshot alone.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { type Disk, unless } from "../disk/disk.js";
import { readText } from "../disk/read.js";
import { byTimestamp, isTimestamp, nextTimestamp } from "../disk/timestamp.js";
import { CliError } from "../error.js";
import type { Outcome, State } from "../model.js";
import {
  SNAPSHOT_VERSION,
  type Snapshot,
  type SnapshotEntry,
  snapshot,
} from "../schema/snapshot.js";
import { parseJson } from "../text.js";
import { SNAPSHOTS } from "./layout.js";
import type { ArchivedEntry } from "./nouns.js";

/** A snapshot and its path in the archive. */
export interface StoredSnapshot {
  readonly path: string;
  readonly snapshot: Snapshot;
}

/** A snapshot without its own sum. */
export type UnsignedSnapshot = Omit<Snapshot, "sha256">;

const ENDING = ".json";

/** Path of the file that keeps a version of an entry. Its name is the SHA-256 of its bytes. */
export function versionPath(hash: string): string {
  return `${SNAPSHOTS}/entries/${hash}.json`;
}

/** Paths of the snapshots of an archive, oldest first. Other names are passed over. */
export async function snapshotPaths(root: string, disk: Disk): Promise<string[]> {
  const names = (await disk.readdir(join(root, SNAPSHOTS)).catch(unless("ENOENT"))) ?? [];
  const paths = names.map((name) => `${SNAPSHOTS}/${name}`);
  return paths.filter(isSnapshotPath).sort(byTimestamp);
}

/** Path of a snapshot that comes after all others. */
export async function nextSnapshotPath(
  root: string,
  { time }: UnsignedSnapshot,
  disk: Disk,
): Promise<string> {
  const taken = (await snapshotPaths(root, disk)).map(snapshotName);
  return `${SNAPSHOTS}/${nextTimestamp(time, taken)}${ENDING}`;
}

/** True for the path of a snapshot in the archive. */
export function isSnapshotPath(path: string): boolean {
  return (
    path.startsWith(`${SNAPSHOTS}/`) && path.endsWith(ENDING) && isTimestamp(snapshotName(path))
  );
}

function snapshotName(path: string): string {
  return path.slice(SNAPSHOTS.length + 1, -ENDING.length);
}

/**
 * Reads a snapshot.
 *
 * @throws {CliError} when it is damaged, or of a newer format
 */
export async function readSnapshot(root: string, path: string, disk: Disk): Promise<Snapshot> {
  const read = parseSnapshot(await readText(join(root, path), disk));
  if (!("problem" in read)) return read;
  throw new CliError(`${join(root, path)} is not a whole snapshot: ${read.problem}`, {
    hint: "Restore it from a copy. `sitelift verify` lists every damage.",
  });
}

/** A snapshot from the text of its file, or what is wrong with it. */
export function parseSnapshot(text: string): Snapshot | { readonly problem: string } {
  const found = parseJson(text);
  const version = z.looseObject({ snapshotVersion: z.number() }).safeParse(found).data;
  if (version !== undefined && version.snapshotVersion > SNAPSHOT_VERSION)
    return {
      problem: `it has format ${version.snapshotVersion}, and this program reads formats up to ${SNAPSHOT_VERSION}`,
    };
  const parsed = snapshot.safeParse(found);
  if (!parsed.success)
    return { problem: found === undefined ? "it is not JSON" : z.prettifyError(parsed.error) };
  const { sha256, ...rest } = found as Snapshot;
  const sum = sumOf(rest);
  if (sum !== sha256) return { problem: `expected SHA-256 ${sha256}, found ${sum}` };
  return text === [...snapshotTexts(rest)].join("")
    ? parsed.data
    : { problem: "its white space is not as it was written" };
}

/** The newest snapshot of an archive; null when there is none. */
export async function lastSnapshot(root: string, disk: Disk): Promise<StoredSnapshot | null> {
  const path = (await snapshotPaths(root, disk)).at(-1);
  return path === undefined ? null : { path, snapshot: await readSnapshot(root, path, disk) };
}

/** One key a line, and one entry a line: what changed is seen by any line diff. */
export function* snapshotTexts(body: UnsignedSnapshot): Generator<string, void, undefined> {
  let before = "{\n";
  for (const [key, value] of Object.entries({ ...body, sha256: sumOf(body) })) {
    yield `${before}  "${key}": `;
    before = ",\n";
    if (key !== "entries") yield JSON.stringify(value);
    else if (body.entries.length === 0) yield "[]";
    else {
      for (const [at, entry] of body.entries.entries())
        yield `${at === 0 ? "[" : ","}\n    ${JSON.stringify(entry)}`;
      yield "\n  ]";
    }
  }
  yield "\n}\n";
}

/** SHA-256 of the JSON of a snapshot without its sum, of which the entries come last. */
function sumOf(body: UnsignedSnapshot): string {
  const hash = createHash("sha256").update(JSON.stringify({ ...body, entries: [] }).slice(0, -2));
  for (const [at, entry] of body.entries.entries())
    hash.update(`${at === 0 ? "" : ","}${JSON.stringify(entry)}`);
  return hash.update("]}").digest("hex");
}

/**
 * The entries of an archive as a snapshot has them.
 *
 * @param earlier what the snapshot before says of them, by their ids
 * @param time of the run that missed first what is gone and was not before
 */
export function snapshotEntries(
  entries: Iterable<ArchivedEntry>,
  ledger: readonly Outcome[],
  earlier: ReadonlyMap<string, Pick<SnapshotEntry, "markup" | "goneSince">> | undefined,
  time?: string,
): SnapshotEntry[] {
  const states = statesOf(ledger);
  return Array.from(entries, (entry) => {
    const { id, hash, read, sourceUrl: url, title, path } = entry;
    const known = earlier?.get(id);
    const state = states.get(id) ?? "not-reached";
    const markup = entry.markup ?? known?.markup;
    const goneSince = state === "gone" ? (known?.goneSince ?? time) : undefined;
    return { id, hash, read, state, url, title, path, markup, goneSince };
  });
}

/** State of each entry, by its id: gone only where every line that leads to it says so. */
export function statesOf(ledger: readonly Outcome[]): Map<string, State> {
  const states = new Map<string, State>();
  for (const { state, entry } of ledger) {
    if (entry === undefined || state === "duplicate") continue;
    const known = states.get(entry);
    if (known === undefined || known === "gone" || state === "written") states.set(entry, state);
  }
  return states;
}
