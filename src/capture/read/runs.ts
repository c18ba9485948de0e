/** Captures as runs: each crawl of sitelift is replayed as one run, the captures of other programs together as one. */
import { stat } from "node:fs/promises";
import { byTimestamp, timestampIn, timestampOf } from "../../disk/timestamp.js";
import { openFiles } from "./files.js";
import { type StoredResponses, storedResponses } from "./replay.js";
import { RevisitIndex } from "./revisits.js";
import { savedPages } from "./saved-pages.js";
import { indexWarc, type WarcIndex } from "./warc-index.js";

/** One crawl, to be walked again. */
export interface CapturedRun {
  /** Its files, as a user knows them. */
  readonly name: string;
  readonly responses: StoredResponses;
  /** The JSON of the options of the crawl; null when another program made the capture. */
  readonly run: string | null;
}

export interface OpenCaptures extends AsyncDisposable {
  /** Oldest first. */
  readonly runs: readonly CapturedRun[];
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens captures. A crawl of sitelift that did not come to its end is not walked when others did: it
 * left no archive. What it holds still resolves their revisits.
 *
 * @throws {CliError} when a path is not a capture
 */
export async function openCaptures(paths: readonly string[]): Promise<OpenCaptures> {
  const saved: CapturedRun[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    const responses = isFolder ? await savedPages(path) : null;
    if (responses === null) others.push(path);
    else saved.push({ name: path, responses, run: null });
  }
  const { files, close } = await openFiles(others);
  try {
    const indexes: WarcIndex[] = [];
    for (const file of files) indexes.push(await indexWarc(file));
    const damages = indexes.flatMap((index) => index.damages);
    const runs = [...saved, ...runsOf(indexes)];
    return { runs, damages, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** When a capture was made: by the name of its folder, or else by its first record. */
function timeOf(index: WarcIndex | undefined): string {
  return timestampIn(index?.file.name ?? "") ?? timestampOf(index?.date ?? "");
}

function runsOf(indexes: readonly WarcIndex[]): CapturedRun[] {
  const revisits = new RevisitIndex();
  for (const { responses } of indexes) for (const one of responses) revisits.add(one);
  const own = indexes.filter(({ run }) => run !== null);
  const finished = own.filter(({ ended }) => ended);
  const foreign = indexes.filter(({ run }) => run === null);
  const groups = (finished.length > 0 ? finished : own).map((index) => [index]);
  if (foreign.length > 0) groups.push(foreign);
  return groups
    .toSorted(([a], [b]) => byTimestamp(timeOf(a), timeOf(b)))
    .map((group) => {
      const run = group[0]?.run ?? null;
      const responses = group.flatMap((index) => index.responses);
      const name = group.map(({ file }) => file.name).join(", ");
      return { name, run, responses: storedResponses(responses, revisits, run !== null) };
    });
}
