import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { MEMORY, temporaryFolder } from "./archive/folders.js";
import { mountsBelow, removeWithMounts, temporaryFolderOfRun } from "./temporary.js";

/** Mounts a disk; false where this user may not. */
function mount(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0;
}

/** The process id of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

test("a run of the tests removes what a killed one left, its mounted disks too, and leaves a living one alone", async () => {
  const under = await temporaryFolder();
  const [dead, living] = [`sitelift-tests-${endedPid()}-a`, `sitelift-tests-${process.ppid}-a`];
  for (const name of [dead, living, "mine"]) mkdirSync(join(under, name));
  writeFileSync(join(under, dead, "file"), "");
  mount(join(under, dead, "sitelift-disk-a/inner"));
  const folder = temporaryFolderOfRun(under);
  expect(existsSync(join(under, dead))).toBe(false);
  expect(existsSync(join(under, living)) && existsSync(join(under, "mine"))).toBe(true);
  expect(mountsBelow(under)).toEqual([]);
  expect(basename(folder)).toMatch(new RegExp(`^sitelift-tests-${process.pid}-`));
});

test("the folder of a run goes with all that is in it, files that are in use too", async () => {
  const folder = temporaryFolderOfRun(await temporaryFolder());
  if (mount(join(folder, "disk"))) writeFileSync(join(folder, "disk/file"), "");
  removeWithMounts(folder);
  expect(mountsBelow(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("tests write only to the folders of their run, which are removed at its end", () => {
  for (const folder of [tmpdir(), MEMORY]) expect(folder).toMatch(/\/sitelift-tests-\d+-\w+$/);
  const child = execFileSync(process.execPath, ["-p", "os.tmpdir()"], { encoding: "utf8" });
  expect(child.trim()).toBe(tmpdir());
});
