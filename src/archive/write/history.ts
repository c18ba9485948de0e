/** What a run leaves in the history of its archive: the versions that it replaces, and its snapshot. */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { writeDurable, writeEach } from "../../disk/files.js";
import { hashOf } from "../../disk/read.js";
import { openSpans, type Spans } from "../../disk/staging.js";
import { timeOfName, timestampIn } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import type { TemplateFingerprints } from "../../model.js";
import { countStates } from "../../schema/ledger.js";
import type { Run } from "../../schema/run-report.js";
import { SNAPSHOT_VERSION } from "../../schema/snapshot.js";
import { count } from "../../text.js";
import { type EntryText, entryText } from "../archive-index.js";
import { FILES, RUN_FILES } from "../layout.js";
import type { ArchivedEntry, ArchiveIndex, ArchiveOptions, LastSnapshot } from "../nouns.js";
import {
  type StoredSnapshot,
  snapshotEntries,
  type UnsignedSnapshot,
  versionPath,
} from "../snapshots.js";
import type { Closing } from "./plan.js";
import { recordChanges } from "./recorded-changes.js";

/** Fingerprints of templates as they are kept in memory: most entries have row and page in common, and words of their own. */
export class SharedTemplates {
  readonly #known = new Map<string, string>();

  /** The same, with a text that is held once for all entries that have it. */
  share({ row, page, words }: TemplateFingerprints): TemplateFingerprints {
    return { row: this.#once(row), page: this.#once(page), words };
  }

  #once(fingerprint: string | null): string | null {
    if (fingerprint === null) return null;
    const known = this.#known.get(fingerprint);
    if (known === undefined) this.#known.set(fingerprint, fingerprint);
    return known ?? fingerprint;
  }
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

/** A note where an archive has entries, and no snapshot of runs that wrote them. @param lost runs that history.csv has all the same */
export function lostHistory(
  { site, entries }: Pick<ArchiveIndex, "site" | "entries">,
  last: LastSnapshot | null,
  lost: number,
): string[] {
  if (lost > 0 && last !== null)
    return [
      `${count(lost, "run")} of ${RUN_FILES.history} ${lost === 1 ? "has" : "have"} no whole snapshot any more: the line is kept, and what changed is counted from the last whole one; \`sitelift verify\` names what is missing, restore it from a copy`,
    ];
  if (last !== null || site === null || entries.size === 0) return [];
  return [
    `the archive has ${entries.size} entries and no snapshot of an earlier run: what changed since then is not known, and its history begins anew; restore snapshots/ from a copy, and run again`,
  ];
}

/** When the capture of a run began, by its name; null without one. */
function capturedAt({ capture }: Pick<Run, "capture">): string | null {
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

/** The snapshot of a run. @param entries all that the archive will hold @param texts and isFirst as in `recordChanges` */
export async function snapshotOf(
  closing: Closing,
  { time: start, rules, captured }: NonNullable<ArchiveOptions["snapshot"]>,
  entries: readonly ArchivedEntry[],
  texts: Spans | null,
  isFirst: boolean,
): Promise<UnsignedSnapshot> {
  const { options, run, plan, last } = closing;
  const time = `${start.slice(0, 19)}Z`;
  const now = snapshotEntries(entries, plan.ledger, last?.entries, time);
  return {
    snapshotVersion: SNAPSHOT_VERSION,
    time,
    site: options.site,
    generator: options.generator,
    rules: rules ?? null,
    capture: run.capture,
    captured: captured === undefined ? capturedAt(run) : captured,
    complete: run.complete,
    interrupted: run.interrupted,
    previous: last && { file: last.file, sha256: last.sha256 },
    counts: { listed: plan.ledger.length, ...countStates(plan.ledger) },
    changes: await recordChanges(closing, entries, now, texts, isFirst),
    entries: now,
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
  const keep = async ({ hash, text: span }: Pick<ArchivedEntry, "hash" | "text">) => {
    const text = entryText(await archive.readJson<EntryText>(span));
    if (hashOf(text) !== hash)
      throw new CliError(`${file} was changed during the run`, { hint: "Run again." });
    await writeDurable(root, versionPath(hash), Buffer.from(text), disk);
  };
  await writeEach(replaced, keep);
}
