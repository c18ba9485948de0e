/** Name and version of the program, from package.json. */
import { readFileSync } from "node:fs";

const { version } = JSON.parse(
  readFileSync(new URL(import.meta.resolve("sitelift/package.json")), "utf8"),
) as { version: string };

export const VERSION = version;
export const PROGRAM = `sitelift ${version}`;
