/** A WACZ package (https://specs.webrecorder.net/wacz/1.1.1/): its ZIP file, its descriptions, and the captures in it. */
import { gunzipSync } from "node:zlib";
import type { Disk } from "../../disk/disk.js";
import { checkJson, parseJson } from "../../disk/read.js";
import {
  type PackageDescription,
  packageDescription,
  packageDigest,
} from "../../schema/package.js";
import { openBytes } from "../../warc/bytes.js";
import { isWarcMember } from "../../warc/zip.js";
import type { Inquiry } from "./findings.js";
import {
  type CheckedResponse,
  checkIndex,
  checkRevisits,
  type KnownResponses,
  readResponses,
} from "./responses.js";
import { type Member, readMembers } from "./zip.js";

const DESCRIPTION = "datapackage.json";
const DIGEST = "datapackage-digest.json";
const PAGES = "pages/pages.jsonl";
const INDEX = /^indexes\/index\.cdxj?(?:\.gz)?$/;

type Members = ReadonlyMap<string, Member>;
type Report = Inquiry["report"];

export interface PackageCounts {
  readonly files: number;
  readonly captures: number;
  readonly answers: number;
}

/**
 * Checks a package strictly.
 *
 * @param file its path on the disk
 * @param name how findings call it
 * @returns how much was checked; null when the file is no WACZ package at all
 */
export async function checkPackage(
  { report, disk }: { readonly report: Report; readonly disk: Disk },
  file: string,
  name: string,
): Promise<PackageCounts | null> {
  const bytes = await openBytes(disk.open(file, "read"));
  try {
    if (Buffer.from(await bytes.read(0, 2)).toString("latin1") !== "PK") return null;
    const members = await readMembers({ report }, name, bytes);
    if (members === null) return { files: 0, captures: 0, answers: 0 };
    const warcs = [...members.values()].filter(({ path }) => isWarcMember(path));
    if (!members.has(DESCRIPTION) && warcs.length === 0) return null;
    const inside: Report = (code, path, message) => report(code, `${name}/${path}`, message);
    await checkDescriptions(inside, members);
    const known = await checkWarcs(inside, members, warcs);
    await checkPages(inside, members, known);
    return { files: members.size, captures: warcs.length, answers: known.size };
  } finally {
    await bytes.close();
  }
}

async function textOf({ path, bytes }: Member): Promise<string> {
  const whole = Buffer.from(await bytes.read(0, bytes.size));
  return (path.endsWith(".gz") ? gunzipSync(whole) : whole).toString("utf8");
}

async function checkDescriptions(report: Report, members: Members): Promise<void> {
  const description = members.get(DESCRIPTION);
  const digest = members.get(DIGEST);
  if (description === undefined) report("missing", DESCRIPTION, "a package has this file");
  else {
    const { value, problems } = checkJson(await textOf(description), packageDescription);
    if (value !== undefined) checkResources(report, members, value);
    for (const problem of problems) report("package", DESCRIPTION, problem);
  }
  if (digest === undefined) return report("missing", DIGEST, "a package has this file");
  const told = checkJson(await textOf(digest), packageDigest).value;
  if (told === undefined) report("package", DIGEST, `expected path and hash of ${DESCRIPTION}`);
  else if (description !== undefined && told.hash !== `sha256:${description.sha256}`)
    report("checksum", DESCRIPTION, `expected ${told.hash}, found sha256:${description.sha256}`);
}

function checkResources(report: Report, members: Members, { resources }: PackageDescription): void {
  const listed = new Set([DESCRIPTION, DIGEST]);
  for (const { path, hash, bytes } of resources) {
    if (listed.has(path)) report("listed-twice", DESCRIPTION, `${path} is listed twice`);
    listed.add(path);
    const member = members.get(path);
    if (member === undefined) {
      report("missing", path, `${DESCRIPTION} lists this file, and it is not there`);
      continue;
    }
    if (member.bytes.size !== bytes)
      report("size", path, `expected ${bytes} bytes, found ${member.bytes.size}`);
    if (hash !== `sha256:${member.sha256}`)
      report("checksum", path, `expected ${hash}, found sha256:${member.sha256}`);
  }
  for (const path of members.keys())
    if (!listed.has(path)) report("stray", path, `${DESCRIPTION} does not list this file`);
}

/** @returns every answer of the package */
async function checkWarcs(
  report: Report,
  members: Members,
  warcs: readonly Member[],
): Promise<KnownResponses> {
  const known: KnownResponses = new Map();
  const places = new Map<string, CheckedResponse>();
  if (warcs.length === 0) report("missing", "archive/*.warc.gz", "a package has such a file");
  for (const { path, bytes } of warcs)
    for (const [place, response] of await readResponses(report, { name: path, bytes }, known))
      places.set(place, response);
  checkRevisits(report, known);
  const indexes = [...members.values()].filter(({ path }) => INDEX.test(path));
  const [index] = indexes;
  if (index === undefined) report("missing", "indexes/index.cdx", "a package has such a file");
  else {
    const text = await textOf(index).catch(() => null);
    if (text === null) report("index", index.path, "it cannot be decompressed");
    else await checkIndex(report, index.path, linesOf(text), places);
  }
  return known;
}

function linesOf(text: string) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, at) => ({ number: at + 1, text: line }));
}

/** The pages by which a viewer is entered: each is an answer of the package. */
async function checkPages(report: Report, members: Members, known: KnownResponses): Promise<void> {
  const pages = members.get(PAGES);
  if (pages === undefined) return report("missing", PAGES, "a package has this file");
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
      report("page", where, `the package has no answer for ${line.url}`);
  }
}
