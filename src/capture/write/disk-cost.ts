/** What captures take on the disk. */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import type { RunReport } from "../../schema/run-report.js";
import { CAPTURES } from "../layout.js";
import { captureNames } from "./unfinished.js";

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
