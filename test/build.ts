/**
 * Before the tests: builds the command, so that what they run is what the sources say, and gives
 * them temporary folders of their own, one of them in memory. After them, failed or not: removes
 * these folders with all they left in them.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { removeWithMounts, temporaryFolderOfRun } from "./temporary.js";

export default function setUp(): () => void {
  // Vitest calls this once for each of its projects.
  if (process.env.SITELIFT_TESTS_MEMORY !== undefined) return () => {};
  // `npm test` has just built it.
  if (process.env.npm_lifecycle_event !== "test") build();
  const folder = temporaryFolderOfRun(tmpdir());
  const memory = existsSync("/dev/shm") ? temporaryFolderOfRun("/dev/shm") : folder;
  // What `os.tmpdir()` reads, on POSIX and on Windows. Workers and their children inherit it.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
  process.env.SITELIFT_TESTS_MEMORY = memory;
  return () => {
    for (const one of [folder, memory]) removeWithMounts(one);
  };
}

function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], {
    cwd: resolve(import.meta.dirname, ".."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
