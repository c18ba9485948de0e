/** WARC files and their index, wherever they stand: every record whole and true to its digests, index and WARC in agreement, revisits resolved. */
import { basename } from "node:path";
import type { Line } from "../../disk/read.js";
import { byCodeUnits } from "../../text.js";
import type { Bytes } from "../../warc/bytes.js";
import { parseCdxj } from "../../warc/cdxj.js";
import { hasDigest, sha256 } from "../../warc/digest.js";
import { parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readWarc, WarcDamage } from "../../warc/reading.js";
import { addressOf, fieldOf } from "../../warc/record.js";
import type { Inquiry } from "./findings.js";

/** An answer that a WARC file holds. */
export interface Answer {
  /** Path of the WARC file. */
  readonly path: string;
  readonly offset: number;
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

/** Answers by their record ids. */
export type Known = Map<string, Answer>;

/** Answers by what an index says of their places. */
export type Places = ReadonlyMap<string, Answer>;

type Report = Pick<Inquiry, "report">;

/** Checks every record of a WARC file, and adds its answers to those that are known. */
export async function readAnswers(
  { report }: Report,
  path: string,
  bytes: Bytes,
  known: Known,
): Promise<Places> {
  const answers = new Map<string, Answer>();
  try {
    for await (const record of readWarc(bytes)) {
      const answer = checkRecord(report, path, record);
      if (answer === null) continue;
      if (known.has(answer.id))
        report("record-twice", `${path}:${record.offset}`, `${answer.id} has stood before`);
      known.set(answer.id, answer);
      answers.set(placeOf(basename(path), record.offset), answer);
    }
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    report("warc", `${path}:${error.offset}`, error.message);
  }
  return answers;
}

function placeOf(filename: string, offset: number): string {
  return `${filename}:${offset}`;
}

function checkRecord(report: Inquiry["report"], path: string, record: FoundRecord): Answer | null {
  const where = `${path}:${record.offset}`;
  const { block, version, gzip, offset, length } = record;
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
    path,
    offset,
    id: fieldOf(record, "warc-record-id") ?? "",
    url: addressOf(record, "warc-target-uri") ?? "",
    date: fieldOf(record, "warc-date") ?? "",
    digest,
    length,
    status: (message === null ? null : statusOf(message)) ?? 0,
    sha256: type === "response" && message !== null ? sha256(message.body) : null,
    refersTo: type === "revisit" ? (fieldOf(record, "warc-refers-to") ?? "") : null,
  };
}

/** Every revisit must lead to an answer with the payload that it repeats. */
export function checkRevisits({ report }: Report, known: Known): void {
  for (const { id, refersTo, digest, url, path } of known.values()) {
    if (refersTo === null) continue;
    const original = known.get(refersTo);
    if (original === undefined || original.refersTo !== null)
      report("revisit", path, `${id} repeats an answer for ${url} that no capture here holds`);
    else if (original.digest !== digest)
      report("revisit", path, `${id} has the digest ${digest}, its original ${original.digest}`);
  }
}

/** Index against WARC files, both ways. */
export async function checkIndex(
  { report }: Report,
  name: string,
  lines: AsyncIterable<Pick<Line, "number" | "text">> | Iterable<Pick<Line, "number" | "text">>,
  answers: Places,
): Promise<void> {
  const left = new Map(answers);
  let before = "";
  for await (const { number, text } of lines) {
    const where = `${name}:${number}`;
    if (byCodeUnits(before, text) > 0) report("not-sorted", where, "it stands after a later line");
    before = text;
    const line = parseCdxj(text);
    const place = line === null ? "" : placeOf(line.filename, line.offset);
    const answer = left.get(place);
    if (line === null || answer === undefined) {
      report("index", where, "no answer stands where this line says");
      continue;
    }
    left.delete(place);
    for (const key of ["url", "date", "digest", "length", "status"] as const)
      if (line[key] !== answer[key])
        report("index", where, `${key}: expected ${answer[key]}, found ${line[key]}`);
    if (answer.sha256 !== null && line.sha256 !== answer.sha256)
      report("index", where, `sha256: expected ${answer.sha256}, found ${line.sha256}`);
  }
  for (const { url, path, offset } of left.values())
    report("index", name, `it has no line for ${url} at ${path}:${offset}`);
}
