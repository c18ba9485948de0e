/** What a WACZ package says of itself (https://specs.webrecorder.net/wacz/1.1.1/): datapackage.json, its digest and signature. */
import { createHash, type KeyObject } from "node:crypto";
import type { z } from "zod";
import { checkJson } from "../../disk/read.js";
import {
  type PackageDescription,
  packageDescription,
  packageDigest,
  packageResource,
  signedData,
} from "../../schema/package.js";
import { count } from "../../text.js";
import { readDigest } from "../../warc/digest.js";
import { chunksOf } from "../../warc/zip.js";
import { keyName, signerOf } from "../signature.js";
import { isThere, type Report } from "./inquiry.js";
import { type Member, textOf } from "./members.js";
import { isModestJson } from "./modest-json.js";

export const DESCRIPTION = "datapackage.json";
const DIGEST = "datapackage-digest.json";

export interface Package {
  readonly files: ReadonlyMap<string, Member>;
  /** Takes paths in the package. */
  readonly report: Report;
  /** Takes paths in the package. */
  readonly note: (path: string, message: string) => void;
  /** True where another program made it: what the standards leave open is not damage. */
  foreign: boolean;
  /** What it holds only together with others: packages by their names. */
  requires: readonly unknown[];
}

/** A description; null when it does not hold to its schema. */
async function described<T>(inside: Package, path: string, schema: z.ZodType<T>) {
  const member = inside.files.get(path);
  if (!isThere(inside, path) || member === undefined) return null;
  const text = await textOf(member);
  if (text !== null && !isModestJson(text)) {
    inside.report("package", path, "it is nested too deep or has too many values, and is not read");
    return null;
  }
  const { value, problems } = checkJson(text ?? "", schema);
  for (const problem of problems) inside.report("package", path, problem);
  return value ?? null;
}

/** @returns what signs the package; null for nothing */
export async function checkDescriptions(inside: Package): Promise<unknown> {
  const description = await described(inside, DESCRIPTION, packageDescription);
  // Of one that cannot be read, nobody knows who made it: what all programs do is checked.
  inside.foreign = !/^sitelift\b/.test(description?.software ?? "");
  inside.requires = description?.relation?.requires ?? [];
  if (description !== null) await checkResources(inside, description);
  if (inside.foreign && !inside.files.has(DIGEST)) return null;
  const digest = await described(inside, DIGEST, packageDigest);
  if (digest !== null) await checkHashes(inside, [{ path: DESCRIPTION, hash: digest.hash }]);
  return digest?.signedData ?? null;
}

/**
 * Checks a signature against datapackage.json as it is, and against the key that must have made it.
 *
 * @returns what a good one says; null otherwise
 */
export function checkSignature(
  { files, report }: Package,
  signed: unknown,
  given: KeyObject | null,
) {
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

interface Hashed {
  readonly path: string;
  readonly hash: string;
}

async function checkHashes(
  { files, report, note, foreign }: Package,
  hashed: readonly Hashed[],
): Promise<void> {
  const unknown: Hashed[] = [];
  for (const { path, hash } of hashed) {
    const member = files.get(path);
    const expected = readDigest(hash);
    if (expected === null) unknown.push({ path, hash });
    if (member === undefined || expected === null) continue;
    const { algorithm, value } = expected;
    const found = algorithm === "sha256" ? member.sha256 : await hashOf(member, algorithm);
    if (found !== value) report("checksum", path, `expected ${hash}, found ${algorithm}:${found}`);
  }
  const [first, ...more] = unknown;
  if (first === undefined) return;
  const others = more.length === 0 ? "" : `, nor are those of ${count(more.length, "other file")}`;
  const message = `its hash ${first.hash} is not of a known kind, and was not compared${others}`;
  // Ours are SHA-256.
  if (foreign) note(first.path, message);
  else report("checksum", first.path, message);
}

/** Of a list that is nothing but damage, so many lines are read. */
const MOST_BAD = 1000;

async function checkResources(inside: Package, { resources }: PackageDescription): Promise<void> {
  const { files, report } = inside;
  const listed = new Set([DESCRIPTION, DIGEST]);
  const hashed: Hashed[] = [];
  let bad = 0;
  for (const [at, one] of resources.entries()) {
    const { data, error } = packageResource.safeParse(one);
    if (data === undefined) {
      for (const { path, message } of error.issues)
        report("package", DESCRIPTION, `${["resources", at, ...path].join(".")}: ${message}`);
      if (++bad === MOST_BAD) break;
      continue;
    }
    const { path: written, hash, bytes } = data;
    const path = written.replace(/^\.\//, "");
    if (listed.has(path)) report("listed-twice", DESCRIPTION, `duplicate path ${path}`);
    listed.add(path);
    const size = files.get(path)?.size;
    if (size === undefined) report("missing", path, `listed in ${DESCRIPTION} but missing`);
    else if (size !== (bytes ?? size))
      report("size", path, `expected ${bytes} bytes, found ${size}`);
    hashed.push({ path, hash });
  }
  await checkHashes(inside, hashed);
  // What could not be read may be what lists them.
  if (bad > 0) return;
  for (const path of files.keys())
    if (!listed.has(path)) report("stray", path, `not listed in ${DESCRIPTION}`);
}

async function hashOf({ member }: Member, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of chunksOf(member)) hash.update(chunk);
  return hash.digest("hex");
}
