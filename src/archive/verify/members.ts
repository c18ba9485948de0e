/** The members of a package: its ZIP file as a whole, what each holds, and that as text. */
import { createHash } from "node:crypto";
import { crc32, createGunzip } from "node:zlib";
import { type Bytes, through } from "../../warc/bytes.js";
import { chunksOf, contentOf, readZip, type ZipMember } from "../../warc/zip.js";
import type { Report } from "./inquiry.js";

/** A member that can be had. */
export interface Member {
  readonly path: string;
  readonly member: ZipMember;
  readonly size: number;
  readonly sha256: string;
}

/** Lengths of a data descriptor: with and without signature, in 32 and 64 bits (APPNOTE.TXT 4.3.9). */
const DESCRIPTORS = [0, 12, 16, 20, 24];

type Problem = (code: string, message: string) => void;

/**
 * Reads every member. A damaged one is reported, and given too where its bytes can be had.
 *
 * @param name how findings call the package
 * @returns members by path, in the order of the ZIP directory; null when that cannot be read
 */
export async function readMembers(report: Report, name: string, bytes: Bytes) {
  const listed: ZipMember[] = [];
  try {
    for await (const member of readZip(bytes)) listed.push(member);
  } catch (error) {
    // yauzl's messages say what is wrong with the bytes.
    report("zip", name, `cannot be read as a ZIP file: ${(error as Error).message}`);
    return null;
  }
  const problemOf =
    ({ path }: ZipMember): Problem =>
    (code, message) =>
      report(code, `${name}/${path}`, message);
  const overlapping = checkPlaces(listed, problemOf);
  const members = new Map<string, Member>();
  for (const member of listed) {
    const { path } = member;
    const problem = problemOf(member);
    if (members.has(path)) problem("listed-twice", "duplicate path in the ZIP directory");
    // Some programs list the folders too.
    if (path.endsWith("/") && member.size === 0) continue;
    const content = overlapping.has(member) ? null : await checkedContent(problem, member);
    if (content !== null) members.set(path, { path, member, ...content });
  }
  return members;
}

/**
 * Members follow each other, whatever their order in the directory: bytes between two belong to none, and bytes of two
 * members make a small file a very large one.
 *
 * @returns members that begin in another one: they are not read
 */
function checkPlaces(
  listed: readonly ZipMember[],
  problemOf: (member: ZipMember) => Problem,
): ReadonlySet<ZipMember> {
  const overlapping = new Set<ZipMember>();
  let end = 0;
  for (const member of listed.toSorted((a, b) => a.header - b.header)) {
    const gap = member.header - end;
    if (gap < 0) {
      problemOf(member)("zip", "it begins in the bytes of another member, and is not read");
      overlapping.add(member);
    } else if (end === 0 ? gap !== 0 : !DESCRIPTORS.includes(gap))
      problemOf(member)("stray", `${gap} bytes before it belong to no member`);
    end = Math.max(end, member.end);
  }
  return overlapping;
}

/** What a member holds, held against the directory; null when it cannot be had. */
async function checkedContent(problem: Problem, member: ZipMember) {
  if (!member.agrees) problem("zip", "its own header and the ZIP directory differ");
  // A viewer reads these in place (WACZ 1.1.1, section 5.2.1); all others may be compressed.
  if (member.method !== 0 && /^archive\/|\.gz$/i.test(member.path))
    problem("not-stored", `expected a stored member, found ZIP method ${member.method}`);
  const sums = await sumsOf(member).catch(() => null);
  if (sums === null) {
    problem("zip", "cannot be decompressed");
    return null;
  }
  const { crc, size, sha256 } = sums;
  if (size !== member.size)
    problem(
      "size",
      `expected ${member.size} bytes, found ${size}${size > member.size ? " or more" : ""}`,
    );
  else if (crc !== member.crc)
    problem("checksum", "its CRC-32 is not the one in the ZIP directory");
  return size > member.size ? null : { size, sha256 };
}

/** Of a member that gives more than the directory says, the rest is not read. */
async function sumsOf(member: ZipMember) {
  const hash = createHash("sha256");
  let [crc, size] = [0, 0];
  for await (const chunk of chunksOf(member)) {
    hash.update(chunk);
    crc = crc32(chunk, crc);
    size += chunk.length;
    if (size > member.size) break;
  }
  return { crc, size, sha256: hash.digest("hex") };
}

/** Longest description that is read. */
const MOST_TEXT = 32 * 1024 * 1024;

/** A description as text; null when it cannot be had. */
export async function textOf({ member }: Member): Promise<string | null> {
  try {
    const bytes = await contentOf(member, { left: MOST_TEXT });
    return bytes.size > MOST_TEXT
      ? null
      : Buffer.from(await bytes.read(0, bytes.size))
          .toString("utf8")
          .replace(/^\ufeff/, "");
  } catch {
    return null;
  }
}

/** Longest line of an index or a list of pages. */
const MOST_LINE = 1024 * 1024;
/** What is given of a longer one: it is neither JSON nor CDXJ, and the lines after it are read. */
const START_OF_LINE = 100;

/** Lines of a member, decompressed as they are read; of one that is too long, the start. @throws {Error} when they cannot be */
export async function* linesOf({ path, member }: Member) {
  const chunks = chunksOf(member);
  const plain = path.endsWith(".gz") ? through(createGunzip(), chunks) : chunks;
  let [pending, number] = [Buffer.alloc(0), 0];
  let isLong = false;
  const lineOf = (bytes: Buffer) => {
    const isCut = isLong || bytes.length > MOST_LINE;
    isLong = false;
    const text = bytes.toString("utf8", 0, isCut ? START_OF_LINE : bytes.length);
    return { number: ++number, text, isCut };
  };
  for await (const chunk of plain) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, end);
      yield lineOf(Buffer.concat([pending, rest]));
      pending = Buffer.alloc(0);
      start = end + 1;
    }
    pending = Buffer.concat([pending, chunk.subarray(start)]);
    if (pending.length > MOST_LINE) {
      pending = Buffer.from(pending.subarray(0, START_OF_LINE));
      isLong = true;
    }
  }
  if (pending.length > 0) yield lineOf(pending);
}
