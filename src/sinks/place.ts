/** Puts a planned archive in place: new files first, then those that no longer belong, archive.json last. */

import { join } from "node:path";
import pLimit from "p-limit";
import { CliError } from "../error.js";
import type { State } from "../model.js";
import { ENTRY_SCHEMA, type EntryLine } from "../validate/entry.js";
import { countStates } from "../validate/ledger.js";
import { FORMAT_VERSION, type Manifest } from "../validate/manifest.js";
import type { Disk } from "./disk.js";
import { type Content, fileSize, removeDurable, writeDurable } from "./files.js";
import { renderContent } from "./frontmatter.js";
import { FILES, PLACING, STAGING } from "./layout.js";
import { byCodeUnits } from "./order.js";
import type { Plan } from "./plan.js";
import { hashFile } from "./reading.js";
import { type Moved, redirectsCsv } from "./redirects.js";
import { openSpans, type Spans } from "./staging.js";

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
    ...plan.quarantine.keys(),
    FILES.entries,
    FILES.provenance,
    FILES.ledger,
    FILES.redirects,
  ];
  for (const path of paths)
    if (!owned.has(path) && (await fileSize(join(root, path), disk).catch(absent)) !== null)
      throw new CliError(`${join(root, path)} is in the way, and sitelift did not write it`, {
        hint: "Move it elsewhere and run again.",
      });
  // A placing that is cut off leaves files that archive.json does not know; this list does.
  const all = [...new Set([...owned, ...paths])].sort(byCodeUnits);
  await writeDurable(root, `${STAGING}/${PLACING}`, json(all), disk);

  const sums: Sums = new Map();
  const touched: Touched = { written: 0, unchanged: 0, removed: 0 };
  const put = async (path: string, content: Content) => {
    const { state, ...sum } = await writeDurable(root, path, content, disk);
    touched[state]++;
    sums.set(path, sum);
  };
  const moved: Moved[] = [];
  const limit = pLimit(WRITERS);
  const writes: Promise<void>[] = [];
  try {
    for await (const line of entryLines(root, plan, run, disk)) {
      const write = limit(() => put(line.path, Buffer.from(renderContent(line.data, line.body))));
      // Its error is looked at below; until then it is not unhandled.
      write.catch(() => undefined);
      writes.push(write);
      if (writes.length === WRITERS * 4) await allOf(writes.splice(0));
      moved.push({ path: line.path, sourceUrl: line.data.sourceUrl, aliases: line.data.aliases });
      for (const { path, bytes, sha256 } of line.data.media)
        if (path !== null && bytes !== null && sha256 !== null) sums.set(path, { bytes, sha256 });
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
  await put(FILES.entries, lines(entryLines(root, plan, run, disk)));
  await put(FILES.provenance, lines(provenanceLines(root, plan, run, disk)));
  await put(FILES.ledger, lines(plan.ledger));
  await put(FILES.redirects, Buffer.from(redirectsCsv(moved)));
  for (const path of owned)
    if (!sums.has(path) && path !== FILES.manifest) {
      await removeDurable(root, path, disk);
      touched.removed++;
    }
  await put(FILES.manifest, json(manifestOf(plan, sums)));
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
async function* entryLines(
  root: string,
  plan: Plan,
  run: Spans,
  disk: Disk,
): AsyncGenerator<EntryLine, void, undefined> {
  const isKept = plan.entries.some(({ source }) => source.from === "archive");
  const archive = isKept ? await openSpans(join(root, FILES.entries), disk) : null;
  try {
    for (const { path, source } of plan.entries) {
      const bytes = await (source.from === "run" ? run : archive)?.read(source.entry);
      const { id, slug, data, body } = JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
      yield { id, slug, path, data, body } satisfies EntryLine;
    }
  } finally {
    await archive?.close();
  }
}

async function* provenanceLines(
  root: string,
  plan: Plan,
  run: Spans,
  disk: Disk,
): AsyncGenerator<unknown, void, undefined> {
  const isKept = plan.entries.some(
    ({ source: { from, provenance } }) => from === "archive" && provenance !== null,
  );
  const archive = isKept ? await openSpans(join(root, FILES.provenance), disk) : null;
  try {
    for (const { source } of plan.entries) {
      if (source.provenance === null) continue;
      const bytes = await (source.from === "run" ? run : archive)?.read(source.provenance);
      if (bytes !== undefined) yield JSON.parse(Buffer.from(bytes).toString("utf8"));
    }
  } finally {
    await archive?.close();
  }
}

async function* lines(values: AsyncIterable<unknown> | Iterable<unknown>) {
  for await (const value of values) yield Buffer.from(`${JSON.stringify(value)}\n`);
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** A file below a folder that is not there yet is not there either. */
function absent(error: unknown): null {
  if (error instanceof CliError) throw error;
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
