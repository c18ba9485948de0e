/**
 * Puts a planned archive in place. First every new file is written beside the others, so that a disk that is
 * full shows before one of them stands; then they are moved into place, what no longer belongs goes, and
 * archive.json comes last.
 */

import { join } from "node:path";
import pLimit from "p-limit";
import type { Disk } from "../../disk/disk.js";
import {
  type Content,
  fileSize,
  placeDurable,
  prepareDurable,
  removeDurable,
  writeDurable,
} from "../../disk/files.js";
import { PLACING, STAGING } from "../../disk/layout.js";
import { inPieces, jsonTexts } from "../../disk/pieces.js";
import { hashFile, readChunks } from "../../disk/read.js";
import type { Span, Spans } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { State } from "../../model.js";
import { ENTRY_SCHEMA, type EntryLine } from "../../schema/entry.js";
import { countStates } from "../../schema/ledger.js";
import { FORMAT_VERSION, type Manifest } from "../../schema/manifest.js";
import { byCodeUnits } from "../../text.js";
import { renderContent } from "../frontmatter.js";
import { FILES } from "../layout.js";
import type { StoredFile } from "./media/shelf.js";
import type { Plan } from "./plan.js";

/** How many files a placing touched. */
export interface Touched {
  written: number;
  unchanged: number;
  removed: number;
}

/** Files that are written at a time: a durable write mostly waits for the disk. */
const WRITERS = 8;

type Sums = Map<string, { readonly bytes: number; readonly sha256: string }>;

/**
 * @param owned paths that earlier runs wrote
 * @param run the staging file
 * @throws {CliError} before anything is placed, when a file that is not ours stands in the way
 */
export async function place(
  root: string,
  plan: Plan,
  owned: ReadonlySet<string>,
  run: Spans,
  disk: Disk,
): Promise<Touched> {
  const paths = [
    ...plan.entries.map(({ path }) => path),
    ...plan.media.keys(),
    ...plan.quarantine.keys(),
    FILES.entries,
    FILES.provenance,
    FILES.ledger,
    ...plan.texts.keys(),
  ];
  for (const path of paths)
    if (!owned.has(path) && (await fileSize(join(root, path), disk).catch(absent)) !== null)
      throw new CliError(`${join(root, path)} is in the way, and sitelift did not write it`, {
        hint: "Move it elsewhere and run again.",
      });
  // A placing that is cut off leaves files that archive.json does not know; this list does.
  const all = [...new Set([...owned, ...paths])].sort(byCodeUnits);
  await writeDurable(root, `${STAGING}/${PLACING}`, inPieces(jsonTexts(all)), disk);

  const sums: Sums = new Map();
  const touched: Touched = { written: 0, unchanged: 0, removed: 0 };
  const waiting: { path: string; temporary: string }[] = [];
  const put = async (path: string, content: Content) => {
    const { state, temporary, ...sum } = await prepareDurable(root, path, content, disk);
    touched[state]++;
    sums.set(path, sum);
    if (temporary !== null) waiting.push({ path, temporary });
  };
  for (const [path, file] of plan.media) await putMedia(root, path, file, run, disk, put, sums);
  const limit = pLimit(WRITERS);
  const writes: Promise<void>[] = [];
  try {
    for await (const line of entryLines(plan, run)) {
      const write = limit(() => put(line.path, Buffer.from(renderContent(line.data, line.body))));
      // Its error is looked at below; until then it is not unhandled.
      write.catch(() => undefined);
      writes.push(write);
      if (writes.length === WRITERS * 4) await allOf(writes.splice(0));
    }
  } finally {
    await Promise.allSettled(writes);
  }
  await allOf(writes);
  for (const [path, span] of plan.quarantine) await put(path, await run.read(span));
  for (const path of plan.keptQuarantine) {
    const bytes = await fileSize(join(root, path), disk).catch(absent);
    if (bytes !== null) sums.set(path, { bytes, sha256: await hashFile(join(root, path), disk) });
  }
  await put(FILES.entries, lines(entryLines(plan, run)));
  await put(FILES.provenance, lines(provenanceLines(plan, run)));
  await put(FILES.ledger, lines(plan.ledger));
  for (const [path, text] of plan.texts) await put(path, Buffer.from(text));
  const files = waiting.splice(0);
  await put(FILES.manifest, inPieces(jsonTexts(manifestOf(plan, sums))));
  await placeDurable(root, files, disk);
  for (const path of owned)
    if (!sums.has(path) && path !== FILES.manifest) {
      await removeDurable(root, path, disk);
      touched.removed++;
    }
  await placeDurable(root, waiting, disk);
  return touched;
}

/** Waits until nothing is being written any more; only then may an error end the placing. */
async function allOf(writes: readonly Promise<void>[]): Promise<void> {
  for (const write of await Promise.allSettled(writes))
    if (write.status === "rejected") throw write.reason;
}

function manifestOf(plan: Plan, sums: Sums): Manifest {
  const counts: Record<State, number> = countStates(plan.ledger);
  return {
    formatVersion: FORMAT_VERSION,
    site: plan.site,
    generator: plan.generator,
    entrySchema: ENTRY_SCHEMA,
    counts: { listed: plan.ledger.length, ...counts },
    files: [...sums]
      .map(([path, sum]) => ({ path, ...sum }))
      .sort((a, b) => byCodeUnits(a.path, b.path)),
  };
}

/** Entries in the order of the plan, each read when its turn comes. */
async function* entryLines(plan: Plan, run: Spans): AsyncGenerator<EntryLine, void, undefined> {
  for (const { line } of plan.entries) yield await run.readJson<EntryLine>(line);
}

async function* provenanceLines(plan: Plan, run: Spans): AsyncGenerator<unknown, void, undefined> {
  for (const { provenance } of plan.entries)
    if (provenance !== null) yield await run.readJson(provenance);
}

/** Puts a media file: from the staging file, or from where it stands under another name. One that stands is left. */
async function putMedia(
  root: string,
  path: string,
  { bytes, sha256, from }: StoredFile,
  run: Spans,
  disk: Disk,
  put: (path: string, content: Content) => Promise<void>,
  sums: Sums,
): Promise<void> {
  if (from === path) sums.set(path, { bytes, sha256 });
  else if (typeof from === "string") await put(path, readChunks(join(root, from), disk));
  else await put(path, pieces(run, from));
}

/** Bytes of a span in pieces, so that a large file is never held whole. */
async function* pieces(run: Spans, { offset, length }: Span) {
  const most = 1 << 16;
  for (let at = 0; at < length; at += most)
    yield await run.read({ offset: offset + at, length: Math.min(most, length - at) });
}

/** JSON Lines. */
function lines(values: AsyncIterable<unknown> | Iterable<unknown>) {
  const texts = async function* () {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  };
  return inPieces(texts());
}

/** A file below a folder that is not there yet is not there either. */
function absent(error: unknown): null {
  if (error instanceof CliError) throw error;
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
