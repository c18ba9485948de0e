/** Files that a user names. */
import { randomUUID } from "node:crypto";
import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CliError } from "../error.js";
import { errorCode, explainDisk, explained, realDisk, unless } from "./disk.js";
import { makeFolder } from "./folders.js";

/**
 * Writes a file that a user names, and makes its folder. Who reads it meanwhile sees the old one or the new one, whole; what
 * is no file, such as a pipe, is written to as it is.
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
