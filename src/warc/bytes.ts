/** Bytes that can be read from any place, wherever they are kept. */
import { createHash } from "node:crypto";
import { pipeline, Readable, type Transform } from "node:stream";

/** A file, or a part of one. */
export interface Bytes {
  readonly size: number;
  /** Fewer bytes than `length` only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Closing never rejects: what was only read has nothing to lose. */
export interface OpenBytes extends Bytes, AsyncDisposable {
  close(): Promise<void>;
}

/** An open file: `read` fills the buffer and gives the number of bytes read. */
interface OpenFile {
  read(buffer: Uint8Array, position: number): Promise<number>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/**
 * An open file as bytes; on an error it is closed.
 *
 * @param size of a file that grows, how much of it may be read; otherwise its size now
 */
export async function openBytes(opening: Promise<OpenFile>, size?: number): Promise<OpenBytes> {
  const file = await opening;
  const close = () => file.close().catch(() => undefined);
  try {
    const whole: Bytes = {
      size: size ?? (await file.size()),
      read: async (offset, length) => {
        const buffer = new Uint8Array(length);
        return buffer.subarray(0, await file.read(buffer, offset));
      },
    };
    return { ...part(whole, 0, whole.size), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Files that are opened when they are first read. @param size as in `openBytes` */
export function filesOnDemand(open: (path: string) => Promise<OpenFile>, size?: number) {
  const files = new Map<string, Promise<OpenBytes>>();
  const close = async () => {
    for (const file of files.values()) await file.then((one) => one.close()).catch(() => undefined);
  };
  return {
    of(path: string): Promise<OpenBytes> {
      const file = files.get(path) ?? openBytes(open(path), size);
      files.set(path, file);
      return file;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The size of a file that grows: what it is now says nothing. */
export const GROWING = Number.MAX_SAFE_INTEGER;

export function part(bytes: Bytes, start: number, size: number): Bytes {
  const read = (offset: number, length: number) =>
    bytes.read(start + offset, Math.max(0, Math.min(length, size - offset)));
  return { size, read };
}

export function inMemory(whole: Uint8Array): Bytes {
  const read = async (offset: number, length: number) => whole.subarray(offset, offset + length);
  return { size: whole.length, read };
}

/** Bytes in pieces of a length, from a place on. */
export async function* piecesOf(
  bytes: Bytes,
  length: number,
  from = 0,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.size; ) {
    const piece = await bytes.read(at, length);
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

/** The same pieces. @throws what `changed` gives, after the last one, where their SHA-256 is another */
export async function* checkedPieces(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sha256: string,
  changed: () => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== sha256) throw changed();
}

/** Pieces as a transformation gives them. */
export async function* through(
  transform: Transform,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  // An error of the pieces or of the transformation ends the loop with it.
  pipeline(Readable.from(pieces, { objectMode: false }), transform, () => undefined);
  yield* transform as AsyncIterable<Uint8Array>;
}
