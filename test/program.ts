/** Starts a program of the tests in a process of its own. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const JITI = fileURLToPath(new URL("jiti-cli.mjs", import.meta.resolve("jiti")));
/** What a program imports from `src` comes from what was built: to compile it took 2 to 5 s of CPU for each process. */
const JITI_ALIAS = JSON.stringify({ "../../src": resolve(import.meta.dirname, "../dist/src") });

/** @param path of the program, from the folder of this file */
export function startProgram(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return spawn(process.execPath, [JITI, join(import.meta.dirname, path), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env, JITI_ALIAS },
  });
}
