/** WARC files and their index: every record whole and true to its digests, index and WARC in agreement, revisits resolved. */
import { basename } from "node:path";
import { type CapturedResponse, capturedResponse } from "../../capture/read/captured-response.js";
import type { WarcFile } from "../../capture/read/files.js";
import type { Line } from "../../disk/read.js";
import { byCodeUnits } from "../../text.js";
import { parseCdxj } from "../../warc/cdxj.js";
import { hasDigest, sha256 } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { type FoundRecord, readWarc, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import type { Report } from "./inquiry.js";

export interface CheckedResponse extends CapturedResponse {
  /** SHA-256 of the payload; null for a revisit, whose original has it. */
  readonly sha256: string | null;
}

/** Responses by their record ids. */
export type KnownResponses = Map<string, CheckedResponse>;

/** Responses by where an index says that they are. */
export type Places = ReadonlyMap<string, CheckedResponse>;

/** Checks every record of a WARC file, and adds its responses to those that are known. */
export async function readResponses(
  report: Report,
  file: WarcFile,
  known: KnownResponses,
): Promise<Places> {
  const places = new Map<string, CheckedResponse>();
  try {
    for await (const record of readWarc(file.bytes)) {
      const response = checkRecord(report, file, record);
      if (response === null) continue;
      const { id, offset } = response;
      if (known.has(id)) report("record-twice", `${file.name}:${offset}`, `duplicate record ${id}`);
      known.set(id, response);
      places.set(placeOf(basename(file.name), offset), response);
    }
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    report("warc", `${file.name}:${error.offset}`, error.message);
  }
  return places;
}

function placeOf(filename: string, offset: number): string {
  return `${filename}:${offset}`;
}

function checkRecord(report: Report, file: WarcFile, record: FoundRecord): CheckedResponse | null {
  const where = `${file.name}:${record.offset}`;
  const { block, version, gzip } = record;
  if (version !== "WARC/1.1") report("warc", where, `expected WARC/1.1, found ${version}`);
  if (!gzip) report("warc", where, "the record is not a gzip member");
  const blockDigest = fieldOf(record, "warc-block-digest");
  if (blockDigest === null || hasDigest(block, blockDigest) !== true)
    report("block-digest", where, `the block does not match its digest ${blockDigest}`);
  const type = fieldOf(record, "warc-type");
  if (type !== "response" && type !== "revisit") return null;
  const message = parseHttp(block);
  const digest = fieldOf(record, "warc-payload-digest") ?? "";
  if (message === null) report("warc", where, "the response has no header");
  else if (type === "response" && hasDigest(message.body, digest) !== true)
    report("payload-digest", where, `the payload does not match its digest ${digest}`);
  const response = capturedResponse(record, file, true);
  if (response === null) return null;
  const isHeld = type === "response" && message !== null;
  return { ...response, sha256: isHeld ? sha256(message.body) : null };
}

/** Every revisit must lead to a response with the payload that it repeats. */
export function checkRevisits(report: Report, known: KnownResponses): void {
  for (const { id, refersTo, digest, url, file } of known.values()) {
    if (refersTo === null) continue;
    const original = known.get(refersTo.id ?? "");
    const isThere = original !== undefined && original.refersTo === null;
    if (isThere && original.digest === digest) continue;
    const problem = isThere
      ? `has the digest ${digest}, its original ${original.digest}`
      : `repeats a response for ${url} that no capture here holds`;
    report("revisit", file.name, `${id} ${problem}`);
  }
}

/** Index against WARC files, both ways. */
export async function checkIndex(
  report: Report,
  name: string,
  lines: AsyncIterable<Pick<Line, "number" | "text">> | Iterable<Pick<Line, "number" | "text">>,
  places: Places,
): Promise<void> {
  const left = new Map(places);
  let before = "";
  for await (const { number, text } of lines) {
    const where = `${name}:${number}`;
    if (byCodeUnits(before, text) > 0)
      report("not-sorted", where, "must come before the line above");
    before = text;
    const line = parseCdxj(text);
    const place = line === null ? "" : placeOf(line.filename, line.offset);
    const response = left.get(place);
    if (line === null || response === undefined) {
      report("index", where, "no response where this line says");
      continue;
    }
    left.delete(place);
    for (const key of ["url", "date", "digest", "length", "status", "sha256"] as const)
      if (response[key] !== null && line[key] !== response[key])
        report("index", where, `${key}: expected ${response[key]}, found ${line[key]}`);
  }
  for (const { url, file, offset } of left.values())
    report("index", name, `no line for ${url} at ${file.name}:${offset}`);
}
