/** The members of a ZIP file, such as a WACZ package, read through yauzl. */
import { inflateRawSync } from "node:zlib";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  type LocalFileHeader,
  RandomAccessReader,
} from "yauzl";
import { type Bytes, inMemory, part } from "./bytes.js";

export interface ZipMember {
  readonly path: string;
  /** What the ZIP directory says of it, and its own header. */
  readonly entry: Entry;
  readonly header: LocalFileHeader;
  /** As they are in the file, compressed or not. */
  readonly stored: Bytes;
}

/** True for the path of a WARC file in a WACZ package (WACZ 1.1.1, section 5.2.1). */
export function isWarcMember(path: string): boolean {
  return /^archive\/.+\.warc(?:\.gz)?$/i.test(path);
}

/**
 * Members in the order of the ZIP directory.
 *
 * @param wanted the others are passed over, even where they are damaged
 * @throws {Error} when the directory or the header of a member cannot be read
 */
export async function* readZip(
  bytes: Bytes,
  wanted: (path: string) => boolean = () => true,
): AsyncGenerator<ZipMember, void, undefined> {
  const zip = await fromRandomAccessReaderPromise(new BytesReader(bytes), bytes.size);
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue;
    const header = await zip.readLocalFileHeaderPromise(entry);
    const stored = part(bytes, header.fileDataStart, entry.compressedSize);
    yield { path: entry.fileName, entry, header, stored };
  }
}

/** What a member holds, inflated where it is compressed. @throws {Error} when it cannot be */
export async function contentOf({ entry, stored }: ZipMember): Promise<Bytes> {
  if (entry.compressionMethod === 0) return stored;
  if (entry.compressionMethod !== 8)
    throw new Error(`unknown ZIP method ${entry.compressionMethod}`);
  const maxOutputLength = Math.max(1, entry.uncompressedSize);
  return inMemory(inflateRawSync(await stored.read(0, stored.size), { maxOutputLength }));
}

class BytesReader extends RandomAccessReader {
  readonly #bytes: Bytes;

  constructor(bytes: Bytes) {
    super();
    this.#bytes = bytes;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#bytes.read(position, length).then((found) => {
      buffer.set(found, offset);
      callback(found.length < length ? new Error("unexpected end of the file") : null);
    }, callback);
  }
}
