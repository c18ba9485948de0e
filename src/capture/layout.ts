/** The captures of an archive: their names, those of what each holds, and what they take on the disk. */
import { join } from "node:path";
import { type Disk, unless } from "../disk/disk.js";
import { readLines } from "../disk/read.js";
import { byTimestamp, isTimestamp } from "../disk/timestamp.js";
import type { RunReport } from "../schema/run-report.js";
import { type CdxjLine, parseCdxj } from "../warc/cdxj.js";

/** Folder of the captures, one folder a crawl. */
export const CAPTURES = "captures";

/** The files of one capture. The journal is there until the capture is finished, the account after. */
export const CAPTURE_FILES = {
  data: "data.warc.gz",
  index: "index.cdxj",
  records: "records.jsonl",
  account: "capture.json",
  journal: "journal.jsonl",
} as const;

/** Beside the captures: one line for each that was removed. */
export const PRUNED = `${CAPTURES}/pruned.jsonl`;

/**
 * Line of a metadata record in a WARC file. The records after it are of the capture that it names, which was removed, and
 * were moved here because a later capture needs them.
 */
export const MOVED_FROM = "sitelift-moved-from";

/** Names of the captures of an archive, oldest first. */
export async function captureNames(root: string, disk: Disk): Promise<string[]> {
  const names = (await disk.readdir(join(root, CAPTURES)).catch(unless("ENOENT"))) ?? [];
  return names.filter(isTimestamp).sort(byTimestamp);
}

/** The lines of the index of a capture. @param damaged what is thrown at one that is not CDXJ, by the path of the index */
export async function* indexLines(
  root: string,
  name: string,
  disk: Disk,
  damaged: (path: string) => Error,
): AsyncGenerator<CdxjLine, void, undefined> {
  const path = `${CAPTURES}/${name}/${CAPTURE_FILES.index}`;
  for await (const { text } of readLines(join(root, path), disk)) {
    const line = parseCdxj(text);
    if (line === null) throw damaged(path);
    yield line;
  }
}

/**
 * Bytes of all files of a capture and of all captures of its archive, and how many there are.
 *
 * @param path of the capture in the archive
 * @returns null where the disk does not say
 */
export async function diskCost(root: string, path: string, disk: Disk): Promise<RunReport["disk"]> {
  try {
    let [capture, captures] = [0, 0];
    const names = await captureNames(root, disk);
    for (const name of names)
      for (const file of await disk.readdir(join(root, CAPTURES, name))) {
        const { size } = await disk.lstat(join(root, CAPTURES, name, file));
        captures += size;
        if (path === `${CAPTURES}/${name}`) capture += size;
      }
    return { capture, captures, count: names.length };
  } catch {
    return null;
  }
}
