/** From what a user names to WARC files: files, WACZ packages, folders that hold them. */
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { inflateRawSync } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { byMoment } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import type { Bytes } from "../../warc/reading.js";

/** What files of an archive that is being written are read through: the disk of its sinks. */
export interface Reads {
  readdir(path: string): Promise<string[]>;
  open(
    path: string,
    mode: "read",
  ): Promise<{
    read(buffer: Uint8Array, position: number): Promise<number>;
    size(): Promise<number>;
    close(): Promise<void>;
  }>;
}

/** A WARC file that is open. */
export interface WarcFile {
  /** As a user would know it. */
  readonly name: string;
  readonly bytes: Bytes;
}

export interface OpenFiles {
  readonly files: readonly WarcFile[];
  close(): Promise<void>;
}

/**
 * Opens every WARC file that paths lead to: the file itself, those of a WACZ package, or all that
 * stand below a folder, such as an archive or its `captures/`.
 *
 * @throws {CliError} when a path leads to none
 */
export async function openFiles(paths: readonly string[]): Promise<OpenFiles> {
  const handles: FileHandle[] = [];
  const close = async () => {
    for (const handle of handles) await handle.close();
  };
  try {
    const files: WarcFile[] = [];
    for (const path of paths) files.push(...(await openPath(path, handles)));
    return { files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const WARC = /\.warc(?:\.gz)?$/i;

async function openPath(path: string, handles: FileHandle[]): Promise<WarcFile[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null)
    throw new CliError(`there is no ${path}`, {
      hint: "Name a WARC or WACZ file, a folder that holds some, or a folder of saved pages.",
    });
  if (!stats.isDirectory()) return openFile(path, path, handles);
  const names = await readdir(path, { recursive: true });
  const found = names.filter((name) => WARC.test(name) || /\.wacz$/i.test(name)).sort(byMoment);
  if (found.length === 0)
    throw new CliError(`${path} holds neither WARC nor WACZ files`, {
      hint: 'A folder of saved pages needs a pages.json that says which page is which: {"page.html": "https://…"}.',
    });
  const files: WarcFile[] = [];
  for (const name of found)
    files.push(...(await openFile(join(path, name), relative(".", join(path, name)), handles)));
  return files;
}

async function openFile(path: string, name: string, handles: FileHandle[]): Promise<WarcFile[]> {
  const handle = await open(path, "r");
  handles.push(handle);
  const bytes = await bytesOf(handle);
  const [a, b] = await bytes.read(0, 2);
  if (a === 0x50 && b === 0x4b) return openPackage(path, name, bytes);
  const start = Buffer.from(await bytes.read(0, 5)).toString("latin1");
  // Of a file that is called one, the first record may be the damaged one.
  const isCalled = WARC.test(name) && bytes.size > 0;
  if ((a === 0x1f && b === 0x8b) || start === "WARC/" || isCalled) return [{ name, bytes }];
  throw new CliError(`${path} is neither a WARC nor a WACZ file`, {
    hint: "A WARC file begins with WARC/1.0 or WARC/1.1, compressed or not.",
  });
}

async function bytesOf(handle: FileHandle): Promise<Bytes> {
  const { size } = await handle.stat();
  return {
    size,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const buffer = Buffer.alloc(wanted);
      const { bytesRead } = await handle.read(buffer, 0, wanted, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** Opens a file of an archive that is being written. */
export async function openStored(
  path: string,
  disk: Reads,
): Promise<Bytes & { close(): Promise<void> }> {
  const file = await disk.open(path, "read");
  try {
    return {
      size: await file.size(),
      read: async (offset, length) => {
        const buffer = new Uint8Array(length);
        return buffer.subarray(0, await file.read(buffer, offset));
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/** The WARC files of a WACZ package (WACZ 1.1.1, section 5.2.1), read in place where they are stored as they must be. */
async function openPackage(path: string, name: string, bytes: Bytes): Promise<WarcFile[]> {
  const { openPromise } = await import("yauzl");
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    const files: WarcFile[] = [];
    for await (const entry of zip.eachEntry())
      if (/^archive\/.+\.warc(?:\.gz)?$/i.test(entry.fileName))
        files.push({
          name: `${name}/${entry.fileName}`,
          bytes: await memberBytes(zip, entry, bytes),
        });
    if (files.length > 0) return files.sort((x, y) => byMoment(x.name, y.name));
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`, {
      hint: "A WACZ package is a ZIP file with archive/*.warc.gz in it.",
      cause: error,
    });
  } finally {
    zip?.close();
  }
  throw new CliError(`${path} holds no archive/*.warc.gz`, {
    hint: "A WACZ package is a ZIP file with archive/*.warc.gz in it.",
  });
}

async function memberBytes(zip: ZipFile, entry: Entry, bytes: Bytes): Promise<Bytes> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const size = entry.compressedSize;
  if (entry.compressionMethod === 0)
    return {
      size,
      read: (offset, length) =>
        bytes.read(fileDataStart + offset, Math.max(0, Math.min(length, size - offset))),
    };
  const whole = inflateRawSync(await bytes.read(fileDataStart, size));
  return {
    size: whole.length,
    read: async (offset, length) => whole.subarray(offset, offset + length),
  };
}
