/**
 * Changes of several files that happen as one. All new files are on disk before a list of what is to be done is; from
 * then on a run that was cut off is not taken back but brought to its end, by whichever run comes next.
 */
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { CliError } from "../error.js";
import { type Disk, unless } from "./disk.js";
import {
  type Content,
  inPieces,
  jsonTexts,
  placeInside,
  prepareDurable,
  removeDurable,
  type Waiting,
  writeDurable,
} from "./files.js";
import { REDO_LIST, STAGING } from "./layout.js";
import { readJson } from "./read.js";

const redoList = z.strictObject({
  /** New files, and the name of each in the staging folder; it is moved into the place of an old one. */
  place: z.array(z.strictObject({ path: z.string(), temporary: z.string() })),
  /** Files that go after that. */
  remove: z.array(z.string()),
});
type RedoList = z.output<typeof redoList>;

/** Changes that are being prepared in a locked folder. */
export interface Changes {
  /** Writes a new file beside the others, unless it is there already. */
  put(path: string, content: Content): Promise<Omit<Waiting, "temporary">>;
  /** Notes that a file is to go. */
  remove(path: string): void;
  /** Makes all changes, in their order. What fails before this leaves the folder as it was. */
  commit(): Promise<void>;
}

export function prepareChanges(root: string, disk: Disk): Changes {
  const list: RedoList = { place: [], remove: [] };
  const folders = new Set<string>();
  return {
    async put(path, content) {
      const { temporary, ...written } = await prepareDurable(root, path, content, disk, folders);
      if (temporary !== null) list.place.push({ path, temporary: basename(temporary) });
      return written;
    },
    remove: (path) => void list.remove.push(path),
    async commit() {
      if (list.place.length + list.remove.length === 0) return;
      await writeDurable(root, `${STAGING}/${REDO_LIST}`, inPieces(jsonTexts(list)), disk);
      await make(root, list, disk, (from, to) => disk.rename(from, to));
    },
  };
}

/**
 * Brings changes to their end that an earlier run began. For a folder that this run has locked.
 *
 * @param isOurs true for the path of a file that runs write: the list may have come with the folder from elsewhere
 * @throws {CliError} when the list is damaged
 */
export async function finishChanges(
  root: string,
  disk: Disk,
  isOurs: (path: string) => boolean,
): Promise<void> {
  const path = join(root, STAGING, REDO_LIST);
  const found = await readJson(path, redoList, disk).catch(unless("ENOENT"));
  if (found === undefined) return;
  if (found.value === undefined)
    throw new CliError(`${path} is damaged: ${found.problems.join("; ")}`, {
      hint: "Restore the archive from a copy, or delete the file: `sitelift verify` then lists what is missing.",
    });
  const place = found.value.place.filter((one) => isOurs(one.path));
  for (const one of place) {
    await placeInside(root, one.path, disk);
    await placeInside(root, `${STAGING}/${one.temporary}`, disk);
  }
  const list = { place, remove: found.value.remove.filter(isOurs) };
  // One that is not there any more is in its place.
  await make(root, list, disk, (from, to) => disk.rename(from, to).catch(unless("ENOENT")));
}

async function make(
  root: string,
  { place, remove }: RedoList,
  disk: Disk,
  move: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const folders = new Set<string>();
  for (const { path, temporary } of place) {
    await move(join(root, STAGING, temporary), join(root, path));
    folders.add(dirname(join(root, path)));
  }
  for (const folder of folders) await disk.syncFolder(folder);
  for (const path of remove) await removeDurable(root, path, disk);
  await removeDurable(root, `${STAGING}/${REDO_LIST}`, disk);
}
