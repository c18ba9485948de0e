/** Captures as runs: each crawl of ours is replayed as one, what other programs captured as one together. */
import { stat } from "node:fs/promises";
import { byMoment, momentIn, momentName } from "../../disk/timestamp.js";
import { openFiles } from "./files.js";
import { type StoredResponses, storedResponses } from "./replay.js";
import { Pool } from "./revisits.js";
import { savedPages } from "./saved-pages.js";
import { type Scan, scanFile } from "./scan.js";

/** One crawl, to be walked again. */
export interface CapturedRun {
  /** Files that it stands in, as a user knows them. */
  readonly name: string;
  readonly responses: StoredResponses;
  /** The JSON of what the crawl was told beside its site; null when another program made the capture. */
  readonly run: string | null;
}

export interface OpenCaptures {
  /** Oldest first. */
  readonly runs: readonly CapturedRun[];
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens captures. A crawl of ours that never came to its end is not walked beside others that did: it
 * left no archive; what it holds still resolves their revisits.
 *
 * @throws {CliError} when a path is no capture
 */
export async function openCaptures(paths: readonly string[]): Promise<OpenCaptures> {
  const saved: CapturedRun[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    const answers = isFolder ? await savedPages(path) : null;
    if (answers === null) others.push(path);
    else saved.push({ name: path, responses: answers, run: null });
  }
  const { files, close } = await openFiles(others);
  try {
    const scans: Scan[] = [];
    for (const file of files) scans.push(await scanFile(file));
    const damages = scans.flatMap((scan) => scan.damages);
    return { runs: [...saved, ...runsOf(scans)], damages, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** When a capture was made, as the name of its folder tells it, or else its first record. */
function momentOf(scan: Scan | undefined): string {
  return momentIn(scan?.file.name ?? "") ?? momentName(scan?.date ?? "");
}

function runsOf(scans: readonly Scan[]): CapturedRun[] {
  const pool = new Pool();
  for (const { held } of scans) for (const one of held) pool.add(one);
  const own = scans.filter(({ run }) => run !== null);
  const finished = own.filter(({ ended }) => ended);
  const foreign = scans.filter(({ run }) => run === null);
  const groups = (finished.length > 0 ? finished : own).map((scan) => [scan]);
  if (foreign.length > 0) groups.push(foreign);
  return groups
    .toSorted(([a], [b]) => byMoment(momentOf(a), momentOf(b)))
    .map((group) => {
      const run = group[0]?.run ?? null;
      const held = group.flatMap((scan) => scan.held);
      const name = group.map(({ file }) => file.name).join(", ");
      return { name, run, responses: storedResponses(held, pool, run !== null) };
    });
}
