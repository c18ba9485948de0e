/** The temporary folder of a run of the tests, and what is left of runs that were killed. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const PREFIX = "sitelift-tests-";

/** Makes the folder of this run, and removes those of runs whose process is gone. */
export function temporaryFolderOfRun(under: string): string {
  for (const name of readdirSync(under)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      removeWithMounts(join(under, name));
    } catch {
      // Another user's, who removes it at the next start.
    }
  }
  const folder = mkdtempSync(join(under, `${PREFIX}${process.pid}-`));
  // Servers give up root before they read: like the system's own folder, theirs may be passed through.
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes a folder with all that is in it, disks that were mounted there too. */
export function removeWithMounts(folder: string): void {
  for (const mount of mountsBelow(folder)) execFileSync("umount", ["-l", mount]);
  // Again and again for what a killed child may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** Disks that are mounted below a folder, the innermost first: none where the system has no such list. */
export function mountsBelow(folder: string): string[] {
  const list = "/proc/self/mounts";
  if (!existsSync(list)) return [];
  return readFileSync(list, "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
