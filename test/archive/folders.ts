/** Folders to write to. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { onTestFinished } from "vitest";

/** Where many small archives are written: in memory where the system has a folder for that. */
export const MEMORY = process.env.SITELIFT_TESTS_MEMORY ?? tmpdir();

/** A new folder that is removed when the test ends: not for concurrent tests, of which another one may end first. */
export async function temporaryFolder(under = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(under, "sitelift-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, by path, as text. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => !name.isDirectory());
  const pairs = files.map(async (file) => {
    const path = join(file.parentPath, file.name);
    const text = file.isFile() ? await readFile(path, "utf8") : "not a file";
    return [path.slice(folder.length + 1), text] as const;
  });
  return Object.fromEntries((await Promise.all(pairs)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
