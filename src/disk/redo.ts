/**
 * Changes of several files that happen as one. All new files are on disk before a list of what is to be done is; from
 * then on a run that was cut off is not taken back but brought to its end, by whichever run comes next.
 */
import { dirname, join } from "node:path";
import { z } from "zod";
import { CliError } from "../error.js";
import { type Disk, unless } from "./disk.js";
import { type Content, placeInside, prepareDurable, removeDurable, writeDurable } from "./files.js";
import { REDO_LIST, STAGING } from "./layout.js";
import { readJson } from "./read.js";

const redoList = z.strictObject({
  /** New files, and where each waits; it is moved into the place of an old one. */
  place: z.array(z.strictObject({ path: z.string(), temporary: z.string() })),
  /** Files that go after that. */
  remove: z.array(z.string()),
});

/** Changes that are being prepared in a locked folder. */
export interface Changes {
  /** Writes a new file beside the others. @returns its size and SHA-256 */
  put(path: string, content: Content): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Notes that a file is to go. */
  remove(path: string): void;
  /** Makes all changes. What fails before this leaves the folder as it was. */
  commit(): Promise<void>;
}

export function prepareChanges(root: string, disk: Disk): Changes {
  const place: z.output<typeof redoList>["place"] = [];
  const remove: string[] = [];
  return {
    async put(path, content) {
      const { temporary, bytes, sha256 } = await prepareDurable(root, path, content, disk);
      if (temporary !== null)
        place.push({ path, temporary: temporary.slice(join(root, STAGING).length + 1) });
      return { bytes, sha256 };
    },
    remove: (path) => void remove.push(path),
    async commit() {
      const text = JSON.stringify({ place, remove });
      await writeDurable(root, `${STAGING}/${REDO_LIST}`, Buffer.from(text), disk);
      await finishChanges(root, disk);
    },
  };
}

/**
 * Brings changes to their end that an earlier run began. For a folder that this run has locked.
 *
 * @throws {CliError} when their list is damaged
 */
export async function finishChanges(root: string, disk: Disk): Promise<void> {
  const path = `${STAGING}/${REDO_LIST}`;
  const found = await readJson(join(root, path), redoList, disk).catch(unless("ENOENT"));
  if (found === undefined) return;
  if (found.value === undefined)
    throw new CliError(`${join(root, path)} is damaged: ${found.problems.join("; ")}`, {
      hint: "Restore the archive from a copy, or delete the file: `sitelift verify` then lists what is missing.",
    });
  const folders = new Set<string>();
  for (const { path, temporary } of found.value.place) {
    const target = await placeInside(root, path, disk);
    const waiting = await placeInside(root, `${STAGING}/${temporary}`, disk);
    // One that is not there any more is in its place.
    await disk.rename(waiting, target).catch(unless("ENOENT"));
    folders.add(dirname(target));
  }
  for (const folder of folders) await disk.syncFolder(folder);
  for (const path of found.value.remove) await removeDurable(root, path, disk);
  await removeDurable(root, path, disk);
}
