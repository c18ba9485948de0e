/** A WACZ package (https://specs.webrecorder.net/wacz/1.1.1/): its ZIP file, its descriptions, and the captures in it. */
import { createHash } from "node:crypto";
import { crc32, gunzipSync } from "node:zlib";
import type { z } from "zod";
import type { Disk } from "../../disk/disk.js";
import { checkJson, parseJson } from "../../disk/read.js";
import {
  type PackageDescription,
  packageDescription,
  packageDigest,
} from "../../schema/package.js";
import type { Bytes } from "../../warc/bytes.js";
import { openBytes } from "../../warc/bytes.js";
import { contentOf, isWarcMember, readZip, type ZipMember } from "../../warc/zip.js";
import { isThere, type Report, type Verification } from "./inquiry.js";
import {
  type CheckedResponse,
  checkIndex,
  checkRevisits,
  type KnownResponses,
  readResponses,
} from "./responses.js";

const DESCRIPTION = "datapackage.json";
const DIGEST = "datapackage-digest.json";
const PAGES = "pages/pages.jsonl";
const INDEX = /^indexes\/index\.cdxj?(?:\.gz)?$/;

/** A package that is being checked. */
interface Package {
  readonly files: ReadonlyMap<string, Member>;
  /** Takes paths in the package. */
  readonly report: Report;
}

/**
 * Checks a package strictly.
 *
 * @param file its path on the disk
 * @param name how findings call it
 * @returns how much was checked; null when the file is not a WACZ package at all
 */
export async function checkPackage(
  { report, disk }: { readonly report: Report; readonly disk: Disk },
  file: string,
  name: string,
): Promise<Verification["checked"] | null> {
  await using bytes = await openBytes(disk.open(file, "read"));
  if (Buffer.from(await bytes.read(0, 2)).toString("latin1") !== "PK") return null;
  const files = await readMembers(report, name, bytes);
  if (files === null) return { files: 0, captures: 0, answers: 0 };
  const warcs = [...files.values()].filter(({ path }) => isWarcMember(path));
  if (!files.has(DESCRIPTION) && warcs.length === 0) return null;
  const inside: Package = {
    files,
    report: (code, path, message) => report(code, `${name}/${path}`, message),
  };
  await checkDescriptions(inside);
  const known = await checkWarcs(inside, warcs);
  await checkPages(inside, known);
  return { files: files.size, captures: warcs.length, answers: known.size };
}

async function textOf({ path, bytes }: Member): Promise<string> {
  const whole = Buffer.from(await bytes.read(0, bytes.size));
  return (path.endsWith(".gz") ? gunzipSync(whole) : whole).toString("utf8");
}

/** A description; null when it does not hold to its schema. */
async function described<T>(inside: Package, path: string, schema: z.ZodType<T>) {
  const member = inside.files.get(path);
  if (!isThere(inside, path) || member === undefined) return null;
  const { value, problems } = checkJson(await textOf(member), schema);
  for (const problem of problems) inside.report("package", path, problem);
  return value ?? null;
}

async function checkDescriptions(inside: Package): Promise<void> {
  const description = await described(inside, DESCRIPTION, packageDescription);
  if (description !== null) checkResources(inside, description);
  const digest = await described(inside, DIGEST, packageDigest);
  if (digest !== null) checkHash(inside, DESCRIPTION, digest.hash);
}

function checkHash({ files, report }: Package, path: string, hash: string): void {
  const found = `sha256:${files.get(path)?.sha256}`;
  if (files.has(path) && found !== hash)
    report("checksum", path, `expected ${hash}, found ${found}`);
}

function checkResources(inside: Package, { resources }: PackageDescription): void {
  const { files, report } = inside;
  const listed = new Set([DESCRIPTION, DIGEST]);
  for (const { path, hash, bytes } of resources) {
    if (listed.has(path)) report("listed-twice", DESCRIPTION, `duplicate path ${path}`);
    listed.add(path);
    const size = files.get(path)?.bytes.size;
    if (size === undefined) report("missing", path, `listed in ${DESCRIPTION} but missing`);
    else if (size !== bytes) report("size", path, `expected ${bytes} bytes, found ${size}`);
    checkHash(inside, path, hash);
  }
  for (const path of files.keys())
    if (!listed.has(path)) report("stray", path, `not listed in ${DESCRIPTION}`);
}

/** @returns every response of the package */
async function checkWarcs(inside: Package, warcs: readonly Member[]): Promise<KnownResponses> {
  const { files, report } = inside;
  const known: KnownResponses = new Map();
  const places = new Map<string, CheckedResponse>();
  if (warcs.length === 0) report("missing", "archive/*.warc.gz", "missing");
  for (const { path, bytes } of warcs)
    for (const [place, response] of await readResponses(report, { name: path, bytes }, known))
      places.set(place, response);
  checkRevisits(report, known);
  const index = [...files.values()].find(({ path }) => INDEX.test(path));
  if (index === undefined) report("missing", "indexes/index.cdx", "missing");
  else {
    const text = await textOf(index).catch(() => null);
    if (text === null) report("index", index.path, "cannot be decompressed");
    else await checkIndex(report, index.path, linesOf(text), places);
  }
  return known;
}

function linesOf(text: string) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, at) => ({ number: at + 1, text: line }));
}

/** The pages that a viewer offers: for each, the package has a response. */
async function checkPages(inside: Package, known: KnownResponses): Promise<void> {
  const { files, report } = inside;
  const pages = files.get(PAGES);
  if (!isThere(inside, PAGES) || pages === undefined) return;
  const urls = new Set([...known.values()].map(({ url }) => url));
  for (const { number, text } of linesOf(await textOf(pages))) {
    const where = `${PAGES}:${number}`;
    const line = parseJson(text) as { format?: unknown; url?: unknown; ts?: unknown } | undefined;
    if (number === 1) {
      if (line?.format !== "json-pages-1.0")
        report("page", where, "expected a first line with the format json-pages-1.0");
    } else if (typeof line?.url !== "string" || typeof line.ts !== "string")
      report("page", where, "expected a page with url and ts");
    else if (!urls.has(line.url))
      report("page", where, `the package has no response for ${line.url}`);
  }
}

interface Member {
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
async function readMembers(report: Report, name: string, bytes: Bytes) {
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
