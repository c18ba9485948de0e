/** archive.json: what it says, whether the files are those that it lists, and whether a run has ended that changed them. */
import { join } from "node:path";
import { z } from "zod";
import { CAPTURES, captureNames } from "../capture/layout.js";
import { type Disk, unless } from "../disk/disk.js";
import { fileSize, isReachable } from "../disk/files.js";
import { LOCK, STAGING } from "../disk/layout.js";
import { checkJson, hashFile, readText } from "../disk/read.js";
import { finishChanges } from "../disk/redo.js";
import { CliError, EXIT } from "../error.js";
import { FORMAT_VERSION, type Manifest, manifest } from "../schema/manifest.js";
import { pathPattern } from "../schema/words.js";
import { FILES, SNAPSHOTS } from "./layout.js";

/** Paths that a run writes: what a list names besides is the user's own. */
const OURS = new RegExp(
  `${pathPattern("(?:content|media|quarantine)").source}|^(?:${Object.values(FILES).join("|").replaceAll(".", "\\.")})$`,
);

/** True for the path of what runs write beside it: captures and snapshots list their own files. */
export function isApart(path: string): boolean {
  return path.startsWith(`${SNAPSHOTS}/`) || path.startsWith(`${CAPTURES}/`);
}

/** True for the path of a file that archive.json may list. */
export function isOurs(path: string): boolean {
  return OURS.test(path);
}

const anyVersion = z.looseObject({ formatVersion: z.number() });

/** Brings a commit or a prune to its end that was cut off. For a folder that this run has locked. */
export function finishRun(root: string, disk: Disk): Promise<void> {
  return finishChanges(root, disk, (path) => isOurs(path) || isApart(path));
}

/** archive.json, checked; null when there is none. */
export async function readManifest(root: string, disk: Disk): Promise<Manifest | null> {
  const text = await readText(join(root, FILES.manifest), disk).catch(unless("ENOENT"));
  if (text === undefined) return null;
  const { value, problems } = checkJson(text, manifest);
  if (value !== undefined) return value;
  const version = checkJson(text, anyVersion).value?.formatVersion ?? 0;
  if (version > FORMAT_VERSION)
    throw new CliError(
      `${root} is an archive of format ${version}, and this program reads formats up to ${FORMAT_VERSION}`,
      { hint: "Update sitelift." },
    );
  throw damaged(root, FILES.manifest, problems);
}

/** archive.json of a folder that must be an archive. @throws {CliError} when it is none */
export async function manifestIn(root: string, disk: Disk): Promise<Manifest> {
  const found = await readManifest(root, disk);
  if (found !== null) return found;
  throw await notAnArchive(root, disk, `is not an archive: it has no ${FILES.manifest}`);
}

/** What is wrong with a folder that is not an archive: its first run has not ended, or it is something else. @param what that it is */
export async function notAnArchive(
  root: string,
  disk: Disk,
  what: string,
  hint = "Name the folder that `sitelift crawl` wrote.",
): Promise<CliError> {
  const names = (await disk.readdir(root).catch(unless("ENOENT"))) ?? [];
  const isLeft = [LOCK, STAGING].some((name) => names.includes(name));
  const isBegun = isLeft || (await captureNames(root, disk)).length > 0;
  if (!isBegun || names.some(isOurs)) return new CliError(`${root} ${what}`, { hint });
  return new CliError(
    `${root} is not an archive yet: its first run is in progress, or ended before it wrote ${FILES.manifest}`,
    {
      exitCode: EXIT.incomplete,
      hint: "Wait for it; or run the crawl again, which goes on with what is fetched.",
    },
  );
}

/** Refuses an archive that is being changed. @param names what a run leaves in its folder until it has ended */
export async function refuseUnfinished(
  root: string,
  names: readonly string[],
  disk: Disk,
): Promise<void> {
  for (const name of names)
    if ((await disk.lstat(join(root, name)).catch(unless("ENOENT"))) !== undefined)
      throw new CliError(`a run is in progress in ${root}, or was interrupted: ${name} is there`, {
        exitCode: EXIT.incomplete,
        hint: "Wait for it; or run the crawl again, which finishes or clears what was interrupted.",
      });
}

/**
 * Files of an archive that are not those of which archive.json has the checksums.
 *
 * @param wanted paths to read
 * @returns a sentence for each
 */
export async function damagesOf(
  root: string,
  { files }: Manifest,
  wanted: (path: string) => boolean,
  disk: Disk,
): Promise<string[]> {
  const damages: string[] = [];
  const folders = new Set<string>();
  const listed = new Set(files.map(({ path }) => path));
  if (!listed.has(FILES.entries)) damages.push(`${FILES.entries}: not listed in ${FILES.manifest}`);
  for (const { path, sha256 } of files) {
    if (!wanted(path)) continue;
    const isThere = await isReachable(root, path.split("/"), disk, folders);
    const size = isThere ? await fileSize(join(root, path), disk) : null;
    if (size === null) damages.push(`${path}: missing`);
    else if ((await hashFile(join(root, path), disk)) !== sha256)
      damages.push(`${path}: it is not the file of which ${FILES.manifest} has the checksum`);
  }
  return damages;
}

export function damaged(root: string, what: string, details: readonly string[]): CliError {
  return new CliError(`${what} of ${root} is damaged`, {
    details,
    hint: "`sitelift verify` lists every damage. Restore the file from a copy, or read everything again: crawl to another folder, or `sitelift build` one from captures/.",
  });
}
