/** Captures that a run left unfinished: one of them is resumed, the others are closed as they are. */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { removeDurable } from "../../disk/files.js";
import { nextTimestamp } from "../../disk/timestamp.js";
import { type CaptureRun, captureRun, type JournalHead } from "../../schema/capture.js";
import { CAPTURE_FILES, CAPTURES, captureNames } from "../layout.js";
import { finishCapture } from "./close.js";
import { isResponse, type Journal, readJournal } from "./journal.js";

/** A later run asks anew: pages of two days make no picture of one. */
const LONGEST_PAUSE = 24 * 60 * 60 * 1000;

/** The crawl that is about to begin. */
interface Wanted extends Pick<JournalHead, "run" | "startedAt"> {
  /** True for a part of a crawl, which may take days. */
  readonly isPart: boolean;
}

interface Unfinished {
  /** Path in the archive. */
  readonly path: string;
  readonly journal: Journal;
  /** False when the WARC file itself is not there. */
  readonly hasData: boolean;
}

/** A path in the archive for a capture that begins now. */
export async function freeFolder(root: string, startedAt: string, disk: Disk): Promise<string> {
  return `${CAPTURES}/${nextTimestamp(startedAt, await captureNames(root, disk))}`;
}

/**
 * The newest capture that a run of the same crawl left unfinished less than a day ago; null when
 * there is none. All others that are unfinished are closed: what they hold stays.
 */
export async function findUnfinished(
  root: string,
  wanted: Wanted,
  disk: Disk,
): Promise<Unfinished | null> {
  let found: Unfinished | null = null;
  for (const name of (await captureNames(root, disk)).reverse()) {
    const path = `${CAPTURES}/${name}`;
    const names = new Set(await disk.readdir(join(root, path)));
    if (!names.has(CAPTURE_FILES.journal)) continue;
    const isFinished = names.has(CAPTURE_FILES.account);
    const journal = isFinished ? null : await readJournal(join(root, path), disk);
    if (journal === null) {
      // Cut off between its last two steps, or within its first.
      await removeDurable(root, `${path}/${CAPTURE_FILES.journal}`, disk);
      continue;
    }
    const unfinished = { path, journal, hasData: names.has(CAPTURE_FILES.data) };
    if (found === null && isSame(journal.head, wanted)) found = unfinished;
    else await abandon(root, unfinished, disk);
  }
  return found;
}

function isSame(head: JournalHead, { run, startedAt, isPart }: Wanted): boolean {
  const age = Date.parse(startedAt) - Date.parse(head.startedAt);
  const words = (value: CaptureRun) => JSON.stringify(captureRun.parse(value));
  return (isPart || (age >= 0 && age < LONGEST_PAUSE)) && words(head.run) === words(run);
}

/** Closes a capture that is not resumed. One without a response is removed. */
async function abandon(
  root: string,
  { path, journal: { head, lines: places, dataEnd }, hasData }: Unfinished,
  disk: Disk,
): Promise<void> {
  const lines = places.map(({ line }) => line);
  if (!hasData || !lines.some(isResponse)) return removeUnfinished(root, path, disk);
  const data = await disk.open(join(root, path, CAPTURE_FILES.data), "edit");
  try {
    await data.truncate(dataEnd);
    const finishedAt = lines.at(-1)?.date ?? head.startedAt;
    await finishCapture(root, path, disk, {
      head,
      lines,
      records: null,
      finishedAt,
      requisites: null,
      data,
    });
  } finally {
    await data.close();
  }
}

/** Removes what a capture holds before it is finished. */
export async function removeUnfinished(root: string, path: string, disk: Disk): Promise<void> {
  for (const name of [CAPTURE_FILES.data, CAPTURE_FILES.journal])
    await removeDurable(root, `${path}/${name}`, disk);
}
