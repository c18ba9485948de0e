/** Folders and files where a user wants them, and a folder for a while. */

import { randomUUID } from "node:crypto";
import { lstat, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CliError } from "../error.js";
import { type Disk, errorCode, explainDisk, explained, realDisk, unless } from "./disk.js";

/** Makes a folder and those above it. @param option that names it @returns those that were not there, innermost first */
export async function makeFolder(
  path: string,
  disk: Disk,
  option = "--out",
): Promise<readonly string[]> {
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (stats?.isDirectory()) return [];
  if (stats?.isSymbolicLink()) {
    // What the link leads to, as the system follows it.
    if ((await disk.lstat(`${path}/.`).catch(unless("ENOENT"))) !== undefined) return [];
    throw new CliError(`${path} is a symbolic link that leads nowhere`, {
      hint: `Make the folder that it leads to, or choose another one with ${option}.`,
    });
  }
  const hint = `Choose another one with ${option}.`;
  if (stats !== undefined) throw new CliError(`${path} is not a folder`, { hint });
  const parent = dirname(path);
  const above = parent === path ? [] : await makeFolder(parent, disk, option);
  await disk.mkdir(path).catch((error: unknown) => {
    // In /proc, where `recursive` of Node 20 tries for ever.
    if (errorCode(error) === "ENOENT")
      throw new CliError(`no folder can be made in ${parent}`, { hint });
    return unless("EEXIST")(error);
  });
  await disk.syncFolder(parent);
  return [path, ...above];
}

/**
 * Writes a file that a user names, and makes its folder. Who reads it meanwhile sees the old one or the new one, whole; what
 * is not a file, such as a pipe, is written to as it is.
 *
 * @throws {CliError} when it cannot be written
 */
export async function writeNamed(path: string, text: string): Promise<void> {
  const file = resolve(path);
  const write = async () => {
    await makeFolder(dirname(file), realDisk);
    const stats = await lstat(file).catch(unless("ENOENT"));
    if (stats !== undefined && !stats.isFile()) return writeFile(file, text);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await writeFile(temporary, text);
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  };
  await explained(write(), file);
}

/** @throws {CliError} when it cannot be read, with a hint where there is none */
export async function namedFile(path: string, hint: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw explainDisk(error, path, "read");
    throw new CliError(`there is no file ${path}`, { hint });
  });
}

/** A new folder, removed with all that is in it when it goes out of scope. @param prefix what its path begins with */
export async function temporaryFolder(prefix: string) {
  const path = await mkdtemp(prefix);
  const remove = () => rm(path, { recursive: true, force: true });
  return { path, [Symbol.asyncDispose]: remove };
}
