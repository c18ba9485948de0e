/** The members of a ZIP file, checked against its directory. */
import { createHash } from "node:crypto";
import { crc32, inflateRawSync } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import type { Bytes } from "../../warc/reading.js";
import type { Inquiry } from "./findings.js";

export interface Member {
  readonly path: string;
  readonly bytes: Bytes;
  readonly sha256: string;
}

const CHUNK = 1024 * 1024;

/**
 * Reads every member; what is damaged is reported and, where its bytes can be had, given all the same.
 *
 * @param file path of the package, for the directory
 * @param name how findings call the package
 * @returns members by path; null when the directory cannot be read
 */
export async function readMembers(
  { report }: Pick<Inquiry, "report">,
  file: string,
  name: string,
  bytes: Bytes,
): Promise<ReadonlyMap<string, Member> | null> {
  const members = new Map<string, Member>();
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    let end = 0;
    for await (const entry of zip.eachEntry()) {
      const where = `${name}/${entry.fileName}`;
      const problem = (code: string, message: string) => report(code, where, message);
      if (members.has(entry.fileName)) problem("listed-twice", "the ZIP directory lists it twice");
      end = checkPlace(problem, entry, end);
      const { member, next } = await readMember(problem, zip, entry, bytes);
      if (member !== null) members.set(entry.fileName, member);
      end = next;
    }
    return members;
  } catch (error) {
    // Errors of the program that reads ZIP files tell what is wrong with the bytes.
    report("zip", name, `it cannot be read as a ZIP file: ${(error as Error).message}`);
    return null;
  } finally {
    zip?.close();
  }
}

/** Lengths of a data descriptor: with and without signature, in 32 and 64 bits (APPNOTE.TXT 4.3.9). */
const DESCRIPTORS = [0, 12, 16, 20, 24];

type Problem = (code: string, message: string) => void;

/** Members stand one after the other: what is between two belongs to none. */
function checkPlace(problem: Problem, { relativeOffsetOfLocalHeader: at }: Entry, end: number) {
  if (end === 0 ? at !== 0 : !DESCRIPTORS.includes(at - end))
    problem("stray", `${at - end} bytes before it belong to no member`);
  return at;
}

/** @returns the member, when its bytes can be had, and where they end */
async function readMember(problem: Problem, zip: ZipFile, entry: Entry, bytes: Bytes) {
  const local = await zip.readLocalFileHeaderPromise(entry);
  const next = local.fileDataStart + entry.compressedSize;
  const agrees =
    Buffer.compare(local.fileName, entry.fileNameRaw) === 0 &&
    local.compressionMethod === entry.compressionMethod &&
    local.lastModFileDate === entry.lastModFileDate &&
    local.lastModFileTime === entry.lastModFileTime;
  if (!agrees) problem("zip", "its own header and the ZIP directory differ");
  const stored = part(bytes, local.fileDataStart, entry.compressedSize);
  const content = entry.compressionMethod === 0 ? stored : await inflated(problem, entry, stored);
  if (content === null) return { member: null, next };
  const { crc, size, sha256 } = await sumsOf(content);
  if (size !== entry.uncompressedSize)
    problem("size", `expected ${entry.uncompressedSize} bytes, found ${size}`);
  if (crc !== entry.crc32) problem("checksum", "its CRC-32 is not the one of the ZIP directory");
  return { member: { path: entry.fileName, bytes: content, sha256 }, next };
}

function part(bytes: Bytes, start: number, size: number): Bytes {
  const read = (offset: number, length: number) =>
    bytes.read(start + offset, Math.max(0, Math.min(length, size - offset)));
  return { size, read };
}

/** A member that is compressed against the rule, so that what is in it can be judged too. */
async function inflated(problem: Problem, entry: Entry, stored: Bytes): Promise<Bytes | null> {
  problem("not-stored", `expected a stored member, found ZIP method ${entry.compressionMethod}`);
  if (entry.compressionMethod !== 8) return null;
  try {
    const maxOutputLength = Math.max(1, entry.uncompressedSize);
    const whole = inflateRawSync(await stored.read(0, stored.size), { maxOutputLength });
    const read = async (offset: number, length: number) => whole.subarray(offset, offset + length);
    return { size: whole.length, read };
  } catch {
    problem("zip", "it cannot be decompressed");
    return null;
  }
}

async function sumsOf(bytes: Bytes) {
  const hash = createHash("sha256");
  let [crc, size] = [0, 0];
  for (let chunk: Uint8Array; size < bytes.size; size += chunk.length) {
    chunk = await bytes.read(size, CHUNK);
    if (chunk.length === 0) break;
    hash.update(chunk);
    crc = crc32(chunk, crc);
  }
  return { crc, size, sha256: hash.digest("hex") };
}
