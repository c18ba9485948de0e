/** Reads WARC files strictly: what is cut short, damaged or trailed by anything is an error that says where. */
import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import type { Bytes } from "./bytes.js";
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

/** Larger records are passed over: somewhat more than an attachment of a crawl may have. */
const MOST = 160 * 1024 * 1024;
const FIRST = 128 * 1024;
/** Longest header of a record or of a gzip member. */
const HEAD = 64 * 1024;

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
  for (let offset = 0; offset < bytes.size; ) {
    try {
      const record = await readRecord(bytes, offset);
      yield record;
      offset += record.length;
    } catch (error) {
      if (onDamage === undefined || !(error instanceof WarcDamage)) throw error;
      onDamage(error);
      offset = await nextRecord(bytes, offset + 1);
    }
  }
}

/** Where the next whole record begins; the end of the file when there is none, or only what looks like many. */
async function nextRecord(bytes: Bytes, from: number): Promise<number> {
  let tries = 0;
  for (let offset = from; offset < bytes.size; offset += SEARCHED) {
    // A start that the border of two pieces cuts is seen in the second one.
    const piece = Buffer.from(await bytes.read(offset, SEARCHED + START.length));
    for (const at of starts(piece))
      if (at < SEARCHED) {
        if (await isRecord(bytes, offset + at)) return offset + at;
        if (++tries === MOST_TRIES) return bytes.size;
      }
  }
  return bytes.size;
}

const SEARCHED = 1024 * 1024;
/** Each costs up to a whole record: bytes that were made to look like starts must not make this endless. */
const MOST_TRIES = 1000;
const START = Buffer.from("WARC/1.");
const MEMBER = Buffer.from([0x1f, 0x8b, 8]);

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

async function isRecord(bytes: Bytes, offset: number): Promise<boolean> {
  const start = Buffer.from(await bytes.read(offset, 1024));
  try {
    // Most of what looks like a member is not one: its first bytes show that.
    if (start[0] === MEMBER[0]) {
      const compressed = start.subarray(headerLength(start, offset));
      const text = inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
      if (!text.subarray(0, START.length).equals(START)) return false;
    }
    await readRecord(bytes, offset);
    return true;
  } catch {
    return false;
  }
}

/** The record at a place. @throws {WarcDamage} when there is none, or not a whole one */
export async function readRecord(bytes: Bytes, offset: number): Promise<FoundRecord> {
  const start = await bytes.read(offset, 5);
  if (start[0] === 0x1f && start[1] === 0x8b) return readMember(bytes, offset);
  if (Buffer.from(start).toString("latin1") === "WARC/") return readPlain(bytes, offset);
  throw new WarcDamage(offset, "expected a record, found other bytes");
}

async function readMember(bytes: Bytes, offset: number): Promise<FoundRecord> {
  const { content, length } = await gunzipMember(bytes, offset);
  const place = { offset, length, gzip: true };
  if (content === null)
    return { ...place, version: "", fields: [], block: new Uint8Array(), size: MOST + 1 };
  const { head, version, fields, size } = parseHead(content, offset);
  const end = head + size;
  if (content.length < end + 4)
    throw new WarcDamage(offset, `the block has ${content.length - head} bytes, not ${size}`);
  if (content.toString("latin1", end, end + 4) !== "\r\n\r\n")
    throw new WarcDamage(offset, `the block is longer than the ${size} bytes that it says`);
  if (content.length > end + 4)
    throw new WarcDamage(
      offset,
      "one gzip member holds more than one record (gunzip the file first)",
    );
  return { ...place, version, fields, block: content.subarray(head, end), size };
}

async function readPlain(bytes: Bytes, offset: number): Promise<FoundRecord> {
  const start = Buffer.from(await bytes.read(offset, HEAD));
  const { head, version, fields, size } = parseHead(start, offset);
  const isHeld = size <= MOST;
  const block = isHeld ? await bytes.read(offset + head, size) : new Uint8Array();
  const end = offset + head + size;
  if (end > bytes.size) throw new WarcDamage(offset, "the record is cut short");
  const trail = Buffer.from(await bytes.read(end, 64)).toString("latin1");
  // Two line ends follow a record; some programs write one, or more.
  const [gap = ""] = /^[\r\n]*/.exec(trail) ?? [];
  if (gap === "")
    throw new WarcDamage(offset, `the block is longer than the ${size} bytes that it says`);
  const length = head + size + gap.length;
  return { offset, length, gzip: false, version, fields, block, size };
}

function parseHead(buffer: Buffer, offset: number) {
  const end = buffer.subarray(0, HEAD).indexOf("\r\n\r\n");
  if (end < 0) throw new WarcDamage(offset, "the header of the record has no end");
  const text = buffer.toString("utf8", 0, end);
  const [, version] = /^(WARC\/\d\.\d+)\r?\n/.exec(text) ?? [];
  if (version === undefined)
    throw new WarcDamage(offset, `expected WARC/1.0 or WARC/1.1, found "${text.slice(0, 20)}"`);
  const fields = parseFields(text.slice(version.length));
  const length = fieldOf({ fields }, "content-length") ?? "";
  if (!/^\d{1,15}$/.test(length))
    throw new WarcDamage(offset, `expected a Content-Length, found "${length}"`);
  return { head: end + 4, version, fields, size: Number(length) };
}

/** One gzip member (RFC 1952), its checksum and length compared. `content` is null when it is too large. */
async function gunzipMember(bytes: Bytes, offset: number) {
  const window = Buffer.from(await bytes.read(offset, FIRST));
  const from = headerLength(window, offset);
  const found =
    inflateWindow(window.subarray(from), offset) ?? (await inflate(bytes, offset, from));
  const end = from + found.used;
  const inWindow = window.subarray(end, end + 8);
  const trailer = inWindow.length === 8 ? inWindow : Buffer.from(await bytes.read(offset + end, 8));
  if (trailer.length < 8) throw new WarcDamage(offset, "the gzip member is cut short");
  if (trailer.readUInt32LE(0) !== found.crc || trailer.readUInt32LE(4) !== found.size % 2 ** 32)
    throw new WarcDamage(offset, "the gzip member is damaged: its checksum is another");
  return { content: found.content, length: end + 8 };
}

/** Most members are small: null for one that the window does not hold. */
function inflateWindow(window: Buffer, offset: number) {
  try {
    const options = { info: true, maxOutputLength: MOST + HEAD, chunkSize: FIRST };
    const { buffer, engine } = inflateRawSync(window, options) as unknown as Inflated;
    return { content: buffer, used: engine.bytesWritten, crc: crc32(buffer), size: buffer.length };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "Z_BUF_ERROR" || code === "ERR_BUFFER_TOO_LARGE") return null;
    throw new WarcDamage(offset, "the gzip member is damaged");
  }
}

/** What zlib gives with `info: true`, which Node's types leave out. */
interface Inflated {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the input that was used. */
  readonly engine: { readonly bytesWritten: number };
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

/** Reads a member to its end in pieces. One that is too large to be held is read all the same. */
async function inflate(bytes: Bytes, offset: number, from: number) {
  const stream = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: FIRST });
  const chunks: Buffer[] = [];
  let [crc, size, at, ended] = [0, 0, offset + from, false];
  const done = new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      crc = crc32(chunk, crc);
      size += chunk.length;
      if (size <= MOST + HEAD) chunks.push(chunk);
      else chunks.length = 0;
    });
    stream.on("end", () => {
      ended = true;
      resolve();
    });
    stream.on("error", () => reject(new WarcDamage(offset, "the gzip member is damaged")));
  });
  while (!ended) {
    const chunk = await bytes.read(at, 1024 * 1024);
    if (chunk.length === 0) break;
    at += chunk.length;
    // Input after the end of the member is not taken, and then no callback comes.
    await Promise.race([
      done,
      new Promise<void>((resolve) => stream.write(chunk, () => resolve())),
    ]);
  }
  if (!ended) throw new WarcDamage(offset, "the gzip member is cut short");
  const content = size <= MOST + HEAD ? Buffer.concat(chunks) : null;
  return { content, used: stream.bytesWritten, crc, size };
}
