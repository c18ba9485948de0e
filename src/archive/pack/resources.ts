/** Files of an archive on their way into a package: each is the one that the archive lists. */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES } from "../../capture/layout.js";
import { type Disk, explainDisk, unless } from "../../disk/disk.js";
import { placeInside } from "../../disk/files.js";
import { hashFile, hashOf, readChunks, readJson } from "../../disk/read.js";
import { CliError, EXIT } from "../../error.js";
import { captureAccount } from "../../schema/capture.js";
import type { ZipPart } from "./stored-zip.js";

export function inline(path: string, text: string): ZipPart {
  const source = Buffer.from(text);
  return { path, content: () => [source], bytes: source.length, sha256: hashOf(source) };
}

/** A file of the archive; null when it is missing. */
export async function fromFile(
  path: string,
  root: string,
  source: string,
  disk: Disk,
): Promise<ZipPart | null> {
  const file = await placeInside(root, source, disk);
  const stats = await disk.lstat(file).catch(unless("ENOENT"));
  if (!stats?.isFile()) return null;
  const content = async function* () {
    try {
      yield* readChunks(file, disk);
    } catch (error) {
      throw explainDisk(error, root, "read");
    }
  };
  return { path, content, bytes: stats.size, sha256: await hashFile(file, disk) };
}

/** @returns when the capture was finished; null when it was not */
export async function addCapture(
  root: string,
  name: string,
  parts: ZipPart[],
  disk: Disk,
): Promise<string | null> {
  const folder = `${CAPTURES}/${name}`;
  const accountPath = `${folder}/${CAPTURE_FILES.account}`;
  const own = await fromFile(accountPath, root, accountPath, disk);
  if (own === null) return null;
  const { value: account } = await readJson(join(root, accountPath), captureAccount, disk);
  if (account === undefined)
    throw damaged(root, [`${accountPath} is not the account of a capture`]);
  const damages: string[] = [];
  for (const { path, sha256 } of account.files) {
    const place = path === CAPTURE_FILES.data ? `archive/${name}.warc.gz` : `${folder}/${path}`;
    const part = await fromFile(place, root, `${folder}/${path}`, disk);
    if (part === null) damages.push(`${folder}/${path} is missing`);
    else if (part.sha256 !== sha256) damages.push(`${folder}/${path} is another file`);
    else if (path !== CAPTURE_FILES.index) parts.push(part);
  }
  if (damages.length > 0) throw damaged(root, damages);
  parts.push(own);
  return account.finishedAt;
}

/** How many damages are named. */
const NAMED = 10;

export function damaged(root: string, damages: readonly string[]): CliError {
  const more = damages.length - NAMED;
  return new CliError(`${root} is damaged, and nothing was packed`, {
    exitCode: EXIT.findings,
    details: [...damages.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])],
    hint: "`sitelift verify` lists every damage.",
  });
}
