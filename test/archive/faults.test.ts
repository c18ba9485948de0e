import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import { writeDurable } from "../../src/disk/files.js";
import type { Entry, Rejection } from "../../src/model.js";
import type { Run } from "../../src/schema/run-report.js";
import { stride } from "../deep.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { contentsOf, MEMORY, temporaryFolder } from "./folders.js";
import { entry, OPTIONS, rejection, runOf, SITE } from "./samples.js";

async function crawl(
  folder: string,
  { given, run }: { given: readonly (Entry | Rejection)[]; run: Run },
  disk: Disk = realDisk,
) {
  const archive = await openArchive(folder, { ...OPTIONS, disk });
  try {
    for (const one of given) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
    return await archive.commit(run);
  } finally {
    await archive.close();
  }
}

const before = [entry("beta"), entry("twin", {}, { slug: "same" }), rejection("gamma")];
const after = [
  entry("other", {}, { slug: "Same" }),
  entry("twin", { title: "Edited" }, { slug: "same" }),
  entry("gamma"),
  rejection("delta"),
];
const failed = { url: `${SITE}/news/x`, state: "failed", reason: "500", listedOn: [] } as const;
const RUNS = {
  before: { given: before, run: runOf(before) },
  after: { given: after, run: runOf(after, [failed]) },
};

function withoutLock(files: Record<string, string>) {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(".lock")));
}

const { first: FIRST, step: STRIDE } = stride(7);

describe.each([
  ["a first crawl", "dies", null, RUNS.before],
  ["a second crawl that adds, edits, renames and removes", "fails", RUNS.before, RUNS.after],
  ["a second crawl that adds, edits, renames and removes", "dies", RUNS.before, RUNS.after],
] as const)("%s whose n-th disk call %s", (what, mode, start, next) => {
  it(`${what} whose n-th disk call ${mode} ends in the same archive when it is run again (n = ${FIRST}, ${FIRST + STRIDE}, …)`, {
    timeout: 120_000,
  }, async () => {
    const base = await temporaryFolder(MEMORY);
    const [old, whole] = [join(base, "old"), join(base, "whole")];
    if (start !== null) await crawl(old, start);
    else await mkdir(old);
    await cp(old, whole, { recursive: true });
    await crawl(whole, next);
    const [oldFiles, newFiles] = [await contentsOf(old), await contentsOf(whole)];
    let at = FIRST;
    for (let reached = true; reached; at += STRIDE) {
      const folder = join(base, String(at));
      await cp(old, folder, { recursive: true });
      const disk = faultyDisk(at, mode);
      const error = await crawl(folder, next, disk).then(
        () => null,
        (reason: unknown) => reason,
      );
      reached = disk.calls() >= at;
      expect(disk.unclosed(), `left open after call ${at}`).toBe(0);
      const found = await contentsOf(folder);
      for (const [path, text] of Object.entries(found))
        if (!/^\.(lock|staging)/.test(path))
          expect([oldFiles[path], newFiles[path]], `${path} after call ${at}`).toContain(text);
      if (error === null) expect(withoutLock(found), `claimed after ${at}`).toEqual(newFiles);
      await crawl(folder, next);
      expect(await contentsOf(folder), `run again after call ${at}`).toEqual(newFiles);
    }
    expect(at).toBeGreaterThan(100);
    expect((await verifyArchive(whole)).findings).toEqual([]);
  });
});

it("a run leaves nothing stray when the site changed since a run that died", {
  timeout: 120_000,
}, async () => {
  const base = await temporaryFolder(MEMORY);
  const old = join(base, "old");
  await crawl(old, RUNS.before);
  for (let [at, reached] = [FIRST, true]; reached; at += STRIDE) {
    const folder = join(base, String(at));
    await cp(old, folder, { recursive: true });
    const disk = faultyDisk(at, "dies");
    await crawl(folder, RUNS.after, disk).catch(() => undefined);
    reached = disk.calls() >= at;
    await crawl(folder, RUNS.before);
    expect((await verifyArchive(folder)).findings, `after call ${at}`).toEqual([]);
  }
});

it("a commit that is cut off as its files are moved is brought to its end by who opens the archive next", async () => {
  const base = await temporaryFolder();
  const [folder, whole] = [join(base, "cut"), join(base, "whole")];
  await crawl(folder, RUNS.before);
  await cp(folder, whole, { recursive: true });
  await crawl(whole, RUNS.after);
  let moved = 0;
  const disk: Disk = {
    ...realDisk,
    async rename(from, to) {
      if (!to.includes(".staging") && moved++ >= 2)
        throw Object.assign(new Error("EIO"), { code: "EIO" });
      await realDisk.rename(from, to);
    },
  };
  await expect(crawl(folder, RUNS.after, disk)).rejects.toThrow(/disk reported an error/);
  expect(await contentsOf(folder)).not.toEqual(await contentsOf(whole));
  await (await openArchive(folder, OPTIONS)).close();
  expect(await contentsOf(folder)).toEqual(await contentsOf(whole));
});

describe("writeDurable", () => {
  it("writeDurable syncs a file before it is moved into place, and its folder afterwards", async () => {
    const folder = await temporaryFolder();
    const calls: string[] = [];
    const disk: Disk = {
      ...realDisk,
      async open(path, mode) {
        const file = await realDisk.open(path, mode);
        const sync = () => {
          calls.push("sync");
          return file.sync();
        };
        return { ...file, sync };
      },
      rename: (from, to) => {
        calls.push("rename");
        return realDisk.rename(from, to);
      },
      syncFolder: (path) => {
        calls.push(`folder ${path.slice(folder.length)}`);
        return realDisk.syncFolder(path);
      },
    };
    await mkdir(join(folder, ".staging"));
    await writeDurable(folder, "a/b.md", Buffer.from("x"), disk);
    expect(calls).toEqual(["folder ", "sync", "rename", "folder /a"]);
    expect(await contentsOf(folder)).toEqual({ "a/b.md": "x" });
  });

  it.each(["../x", "/x", "a/../../x", "a//b", "a\\b", ".", ""])(
    "writeDurable refuses the path %j",
    async (path) => {
      const folder = join(await temporaryFolder(), "in");
      await mkdir(folder);
      await expect(writeDurable(folder, path, Buffer.from("x"))).rejects.toThrow(
        /not a path inside/,
      );
      expect(await contentsOf(join(folder, ".."))).toEqual({});
    },
  );
});

describe("a disk that reports an error", () => {
  it.each([
    ["ENOSPC", /no space left/, 3],
    ["EACCES", /permission was denied/, 3],
    ["EROFS", /read-only/, 3],
  ] as const)(
    "a disk error %s stops the run with a clear message and an exit code",
    async (code, message, exitCode) => {
      const folder = await temporaryFolder();
      await crawl(folder, RUNS.before);
      const files = await contentsOf(folder);
      const writes = { ...realDisk, open: refuse(code) };
      await expect(crawl(folder, RUNS.after, writes)).rejects.toMatchObject({
        name: "CliError",
        message: expect.stringMatching(message),
        exitCode,
      });
      expect(await contentsOf(folder)).toEqual(files);
    },
  );

  it("commit says that the folder of the archive vanished", async () => {
    const folder = join(await temporaryFolder(), "archive");
    const archive = await openArchive(folder, OPTIONS);
    for (const one of before) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
    await cp(folder, `${folder}-moved`, { recursive: true });
    await rm(folder, { recursive: true });
    await expect(archive.commit(runOf(before))).rejects.toThrow(/vanished/);
    await archive.close();
    await expect(contentsOf(folder)).rejects.toThrow("ENOENT");
  });
});

/** Refuses to make any file but the lock. */
function refuse(code: string): Disk["open"] {
  return async (path, mode) => {
    if (mode === "new" && !path.endsWith(".lock"))
      throw Object.assign(new Error(`${code}: ${path}`), { code });
    return realDisk.open(path, mode);
  };
}
