/** The members of a ZIP file, checked against its directory. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Bytes } from "../../warc/bytes.js";
import { contentOf, readZip, type ZipMember } from "../../warc/zip.js";
import type { Report } from "./inquiry.js";

export interface Member {
  readonly path: string;
  readonly bytes: Bytes;
  readonly sha256: string;
}

const CHUNK = 1024 * 1024;

/** Lengths of a data descriptor: with and without signature, in 32 and 64 bits (APPNOTE.TXT 4.3.9). */
const DESCRIPTORS = [0, 12, 16, 20, 24];

type Problem = (code: string, message: string) => void;

/**
 * Reads every member. A damaged one is reported, and given too where its bytes can be had.
 *
 * @param name how findings call the package
 * @returns members by path; null when the directory cannot be read
 */
export async function readMembers(
  report: Report,
  name: string,
  bytes: Bytes,
): Promise<ReadonlyMap<string, Member> | null> {
  const members = new Map<string, Member>();
  let end = 0;
  try {
    for await (const member of readZip(bytes)) {
      const { path, entry, header } = member;
      const problem: Problem = (code, message) => report(code, `${name}/${path}`, message);
      if (members.has(path)) problem("listed-twice", "duplicate path in the ZIP directory");
      // Members follow each other: bytes between two belong to none.
      const gap = entry.relativeOffsetOfLocalHeader - end;
      if (end === 0 ? gap !== 0 : !DESCRIPTORS.includes(gap))
        problem("stray", `${gap} bytes before it belong to no member`);
      end = header.fileDataStart + entry.compressedSize;
      const content = await checkedContent(problem, member);
      if (content !== null) members.set(path, { path, ...content });
    }
    return members;
  } catch (error) {
    // yauzl's messages say what is wrong with the bytes.
    report("zip", name, `cannot be read as a ZIP file: ${(error as Error).message}`);
    return null;
  }
}

/** What a member holds, held against the directory; null when it cannot be had. */
async function checkedContent(problem: Problem, member: ZipMember) {
  const { entry, header } = member;
  const agrees =
    Buffer.compare(header.fileName, entry.fileNameRaw) === 0 &&
    header.compressionMethod === entry.compressionMethod &&
    header.lastModFileDate === entry.lastModFileDate &&
    header.lastModFileTime === entry.lastModFileTime;
  if (!agrees) problem("zip", "its own header and the ZIP directory differ");
  if (entry.compressionMethod !== 0)
    problem("not-stored", `expected a stored member, found ZIP method ${entry.compressionMethod}`);
  let bytes: Bytes;
  try {
    bytes = await contentOf(member);
  } catch {
    problem("zip", "cannot be decompressed");
    return null;
  }
  const { crc, size, sha256 } = await sumsOf(bytes);
  if (size !== entry.uncompressedSize)
    problem("size", `expected ${entry.uncompressedSize} bytes, found ${size}`);
  if (crc !== entry.crc32) problem("checksum", "its CRC-32 is not the one in the ZIP directory");
  return { bytes, sha256 };
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
