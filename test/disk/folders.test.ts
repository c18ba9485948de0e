/** Folders and files where a user wants them. */
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realDisk } from "../../src/disk/disk.js";
import { makeFolder, writeNamed } from "../../src/disk/folders.js";
import { folderStore } from "../../src/fleet/folder-store.js";
import { scratch } from "../commands/sitelift.js";

const NONE = { message: "no folder can be made in /proc" };

test.runIf(existsSync("/proc/self"))(
  "where no folder can be made, everything that makes one says so and ends",
  async () => {
    await expect(makeFolder("/proc/nope/a", realDisk)).rejects.toMatchObject(NONE);
    await expect(
      folderStore("/proc/nope").create("id.txt", Buffer.from("a")),
    ).rejects.toMatchObject({
      ...NONE,
      hint: "Choose another one with --store.",
    });
    await expect(writeNamed("/proc/nope/report.html", "a")).rejects.toMatchObject(NONE);
  },
);

test("a file that a user names is written whole, its folders are made, and a pipe stays one", async () => {
  const cwd = scratch();
  const file = join(cwd, "a/b/report.html");
  for (const text of ["one", "two"]) {
    await writeNamed(file, text);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
  expect(readdirSync(join(cwd, "a/b"))).toEqual(["report.html"]);
  await writeNamed("/dev/null", "three");
  expect(lstatSync("/dev/null").isFile()).toBe(false);
  writeFileSync(join(cwd, "plain"), "");
  await expect(writeNamed(join(cwd, "plain/report.html"), "a")).rejects.toMatchObject({
    message: `${join(cwd, "plain")} is not a folder`,
  });
});
