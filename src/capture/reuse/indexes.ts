/** The indexes of all captures of an archive, and the files that they name. What cannot be read saves no request, whatever is wrong with it. */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { readWhole } from "../../disk/read.js";
import { byTimestamp } from "../../disk/timestamp.js";
import { type OpenBytes, openBytes } from "../../warc/bytes.js";
import { parseCdxj } from "../../warc/cdxj.js";
import { CAPTURE_FILES } from "../layout.js";

/** The captures of a folder, oldest first, each with the lines of its index. */
export async function capturesIn(captures: string, disk: Disk) {
  const names = await disk.readdir(captures).catch((): string[] => []);
  return names.sort(byTimestamp).map((name) => {
    const index = join(captures, name, CAPTURE_FILES.index);
    const read = () => readWhole(index, disk).catch(() => new Uint8Array());
    return { folder: join(captures, name), index, lines: async () => linesOf(await read()) };
  });
}

/** One line at a time, and where it is. */
function* linesOf(bytes: Uint8Array) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < text.length; ) {
    const end = text.indexOf(10, offset);
    const length = (end === -1 ? text.length : end) - offset;
    const line = parseCdxj(text.toString("utf8", offset, offset + length));
    if (line !== null) yield { line, offset, length };
    offset += length + 1;
  }
}

/** Files that are opened when they are first read. */
export class OpenedFiles {
  readonly #disk: Disk;
  readonly #files = new Map<string, Promise<OpenBytes>>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  of(path: string): Promise<OpenBytes> {
    // The capture that is being written grows: its size says nothing.
    const opened = () => openBytes(this.#disk.open(path, "read"), Number.MAX_SAFE_INTEGER);
    const file = this.#files.get(path) ?? opened();
    this.#files.set(path, file);
    return file;
  }

  async close(): Promise<void> {
    for (const file of this.#files.values())
      await file.then((one) => one.close()).catch(() => undefined);
  }
}
