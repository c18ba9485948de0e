/** A file that an option names. */
import { readFile } from "node:fs/promises";
import { errorCode, explainDisk } from "../disk/disk.js";
import { CliError } from "../error.js";

/** @throws {CliError} when it cannot be read, with a hint where there is none */
export async function namedFile(path: string, hint: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw explainDisk(error, path, "read");
    throw new CliError(`there is no file ${path}`, { hint });
  });
}
