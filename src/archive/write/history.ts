/** What a run leaves in the history of its archive: the versions that it replaces, and its snapshot. */
import { join } from "node:path";
import pLimit from "p-limit";
import type { Disk } from "../../disk/disk.js";
import { allOf, inPieces, prepareDurable, writeDurable } from "../../disk/files.js";
import { hashOf } from "../../disk/read.js";
import { openSpans } from "../../disk/staging.js";
import { nextTimestamp, timeOfName, timestampIn } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import type { Outcome } from "../../model.js";
import { countStates } from "../../schema/ledger.js";
import type { Run } from "../../schema/run-report.js";
import { SNAPSHOT_VERSION, type Snapshot, type SnapshotEntry } from "../../schema/snapshot.js";
import { type EntryText, entryText } from "../archive-index.js";
import { FILES, SNAPSHOTS } from "../layout.js";
import type { ArchivedEntry, ArchiveIndex } from "../nouns.js";
import {
  type StoredSnapshot,
  snapshotName,
  snapshotPaths,
  snapshotTexts,
  statesOf,
  type UnsignedSnapshot,
  versionPath,
} from "../snapshots.js";
import { SharedTemplates } from "./shared-templates.js";

/** How many versions are written at a time: a durable write mostly waits for the disk. */
const WRITERS = 8;

/** What the next snapshot takes over from the last one. */
export interface LastSnapshot {
  readonly file: string;
  readonly sha256: string;
  readonly generator: string;
  readonly rules: string | null | undefined;
  readonly entries: ReadonlyMap<string, Pick<SnapshotEntry, "markup" | "goneSince">>;
}

/** What is kept in memory of the last snapshot. */
export function lastSnapshotOf({ path, snapshot }: StoredSnapshot): LastSnapshot {
  const templates = new SharedTemplates();
  const entries = snapshot.entries.map(
    ({ id, markup, goneSince }) =>
      [id, { markup: markup && templates.share(markup), goneSince }] as const,
  );
  const { sha256, generator, rules } = snapshot;
  return { file: path, sha256, generator, rules, entries: new Map(entries) };
}

/** A note where an archive has entries, and no snapshot of the runs that wrote them: a commit puts it in place last. */
export function lostHistory(
  { site, entries, isCutOff }: Pick<ArchiveIndex, "site" | "entries" | "isCutOff">,
  last: LastSnapshot | null,
): string[] {
  if (last !== null || site === null || entries.size === 0 || isCutOff) return [];
  return [
    `the archive has ${entries.size} entries and no snapshot of an earlier run: what changed since then is not known, and its history begins anew; restore snapshots/ from a copy, and run again`,
  ];
}

/** When the capture of a run began, by its name; null without one. */
export function capturedAt({ capture }: Pick<Run, "capture">): string | null {
  return capture === null ? null : timeOfName(timestampIn(capture));
}

/** Entries of the archive whose version is not in it after the run. */
export function replacedBy(
  entries: Iterable<ArchivedEntry>,
  before: ArchiveIndex["entries"],
): ArchivedEntry[] {
  const stays = new Map([...entries].map(({ id, hash }) => [id, hash]));
  return [...before.values()].filter(({ id, hash }) => stays.get(id) !== hash);
}

/**
 * The snapshot of a run.
 *
 * @param start when the run began: ISO 8601, in UTC
 * @param last the snapshot before it
 */
export function snapshotOf(
  start: string,
  run: Pick<Run, "complete" | "interrupted" | "capture">,
  named: Pick<Snapshot, "site" | "generator" | "rules" | "captured" | "changes">,
  ledger: readonly Outcome[],
  entries: readonly ArchivedEntry[],
  last: LastSnapshot | null,
): UnsignedSnapshot {
  const time = `${start.slice(0, 19)}Z`;
  const states = statesOf(ledger);
  return {
    snapshotVersion: SNAPSHOT_VERSION,
    time,
    site: named.site,
    generator: named.generator,
    rules: named.rules ?? null,
    capture: run.capture,
    captured: named.captured ?? null,
    complete: run.complete,
    interrupted: run.interrupted,
    previous: last && { file: last.file, sha256: last.sha256 },
    counts: { listed: ledger.length, ...countStates(ledger) },
    ...(named.changes === undefined ? {} : { changes: named.changes }),
    entries: entries.map((entry): SnapshotEntry => {
      const { id, hash, read, sourceUrl: url, title, path } = entry;
      const known = last?.entries.get(id);
      const markup = entry.markup ?? known?.markup;
      const state = states.get(id) ?? "not-reached";
      const goneSince = state === "gone" ? (known?.goneSince ?? time) : undefined;
      return { id, hash, read, state, url, title, path, markup, goneSince };
    }),
  };
}

/**
 * Keeps versions that are about to be replaced.
 *
 * @param replaced entries of the archive as it is
 * @throws {CliError} when one is no longer what it was when the run began
 */
export async function keepVersions(
  root: string,
  replaced: readonly Pick<ArchivedEntry, "hash" | "text">[],
  disk: Disk,
): Promise<void> {
  if (replaced.length === 0) return;
  const file = join(root, FILES.entries);
  await using archive = await openSpans(file, disk);
  const limit = pLimit(WRITERS);
  const keep = async ({ hash, text: span }: Pick<ArchivedEntry, "hash" | "text">) => {
    const text = entryText(await archive.readJson<EntryText>(span));
    if (hashOf(text) !== hash)
      throw new CliError(`${file} was changed during the run`, { hint: "Run again." });
    await writeDurable(root, versionPath(hash), Buffer.from(text), disk);
  };
  await allOf(replaced.map((one) => limit(() => keep(one))));
}

/** Writes a snapshot under a name that comes after all others, to be moved into place after the archive that it is of. */
export async function prepareSnapshot(
  root: string,
  body: UnsignedSnapshot,
  disk: Disk,
): Promise<{ path: string; temporary: string }[]> {
  const taken = (await snapshotPaths(root, disk)).map(snapshotName);
  const path = `${SNAPSHOTS}/${nextTimestamp(body.time, taken)}.json`;
  const { temporary } = await prepareDurable(root, path, inPieces(snapshotTexts(body)), disk);
  return temporary === null ? [] : [{ path, temporary }];
}
