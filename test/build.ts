/**
 * Before the tests: builds the command, so that what they run is what the sources say, and gives
 * them a temporary folder of their own. After them, failed or not: removes that folder with all
 * they left in it.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

export default function setUp(): () => void {
  // `npm test` has just built it.
  if (process.env.npm_lifecycle_event !== "test") build();
  const folder = mkdtempSync(join(tmpdir(), "sitelift-tests-"));
  // Servers give up root before they read: like the system's own folder, theirs may be passed through.
  chmodSync(folder, 0o755);
  // What `os.tmpdir()` reads, on POSIX and on Windows. Workers and their children inherit it.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder;
  // Again and again for what a killed child may still be writing.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], {
    cwd: resolve(import.meta.dirname, ".."),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
