/** The journal of an unfinished capture: append-only, one line for each exchange whose records are on disk. */
import { join } from "node:path";
import { type Disk, unless } from "../../disk/disk.js";
import { checkJson, type Line, readLines } from "../../disk/read.js";
import type { Span } from "../../disk/staging.js";
import {
  type JournalHead,
  type JournalLine,
  journalHead,
  journalLine,
} from "../../schema/capture.js";
import { parseJson } from "../../text.js";
import { openBytes } from "../../warc/bytes.js";
import { readWarc, WarcDamage } from "../../warc/reading.js";
import { CAPTURE_FILES } from "../layout.js";
import { NO_RESPONSE } from "./records.js";

/** A line, and where it is in the journal. */
export interface JournalPlace {
  readonly line: JournalLine;
  readonly span: Span;
}

/** What can be believed of a capture that was cut off. */
export interface Journal {
  readonly head: JournalHead;
  readonly lines: readonly JournalPlace[];
  /** Lengths up to which the journal and the WARC file are whole. */
  readonly journalEnd: number;
  readonly dataEnd: number;
}

/**
 * Reads the journal of a capture and holds its WARC file against it: what the journal does not name,
 * and what comes after the first damage of either, is not believed.
 *
 * @param folder path of the capture
 * @returns null when the journal has not even a first line
 */
export async function readJournal(folder: string, disk: Disk): Promise<Journal | null> {
  let head: JournalHead | null = null;
  const named: JournalPlace[] = [];
  for await (const read of wholeLines(join(folder, CAPTURE_FILES.journal), disk)) {
    const span = { offset: read.offset, length: read.length };
    if (head === null) {
      head = checkJson(read.text, journalHead).value ?? null;
      if (head === null) return null;
      named.push({ line: { ...NOTHING, date: head.startedAt, id: head.info }, span });
      continue;
    }
    const line = checkJson(read.text, journalLine).value;
    const last = named.at(-1)?.line ?? NOTHING;
    if (line === undefined || line.offset !== last.offset + last.length) break;
    named.push({ line, span });
  }
  if (head === null) return null;
  const whole = await wholeLength(join(folder, CAPTURE_FILES.data), disk);
  const believed = named.filter(({ line }) => line.offset + line.length <= whole);
  const last = believed.at(-1);
  return {
    head,
    lines: believed.slice(1),
    journalEnd: last === undefined ? 0 : last.span.offset + last.span.length + 1,
    dataEnd: last === undefined ? 0 : last.line.offset + last.line.length,
  };
}

const NOTHING: JournalLine = {
  kind: "session",
  offset: 0,
  length: 0,
  first: 0,
  id: "",
  date: "",
  url: "",
  ...NO_RESPONSE,
};

export function isResponse({ kind }: JournalLine): boolean {
  return kind === "response" || kind === "revisit";
}

/** The lines after the first, as a run has written them. @throws when one of them is not what it wrote */
export async function* journalLines(path: string, disk: Disk): AsyncGenerator<JournalLine> {
  for await (const { number, text } of readLines(path, disk)) if (number > 1) yield parseLine(text);
}

/** A line that this run has written. */
export function parseLine(text: string): JournalLine {
  return journalLine.parse(parseJson(text));
}

/** Lines up to the first that is torn. A power cut may leave bytes that are not text at all. */
async function* wholeLines(path: string, disk: Disk): AsyncGenerator<Line, void, undefined> {
  try {
    for await (const line of readLines(path, disk)) {
      if (!line.ended) return;
      yield line;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Bytes of a WARC file up to its first damage; 0 when there is none. */
async function wholeLength(path: string, disk: Disk): Promise<number> {
  // Any other error does not show that the file is missing: what is not believed is cut off.
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (!stats?.isFile()) return 0;
  await using bytes = await openBytes(disk.open(path, "read"));
  let end = 0;
  try {
    for await (const { offset, length } of readWarc(bytes)) end = offset + length;
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
  }
  return end;
}
