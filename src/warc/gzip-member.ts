/** Gzip members (RFC 1952), each of which holds one record: inflated as far as the record says that it goes. */
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { type Bytes, piecesOf, through } from "./bytes.js";
import { HEAD, type Head, longer, MOST, parseHead, WarcDamage } from "./frame.js";

/** What is read at a time of a member, and inflated at once; one that gives more than `AT_ONCE` is read in pieces. */
export const FIRST = 128 * 1024;
const AT_ONCE = 1024 * 1024;
/** What is read ahead of records that follow each other. */
export const AHEAD = 1024 * 1024;

/** What a gzip member gives (RFC 1952). */
interface Inflated {
  /** Empty, with `parsed`, where the block is too large to be held. */
  readonly content: Buffer;
  readonly parsed: Head | null;
  /** Bytes of the file that it took. */
  readonly used: number;
  readonly crc: number;
  readonly size: number;
}

/** Most members are small: null for one that the window does not hold, or that gives much. */
export function inflateAtOnce(window: Buffer, offset: number): Inflated | null {
  try {
    const options = { info: true, maxOutputLength: AT_ONCE, chunkSize: 4096 };
    const { buffer, engine } = inflateRawSync(window, options) as unknown as {
      readonly buffer: Buffer;
      /** `bytesWritten` counts the input that was used. */
      readonly engine: { readonly bytesWritten: number };
    };
    const used = engine.bytesWritten;
    return { content: buffer, parsed: null, used, crc: crc32(buffer), size: buffer.length };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "Z_BUF_ERROR" || code === "ERR_BUFFER_TOO_LARGE") return null;
    throw new WarcDamage(offset, "the gzip member is damaged");
  }
}

export function headerLength(window: Buffer, offset: number): number {
  const [, , method = 0, flags = 0] = window;
  if (method !== 8 || (flags & 0xe0) !== 0)
    throw new WarcDamage(offset, "the gzip member is damaged");
  let at = 10;
  if (flags & 4) at += 2 + (window.length >= 12 ? window.readUInt16LE(10) : 0);
  for (const flag of [8, 16]) if (flags & flag) at = window.indexOf(0, at) + 1 || window.length;
  if (flags & 2) at += 2;
  if (at >= window.length) throw new WarcDamage(offset, "the gzip member is cut short");
  return at;
}

/** A damage that was found after much was inflated. */
export class Inflating extends WarcDamage {
  readonly read: number;

  constructor(offset: number, message: string, read: number) {
    super(offset, message);
    this.read = read;
  }
}

/** Holds what a member gives as far as its record says that it goes: what gives more is not read on. */
class Held {
  readonly #offset: number;
  #content = Buffer.alloc(0);
  #length = 0;
  #most = HEAD;
  parsed: Head | null = null;
  size = 0;
  crc = 0;

  constructor(offset: number) {
    this.#offset = offset;
  }

  /** @throws {WarcDamage} when the record is shorter than what the member gives */
  add(chunk: Buffer): void {
    this.crc = crc32(chunk, this.crc);
    this.size += chunk.length;
    if (this.parsed !== null && this.parsed.size > MOST) return;
    this.#keep(chunk);
    if (this.parsed === null && this.#length >= HEAD) this.#parse();
    if (this.parsed === null) return;
    const end = this.parsed.head + this.parsed.size;
    if (this.parsed.size <= MOST && this.size > end + 64)
      throw new Inflating(
        this.#offset,
        longer(this.#content.toString("latin1", end, end + 64), this.parsed.size),
        this.size,
      );
  }

  #keep(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#content.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, Math.min(this.#most, 2 * length)));
      this.#content.copy(grown, 0, 0, this.#length);
      this.#content = grown;
    }
    chunk.copy(this.#content, this.#length);
    this.#length = length;
  }

  #parse(): void {
    this.parsed = parseHead(this.#content.subarray(0, this.#length), this.#offset);
    this.#most = this.parsed.head + this.parsed.size + FIRST;
    if (this.parsed.size > MOST) this.#content = Buffer.alloc(0);
  }

  content(): Buffer {
    return this.#content.subarray(0, this.#length);
  }
}

/** Reads a member to its end in pieces. One whose block is too large to be held is read all the same. */
export async function inflate(bytes: Bytes, offset: number, from: number): Promise<Inflated> {
  const stream = createInflateRaw({ chunkSize: FIRST });
  const held = new Held(offset);
  try {
    for await (const chunk of through(stream, piecesOf(bytes, AHEAD, offset + from)))
      held.add(chunk as Buffer);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // Damage is what zlib finds; that the disk cannot be read says nothing of the member.
    if (!code.startsWith("Z_")) throw error;
    const message = `the gzip member is ${code === "Z_BUF_ERROR" ? "cut short" : "damaged"}`;
    throw new Inflating(offset, message, held.size);
  }
  const { parsed, crc, size } = held;
  const content = parsed !== null && parsed.size > MOST ? Buffer.alloc(0) : held.content();
  return { content, parsed, used: stream.bytesWritten, crc, size };
}
