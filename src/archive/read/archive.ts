/** An archive on disk, to be read. */
import { join, resolve } from "node:path";
import { explained, realDisk, unless } from "../../disk/disk.js";
import { fileSize, placeInside, statFolder } from "../../disk/files.js";
import { REDO_LIST, STAGING } from "../../disk/layout.js";
import { readChunks, readText } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { type EntryLine, entryLine } from "../../schema/entry.js";
import type { Manifest } from "../../schema/manifest.js";
import { byCodeUnits, parseUrl } from "../../text.js";
import { intactLines } from "../archive-index.js";
import { csvRows } from "../csv.js";
import { FILES, listFiles } from "../layout.js";
import { damaged, damagesOf, isApart, manifestIn, refuseUnfinished } from "../manifest.js";
import { contentPathOf } from "../redirects.js";

/** A line of redirects.csv. */
export interface OldUrl {
  /** Scheme and host where hosts share the path and lead to different entries; null otherwise. */
  readonly origin: string | null;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Content file that it leads to. */
  readonly leadsTo: string;
  readonly status: number;
}

/** A whole archive. Everything is read when it is asked for, and nothing is kept. */
export interface StoredArchive {
  readonly folder: string;
  /** What archive.json holds: name of the site, counts, every file with its size and checksum. */
  readonly manifest: Manifest;
  /** Entries, sorted by id, one at a time. */
  entries(): AsyncIterable<EntryLine>;
  oldUrls(): Promise<readonly OldUrl[]>;
  /**
   * Every file of the archive, sorted: those that archive.json lists, itself, captures and snapshots. What
   * somebody else has put into the folder is left out.
   */
  paths(): Promise<readonly string[]>;
  /** Refuses an archive of which files are damaged. @throws {CliError} naming them */
  check(wanted: (path: string) => boolean): Promise<void>;
  /** Bytes of a file of the archive, in pieces. */
  read(path: string): AsyncIterable<Uint8Array>;
}

/**
 * Opens an archive for reading.
 *
 * @throws {CliError} when the folder holds no archive, one of a newer format, one that a run is putting in place, or,
 * once they are read, a line that is damaged
 */
export async function readArchive(folder: string): Promise<StoredArchive> {
  const root = resolve(folder);
  const hint = "Write an archive first: `sitelift crawl` or `sitelift demo`.";
  await explained(statFolder(root, realDisk, hint), root, "read");
  const manifest = await explained(manifestIn(root, realDisk), root, "read");
  // While files are put in place, those of two runs are side by side.
  await refuseUnfinished(root, [join(STAGING, REDO_LIST)], realDisk);
  return {
    folder: root,
    manifest,
    entries: () => entriesOf(root),
    oldUrls: () => readOldUrls(root),
    paths: () => pathsOf(root, manifest),
    async check(wanted) {
      const damages = await damagesOf(root, manifest, wanted, realDisk);
      if (damages.length > 0) throw damaged(root, "what is exported", damages);
    },
    read: (path) => readInside(root, path),
  };
}

/** Neither a path nor a symlink leads out of the archive. */
async function* readInside(root: string, path: string) {
  yield* readChunks(await placeInside(root, path));
}

async function* entriesOf(root: string): AsyncGenerator<EntryLine, void, undefined> {
  if ((await fileSize(join(root, FILES.entries))) === null)
    throw new CliError(`${root} has no ${FILES.entries}`, { hint: VERIFY });
  for await (const { value } of intactLines(root, FILES.entries, entryLine, realDisk)) yield value;
}

async function pathsOf(root: string, { files }: Manifest): Promise<string[]> {
  const found = [...(await listFiles(root, realDisk)).files.keys()].filter(isApart);
  const listed = files.map(({ path }) => path);
  return [...new Set([FILES.manifest, ...listed, ...found])].sort(byCodeUnits);
}

const VERIFY = "`sitelift verify` lists every damage.";

async function readOldUrls(root: string): Promise<OldUrl[]> {
  const text = await readText(join(root, FILES.redirects)).catch(unless("ENOENT"));
  if (text === undefined) throw new CliError(`${root} has no ${FILES.redirects}`, { hint: VERIFY });
  const [, ...rows] = csvRows(text);
  return rows.map(([old = "", target = "", status = ""], at) => {
    const leadsTo = contentPathOf(target);
    const isWhole = /^https?:/.test(old);
    // Read as a URL, a path is percent-encoded as a request has it.
    const url = isWhole || old.startsWith("/") ? parseUrl(isWhole ? old : `http://x${old}`) : null;
    if (leadsTo === null || url === null || !/^30[18]$/.test(status))
      throw damaged(root, `${FILES.redirects}, line ${at + 2}`, [
        `expected an old URL, a new path and 301, found ${old}, ${target}, ${status}`,
      ]);
    return {
      origin: isWhole ? url.origin : null,
      path: url.pathname + url.search,
      leadsTo,
      status: Number(status),
    };
  });
}
