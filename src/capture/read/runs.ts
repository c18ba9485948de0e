/** Captures as runs: each crawl of sitelift is replayed as one run, the captures of other programs together as one. */

import { stat } from "node:fs/promises";
import { byTimestamp, timestampIn, timestampOf } from "../../disk/timestamp.js";
import { CliError } from "../../error.js";
import { count } from "../../text.js";
import { digitsOf } from "../../warc/date.js";
import { type Answers, NO_ANSWERS, replayedAnswers } from "./answers.js";
import { openFiles } from "./files.js";
import { type StoredResponses, storedResponses } from "./replay.js";
import { ResponseTable } from "./response-table.js";
import { savedPages } from "./saved-pages.js";
import { indexWarc, type WarcIndex } from "./warc-index.js";

/** One crawl, to be walked again. */
export interface CapturedRun {
  /** Its files, as a user knows them. */
  readonly name: string;
  readonly responses: StoredResponses;
  /** Of a crawl from web archives, what these answered. */
  readonly answers: Answers;
  /** When it was made, as a timestamp; null for saved pages. */
  readonly time: string | null;
  /** The JSON of the options of the crawl; null when another program made the capture. */
  readonly run: string | null;
}

export interface OpenCaptures extends AsyncDisposable {
  /** Oldest first. */
  readonly runs: readonly CapturedRun[];
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
  /** What was read although it is not as it should be, what is not used, and which of several responses is. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** End of a day, or later than any. */
function endOf(day: string | undefined): number {
  return day === undefined ? Number.MAX_SAFE_INTEGER : Number(`${day.replaceAll("-", "")}235959`);
}

/**
 * Opens captures. A crawl of sitelift that did not come to its end is not walked when others did: it
 * left no archive. What it holds still resolves their revisits.
 *
 * @param at `YYYY-MM-DD`: crawls until that day, and of other captures the newest responses until then; otherwise all
 * @throws {CliError} when a path is not a capture
 */
export async function openCaptures(paths: readonly string[], at?: string): Promise<OpenCaptures> {
  if (paths.length === 0)
    throw new CliError("no capture is named", {
      hint: "Name an archive, or the WARC and WACZ files to build from.",
    });
  const saved: CapturedRun[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    const responses = isFolder ? await savedPages(path) : null;
    if (responses === null) others.push(path);
    else saved.push({ name: path, time: null, responses, answers: NO_ANSWERS, run: null });
  }
  const { files, notes: unread, close } = await openFiles(others);
  try {
    const table = new ResponseTable();
    const indexes: WarcIndex[] = [];
    for (const file of files) indexes.push(await indexWarc(file, table));
    const damages = indexes.flatMap((index) => index.damages);
    const notes = [
      ...unread,
      ...indexes.flatMap((index) => index.notes),
      ...(await severalOf(table, ownRows(foreignOf(indexes)))),
    ];
    const runs = [...saved, ...runsOf(indexes, table, endOf(at))];
    return { runs, damages, notes, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** When a capture was made: by the name of its folder, or else by its first record. */
function timeOf(index: WarcIndex | undefined): string {
  return timestampIn(index?.file.name ?? "") ?? timestampOf(index?.date ?? "");
}

function foreignOf(indexes: readonly WarcIndex[]): readonly WarcIndex[] {
  return indexes.filter(({ run }) => run === null);
}

/** True for a row of one of these files. */
function ownRows(indexes: readonly WarcIndex[]): (row: number) => boolean {
  const ranges = indexes.map(({ rows }) => rows);
  return (row) => ranges.some(([first, end]) => row >= first && row < end);
}

/** True for a row that was moved into one of these files. */
function movedRows(indexes: readonly WarcIndex[]): (row: number) => boolean {
  return (row) => indexes.some(({ rows: [, end], movedEnd }) => row >= end && row < movedEnd);
}

function runsOf(indexes: readonly WarcIndex[], table: ResponseTable, until: number): CapturedRun[] {
  const own = indexes.filter((index) => index.run !== null && timeNumber(index) <= until);
  const finished = own.filter(({ ended }) => ended);
  const foreign = foreignOf(indexes);
  const groups = (finished.length > 0 ? finished : own).map((index) => [index]);
  if (foreign.length > 0) groups.push([...foreign]);
  return groups
    .toSorted(([a], [b]) => byTimestamp(timeOf(a), timeOf(b)))
    .map((group) => {
      const run = group[0]?.run ?? null;
      const name = group.map(({ file }) => file.name).join(", ");
      const rows = { isOwn: ownRows(group), isMoved: movedRows(group) };
      const answers = replayedAnswers(table, rows);
      const time = timeOf(group[0]);
      const responses = storedResponses(table, rows, run === null ? until : null);
      return { name, run, time, responses, answers };
    });
}

function timeNumber(index: WarcIndex): number {
  return Number(digitsOf(timeOf(index)));
}

/** What to say of URLs that other programs captured more than once. */
async function severalOf(
  table: ResponseTable,
  isForeign: (row: number) => boolean,
): Promise<string[]> {
  let several = 0;
  let sample: readonly number[] = [];
  for (const all of table.urls()) {
    const rows = all.filter((row) => isForeign(row) && table.at(row).kind !== "failure");
    if (new Set(rows.map((row) => table.at(row).time)).size < 2) continue;
    if (several++ === 0) sample = rows;
  }
  const [first] = sample;
  if (first === undefined) return [];
  const url = await table.read(first).then(
    (captured) => captured.url,
    () => "a damaged one",
  );
  const days = sample.map((row) => String(table.at(row).time).slice(0, 8)).sort();
  return [
    `${count(several, "URL was", "URLs were")} captured more than once (${url}: ${days[0]} to ${days.at(-1)}); of each the newest whole response is used, and --at YYYY-MM-DD reads those until a day`,
  ];
}
