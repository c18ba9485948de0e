/**
 * Durable files below one folder. A file is written beside the others as a temporary one, synced, moved
 * into place, and its folder synced, so that a reader sees the old file or the new one, never half of one.
 */
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../error.js";
import { type Disk, errorCode, realDisk, unless } from "./disk.js";
import { STAGING } from "./layout.js";
import { hashFile, hashOf } from "./read.js";

export interface Written {
  readonly state: "written" | "unchanged";
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: string;
}

/** Bytes of a file, whole or in pieces. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

let temporaryFiles = 0;

/** A file that is on disk and waits in the staging folder to be moved into place; null where it is there already. */
export interface Waiting extends Written {
  readonly temporary: string | null;
  /** True where a file was at its path before. */
  readonly replaces: boolean;
}

/**
 * Writes a file below a root, unless it has the same bytes already. Makes the folders that it needs,
 * but never the root.
 *
 * @param path with `/` as separator, relative to the root
 * @throws {CliError} when the path leaves the root or passes through a symlink
 * @throws errors of the file system; then neither the old file nor the folder is changed
 */
export async function writeDurable(
  root: string,
  path: string,
  content: Content,
  disk: Disk = realDisk,
): Promise<Written> {
  const { temporary, replaces: _, ...written } = await prepareDurable(root, path, content, disk);
  if (temporary === null) return written;
  const target = join(root, path);
  await disk.rename(temporary, target).catch(async (error: unknown) => {
    await disk.unlink(temporary).catch(() => undefined);
    throw error;
  });
  await disk.syncFolder(dirname(target));
  return written;
}

/**
 * The first half of `writeDurable`: all that needs room on the disk.
 *
 * @param known folders that are known to be there, and no symlinks; those that are made or met are added
 */
export async function prepareDurable(
  root: string,
  path: string,
  content: Content,
  disk: Disk,
  known?: Set<string>,
): Promise<Waiting> {
  await makeFolders(root, safeNames(path).slice(0, -1), disk, known);
  const target = join(root, path);
  const size = await fileSize(target, disk);
  const replaces = size !== null;
  // Whole bytes are compared first, so that an unchanged archive costs reads alone.
  const whole =
    content instanceof Uint8Array ? { bytes: content.length, sha256: hashOf(content) } : null;
  const isThere = async ({ bytes, sha256 }: Pick<Written, "bytes" | "sha256">) =>
    size === bytes && (await hashFile(target, disk)) === sha256;
  if (whole !== null && (await isThere(whole)))
    return { state: "unchanged", ...whole, temporary: null, replaces };
  await makeFolders(root, [STAGING], disk, known);
  const temporary = join(root, STAGING, `${process.pid}-${temporaryFiles++}.tmp`);
  try {
    const written = await fill(temporary, content, disk, whole);
    if (whole !== null || !(await isThere(written)))
      return { state: "written", ...written, temporary, replaces };
    await disk.unlink(temporary);
    return { state: "unchanged", ...written, temporary: null, replaces };
  } catch (error) {
    await disk.unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Files that are written at a time: a durable write mostly waits for the disk. */
const WRITERS = 8;

/** Writes something for each item, a few at a time. After an error no more is begun, and what was begun is waited for. */
export async function writeEach<T>(
  items: Iterable<T> | AsyncIterable<T>,
  write: (item: T) => Promise<unknown>,
): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const errors: unknown[] = [];
  try {
    for await (const item of items) {
      const one: Promise<unknown> = write(item)
        .catch((error: unknown) => errors.push(error))
        .then(() => running.delete(one));
      running.add(one);
      if (running.size === WRITERS) await Promise.race(running);
      if (errors.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (errors.length > 0) throw errors[0];
}

/** @param sum of the content, where it is known */
async function fill(
  path: string,
  content: Content,
  disk: Disk,
  sum: Pick<Written, "bytes" | "sha256"> | null,
) {
  const file = await disk.open(path, "new");
  try {
    const hash = sum === null ? createHash("sha256") : null;
    let bytes = 0;
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      await file.write(chunk, bytes);
      hash?.update(chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return sum ?? { bytes, sha256: hash?.digest("hex") ?? "" };
  } finally {
    await file.close();
  }
}

/**
 * Removes a file below a root, and the folders that this leaves empty. A missing file is not an error.
 *
 * @throws {CliError} when the path leaves the root or passes through a symlink
 */
export async function removeDurable(
  root: string,
  path: string,
  disk: Disk = realDisk,
): Promise<void> {
  const names = safeNames(path);
  if (!(await isReachable(root, names, disk))) return;
  await disk.unlink(join(root, ...names)).catch(unless("ENOENT"));
  for (names.pop(); names.length > 0; names.pop()) {
    const folder = join(root, ...names);
    try {
      await disk.rmdir(folder);
    } catch (error) {
      const code = errorCode(error);
      if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") throw error;
      if (code !== "ENOENT") return disk.syncFolder(folder);
    }
  }
  await disk.syncFolder(root);
}

/** Size of a file; null when there is none. Anything but a file is refused. */
export async function fileSize(path: string, disk: Disk = realDisk): Promise<number | null> {
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (stats === undefined) return null;
  if (stats.isSymbolicLink()) throw symlinkError(path);
  if (!stats.isFile()) throw new CliError(`${path} is not a file`, { hint: "Move it elsewhere." });
  return stats.size;
}

/** What is at the path of a folder. @throws {CliError} with the hint when nothing is */
export async function statFolder(path: string, disk: Disk, hint?: string): Promise<Stats> {
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (stats !== undefined) return stats;
  throw new CliError(`there is no folder ${path}`, hint === undefined ? {} : { hint });
}

/** Makes folders below a root, one in the other, and refuses symlinks among them; gives the innermost one. */
export async function makeFolders(
  root: string,
  names: readonly string[],
  disk: Disk,
  known = new Set<string>(),
): Promise<string> {
  let folder = root;
  for (const name of names) {
    const parent = folder;
    folder = join(folder, name);
    if (known.has(folder)) continue;
    const stats = await disk.lstat(folder).catch(unless("ENOENT"));
    if (stats === undefined) {
      await disk.mkdir(folder).catch(unless("EEXIST"));
      await disk.syncFolder(parent);
    } else if (stats.isSymbolicLink()) throw symlinkError(folder);
    else if (!stats.isDirectory())
      throw new CliError(`${folder} is not a folder`, { hint: "Move it elsewhere." });
    known.add(folder);
  }
  return folder;
}

/**
 * Where a path of an archive is on disk.
 *
 * @throws {CliError} when the path leaves the root or passes through a symlink
 */
export async function placeInside(
  root: string,
  path: string,
  disk: Disk = realDisk,
): Promise<string> {
  const names = safeNames(path);
  await isReachable(root, names, disk);
  return join(root, ...names);
}

/**
 * False when a folder above a path below the root is missing.
 *
 * @param names of the folders, and of the file
 * @param known folders that are known to be there, and no symlinks; those that are met are added
 * @throws {CliError} when one of the folders is a symlink
 */
export async function isReachable(
  root: string,
  names: readonly string[],
  disk: Disk,
  known = new Set<string>(),
): Promise<boolean> {
  let folder = root;
  for (const name of names.slice(0, -1)) {
    folder = join(folder, name);
    if (known.has(folder)) continue;
    const stats = await disk.lstat(folder).catch(unless("ENOENT"));
    if (stats === undefined) return false;
    if (stats.isSymbolicLink()) throw symlinkError(folder);
    known.add(folder);
  }
  return true;
}

function safeNames(path: string): string[] {
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === ".." || /[\0\\]/.test(name)))
    throw new CliError(`"${path}" is not a path inside the archive`);
  return names;
}

function symlinkError(path: string): CliError {
  return new CliError(`${path} is a symbolic link, and nothing is read or written through one`, {
    hint: "Remove the link, or name the folder that it leads to as the archive itself.",
  });
}

/** Characters of a piece, at least: each is one write to the disk. */
const PIECE = 1 << 16;

/** Short texts as the bytes of fewer, longer ones: what has a line for every article is never whole in memory. */
export async function* inPieces(
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let pending: string[] = [];
  let length = 0;
  for await (const text of texts) {
    pending.push(text);
    length += text.length;
    if (length < PIECE) continue;
    yield Buffer.from(pending.join(""));
    pending = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(pending.join(""));
}

/** What `JSON.stringify(value, null, 2)` and a line feed make of an object or an array, member by member of its lists. */
export function* jsonTexts(value: object): Generator<string, void, undefined> {
  yield* members(value, "\n");
  yield "\n";
}

/** @param line feed and indentation of the line on which the value begins */
function* members(value: object, line: string): Generator<string, void, undefined> {
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  let before = open;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined && !isList) continue;
    yield `${before}${line}  ${isList ? "" : `${JSON.stringify(key)}: `}`;
    before = ",";
    if (Array.isArray(member) && !isList) yield* members(member, `${line}  `);
    else yield (JSON.stringify(member, null, 2) ?? "null").replaceAll("\n", `${line}  `);
  }
  yield before === open ? open + close : line + close;
}
