/**
 * Before the tests: builds the command, so that what they run is what the sources say, and gives
 * them temporary folders of their own, in memory where it has room. After them, failed or not: removes
 * these folders with all they left in them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { removeWithMounts, temporaryFolderOfRun } from "./temporary.js";

/** The tests write less than a fifth of it, the packages of site generators most of that. */
const ENOUGH = 4 * 1024 ** 3;

export default function setUp(): () => void {
  // Vitest calls this once for each of its projects.
  if (process.env.SITELIFT_TESTS_MEMORY !== undefined) return () => {};
  // `npm test` has just built it.
  if (process.env.npm_lifecycle_event !== "test") build();
  const room = existsSync("/dev/shm") ? roomIn("/dev/shm") : 0;
  const memory = room > 0 ? temporaryFolderOfRun("/dev/shm") : null;
  // A disk costs a third more CPU within its calls, and what waits for it to have written waits long.
  const folder = memory !== null && room > ENOUGH ? memory : temporaryFolderOfRun(tmpdir());
  // What `os.tmpdir()` reads, on POSIX and on Windows. Workers and their children inherit it.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
  process.env.SITELIFT_TESTS_MEMORY = memory ?? folder;
  return () => {
    for (const one of new Set([folder, memory ?? folder])) removeWithMounts(one);
  };
}

function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], {
    cwd: resolve(import.meta.dirname, ".."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
