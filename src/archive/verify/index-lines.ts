/** The index of WARC files: in agreement with them, both ways. */
import { basename } from "node:path";
import { plainUrl } from "../../capture/read/captured-response.js";
import type { Line } from "../../disk/read.js";
import { byCodeUnits, firstPlace, gather } from "../../text.js";
import { type CdxjLine, parseCdxj } from "../../warc/cdxj.js";
import { digitsOf } from "../../warc/date.js";
import { mayBeSame } from "../../warc/digest.js";
import { readRecord } from "../../warc/reading.js";
import { uriOf } from "../../warc/record.js";
import type { Report } from "./inquiry.js";
import type { CheckedResponse, KnownResponses } from "./known-responses.js";
import type { WarcCheck } from "./responses.js";

/** How many lost responses a finding names. */
const NAMED = 3;

/** Of an index that is nothing but damage, so many lines are read. */
const MOST_BAD_LINES = 1000;

/** An index, or one of several that together are one. */
export interface IndexFile {
  readonly name: string;
  readonly lines: AsyncIterable<Pick<Line, "number" | "text">>;
}

/** @param isUnread for a WARC file that is there, and not read here */
export async function checkIndexes(
  check: WarcCheck,
  indexes: readonly [IndexFile, ...IndexFile[]],
  isUnread: (filename: string) => boolean = () => false,
): Promise<void> {
  const { report, known, files } = check;
  const seen = new Uint8Array(known.rows);
  for (const index of indexes) if (!(await checkLines(check, index, seen, isUnread))) return;
  const [{ name }] = indexes;
  for (const { first, end } of files)
    for (let row = first; row < end; row++) {
      if (seen[row] === 1) continue;
      const { url, file, offset, kind } = await known.read(row);
      if (!known.foreign || kind === "response")
        report("index", name, `no line for ${url} at ${file.name}:${offset}`);
    }
}

/** @param seen 1 for a row that a line was found for @returns false where the lines were not read to the end */
async function checkLines(
  { report, known, files: read, damages }: WarcCheck,
  { name, lines }: IndexFile,
  seen: Uint8Array,
  isUnread: (filename: string) => boolean,
): Promise<boolean> {
  const { foreign } = known;
  const files = new Map<string, WarcCheck["files"]>();
  for (const file of read) gather(files, file.filename, file);
  const lost = new Map<string, WarcCheck["damages"]>();
  for (const one of damages.toSorted((a, b) => a.start - b.start)) gather(lost, one.filename, one);
  let before = "";
  let bad = 0;
  for await (const { number, text: written } of lines) {
    const where = `${name}:${number}`;
    const text = foreign ? written.trimEnd() : written;
    // Some begin with a line about the index itself.
    if (foreign && (text.startsWith("!") || text === "")) continue;
    if (byCodeUnits(before, text) > 0)
      report("not-sorted", where, "must come before the line above");
    before = text;
    const line = parseCdxj(text);
    const named = line === null ? [] : (files.get(basename(line.filename)) ?? []);
    const row = line === null ? undefined : rowOf(known, named, line);
    if (line !== null && isUnread(basename(line.filename))) continue;
    if (line === null || row === undefined || seen[row] === 1) {
      if (line !== null && isLost(lost.get(basename(line.filename)) ?? [], line)) continue;
      if (line !== null && foreign && row === undefined && (await isOther(named, line))) continue;
      report("index", where, "no response where this line says");
      if (++bad < MOST_BAD_LINES) continue;
      report("index", where, "too many such lines: the others are not read");
      return false;
    }
    seen[row] = 1;
    if (!known.saysLine(row, line))
      compare(report, where, line, await known.read(row, line.length), foreign);
    if (foreign) continue;
    // A response to a POST is looked up by what was sent.
    const posted = known.postOf(row);
    for (const key of ["method", "requestBody"] as const)
      if (line.request?.[key] !== posted?.[key])
        report("index", where, `${key}: expected ${posted?.[key]}, found ${line.request?.[key]}`);
  }
  return true;
}

/** Whether a line leads to a record that is no response to be read: some programs index requests, conversions, empty ones. */
async function isOther(files: WarcCheck["files"], { url, offset, length }: CdxjLine) {
  for (const { file } of files) {
    const record = await readRecord(file.bytes, offset, length).catch(() => null);
    const found = record && uriOf(record, "warc-target-uri");
    if (record !== null && (found === null || withoutBody(url).startsWith(withoutBody(found))))
      return true;
  }
  return false;
}

function compare(
  report: Report,
  where: string,
  line: CdxjLine,
  response: CheckedResponse,
  foreign: boolean,
): void {
  for (const key of COMPARED) {
    const isAlike = foreign ? agrees(key, line, response) : line[key] === response[key];
    if (response[key] !== null && !isAlike)
      report("index", where, `${key}: expected ${response[key]}, found ${line[key]}`);
  }
}

const COMPARED = ["url", "date", "digest", "length", "status", "sha256"] as const;

/** Whether a line of another program's index agrees with its response, in the forms that programs write. */
function agrees(
  key: (typeof COMPARED)[number],
  line: CdxjLine,
  response: CheckedResponse,
): boolean {
  switch (key) {
    case "url":
      // The body of a POST is part of the URL under which it is looked up.
      return withoutBody(line.url).startsWith(withoutBody(response.url));
    case "date":
      return digitsOf(line.date) === digitsOf(response.date);
    case "digest":
      return line.digest === "" || mayBeSame(line.digest, response.digest);
    case "length":
      return Number.isNaN(line.length) || line.length === response.length || !isMember(response);
    case "status":
      return (
        Number.isNaN(line.status) || response.kind !== "response" || line.status === response.status
      );
    case "sha256":
      return line.sha256 === "" || line.sha256 === response.sha256;
  }
}

function withoutBody(written: string): string {
  const url = written.replace(/^<(.*)>$/, "$1");
  return (plainUrl(url) ?? url).replace(/[?&]__wb_method=.*/s, "");
}

/** What a record that is not compressed takes up includes the line ends after it, or not. */
function isMember({ file }: CheckedResponse): boolean {
  return /\.gz$/i.test(file.name);
}

/** Notes a response of which only the index line is left. @param damages of its file, in order @returns false where nothing is damaged */
function isLost(damages: WarcCheck["damages"], { offset, url }: CdxjLine): boolean {
  const place = firstPlace(damages.length, (at) => (damages[at]?.start ?? 0) <= offset);
  const damage = damages[place - 1];
  if (damage === undefined || offset >= damage.end) return false;
  if (damage.lost++ < NAMED) damage.urls.push(url);
  return true;
}

/** The row of the response that an index line means. @param files of the name that it gives */
function rowOf(
  known: KnownResponses,
  files: WarcCheck["files"],
  line: CdxjLine,
): number | undefined {
  return files.flatMap(({ first, end }) => known.rowAt(first, end, line.offset) ?? []).at(-1);
}
