/** From the paths that a user names to WARC files: files, WACZ packages, folders that hold them. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { realDisk } from "../../disk/disk.js";
import { byTimestamp } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import { type Bytes, type OpenBytes, openBytes } from "../../warc/bytes.js";
import { contentOf, isWarcMember, readZip } from "../../warc/zip.js";
import { PRUNED } from "../layout.js";

export interface WarcFile {
  /** As a user knows it. */
  readonly name: string;
  readonly bytes: Bytes;
}

/**
 * Opens every WARC file that paths lead to: the file itself, those of a WACZ package, or all below a
 * folder, such as an archive or its `captures/`.
 *
 * @throws {CliError} when a path leads to none
 */
export async function openFiles(paths: readonly string[]) {
  const opened: OpenBytes[] = [];
  const close = async () => {
    for (const bytes of opened.splice(0)) await bytes.close();
  };
  try {
    const files: WarcFile[] = [];
    for (const named of await filesAt(paths)) {
      const bytes = await openBytes(realDisk.open(await realFile(named), "read"));
      opened.push(bytes);
      files.push(...(await warcsIn(named.file, named.name, bytes)));
    }
    return { files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** True for the history of what was removed from an archive, which lies beside the captures. */
function isHistory(path: string): boolean {
  return resolve(path).split(sep).slice(-2).join("/") === PRUNED;
}

const WARC = /\.w?arc(?:\.gz)?$/i;

/** The files that paths lead to, those of a folder oldest first, and how a user knows them. @throws {CliError} when there is none */
export async function filesAt(paths: readonly string[]): Promise<NamedFile[]> {
  // `captures/*` of an archive names its history too.
  const named = paths.filter((path) => paths.length === 1 || !isHistory(path));
  const files: NamedFile[] = [];
  for (const path of named) files.push(...(await filesBelow(path)));
  return files;
}

interface NamedFile {
  readonly file: string;
  readonly name: string;
}

/** Where a file is that may be a link. @throws {CliError} when it leads to none */
export async function realFile({ file, name }: NamedFile): Promise<string> {
  return realpath(file).catch((cause: unknown) => {
    const hint = "Restore that file. What comes by a pipe, as `<(…)`, is to be in a file first.";
    throw new CliError(`${name} is a link that leads to no file`, { hint, cause });
  });
}

async function filesBelow(path: string): Promise<NamedFile[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null)
    throw new CliError(`there is no ${path}`, {
      hint: "Name a WARC or WACZ file, a folder that holds some, or a folder of saved pages.",
    });
  if (!stats.isDirectory()) return [{ file: path, name: path }];
  const names = await readdir(path, { recursive: true });
  const found = names.filter((name) => WARC.test(name) || /\.wacz$/i.test(name)).sort(byTimestamp);
  if (found.length === 0)
    throw new CliError(`${path} holds neither WARC nor WACZ files`, {
      hint: 'A folder of saved pages needs a pages.json that says which page is which: {"page.html": "https://…"}.',
    });
  const files = found.map((one) => join(path, one));
  return files.map((file) => ({ file, name: relative(".", file) }));
}

async function warcsIn(path: string, name: string, bytes: Bytes): Promise<WarcFile[]> {
  const start = Buffer.from(await bytes.read(0, 5)).toString("latin1");
  if (await isArc(bytes))
    throw new CliError(`${path} is an ARC file, the form before WARC, and is not read`, {
      hint: "Convert it first: `warcio recompress x.arc.gz x.warc.gz` (the warcio of Python).",
    });
  if (start.startsWith("PK")) return openPackage(path, name, bytes);
  // Of a file that is called one, the first record may be the damaged one.
  const isCalled = WARC.test(name) && bytes.size > 0;
  if (start.startsWith("\x1f\x8b") || start === "WARC/" || isCalled) return [{ name, bytes }];
  throw new CliError(`${path} is neither a WARC nor a WACZ file`, {
    hint: "A WARC file begins with WARC/1.0 or WARC/1.1, compressed or not.",
  });
}

/** True for an ARC file (https://archive.org/web/researcher/ArcFileFormat.php), compressed or not. */
async function isArc(bytes: Bytes): Promise<boolean> {
  const start = Buffer.from(await bytes.read(0, 1024));
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 };
  try {
    const text = start[0] === 0x1f ? gunzipSync(start, options) : start;
    return text.toString("latin1", 0, 11) === "filedesc://";
  } catch {
    return false;
  }
}

/** The WARC files of a WACZ package, read in place where they are stored, as they must be. */
async function openPackage(path: string, name: string, bytes: Bytes): Promise<WarcFile[]> {
  const hint = "A WACZ package is a ZIP file with archive/*.warc.gz in it.";
  const files: WarcFile[] = [];
  try {
    for await (const member of readZip(bytes, isWarcMember))
      files.push({ name: `${name}/${member.path}`, bytes: await contentOf(member) });
  } catch (cause) {
    throw new CliError(`${path} cannot be read: ${(cause as Error).message}`, { hint, cause });
  }
  if (files.length === 0) throw new CliError(`${path} holds no archive/*.warc.gz`, { hint });
  return files.sort((x, y) => byTimestamp(x.name, y.name));
}
