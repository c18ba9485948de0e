/** Captures of an archive: their files, their records and indexes, and entries tied to records. */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES, PRUNED } from "../../capture/layout.js";
import { byTimestamp } from "../../disk/timestamp.js";
import type { Outcome } from "../../model.js";
import { captureAccount, prunedLine, type RecordSource, recordLine } from "../../schema/capture.js";
import { openBytes } from "../../warc/bytes.js";
import { readRecord } from "../../warc/reading.js";
import { FILES } from "../layout.js";
import { checkIndexes } from "./index-lines.js";
import {
  checkedLines,
  checkSum,
  type Inquiry,
  isThere,
  jsonOf,
  linesIn,
  type Report,
} from "./inquiry.js";
import type { KnownResponses } from "./known-responses.js";
import {
  checkRevisits,
  knownResponses,
  readResponses,
  reportDamages,
  type WarcCheck,
} from "./responses.js";
import type { NamedCaptures } from "./snapshots.js";

/** Files of a finished capture. */
const { data, index, records, account, journal } = CAPTURE_FILES;
const NAMES: readonly string[] = [data, index, records, account];

/** @returns how many captures there are */
export async function checkCaptures(
  inquiry: Inquiry,
  ledger: readonly Outcome[],
  named: NamedCaptures,
): Promise<number> {
  const { files, report, notes } = inquiry;
  const note = (path: string, message: string) => notes.push(`${path}: ${message}`);
  const folders = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const [top, name = "", ...rest] = path.split("/");
    if (top !== CAPTURES) continue;
    if (path === PRUNED) continue;
    if (rest.length === 0) report("stray", path, "not a file of a capture");
    else folders.set(name, (folders.get(name) ?? new Set()).add(rest.join("/")));
  }
  const known = knownResponses(async ({ name }, offset) => {
    await using bytes = await openBytes(inquiry.disk.open(join(inquiry.root, name), "read"));
    return await readRecord(bytes, offset);
  }, "archive");
  for (const [name, names] of [...folders].sort(([a], [b]) => byTimestamp(a, b))) {
    const path = `${CAPTURES}/${name}`;
    // Of a capture that is not finished, nothing else can be checked.
    if (!names.has(account) && names.has(journal)) {
      report("unfinished", path, "its crawl was interrupted");
      continue;
    }
    for (const one of NAMES) isThere(inquiry, `${path}/${one}`);
    for (const one of names)
      if (!NAMES.includes(one)) report("stray", `${path}/${one}`, "not a file of a capture");
    if (names.has(account)) await checkCaptureAccount(inquiry, path);
    const check: WarcCheck = { report, note, known, files: [], damages: [] };
    if (names.has(data)) await checkWarc(inquiry, `${path}/${data}`, check);
    const cdxj = `${path}/${index}`;
    if (names.has(index))
      await checkIndexes(check, [{ name: cdxj, lines: linesIn(inquiry, cdxj) }]);
    reportDamages(check);
    if (!names.has(records)) continue;
    const entries = await checkRecords(inquiry, `${path}/${records}`, known);
    if (path === named.last && !inquiry.changed.has(FILES.ledger))
      checkEntries(inquiry, `${path}/${records}`, entries, ledger);
  }
  await checkRevisits({ report, known });
  const pruned = files.has(PRUNED) ? await checkPruned(inquiry, folders) : [];
  checkNamed(report, named, folders, new Set(pruned));
  return folders.size;
}

/**
 * The capture of a run is there, or was pruned. Those before the oldest one may be elsewhere: each archive in the store of
 * a fleet has the capture of its last run alone.
 */
function checkNamed(
  report: Report,
  { byPath }: NamedCaptures,
  folders: ReadonlyMap<string, unknown>,
  pruned: ReadonlySet<string>,
): void {
  const [oldest = ""] = [...folders.keys()].sort(byTimestamp);
  for (const [path, snapshot] of byPath) {
    const name = path.slice(CAPTURES.length + 1);
    if (folders.has(name) || pruned.has(name) || byTimestamp(name, oldest) < 0) continue;
    report("missing", path, `named by ${snapshot} as its capture, but missing`);
  }
}

/** The history of what was removed: a capture that is in it is not there any more. */
async function checkPruned(inquiry: Inquiry, folders: ReadonlyMap<string, unknown>) {
  const pruned: string[] = [];
  for await (const { at, value } of checkedLines(inquiry, PRUNED, prunedLine, "pruned")) {
    pruned.push(value.capture);
    if (folders.has(value.capture))
      inquiry.report("pruned", at, `${value.capture} was removed, and is there`);
  }
  return pruned;
}

async function checkCaptureAccount(inquiry: Inquiry, path: string): Promise<void> {
  const found = await jsonOf(inquiry, `${path}/${account}`, captureAccount, "capture");
  for (const { path: name, bytes, sha256 } of found?.files ?? [])
    if (inquiry.files.has(`${path}/${name}`))
      await checkSum(inquiry, `${path}/${name}`, { bytes, sha256 });
}

async function checkWarc({ root, disk }: Inquiry, name: string, check: WarcCheck): Promise<void> {
  await using bytes = await openBytes(disk.open(join(root, name), "read"));
  await readResponses(check, { name, bytes });
}

/** @returns ids of the entries that are named */
async function checkRecords(inquiry: Inquiry, path: string, known: KnownResponses) {
  const { report } = inquiry;
  const entries = new Set<string>();
  for await (const { at, value } of checkedLines(inquiry, path, recordLine, "record")) {
    const { entry, listing, page } = value;
    if (entries.has(entry)) report("id-twice", at, `duplicate id ${entry}`);
    entries.add(entry);
    for (const source of [listing, page]) {
      const problem = source === null ? null : await problemOf(source, known);
      if (problem !== null) report("record", at, problem);
    }
  }
  return entries;
}

async function problemOf(source: RecordSource, known: KnownResponses): Promise<string | null> {
  const row = known.rowOf(source.record);
  if (row === undefined) return `no capture holds ${source.record} of ${source.url} whole`;
  const original = known.isRevisit(row) ? known.originalOf(row) : row;
  if (known.saysSource(row, original, source)) return null;
  const { url, digest, date: fetchedAt } = await known.read(row);
  const payload = original === undefined ? null : await known.read(original);
  const wanted = { url, digest, fetchedAt, sha256: payload?.sha256 ?? source.sha256 };
  for (const key of ["url", "digest", "fetchedAt", "sha256"] as const)
    if (source[key] !== wanted[key]) return `${key}: expected ${wanted[key]}, found ${source[key]}`;
  return null;
}

/** Entries that the last crawl wrote, against the records of its capture. */
function checkEntries(
  { report }: Inquiry,
  name: string,
  entries: ReadonlySet<string>,
  ledger: readonly Outcome[],
): void {
  const written = new Set<string>();
  for (const { state, entry } of ledger)
    if (state === "written" && entry !== undefined) written.add(entry);
  for (const id of written)
    if (!entries.has(id)) report("record", name, `no line for the entry ${id}`);
  for (const id of entries)
    if (!written.has(id))
      report("record", name, `the ledger has no written line for the entry ${id}`);
}
