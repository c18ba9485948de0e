/** What a folder is that a command is given: an archive, one that is being made, or something else. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { stateAt } from "../../src/archive/diff/states.js";
import { packArchive } from "../../src/archive/pack/pack.js";
import { pruneArchive } from "../../src/archive/prune/prune.js";
import { readArchive } from "../../src/archive/read/archive.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { temporaryFolder } from "./folders.js";
import { entry, OPTIONS, runOf } from "./samples.js";

/** A folder with files of these paths; a path that ends in a slash is a folder. */
async function folderWith(paths: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const path of paths) {
    await mkdir(path.endsWith("/") ? join(folder, path) : dirname(join(folder, path)), {
      recursive: true,
    });
    if (!path.endsWith("/")) await writeFile(join(folder, path), "x");
  }
  return folder;
}

const prune = { keep: null, keepText: null, before: null, generator: "", dryRun: true, now: 0 };

/** All that read an archive. */
const READERS: readonly (readonly [string, (folder: string) => Promise<unknown>])[] = [
  ["verify", (folder) => verifyArchive(folder)],
  ["export and redirects", (folder) => readArchive(folder)],
  ["diff", (folder) => stateAt(folder)],
  ["pack", (folder) => packArchive(folder, `${folder}.wacz`, "")],
  ["prune", (folder) => pruneArchive(folder, prune)],
];

describe.each(READERS)("%s", (_, read) => {
  test.each([
    ["killed", [".lock", ".staging/a", "captures/20260101T000000Z/data.warc.gz", "content/en/"]],
    ["ended without an archive", ["captures/20260101T000000Z/data.warc.gz"]],
  ])("says of a folder whose first run was %s that it is not an archive yet", async (_, paths) => {
    await expect(read(await folderWith(paths))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("is not an archive yet: its first run"),
      hint: expect.stringContaining("run the crawl again"),
    });
  });

  test("says of another folder that it is not an archive", async () => {
    await expect(read(await folderWith(["captures/of-cats/tom.jpg"]))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/is (?:not|neither) an archive/),
    });
  });
});

test("while a run puts files in place, an export is refused as the folder is in use", async () => {
  const folder = await temporaryFolder();
  const given = [entry("alpha")];
  await using archive = await openArchive(folder, OPTIONS);
  for (const one of given) await archive.entry(one);
  await archive.commit(runOf(given));
  await mkdir(join(folder, ".staging"), { recursive: true });
  await readArchive(folder);
  await writeFile(join(folder, ".staging/redo.json"), "");
  await expect(readArchive(folder)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("a run is in progress"),
  });
});

describe("a run into a folder", () => {
  const open = async (paths: readonly string[]) => {
    const folder = await folderWith(paths);
    const before = (await readdir(folder)).sort();
    const archive = await openArchive(folder, OPTIONS).catch((error: unknown) => error as Error);
    if (archive instanceof Error) {
      expect((await readdir(folder)).sort()).toEqual(before);
      return archive;
    }
    return archive.close();
  };

  test.each([
    [["thesis.docx"], "it holds thesis.docx, and no archive.json"],
    [["photos/cat.jpg", "b.txt"], "it holds b.txt and 1 other, and no archive.json"],
    [["entries.jsonl", "content/en/a.md"], "it holds content and 1 other, and no archive.json"],
    [["media/song.mp3"], "it holds media, and no archive.json"],
  ])("that holds %j is refused, and changes nothing", async (paths, said) => {
    expect(await open(paths)).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`is not empty and not an archive: ${said}`),
      hint: expect.stringContaining("--out"),
    });
  });

  test.each([
    [["overrides.yaml"]],
    [[".git/HEAD", ".gitignore", "lost+found/"]],
    [["System Volume Information/x", "$RECYCLE.BIN/", "@eaDir/", "Thumbs.db", "desktop.ini"]],
    [["content/en/", "media/", ".staging/a", "captures/20260101T000000Z/data.warc.gz"]],
  ])("that holds only %j begins an archive", async (paths) => {
    expect(await open(paths)).toBeUndefined();
  });
});
