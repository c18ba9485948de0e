/** The members of a ZIP file, such as a WACZ package, read through yauzl. */
import { createInflateRaw } from "node:zlib";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  type LocalFileHeader,
  RandomAccessReader,
} from "yauzl";
import { type Bytes, inMemory, part, piecesOf, through } from "./bytes.js";

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

/** True for a package in a package, as Browsertrix makes of a collection: it holds packages and no WARC file. */
export function isPackageMember(path: string): boolean {
  return /^(?!archive\/).+\.wacz$/i.test(path);
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

/**
 * What a member holds, in pieces, inflated as it is read: what the directory says of its size is not trusted.
 *
 * @throws {Error} when it cannot be inflated
 */
export async function* chunksOf({ entry, stored }: ZipMember): AsyncGenerator<Uint8Array> {
  if (entry.compressionMethod === 0) return yield* piecesOf(stored, PIECE);
  if (entry.compressionMethod !== 8)
    throw new Error(`unknown ZIP method ${entry.compressionMethod}`);
  yield* through(createInflateRaw(), piecesOf(stored, PIECE));
}

const PIECE = 256 * 1024;
/** A compressed member is held whole to be read from any place. */
const MOST_HELD = 64 * 1024 * 1024;

/**
 * What a member holds, to be read from any place: where it is stored, it is read in place, as WACZ demands of WARC
 * files; otherwise it is held in memory.
 *
 * @throws {Error} when it cannot be inflated, or holds more than 64 MB
 */
export async function contentOf(member: ZipMember, most = MOST_HELD): Promise<Bytes> {
  if (member.entry.compressionMethod === 0) return member.stored;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(member)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most)
      throw new Error(
        `${member.path} is compressed, and holds more than ${most >> 20} MB: unpack the file first`,
      );
  }
  return inMemory(Buffer.concat(chunks));
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
