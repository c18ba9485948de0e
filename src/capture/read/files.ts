/** From the paths that a user names to WARC files: files, WACZ packages, folders that hold them. */
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { realDisk } from "../../disk/disk.js";
import { byTimestamp } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import { few } from "../../text.js";
import { type Bytes, type OpenBytes, openBytes } from "../../warc/bytes.js";
import { isUnreadWarc, isZstandard, unreadReason } from "../../warc/unread.js";
import {
  contentOf,
  isPackageMember,
  isWarcMember,
  newRoom,
  type Room,
  readZip,
} from "../../warc/zip.js";
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
  const notes: string[] = [];
  const close = async () => {
    for (const bytes of opened.splice(0)) await bytes.close();
  };
  try {
    const files: WarcFile[] = [];
    for (const named of await filesAt(paths, notes)) {
      const bytes = await openBytes(realDisk.open(await realFile(named), "read"));
      opened.push(bytes);
      const found = await warcsIn(named.file, named.name, bytes, notes);
      if (found === null)
        throw new CliError(`${named.file} is neither a WARC nor a WACZ file`, {
          hint: "A WARC file begins with WARC/1.0 or WARC/1.1, compressed or not.",
        });
      files.push(...found);
    }
    return { files, notes, close };
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

/**
 * The files that paths lead to, those of a folder oldest first, and how a user knows them.
 *
 * @param notes takes one sentence for each file that is not read
 * @throws {CliError} when there is none
 */
export async function filesAt(
  paths: readonly string[],
  notes: string[] = [],
): Promise<NamedFile[]> {
  // `captures/*` of an archive names its history too.
  const named = paths.filter((path) => paths.length === 1 || !isHistory(path));
  const files: NamedFile[] = [];
  for (const path of named) files.push(...(await filesBelow(path, notes)));
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

async function filesBelow(path: string, notes: string[]): Promise<NamedFile[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null)
    throw new CliError(`there is no ${path}`, {
      hint: "Name a WARC or WACZ file, a folder that holds some, or a folder of saved pages.",
    });
  if (!stats.isDirectory()) return [{ file: path, name: path }];
  const names = await readdir(path, { recursive: true });
  const found = names.filter((name) => WARC.test(name) || /\.wacz$/i.test(name)).sort(byTimestamp);
  const unread = names.filter(isUnreadWarc).sort();
  const reasons = unread.map((one) => `${relative(".", join(path, one))}: ${unreadReason(one)}`);
  notes.push(...reasons);
  if (found.length === 0)
    throw new CliError(`${path} holds neither WARC nor WACZ files`, {
      details: few(reasons, MOST_NAMED),
      hint: 'A folder of saved pages needs a pages.json that says which page is which: {"page.html": "https://…"}.',
    });
  const files = found.map((one) => join(path, one));
  return files.map((file) => ({ file, name: relative(".", file) }));
}

/**
 * The WARC files in a file.
 *
 * @param notes takes one sentence for each that is not read
 * @returns null when it is neither a WARC file nor a package
 * @throws {CliError} when it is one that is not read
 */
export async function warcsIn(
  path: string,
  name: string,
  bytes: Bytes,
  notes: string[],
): Promise<WarcFile[] | null> {
  const first = Buffer.from(await bytes.read(0, 5));
  const start = first.toString("latin1");
  if (isZstandard(first))
    throw new CliError(`${path} is compressed with Zstandard, and is not read`, {
      hint: `Decompress it first: \`zstd -d ${basename(path)}\`.`,
    });
  if (await isArc(bytes))
    throw new CliError(`${path} is an ARC file, the form before WARC, and is not read`, {
      hint: "Convert it first: `warcio recompress x.arc.gz x.warc.gz` (the warcio of Python).",
    });
  if (start.startsWith("PK")) return openPackage(path, name, bytes, notes);
  // Of a file that is called one, the first record may be the damaged one.
  const isCalled = WARC.test(name) && bytes.size > 0;
  const isOne = start.startsWith("\x1f\x8b") || start === "WARC/" || isCalled;
  return isOne ? [{ name, bytes }] : null;
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

const NO_WARC = "A WACZ package is a ZIP file with archive/*.warc.gz in it.";

/**
 * The WARC files of a WACZ package, or of the packages in it, read in place where they are stored, as they must be.
 *
 * @param outer room of the package that this one is in: packages in it are not read
 */
async function openPackage(
  path: string,
  name: string,
  bytes: Bytes,
  notes: string[],
  outer: Room | null = null,
): Promise<WarcFile[]> {
  const room = outer ?? newRoom();
  const files: WarcFile[] = [];
  const packages: WarcFile[] = [];
  const unread: string[] = [];
  try {
    for await (const member of readZip(bytes, isCapture)) {
      const within = `${name}/${member.path}`;
      if (isUnreadWarc(member.path)) unread.push(`${within}: ${unreadReason(member.path)}`);
      else
        (isWarcMember(member.path) ? files : packages).push({
          name: within,
          bytes: await contentOf(member, room),
        });
    }
  } catch (cause) {
    const message = `${path} cannot be read: ${(cause as Error).message}`;
    throw new CliError(message, { hint: NO_WARC, cause });
  }
  notes.push(...unread);
  if (files.length === 0 && outer === null)
    for (const one of packages)
      files.push(
        ...(await openPackage(`${path}/${basename(one.name)}`, one.name, one.bytes, notes, room)),
      );
  if (files.length > 0) return files.sort((x, y) => byTimestamp(x.name, y.name));
  const details = few(unread, MOST_NAMED);
  throw new CliError(`${path} holds no archive/*.warc.gz`, { details, hint: NO_WARC });
}

function isCapture(path: string): boolean {
  return isWarcMember(path) || isPackageMember(path) || isUnreadWarc(path);
}

/** Files that an error names. */
const MOST_NAMED = 5;
