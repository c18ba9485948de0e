/** Captures: every record whole and true to its digests, index and WARC in agreement, revisits resolved, records tied to entries. */
import { join } from "node:path";
import type { Outcome } from "../../model.js";
import {
  type CaptureAccount,
  captureAccount,
  type RecordSource,
  recordLine,
} from "../../validate/capture.js";
import { parseCdxj } from "../../warc/cdxj.js";
import { hasDigest, sha256 } from "../../warc/digest.js";
import { parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readWarc, WarcDamage } from "../../warc/reading.js";
import { addressOf, fieldOf } from "../../warc/record.js";
import { bytesOf } from "../capture/journal.js";
import { CAPTURE_FILES, CAPTURES, SNAPSHOTS } from "../layout.js";
import { byCodeUnits } from "../order.js";
import { parseJson } from "../previous.js";
import { hashFile, readLines, readWhole } from "../reading.js";
import { sortSnapshots } from "../snapshots.js";
import type { Inquiry } from "./findings.js";

/** An answer that a WARC file holds. */
interface Answer {
  readonly id: string;
  readonly url: string;
  readonly date: string;
  readonly digest: string;
  readonly length: number;
  readonly status: number;
  /** SHA-256 of the payload; of a revisit, the record that has it. */
  readonly sha256: string | null;
  readonly refersTo: string | null;
}

type Known = Map<string, Answer>;

/** @returns how many captures there are */
export async function checkCaptures(inquiry: Inquiry, ledger: readonly Outcome[]): Promise<number> {
  const folders = new Map<string, Set<string>>();
  for (const path of inquiry.files.keys()) {
    const [top, name = "", ...rest] = path.split("/");
    if (top !== CAPTURES) continue;
    if (rest.length === 0) inquiry.report("stray", path, "no capture has such a file");
    else folders.set(name, (folders.get(name) ?? new Set()).add(rest.join("/")));
  }
  const known: Known = new Map();
  const last = await lastCapture(inquiry);
  for (const name of [...folders.keys()].sort(byCodeUnits)) {
    const path = `${CAPTURES}/${name}`;
    const names = folders.get(name) ?? new Set();
    if (!checkNames(inquiry, path, names)) continue;
    await checkAccountOf(inquiry, path, names);
    const answers = await checkWarc(inquiry, path, names, known);
    await checkIndex(inquiry, path, names, answers);
    const entries = await checkRecords(inquiry, path, names, known);
    if (path === last) checkEntries(inquiry, path, entries, ledger);
  }
  for (const { id, refersTo, digest, url, path } of revisits(known))
    checkRevisit(inquiry, path, { id, url, digest }, known.get(refersTo));
  return folders.size;
}

const paths = new WeakMap<Answer, string>();

function* revisits(known: Known) {
  for (const answer of known.values())
    if (answer.refersTo !== null)
      yield { ...answer, refersTo: answer.refersTo, path: paths.get(answer) ?? "" };
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
  const text = Buffer.from(await readWhole(join(root, where), disk)).toString("utf8");
  const account: CaptureAccount | undefined = captureAccount.safeParse(parseJson(text)).data;
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

/** @returns the answers by their places */
async function checkWarc(
  inquiry: Inquiry,
  path: string,
  names: ReadonlySet<string>,
  known: Known,
): Promise<ReadonlyMap<number, Answer>> {
  const answers = new Map<number, Answer>();
  if (!names.has(CAPTURE_FILES.data)) return answers;
  const name = `${path}/${CAPTURE_FILES.data}`;
  const file = await inquiry.disk.open(join(inquiry.root, name), "read");
  try {
    for await (const record of readWarc(await bytesOf(file))) {
      const answer = checkRecord(inquiry, name, record);
      if (answer === null) continue;
      if (known.has(answer.id))
        inquiry.report("record-twice", `${name}:${record.offset}`, `${answer.id} has stood before`);
      known.set(answer.id, answer);
      paths.set(answer, name);
      answers.set(record.offset, answer);
    }
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    inquiry.report("warc", `${name}:${error.offset}`, error.message);
  } finally {
    await file.close();
  }
  return answers;
}

function checkRecord({ report }: Inquiry, name: string, record: FoundRecord): Answer | null {
  const where = `${name}:${record.offset}`;
  const { block, version, gzip } = record;
  if (version !== "WARC/1.1") report("warc", where, `expected WARC/1.1, found ${version}`);
  if (!gzip) report("warc", where, "the record is no gzip member");
  const blockDigest = fieldOf(record, "warc-block-digest");
  if (blockDigest === null || hasDigest(block, blockDigest) !== true)
    report("block-digest", where, `the block does not have the digest ${blockDigest}`);
  const type = fieldOf(record, "warc-type");
  if (type !== "response" && type !== "revisit") return null;
  const message = parseHttp(block);
  const digest = fieldOf(record, "warc-payload-digest") ?? "";
  if (message === null) report("warc", where, "the answer has no header");
  else if (type === "response" && hasDigest(message.body, digest) !== true)
    report("payload-digest", where, `the payload does not have the digest ${digest}`);
  return {
    id: fieldOf(record, "warc-record-id") ?? "",
    url: addressOf(record, "warc-target-uri") ?? "",
    date: fieldOf(record, "warc-date") ?? "",
    digest,
    length: record.length,
    status: (message === null ? null : statusOf(message)) ?? 0,
    sha256: type === "response" && message !== null ? sha256(message.body) : null,
    refersTo: type === "revisit" ? (fieldOf(record, "warc-refers-to") ?? "") : null,
  };
}

function checkRevisit(
  { report }: Inquiry,
  path: string,
  { id, url, digest }: Pick<Answer, "id" | "url" | "digest">,
  original: Answer | undefined,
): void {
  if (original === undefined || original.refersTo !== null)
    report("revisit", path, `${id} repeats an answer for ${url} that no capture here holds`);
  else if (original.digest !== digest)
    report("revisit", path, `${id} has the digest ${digest}, its original ${original.digest}`);
}

async function checkIndex(
  { root, disk, report }: Inquiry,
  path: string,
  names: ReadonlySet<string>,
  answers: ReadonlyMap<number, Answer>,
) {
  if (!names.has(CAPTURE_FILES.index)) return;
  const name = `${path}/${CAPTURE_FILES.index}`;
  const left = new Map(answers);
  let before = "";
  for await (const { number, text } of readLines(join(root, name), disk)) {
    const where = `${name}:${number}`;
    if (byCodeUnits(before, text) > 0) report("not-sorted", where, "it stands after a later line");
    before = text;
    const line = parseCdxj(text);
    const answer = line === null ? undefined : left.get(line.offset);
    if (line === null || answer === undefined) {
      report("index", where, "no answer stands where this line says");
      continue;
    }
    left.delete(line.offset);
    for (const key of ["url", "date", "digest", "length", "status"] as const)
      if (line[key] !== answer[key])
        report("index", where, `${key}: expected ${answer[key]}, found ${line[key]}`);
    if (answer.sha256 !== null && line.sha256 !== answer.sha256)
      report("index", where, `sha256: expected ${answer.sha256}, found ${line.sha256}`);
  }
  for (const [offset, { url }] of left)
    report("index", name, `it has no line for ${url} at ${offset}`);
}

/** @returns ids of the entries that are named */
async function checkRecords(
  { root, disk, report }: Inquiry,
  path: string,
  names: ReadonlySet<string>,
  known: Known,
): Promise<ReadonlySet<string>> {
  const entries = new Set<string>();
  if (!names.has(CAPTURE_FILES.records)) return entries;
  const name = `${path}/${CAPTURE_FILES.records}`;
  for await (const { number, text } of readLines(join(root, name), disk)) {
    const where = `${name}:${number}`;
    const line = recordLine.safeParse(parseJson(text)).data;
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

function problemOf(source: RecordSource, known: Known): string | null {
  const answer = known.get(source.record);
  if (answer === undefined) return `${source.record} is in no capture`;
  const payload = answer.refersTo === null ? answer : known.get(answer.refersTo);
  const wanted = { url: answer.url, digest: answer.digest, fetchedAt: answer.date };
  const all = { ...wanted, sha256: payload?.sha256 ?? source.sha256 };
  for (const [key, value] of Object.entries(all))
    if (source[key as keyof typeof all] !== value)
      return `${key}: expected ${value}, found ${source[key as keyof typeof all]}`;
  return null;
}

/** The capture of the run that left the archive as it is; null when that run had none. */
async function lastCapture({ root, disk, files }: Inquiry): Promise<string | null> {
  const snapshots = [...files.keys()].filter((path) =>
    new RegExp(`^${SNAPSHOTS}/[^/]+\\.json$`).test(path),
  );
  const newest = sortSnapshots(snapshots).at(-1);
  if (newest === undefined) return null;
  const text = Buffer.from(await readWhole(join(root, newest), disk)).toString("utf8");
  const found = parseJson(text) as { readonly capture?: unknown } | undefined;
  return typeof found?.capture === "string" ? found.capture : null;
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
