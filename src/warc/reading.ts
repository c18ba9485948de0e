/**
 * Reads WARC files: what is cut short, damaged or trailed by anything is an error that says where. What is framed
 * otherwise than the standard says, as some programs do, is read, and the record says so.
 */
import { constants, inflateRawSync } from "node:zlib";
import { type Bytes, piecesOf } from "./bytes.js";
import { blockOf, HEAD, MOST, parseHead, WarcDamage } from "./frame.js";
import { AHEAD, FIRST, headerLength, Inflating, inflate, inflateAtOnce } from "./gzip-member.js";
import type { WarcRecord } from "./record.js";

export { WarcDamage };

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
      offset = await afterPadding(window, bytes, offset);
      if (offset >= bytes.size) return;
      const record = await recordAt(window, bytes, offset);
      yield record;
      offset += record.length;
    } catch (error) {
      if (error instanceof EmptyMember) {
        offset += error.length;
        continue;
      }
      if (onDamage === undefined || !(error instanceof WarcDamage)) throw error;
      if (error instanceof Padding) return onDamage(error);
      onDamage(error);
      offset = await nextRecord(window, bytes, offset + 1, onDamage);
    }
  }
}

/** Nothing but zero bytes until the end of a file: some programs fill a file up so. */
export class Padding extends WarcDamage {}

/** A gzip member that holds nothing, as bgzip writes one at the end. */
class EmptyMember extends WarcDamage {
  readonly length: number;

  constructor(offset: number, length: number) {
    super(offset, "the gzip member holds nothing");
    this.length = length;
  }
}

/** Where the line ends between two records end. @throws {Padding} where only zero bytes follow */
async function afterPadding(window: Window, bytes: Bytes, from: number): Promise<number> {
  let offset = from;
  let piece = await window.at(offset, 1);
  for (let ends = endsIn(piece); ends > 0 && ends === piece.length; ends = endsIn(piece)) {
    offset += ends;
    piece = await window.at(offset, NEAR);
  }
  offset += endsIn(piece);
  const [first] = await window.at(offset, 1);
  const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
  if (first !== 0 || !isZero(await window.at(offset, NEAR))) return offset;
  for await (const piece of piecesOf(bytes, FAR, offset)) if (!isZero(piece)) return offset;
  const size = bytes.size - offset;
  throw new Padding(
    offset,
    `${size} zero bytes follow the last record: the file was filled up, or its end was never written`,
  );
}

/** How many bytes are line ends before any other. */
function endsIn(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => byte !== 10 && byte !== 13);
  return at < 0 ? bytes.length : at;
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
  if (found.size === 0) throw new EmptyMember(offset, end + 8);
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
  // Line ends beyond these are passed over with what follows.
  const rest = await window.at(offset + head, size + (gap.length < 64 ? gap.length : 4));
  const { block, flaw } = blockOf(rest, { fields }, size, offset);
  return { ...place, block, size: block.length, flaw };
}
