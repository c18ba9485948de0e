/** A WACZ package (https://specs.webrecorder.net/wacz/1.1.1/): its members, its descriptions, and the captures in it. */
import type { KeyObject } from "node:crypto";
import type { z } from "zod";
import type { WarcFile } from "../../capture/read/files.js";
import { checkJson } from "../../disk/read.js";
import {
  type PackageDescription,
  packageDescription,
  packageDigest,
  signedData,
} from "../../schema/package.js";
import { parseJson } from "../../text.js";
import { openBytes } from "../../warc/bytes.js";
import { readRecord } from "../../warc/reading.js";
import { contentOf, isWarcMember } from "../../warc/zip.js";
import { FILES } from "../layout.js";
import { keyName, signerOf } from "../signature.js";
import { packageNotes } from "./account.js";
import { checkIndex } from "./index-lines.js";
import { type Inquiry, isThere, type Report, type Verification } from "./inquiry.js";
import type { KnownResponses } from "./known-responses.js";
import { linesOf, type Member, readMembers, textOf } from "./members.js";
import {
  checkRevisits,
  knownResponses,
  type Places,
  readResponses,
  reportDamages,
} from "./responses.js";

const DESCRIPTION = "datapackage.json";
const DIGEST = "datapackage-digest.json";
const PAGES = "pages/pages.jsonl";
const ACCOUNT = `entries/${FILES.account}`;
const INDEX = /^indexes\/[^/]+\.cdxj?(?:\.gz)?$/;

interface Package {
  readonly files: ReadonlyMap<string, Member>;
  /** Takes paths in the package. */
  readonly report: Report;
  /** True where another program made it: what the standards leave open is not damage. */
  foreign: boolean;
}

/**
 * Checks a package strictly.
 *
 * @param file its path on the disk
 * @param name how findings call it
 * @returns how much was checked; null when the file is not a WACZ package at all
 */
export async function checkPackage(
  { report, disk, key, signatures, notes }: Omit<Inquiry, "root" | "files" | "manifest">,
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
    foreign: false,
  };
  const signed = await checkDescriptions(inside);
  if (signed !== null || key !== null) {
    const good = checkSignature(inside, signed, key);
    if (good !== null) signatures.push({ path: name, ...good });
  }
  const account = files.get(ACCOUNT);
  if (account !== undefined && !inside.foreign)
    notes.push(...packageNotes(`${name}/${ACCOUNT}`, await textOf(account)));
  const known = await checkWarcs(inside, warcs);
  await checkPages(inside, known);
  return { files: files.size, captures: warcs.length, answers: known.size };
}

/** A description; null when it does not hold to its schema. */
async function described<T>(inside: Package, path: string, schema: z.ZodType<T>) {
  const member = inside.files.get(path);
  if (!isThere(inside, path) || member === undefined) return null;
  const text = await textOf(member);
  const { value, problems } = checkJson(text ?? "", schema);
  for (const problem of problems) inside.report("package", path, problem);
  return value ?? null;
}

/** @returns what signs the package; null for nothing */
async function checkDescriptions(inside: Package): Promise<unknown> {
  const description = await described(inside, DESCRIPTION, packageDescription);
  inside.foreign = description !== null && !/^sitelift\b/.test(description.software ?? "");
  if (description !== null) checkResources(inside, description);
  if (inside.foreign && !inside.files.has(DIGEST)) return null;
  const digest = await described(inside, DIGEST, packageDigest);
  if (digest !== null) checkHash(inside, DESCRIPTION, digest.hash);
  return digest?.signedData ?? null;
}

/**
 * Checks a signature against datapackage.json as it is, and against the key that must have made it.
 *
 * @returns what a good one says; null otherwise
 */
function checkSignature({ files, report }: Package, signed: unknown, given: KeyObject | null) {
  const wrong = (message: string) => {
    report("signature", DIGEST, message);
    return null;
  };
  if (signed === null) return wrong("the package is not signed");
  const { data } = signedData.safeParse(signed);
  // A signature for a domain comes with certificates, whose chain and time are not checked here.
  if (data === undefined) {
    const { domain } = signed as { readonly domain?: unknown };
    if (domain === undefined)
      return wrong("its signature lacks the hash, the signature or the key");
    return given && wrong(`it is signed for the domain ${domain}, and not with the key given`);
  }
  const key = signerOf(data);
  if (key === null) return wrong(`its signature is not one of ${data.hash} by the key beside it`);
  const found = `sha256:${files.get(DESCRIPTION)?.sha256}`;
  if (data.hash !== found)
    return wrong(`what was signed is ${data.hash}, and ${DESCRIPTION} is ${found}`);
  const name = keyName(key);
  if (given !== null && !key.equals(given))
    return wrong(
      `it is signed with the key ${name}, and not with the one given, ${keyName(given)}`,
    );
  const { created, software } = data;
  return { key: name, created, software, isKnown: given !== null };
}

function checkHash({ files, report }: Package, path: string, hash: string): void {
  const found = `sha256:${files.get(path)?.sha256}`;
  if (files.has(path) && hash.startsWith("sha256:") && found !== hash)
    report("checksum", path, `expected ${hash}, found ${found}`);
}

function checkResources(inside: Package, { resources }: PackageDescription): void {
  const { files, report } = inside;
  const listed = new Set([DESCRIPTION, DIGEST]);
  for (const { path, hash, bytes } of resources) {
    if (listed.has(path)) report("listed-twice", DESCRIPTION, `duplicate path ${path}`);
    listed.add(path);
    const size = files.get(path)?.size;
    if (size === undefined) report("missing", path, `listed in ${DESCRIPTION} but missing`);
    else if (size !== bytes) report("size", path, `expected ${bytes} bytes, found ${size}`);
    checkHash(inside, path, hash);
  }
  for (const path of files.keys())
    if (!listed.has(path)) report("stray", path, `not listed in ${DESCRIPTION}`);
}

/** @returns every response of the package */
async function checkWarcs(inside: Package, warcs: readonly Member[]): Promise<KnownResponses> {
  const { files, report, foreign } = inside;
  const read = ({ bytes }: WarcFile, offset: number, length?: number) =>
    readRecord(bytes, offset, length);
  const known = knownResponses(read, foreign ? "foreign package" : "package");
  const places: Places = { files: [], damages: [] };
  if (warcs.length === 0) report("missing", "archive/*.warc.gz", "missing");
  for (const { path, member } of warcs) {
    const bytes = await contentOf(member).catch((error: Error) => {
      report("warc", path, error.message);
      return null;
    });
    if (bytes === null) continue;
    await readResponses(report, { name: path, bytes }, known, places);
  }
  await checkRevisits(report, known);
  const index = [...files.values()].find(({ path }) => INDEX.test(path));
  if (index === undefined) report("missing", "indexes/index.cdx", "missing");
  else
    await checkIndex(report, index.path, linesOf(index), known, places).catch((error: Error) =>
      report("index", index.path, `cannot be read: ${error.message}`),
    );
  reportDamages(report, places);
  return known;
}

/** The pages that a viewer offers: for each, the package has a response. */
async function checkPages(inside: Package, known: KnownResponses): Promise<void> {
  const { files, report } = inside;
  const pages = files.get(PAGES);
  if (!isThere(inside, PAGES) || pages === undefined) return;
  try {
    for await (const { number, text } of linesOf(pages)) {
      const where = `${PAGES}:${number}`;
      const line = parseJson(text) as { format?: unknown; url?: unknown; ts?: unknown } | undefined;
      const isTime =
        typeof line?.ts === "string" || (inside.foreign && typeof line?.ts === "number");
      if (number === 1) {
        if (line?.format !== "json-pages-1.0")
          report("page", where, "expected a first line with the format json-pages-1.0");
      } else if (typeof line?.url !== "string" || !isTime) {
        if (!inside.foreign || text.trim() !== "")
          report("page", where, "expected a page with url and ts");
      } else if (!known.hasUrl(line.url))
        report("page", where, `the package has no response for ${line.url}`);
    }
  } catch (error) {
    report("page", PAGES, `cannot be read: ${(error as Error).message}`);
  }
}
