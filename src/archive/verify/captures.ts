/** Captures of an archive: their files, their records and indexes, and entries tied to records. */
import { join } from "node:path";
import { z } from "zod";
import { CAPTURE_FILES, CAPTURES } from "../../capture/layout.js";
import { hashFile, jsonLines, readJson, readLines } from "../../disk/read.js";
import { byMoment } from "../../disk/timestamp.js";
import type { Outcome } from "../../model.js";
import { captureAccount, type RecordSource, recordLine } from "../../schema/capture.js";
import { openBytes } from "../../warc/bytes.js";
import { isSnapshotPath } from "../snapshots.js";
import type { Inquiry } from "./findings.js";
import {
  checkIndex,
  checkRevisits,
  type KnownResponses,
  type Places,
  readResponses,
} from "./responses.js";

/** @returns how many captures there are */
export async function checkCaptures(inquiry: Inquiry, ledger: readonly Outcome[]): Promise<number> {
  const folders = new Map<string, Set<string>>();
  for (const path of inquiry.files.keys()) {
    const [top, name = "", ...rest] = path.split("/");
    if (top !== CAPTURES) continue;
    if (rest.length === 0) inquiry.report("stray", path, "no capture has such a file");
    else folders.set(name, (folders.get(name) ?? new Set()).add(rest.join("/")));
  }
  const known: KnownResponses = new Map();
  const last = await lastCapture(inquiry);
  for (const name of [...folders.keys()].sort(byMoment)) {
    const path = `${CAPTURES}/${name}`;
    const names = folders.get(name) ?? new Set();
    if (!checkNames(inquiry, path, names)) continue;
    await checkAccountOf(inquiry, path, names);
    const places = await checkWarc(inquiry, path, names, known);
    if (names.has(CAPTURE_FILES.index)) {
      const index = `${path}/${CAPTURE_FILES.index}`;
      await checkIndex(
        inquiry.report,
        index,
        readLines(join(inquiry.root, index), inquiry.disk),
        places,
      );
    }
    const entries = await checkRecords(inquiry, path, names, known);
    if (path === last) checkEntries(inquiry, path, entries, ledger);
  }
  checkRevisits(inquiry.report, known);
  return folders.size;
}

/** @returns false for a capture that is not finished, which nothing can be held against */
function checkNames({ report }: Inquiry, path: string, names: ReadonlySet<string>): boolean {
  if (!names.has(CAPTURE_FILES.account) && names.has(CAPTURE_FILES.journal)) {
    report("unfinished", path, "the crawl that it is of was cut off");
    return false;
  }
  const wanted = [CAPTURE_FILES.data, CAPTURE_FILES.index, CAPTURE_FILES.records];
  for (const name of [...wanted, CAPTURE_FILES.account])
    if (!names.has(name)) report("missing", `${path}/${name}`, "a capture has this file");
  const known = new Set<string>([...wanted, CAPTURE_FILES.account]);
  for (const name of names)
    if (!known.has(name)) report("stray", `${path}/${name}`, "no capture has such a file");
  return true;
}

async function checkAccountOf(inquiry: Inquiry, path: string, names: ReadonlySet<string>) {
  if (!names.has(CAPTURE_FILES.account)) return;
  const { root, disk, files, report } = inquiry;
  const where = `${path}/${CAPTURE_FILES.account}`;
  const { value: account } = await readJson(join(root, where), captureAccount, disk);
  if (account === undefined) return report("capture", where, "it is not the account of a capture");
  for (const { path: name, bytes, sha256: wanted } of account.files) {
    const file = `${path}/${name}`;
    const size = files.get(file);
    if (size === undefined) continue;
    if (size !== bytes) report("size", file, `expected ${bytes} bytes, found ${size}`);
    const found = await hashFile(join(root, file), disk);
    if (found !== wanted) report("checksum", file, `expected SHA-256 ${wanted}, found ${found}`);
  }
}

async function checkWarc(
  inquiry: Inquiry,
  path: string,
  names: ReadonlySet<string>,
  known: KnownResponses,
): Promise<Places> {
  if (!names.has(CAPTURE_FILES.data)) return new Map();
  const name = `${path}/${CAPTURE_FILES.data}`;
  const bytes = await openBytes(inquiry.disk.open(join(inquiry.root, name), "read"));
  try {
    return await readResponses(inquiry.report, { name, bytes }, known);
  } finally {
    await bytes.close();
  }
}

/** @returns ids of the entries that are named */
async function checkRecords(
  { root, disk, report }: Inquiry,
  path: string,
  names: ReadonlySet<string>,
  known: KnownResponses,
): Promise<ReadonlySet<string>> {
  const entries = new Set<string>();
  if (!names.has(CAPTURE_FILES.records)) return entries;
  const name = `${path}/${CAPTURE_FILES.records}`;
  for await (const { number, value: line } of jsonLines(join(root, name), recordLine, disk)) {
    const where = `${name}:${number}`;
    if (line === undefined) {
      report("record", where, "it does not tell where an entry was read from");
      continue;
    }
    if (entries.has(line.entry)) report("id-twice", where, `${line.entry} has stood before`);
    entries.add(line.entry);
    for (const source of [line.listing, line.page]) {
      const problem = source === null ? null : problemOf(source, known);
      if (problem !== null) report("record", where, problem);
    }
  }
  return entries;
}

function problemOf(source: RecordSource, known: KnownResponses): string | null {
  const response = known.get(source.record);
  if (response === undefined) return `${source.record} is in no capture`;
  const payload = response.refersTo === null ? response : known.get(response.refersTo.id ?? "");
  const wanted = { url: response.url, digest: response.digest, fetchedAt: response.date };
  const all = { ...wanted, sha256: payload?.sha256 ?? source.sha256 };
  for (const [key, value] of Object.entries(all))
    if (source[key as keyof typeof all] !== value)
      return `${key}: expected ${value}, found ${source[key as keyof typeof all]}`;
  return null;
}

const withCapture = z.looseObject({ capture: z.string() });

/** The capture of the run that left the archive as it is; null when that run had none. */
async function lastCapture({ root, disk, files }: Inquiry): Promise<string | null> {
  const newest = [...files.keys()].filter(isSnapshotPath).sort(byMoment).at(-1);
  if (newest === undefined) return null;
  return (await readJson(join(root, newest), withCapture, disk)).value?.capture ?? null;
}

/** Entries that the last crawl wrote against the records of its capture. */
function checkEntries(
  { report }: Inquiry,
  path: string,
  entries: ReadonlySet<string>,
  ledger: readonly Outcome[],
): void {
  const written = new Set(
    ledger.flatMap(({ state, entry }) =>
      state === "written" && entry !== undefined ? [entry] : [],
    ),
  );
  const name = `${path}/${CAPTURE_FILES.records}`;
  for (const id of written)
    if (!entries.has(id)) report("record", name, `it has no line for the entry ${id}`);
  for (const id of entries)
    if (!written.has(id)) report("record", name, `the ledger has not written the entry ${id}`);
}
