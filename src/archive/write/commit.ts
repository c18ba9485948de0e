/**
 * Puts a planned archive in place. First every new file is written beside the others, so that a disk that is
 * full shows before one of them is replaced; then they are moved into place, and what no longer belongs goes.
 */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { type Content, fileSize, inPieces, jsonTexts, writeEach } from "../../disk/files.js";
import { decodeText, hashFile, readChunks } from "../../disk/read.js";
import { prepareChanges } from "../../disk/redo.js";
import type { Span, Spans } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { Outcome } from "../../model.js";
import { ENTRY_SCHEMA, type EntryLine } from "../../schema/entry.js";
import type { OwnShape } from "../../schema/fields.js";
import { countStates } from "../../schema/ledger.js";
import { FORMAT_VERSION, type Manifest } from "../../schema/manifest.js";
import { byCodeUnits } from "../../text.js";
import { FILES, LINE_FILES } from "../layout.js";
import type { ArchivedEntry } from "../nouns.js";
import { nextSnapshotPath, snapshotTexts, type UnsignedSnapshot } from "../snapshots.js";
import { keepVersions } from "./history.js";
import type { StoredFile } from "./media/store.js";

/** Everything that the archive will hold. */
export interface Commit {
  readonly site: string;
  readonly generator: string;
  /** What entries of the site have beside the keys of every entry. */
  readonly own: OwnShape;
  /** Sorted by id; their texts are in the staging file. */
  readonly entries: readonly Pick<ArchivedEntry, "path" | "text" | "provenance">[];
  readonly ledger: readonly Outcome[];
  /** Media files by path. */
  readonly media: ReadonlyMap<string, StoredFile>;
  /** Text of each file that follows from the others. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files of quarantine that this run gives, by path. */
  readonly quarantine: ReadonlyMap<string, Span>;
  /** Files of quarantine that stay as they are. */
  readonly keptQuarantine: readonly string[];
  /** Files other than those texts that are in place already; null where they are to be made. */
  readonly unchanged: Manifest["files"] | null;
  /** Paths that earlier runs wrote. */
  readonly owned: ReadonlySet<string>;
  /** Versions of entries that are not in the archive any more. */
  readonly replaced: readonly Pick<ArchivedEntry, "hash" | "text">[];
  /** Null where the run leaves none. */
  readonly snapshot: UnsignedSnapshot | null;
}

/** How many files a commit touched. */
export interface Touched {
  written: number;
  unchanged: number;
  removed: number;
}

type Put = (path: string, content: Content) => Promise<void>;

interface Making {
  readonly staging: Spans;
  readonly disk: Disk;
  readonly sums: Sums;
  readonly put: Put;
}

type Sums = Map<string, { readonly bytes: number; readonly sha256: string }>;

/**
 * @param staging the staging file
 * @throws {CliError} before anything changes, when a file that is not ours is in the way
 */
export async function commit(
  root: string,
  planned: Commit,
  staging: Spans,
  disk: Disk,
): Promise<{ readonly touched: Touched; readonly files: Manifest["files"] }> {
  const { entries, texts, quarantine, owned, snapshot, unchanged } = planned;
  // Versions are kept for the snapshots that name them.
  if (snapshot !== null) await keepVersions(root, planned.replaced, disk);
  const changes = prepareChanges(root, disk);
  const sums: Sums = new Map();
  const touched: Touched = { written: 0, unchanged: 0, removed: 0 };
  const put = async (path: string, content: Content) => {
    const { state, replaces, ...sum } = await changes.put(path, content);
    // Nothing is in its place yet. The manifest was read, so it is ours.
    if (replaces && path !== FILES.manifest && !owned.has(path)) throw inTheWay(join(root, path));
    touched[state]++;
    sums.set(path, sum);
  };
  if (unchanged === null) await putMade(root, planned, { staging, disk, sums, put });
  else {
    for (const { path, ...sum } of unchanged) sums.set(path, sum);
    touched.unchanged += entries.length + quarantine.size + LINE_FILES.size;
  }
  for (const [path, text] of texts) await put(path, Buffer.from(text));
  const manifest = manifestOf(planned, sums);
  await put(FILES.manifest, inPieces(jsonTexts(manifest)));
  for (const path of owned)
    if (!sums.has(path)) {
      changes.remove(path);
      touched.removed++;
    }
  if (snapshot !== null)
    await changes.put(
      await nextSnapshotPath(root, snapshot, disk),
      inPieces(snapshotTexts(snapshot)),
    );
  await changes.commit();
  return { touched, files: manifest.files };
}

/** Makes the files that follow from entries, media, quarantine and ledger. */
async function putMade(
  root: string,
  { entries, media, quarantine, keptQuarantine, ledger }: Commit,
  { staging, disk, sums, put }: Making,
): Promise<void> {
  for (const [path, { bytes, sha256, from }] of media)
    if (from === path) sums.set(path, { bytes, sha256 });
    else if (typeof from === "string") await put(path, readChunks(join(root, from), disk));
    else await put(path, pieces(staging, from));
  await putContent(entries, staging, put);
  for (const [path, span] of quarantine) await put(path, await staging.read(span));
  for (const path of keptQuarantine) {
    const bytes = await fileSize(join(root, path), disk);
    if (bytes !== null) sums.set(path, { bytes, sha256: await hashFile(join(root, path), disk) });
  }
  await put(FILES.entries, stagedLines(entries, "text", staging));
  await put(FILES.provenance, stagedLines(entries, "provenance", staging));
  await put(FILES.ledger, inPieces(jsonLines(ledger)));
}

function inTheWay(path: string): CliError {
  return new CliError(`${path} is in the way, and sitelift did not write it`, {
    hint: "Move it elsewhere and run again.",
  });
}

async function putContent(entries: Commit["entries"], staging: Spans, put: Put): Promise<void> {
  // It loads a writer of YAML, which a run that changes nothing does not need.
  const { renderContent } = await import("../frontmatter.js");
  // One after the other, so that they are read ahead.
  const read = async function* () {
    for (const { path, text } of entries) {
      const { data, body } = await staging.readJson<EntryLine>(text);
      yield { path, data, body };
    }
  };
  await writeEach(read(), ({ path, data, body }) =>
    put(path, Buffer.from(renderContent(data, body))),
  );
}

function manifestOf({ site, generator, own, ledger }: Commit, sums: Sums): Manifest {
  return {
    formatVersion: FORMAT_VERSION,
    site,
    generator,
    entrySchema: ENTRY_SCHEMA,
    ...(Object.keys(own.fields).length === 0 && own.types === undefined ? {} : { own }),
    counts: { listed: ledger.length, ...countStates(ledger) },
    files: [...sums]
      .map(([path, sum]) => ({ path, ...sum }))
      .sort((a, b) => byCodeUnits(a.path, b.path)),
  };
}

function* jsonLines(values: readonly unknown[]) {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** JSON Lines of texts in the staging file. */
function stagedLines(entries: Commit["entries"], part: "text" | "provenance", staging: Spans) {
  const texts = async function* () {
    for (const { [part]: span } of entries)
      if (span !== null) yield `${decodeText(await staging.read(span))}\n`;
  };
  return inPieces(texts());
}

/** Bytes of a span in pieces, so that a large file is never held whole. */
async function* pieces(staging: Spans, { offset, length }: Span) {
  const most = 1 << 16;
  for (let at = 0; at < length; at += most)
    yield await staging.read({ offset: offset + at, length: Math.min(most, length - at) });
}
