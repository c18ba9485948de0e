/** The file of a key. */
import { readFile } from "node:fs/promises";
import { errorCode, explainDisk } from "../disk/disk.js";
import { CliError } from "../error.js";

/** @throws {CliError} when it cannot be read */
export async function keyFile(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw explainDisk(error, path, "read");
    throw new CliError(`there is no file ${path}`, { hint: "Name a key in PEM." });
  });
}
