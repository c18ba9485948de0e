/**
 * Reads WARC files: what is cut short, damaged or trailed by anything is an error that says where. What is framed
 * otherwise than the standard says, as some programs do, is read, and the record says so.
 */
import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import type { Bytes } from "./bytes.js";
import { hasDigest } from "./digest.js";
import { fieldOf, parseFields, type WarcRecord } from "./record.js";

/** A record and where it is in the file. */
export interface FoundRecord extends WarcRecord {
  readonly version: string;
  readonly offset: number;
  /** Bytes that it takes in the file. */
  readonly length: number;
  /** True for a gzip member that holds this record and no more. */
  readonly gzip: boolean;
  /** Length of the block. `block` is empty when that is more than {@link MOST}. */
  readonly size: number;
  /** What is wrong with its frame, which can be read all the same; null when nothing is. */
  readonly flaw: string | null;
}

/** What is wrong with a WARC file, and where. */
export class WarcDamage extends Error {
  override readonly name = "WarcDamage";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** The blocks of larger records are passed over: somewhat more than an attachment of a crawl may have. */
const MOST = 64 * 1024 * 1024;
/** What is read at a time of a member, and inflated at once; one that gives more than `AT_ONCE` is read in pieces. */
const FIRST = 128 * 1024;
const AT_ONCE = 1024 * 1024;
/** Longest header of a record or of a gzip member. */
const HEAD = 64 * 1024;
/** What is read ahead of records that follow each other. */
const AHEAD = 1024 * 1024;

/** Bytes of which a piece is held: records are small, and follow each other. */
class Window {
  readonly #bytes: Bytes;
  readonly #ahead: number;
  /** Where most members end. */
  readonly first: number;
  #start = 0;
  #held: Buffer = Buffer.alloc(0);
  #isLast = false;

  constructor(bytes: Bytes, ahead: number) {
    this.#bytes = bytes;
    this.#ahead = ahead;
    this.first = Math.min(ahead, FIRST);
  }

  /** Fewer bytes than `length` only at the end. */
  async at(offset: number, length: number): Promise<Buffer> {
    const end = this.#start + this.#held.length;
    const isHeld = offset >= this.#start && (offset + length <= end || this.#isLast);
    if (!isHeld) {
      const wanted = Math.max(length, this.#ahead);
      const read = await this.#bytes.read(offset, wanted);
      this.#held = Buffer.from(read.buffer, read.byteOffset, read.length);
      [this.#start, this.#isLast] = [offset, read.length < wanted];
    }
    const from = offset - this.#start;
    return this.#held.subarray(from, from + length);
  }
}

/**
 * Records of a file, one after the other: a gzip member each, or not compressed.
 *
 * @param onDamage called with each damage: reading continues at the next whole record after it
 * @throws {WarcDamage} without `onDamage`, at the first place where the file is not what it should be
 */
export async function* readWarc(
  bytes: Bytes,
  onDamage?: (damage: WarcDamage) => void,
): AsyncGenerator<FoundRecord, void, undefined> {
  const window = new Window(bytes, AHEAD);
  for (let offset = 0; offset < bytes.size; ) {
    try {
      const record = await recordAt(window, bytes, offset);
      yield record;
      offset += record.length;
    } catch (error) {
      if (onDamage === undefined || !(error instanceof WarcDamage)) throw error;
      onDamage(error);
      offset = await nextRecord(window, bytes, offset + 1, onDamage);
    }
  }
}

const START = Buffer.from("WARC/1.");
const MEMBER = Buffer.from([0x1f, 0x8b, 8]);
/** Pieces in which the next record is searched: it is near where many are damaged. */
const NEAR = 4096;
const FAR = 64 * 1024;
/** Each try costs up to a whole record: bytes that were made to look like starts must not make this endless. */
const MOST_TRIED = 256 * 1024 * 1024;
/** What a try costs that ends at once. */
const LEAST_TRIED = 16 * 1024;

/** Where the next whole record begins; the end of the file when there is none, or only what looks like many. */
async function nextRecord(
  window: Window,
  bytes: Bytes,
  from: number,
  onDamage: (damage: WarcDamage) => void,
): Promise<number> {
  let [tried, step] = [0, NEAR];
  for (let offset = from; offset < bytes.size; offset += step, step = FAR) {
    // A start that the border of two pieces cuts is seen in the second one.
    const piece = await window.at(offset, step + START.length);
    for (const at of starts(piece)) {
      if (at >= step) break;
      const found = await tryRecord(bytes, offset + at);
      if (found.isWhole) return offset + at;
      tried += found.read;
      if (tried < MOST_TRIED) continue;
      const message = "too much after this only looks like records, and is not read";
      onDamage(new WarcDamage(offset + at, message));
      return bytes.size;
    }
  }
  return bytes.size;
}

/** Places where a record may begin, in their order. */
function* starts(piece: Buffer): Generator<number, void, undefined> {
  let [plain, member] = [piece.indexOf(START), piece.indexOf(MEMBER)];
  while (plain >= 0 || member >= 0)
    if (member < 0 || (plain >= 0 && plain < member)) {
      yield plain;
      plain = piece.indexOf(START, plain + 1);
    } else {
      yield member;
      member = piece.indexOf(MEMBER, member + 1);
    }
}

/** Whether a record begins at a place, and how much was read to know. */
async function tryRecord(bytes: Bytes, offset: number) {
  const start = Buffer.from(await bytes.read(offset, 1024));
  try {
    // Most of what looks like a member is not one: its first bytes show that.
    if (start[0] === MEMBER[0]) {
      const compressed = start.subarray(headerLength(start, offset));
      const text = inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
      if (!text.subarray(0, START.length).equals(START)) return { isWhole: false, read: 0 };
    }
    await readRecord(bytes, offset);
    return { isWhole: true, read: 0 };
  } catch (error) {
    const read = error instanceof Inflating ? error.read : LEAST_TRIED;
    return { isWhole: false, read };
  }
}

/**
 * The record at a place.
 *
 * @param length bytes that it takes, where they are known: no more are read then
 * @throws {WarcDamage} when there is none, or not a whole one
 */
export function readRecord(bytes: Bytes, offset: number, length = FIRST): Promise<FoundRecord> {
  // The first bytes tell a member from a record that is not compressed. An index may say no length, or a wrong one.
  return recordAt(new Window(bytes, Math.min(Math.max(length || FIRST, 32), FIRST)), bytes, offset);
}

async function recordAt(window: Window, bytes: Bytes, offset: number): Promise<FoundRecord> {
  const start = await window.at(offset, 5);
  if (start[0] === 0x1f && start[1] === 0x8b) return readMember(window, bytes, offset);
  if (start.toString("latin1") === "WARC/") return readPlain(window, bytes, offset);
  throw new WarcDamage(offset, "expected a record, found other bytes");
}

async function readMember(window: Window, bytes: Bytes, offset: number): Promise<FoundRecord> {
  const first = await window.at(offset, window.first);
  const from = headerLength(first, offset);
  const found = inflateAtOnce(first.subarray(from), offset) ?? (await inflate(bytes, offset, from));
  const end = from + found.used;
  const trailer = await window.at(offset + end, 8);
  if (trailer.length < 8) throw new WarcDamage(offset, "the gzip member is cut short");
  if (trailer.readUInt32LE(0) !== found.crc || trailer.readUInt32LE(4) !== found.size % 2 ** 32)
    throw new WarcDamage(offset, "the gzip member is damaged: its checksum is another");
  const { head, version, fields, size } = found.parsed ?? parseHead(found.content, offset);
  const place = { offset, length: end + 8, gzip: true, version, fields, size };
  if (size > MOST) return { ...place, block: new Uint8Array(), flaw: null };
  const { block, flaw } = blockOf(found.content.subarray(head), { fields }, size, offset);
  return { ...place, block, size: block.length, flaw };
}

async function readPlain(window: Window, bytes: Bytes, offset: number): Promise<FoundRecord> {
  const { head, version, fields, size } = parseHead(await window.at(offset, HEAD), offset);
  const end = offset + head + size;
  if (end > bytes.size) throw new WarcDamage(offset, "the record is cut short");
  const trail = (await window.at(end, 64)).toString("latin1");
  // Two line ends follow a record; some programs write one, or more.
  const [gap = ""] = /^[\r\n]*/.exec(trail) ?? [];
  if (gap === "" && end < bytes.size)
    throw new WarcDamage(offset, `the block is longer than the ${size} bytes that it says`);
  const length = head + size + gap.length;
  const place = { offset, length, gzip: false, version, fields, size };
  if (size > MOST) return { ...place, block: new Uint8Array(), flaw: null };
  const rest = await window.at(offset + head, size + gap.length);
  const { block, flaw } = blockOf(rest, { fields }, size, offset);
  return { ...place, block, size: block.length, flaw };
}

/**
 * The block of a record in what follows its header: some programs leave out the line ends after it, or count one or
 * two of them as part of it. A block digest says which it is.
 *
 * @throws {WarcDamage} when the block is shorter or longer than the record says
 */
function blockOf(
  rest: Buffer,
  record: Pick<WarcRecord, "fields">,
  size: number,
  offset: number,
): { readonly block: Buffer; readonly flaw: string | null } {
  const block = rest.subarray(0, size);
  const tail = rest.toString("latin1", size, size + 64);
  if (tail === "\r\n\r\n" || tail === "\n\n") return { block, flaw: null };
  const ends = ["\r\n\r\n", "\n\n"].find(
    (end) => rest.toString("latin1", rest.length - end.length) === end,
  );
  const real = rest.length - (ends?.length ?? 0);
  const digest = fieldOf(record, "warc-block-digest");
  const isDeclared = digest !== null && hasDigest(block, digest) === true;
  if (rest.length >= size && /^[\r\n]*$/.test(tail) && tail.length < 64) {
    if (!isDeclared && ends !== undefined && tail.length < ends.length && tail !== "")
      return { block: rest.subarray(0, real), flaw: `the block has ${real} bytes, not ${size}` };
    return { block, flaw: tail === "" ? "no line ends follow its block" : null };
  }
  if (rest.length < size) {
    const flaw = `the block has ${real} bytes, not ${size}`;
    if (size - rest.length <= 2 && ends === undefined) return { block: rest, flaw };
    throw new WarcDamage(offset, flaw);
  }
  throw new WarcDamage(offset, longer(tail, size));
}

function longer(tail: string, size: number): string {
  return /^[\r\n]*WARC\/1/.test(tail)
    ? "one gzip member holds more than one record (gunzip the file first)"
    : `the block is longer than the ${size} bytes that it says`;
}

type Head = ReturnType<typeof parseHead>;

function parseHead(buffer: Buffer, offset: number) {
  const start = buffer.subarray(0, HEAD);
  const [proper, bare] = [start.indexOf("\r\n\r\n"), start.indexOf("\n\n")];
  const isBare = bare >= 0 && (proper < 0 || bare < proper);
  const end = isBare ? bare : proper;
  if (end < 0) throw new WarcDamage(offset, "the header of the record has no end");
  const text = buffer.toString("utf8", 0, end);
  const [, version] = /^(WARC\/\d\.\d+)\r?\n/.exec(text) ?? [];
  if (version === undefined)
    throw new WarcDamage(offset, `expected WARC/1.0 or WARC/1.1, found "${text.slice(0, 20)}"`);
  const fields = parseFields(text.slice(version.length));
  const length = fieldOf({ fields }, "content-length") ?? "";
  if (!/^\d{1,15}$/.test(length))
    throw new WarcDamage(offset, `expected a Content-Length, found "${length}"`);
  return { head: end + (isBare ? 2 : 4), version, fields, size: Number(length) };
}

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
function inflateAtOnce(window: Buffer, offset: number): Inflated | null {
  try {
    // Most records are small, and a buffer of the usual 16 kB for each of a million is the garbage of a minute.
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

function headerLength(window: Buffer, offset: number): number {
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
class Inflating extends WarcDamage {
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
async function inflate(bytes: Bytes, offset: number, from: number): Promise<Inflated> {
  const stream = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: FIRST });
  const held = new Held(offset);
  let [at, ended] = [offset + from, false];
  const done = new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      try {
        held.add(chunk);
      } catch (error) {
        stream.destroy();
        reject(error);
      }
    });
    stream.on("end", () => {
      ended = true;
      resolve();
    });
    stream.on("error", () =>
      reject(new Inflating(offset, "the gzip member is damaged", held.size)),
    );
  });
  done.catch(() => undefined);
  while (!ended) {
    const chunk = await bytes.read(at, AHEAD);
    if (chunk.length === 0) break;
    at += chunk.length;
    // Input after the end of the member is not taken, and then no callback comes.
    await Promise.race([
      done,
      new Promise<void>((resolve) => stream.write(chunk, () => resolve())),
    ]);
  }
  if (!ended) {
    stream.destroy();
    throw new Inflating(offset, "the gzip member is cut short", held.size);
  }
  const { parsed, crc, size } = held;
  const content = parsed !== null && parsed.size > MOST ? Buffer.alloc(0) : held.content();
  return { content, parsed, used: stream.bytesWritten, crc, size };
}
