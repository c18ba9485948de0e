/**
 * Every file-system call of a whole crawl goes wrong in turn, SQLite's way: capture, archive, media, quarantine,
 * snapshot and account. Then the same crawl is run again. One run of the tests takes every so many calls;
 * `npm run test:deep` takes them all.
 */
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { MEMORY, temporaryFolder } from "../archive/folders.js";
import { hashes, timeless } from "../capture/office.js";
import { crawlFrom } from "../commands/here.js";
import { DEEP, stride } from "../deep.js";
import { type FaultyDisk, faultyDisk } from "../disk/faulty-disk.js";
import { startProgram } from "../program.js";
import { REJECTED, type SmallSite, startSmallSite } from "./small-site.js";

/** Crawls at a time: each waits for its responses now and then. */
const AT_ONCE = 4;
/** One of so many calls goes wrong in a run of the tests, and each of them where all are asked for. */
const { first: FIRST, step: STRIDE } = stride(197);

let site: SmallSite;
beforeEach(async () => {
  site = await startSmallSite();
});
afterEach(() => site.server.close());

const crawl = (folder: string, disk?: FaultyDisk) =>
  crawlFrom(
    site.start,
    folder,
    { maxRejected: { count: REJECTED } },
    disk === undefined ? {} : { disk },
  );

/** Every file below a folder, by path, byte for byte. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const one of found)
    if (one.isFile()) {
      const path = join(one.parentPath, one.name);
      files.set(path.slice(folder.length + 1), await readFile(path, "latin1"));
    }
  return files;
}

/** What of an earlier file may never be lost: of one that a crawl was writing, the whole records and lines. */
function kept(path: string, text: string, old: ReadonlyMap<string, string>): string {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const journal = old.get(`${folder}/journal.jsonl`)?.split("\n").slice(0, -1);
  if (journal === undefined) return text;
  if (path.endsWith(".jsonl")) return `${journal.join("\n")}\n`;
  const last = JSON.parse(journal.at(-1) ?? "{}");
  return text.slice(0, (last.offset ?? 0) + (last.length ?? 0));
}

/** Compares a folder in which a crawl failed with what was there before and with what a whole crawl writes. */
async function checkAfter(folder: string, old: Map<string, string>, wanted: Map<string, string>) {
  const found = await filesOf(folder);
  for (const [path, text] of found)
    if (!/^(\.|captures|snapshots)/.test(path))
      expect(
        [old.get(path), wanted.get(path)].map((one) => one && timeless(path, one)),
        path,
      ).toContain(timeless(path, text));
  for (const [path, text] of old) {
    if (!/^(captures|snapshots(?!\/badge\.json))/.test(path)) continue;
    const isFinished = found.has(`${path.slice(0, path.lastIndexOf("/"))}/capture.json`);
    if (path.endsWith("journal.jsonl") && isFinished) continue;
    expect(found.get(path)?.startsWith(kept(path, text, old)), `${path} is kept`).toBe(true);
  }
}

/** What is in the folder when the crawl begins. */
const STARTS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  "a first crawl": async (folder) => {
    await mkdir(folder);
  },
  "a crawl that resumes an interrupted one": async (folder) => {
    const captures = (path: string) => path.includes("/captures");
    const { code } = await crawl(folder, faultyDisk(17, "dies", { counts: captures }));
    expect(code).toBe(3);
  },
  "a second crawl that adds, edits, corrects and removes": async (folder) => {
    expect(await crawl(folder)).toMatchObject({ code: 0 });
    site.next();
  },
};

/** What is said of a call that failed: decisions that cannot be read are a matter of configuration. */
const SAID: Readonly<Record<number, RegExp>> = {
  2: /^error: cannot read .*overrides\.yaml: the disk reported an error$/m,
  3: /^error: cannot write .*: the disk reported an error$/m,
};

test.each(Object.keys(STARTS))(
  `%s writes the same archive when run again after its n-th disk call failed or the process died there (n = ${FIRST}, ${FIRST + STRIDE}, …)`,
  { timeout: 7_200_000 },
  async (name) => {
    const base = await temporaryFolder(MEMORY);
    const [start, whole] = [join(base, "old"), join(base, "whole")];
    await STARTS[name]?.(start);
    await cp(start, whole, { recursive: true });
    const counting = faultyDisk(Number.POSITIVE_INFINITY, "fails");
    expect(await crawl(whole, counting)).toMatchObject({ code: 0 });
    const calls = counting.calls();
    expect(calls).toBeGreaterThan(300);
    expect((await verifyArchive(whole)).findings).toEqual([]);
    const [old, wanted, sums] = [await filesOf(start), await filesOf(whole), hashes(whole)];

    const check = async (at: number, mode: "fails" | "dies") => {
      const folder = join(base, `${mode}-${at}`);
      await cp(start, folder, { recursive: true });
      const disk = faultyDisk(at, mode);
      const { code, stderr } = await crawl(folder, disk);
      expect(disk.unclosed(), "files left open").toBe(0);
      await checkAfter(folder, old, wanted);
      // The lock is let go last, and what cannot be let go says nothing of the archive.
      const { ".lock": _, ...claimed } = code === 0 ? hashes(folder) : sums;
      expect(claimed, "what is claimed").toEqual(sums);
      if (code !== 0) expect(stderr, `exit code ${code}`).toMatch(SAID[code] ?? /^$/);
      expect(await crawl(folder), "run again").toMatchObject({ code: 0 });
      expect(hashes(folder), "run again").toEqual(sums);
      expect((await verifyArchive(folder)).findings, "run again").toEqual([]);
      await rm(folder, { recursive: true });
    };
    const todo: [at: number, mode: "fails" | "dies"][] = [];
    for (let at = FIRST; at <= calls; at += STRIDE) todo.push([at, "fails"], [at, "dies"]);
    const wrong: string[] = [];
    const work = async () => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift())
        await check(...next).catch((error) => wrong.push(`${next}: ${error.message}`));
    };
    const [planned] = [todo.length];
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(wrong, `${calls} calls, ${planned} runs`).toEqual([]);
  },
);

test("a run after a process killed during a disk call completes the archive", {
  timeout: 240_000,
}, async () => {
  const base = await temporaryFolder(MEMORY);
  const whole = join(base, "whole");
  const counting = faultyDisk(Number.POSITIVE_INFINITY, "dies");
  expect(await crawl(whole, counting)).toMatchObject({ code: 0 });
  const [wanted, sums] = [await filesOf(whole), hashes(whole)];
  for (const part of DEEP ? [0.05, 0.5, 0.95] : [0.5]) {
    const at = FIRST + Math.floor((counting.calls() - STRIDE) * part);
    const folder = join(base, String(at));
    const args = [site.start, folder, String(at)];
    const child = startProgram("reliability/dying.ts", args);
    expect(await once(child, "close"), `killed at call ${at}`).toEqual([null, "SIGKILL"]);
    await checkAfter(folder, new Map(), wanted);
    expect(await crawl(folder), `run again after call ${at}`).toMatchObject({ code: 0 });
    expect(hashes(folder), `run again after call ${at}`).toEqual(sums);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  }
});
