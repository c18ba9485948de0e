/** The members of a ZIP file, such as a WACZ package, read through yauzl. */
import { createInflateRaw } from "node:zlib";
import {
  type Entry,
  fromRandomAccessReaderPromise,
  type LocalFileHeader,
  RandomAccessReader,
} from "yauzl";
import { type Bytes, inMemory, part, piecesOf, through } from "./bytes.js";

/** A member, as the ZIP directory says: there may be a hundred thousand. */
export interface ZipMember {
  readonly path: string;
  /** 0 for stored, 8 for deflated. */
  readonly method: number;
  /** Of what it holds. */
  readonly size: number;
  readonly crc: number;
  /** Where its header begins, and what it holds, compressed or not; where that ends. */
  readonly header: number;
  readonly start: number;
  readonly end: number;
  /** True where its own header says the same. */
  readonly agrees: boolean;
  /** The ZIP file. */
  readonly zip: Bytes;
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
    yield {
      path: entry.fileName,
      method: entry.compressionMethod,
      size: entry.uncompressedSize,
      crc: entry.crc32,
      header: entry.relativeOffsetOfLocalHeader,
      start: header.fileDataStart,
      end: header.fileDataStart + entry.compressedSize,
      agrees: agree(entry, header),
      zip: bytes,
    };
  }
}

function agree(entry: Entry, header: LocalFileHeader): boolean {
  return (
    Buffer.compare(header.fileName, entry.fileNameRaw) === 0 &&
    header.compressionMethod === entry.compressionMethod &&
    header.lastModFileDate === entry.lastModFileDate &&
    header.lastModFileTime === entry.lastModFileTime
  );
}

function storedBytes({ zip, start, end }: ZipMember): Bytes {
  return part(zip, start, end - start);
}

/**
 * What a member holds, in pieces, inflated as it is read: what the directory says of its size is not trusted.
 *
 * @throws {Error} when it cannot be inflated
 */
export async function* chunksOf(member: ZipMember): AsyncGenerator<Uint8Array> {
  const pieces = piecesOf(storedBytes(member), PIECE);
  if (member.method === 0) return yield* pieces;
  if (member.method !== 8) throw new Error(`unknown ZIP method ${member.method}`);
  yield* through(createInflateRaw(), pieces);
}

const PIECE = 256 * 1024;
/** Bytes that may be held of compressed members, which are held whole to be read from any place. */
export interface Room {
  left: number;
}

export function newRoom(): Room {
  return { left: 64 * 1024 * 1024 };
}

/**
 * What a member holds, to be read from any place: where it is stored, it is read in place, as WACZ demands of WARC
 * files; otherwise it is held in memory.
 *
 * @param room of all members that are held together
 * @throws {Error} when it cannot be inflated, or there is no room for it
 */
export async function contentOf(member: ZipMember, room: Room = newRoom()): Promise<Bytes> {
  if (member.method === 0) return storedBytes(member);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(member)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > room.left)
      throw new Error(
        `${member.path} is compressed, and what is compressed holds too much to be kept in memory: unpack the file first`,
      );
  }
  room.left -= size;
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
