/** What the checks of an archive share: the archive, its findings, and its files as they are read for a check. */
import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import type { z } from "zod";
import { type Disk, errorCode } from "../../disk/disk.js";
import { checkJson, hashFile, type Line, readJson, readLines, readText } from "../../disk/read.js";
import type { Manifest } from "../../schema/manifest.js";
import { byCodeUnits } from "../../text.js";

export interface Finding {
  /** Short word that stays the same between versions. */
  readonly code: string;
  /** Path in the archive, with a line number where there is one. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint: string;
}

/** A signature of a package that is one of its datapackage.json. */
export interface CheckedSignature {
  /** The package. */
  readonly path: string;
  /** Name of the key: SHA-256 of its DER form. */
  readonly key: string;
  /** When and with which program it was signed, as the package says. */
  readonly created: string;
  readonly software: string;
  /** True where it is the key that was given; false where none was. */
  readonly isKnown: boolean;
}

export interface Verification {
  readonly signatures: readonly CheckedSignature[];
  /** What is worth knowing and is not damage, one sentence each. */
  readonly notes: readonly string[];
  /** Empty when all is well. */
  readonly findings: readonly Finding[];
  /** How many of each were checked: `files`, `entries`, `captures`, … */
  readonly checked: Readonly<Record<string, number>>;
}

export type Report = (code: string, path: string, message: string) => void;

export interface Inquiry {
  readonly root: string;
  readonly disk: Disk;
  /** Every file below the root, by path, with its size. Symlinks and what they lead to are left out. */
  readonly files: ReadonlyMap<string, number>;
  /** Null when archive.json is missing or not valid. */
  readonly manifest: Manifest | null;
  readonly report: Report;
  /** Files that are missing, or not what archive.json or their capture lists: what belongs to them is not at fault. */
  readonly changed: Set<string>;
  /** The key that must have signed its packages; null for any. */
  readonly key: KeyObject | null;
  /** Takes each signature that was found to be good. */
  readonly signatures: CheckedSignature[];
  readonly notes: string[];
}

const ANEW = "Crawl again: the next run writes the file anew.";

/** What to do about damage, by the place of the file: the first that fits. */
const BY_PLACE: readonly (readonly [place: RegExp, hint: string])[] = [
  [/^snapshots\/(?:history\.csv|badge\.json)$/, ANEW],
  [
    /^captures\//,
    "Restore the capture from a copy: what was fetched then cannot be made again. What is whole in it is still used. Without a copy, `sitelift crawl --self-contained` stores everything that is there today; then remove the folder of the damaged capture, and `sitelift prune --keep last:1` removes the older ones, which may repeat what was in it.",
  ],
  [/^snapshots\//, "Restore the file from a copy: the state of a past day cannot be made again."],
  [
    /^(?:content|media|quarantine)\/|^(?:redirects\.csv|account\.(?:md|json)|health\.json)(?::|$)/,
    ANEW,
  ],
];
const PACK = "Restore the package from a copy, or pack the archive again.";
const WARC = "Restore the file from a copy. What is whole in it is still used.";
const RESTORE =
  "Restore the file from a copy, or read everything again: crawl to another folder, or `sitelift build` one from captures/.";

/** What to do about each finding. */
const HINTS: Readonly<Record<string, string>> = {
  unfinished: "Run the crawl again: it finishes or clears what was interrupted.",
  symlink: "Replace the link with the file that it leads to, or remove it.",
  signature: "Get the package and the key from whoever signed it, each by a way that you trust.",
  stray: "Move the file out of the archive; sitelift neither wrote it nor touches it.",
  "link-broken": "Correct the link on the site or in the site file, and build the archive again.",
};

/** More of one kind say no more, and a file that is nothing but damage must not fill the memory. */
const MOST_OF_A_KIND = 1000;

/** What a check finds, nothing yet, and what adds a finding to it. */
export function newFindings() {
  const findings: Finding[] = [];
  const [signatures, notes]: [CheckedSignature[], string[]] = [[], []];
  const counts = new Map<string, number>();
  const report: Report = (code, path, message) => {
    const before = counts.get(code) ?? 0;
    counts.set(code, before + 1);
    if (before > MOST_OF_A_KIND) return;
    if (before === MOST_OF_A_KIND) message = "and more of this kind, which are not listed";
    const byPlace = BY_PLACE.find(([place]) => place.test(path))?.[1] ?? RESTORE;
    const isPackage = /^[^/]+\.wacz(?:\/|$)/.test(path);
    const isWarc = /^[^/]+\.w?arc(?:\.gz)?:\d+$/.test(path);
    findings.push({
      code,
      path,
      message,
      hint: isPackage && code !== "signature" ? PACK : isWarc ? WARC : (HINTS[code] ?? byPlace),
    });
  };
  return { findings, signatures, notes, report };
}

/** True for a file that is there; a missing one is reported. */
export function isThere(
  { files, report }: { readonly files: ReadonlyMap<string, unknown>; readonly report: Report },
  path: string,
): boolean {
  const found = files.has(path);
  if (!found) report("missing", path, "missing");
  return found;
}

export function textOf({ root, disk }: Inquiry, path: string): Promise<string> {
  return readText(join(root, path), disk);
}

/** A JSON file that is there; null, and a finding with `code`, when it does not hold to its schema. */
export async function jsonOf<T>(
  { root, disk, report }: Inquiry,
  path: string,
  schema: z.ZodType<T>,
  code: string,
): Promise<T | null> {
  const { value, problems } = await readJson(join(root, path), schema, disk);
  if (value === undefined) report(code, path, problems.join("; "));
  return value ?? null;
}

/** Lines of a file. Where it cannot be read, that is reported, and they end. */
export async function* linesIn(
  { root, disk, report }: Inquiry,
  path: string,
): AsyncGenerator<Line, void, undefined> {
  try {
    yield* readLines(join(root, path), disk);
  } catch (error) {
    report("unreadable", path, `cannot be read: ${errorCode(error) ?? (error as Error).message}`);
  }
}

/** Lines of a JSONL file that hold to a schema; the others are reported. */
export async function* checkedLines<T>(
  inquiry: Inquiry,
  path: string,
  schema: z.ZodType<T>,
  code = "line",
): AsyncGenerator<{ readonly at: string; readonly value: T }, void, undefined> {
  if (!isThere(inquiry, path)) return;
  for await (const { number, text, ended } of linesIn(inquiry, path)) {
    const at = `${path}:${number}`;
    const { value, problems } = checkJson(text, schema);
    if (!ended) inquiry.report(code, at, "no line feed at its end");
    if (value !== undefined) yield { at, value };
    else inquiry.report(code, at, problems.join("; "));
  }
}

/** Compares size and checksum of a file with what is listed. */
export async function checkSum(
  { root, disk, files, report, changed }: Inquiry,
  path: string,
  listed: { readonly bytes?: number; readonly sha256: string },
): Promise<void> {
  const size = files.get(path);
  if (listed.bytes !== undefined && size !== listed.bytes)
    report("size", path, `expected ${listed.bytes} bytes, found ${size}`);
  const read = hashFile(join(root, path), disk);
  const found = await read.catch((error: unknown) => errorCode(error) ?? String(error));
  if (found !== listed.sha256) changed.add(path);
  if (found.length < 64) report("unreadable", path, `cannot be read: ${found}`);
  else if (found !== listed.sha256)
    report("checksum", path, `expected SHA-256 ${listed.sha256}, found ${found}`);
}

/** Reports, with `code`, a key that is there twice, and one that comes after a key that sorts later. */
export function orderedKeys(report: Report, code: string, what = "id") {
  const seen = new Set<string>();
  let last = "";
  return (key: string, at: string): void => {
    if (seen.has(key)) report(code, at, `duplicate ${what} ${key}`);
    else if (byCodeUnits(last, key) > 0)
      report("not-sorted", at, `not sorted: ${key} comes after ${last}`);
    seen.add(key);
    last = key;
  };
}
