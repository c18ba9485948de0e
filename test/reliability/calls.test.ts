/**
 * Every file-system call that the capture of a crawl makes goes wrong in turn, in the whole command: SQLite's
 * way. Those of the archive alone do so in test/sinks/faults.test.ts.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/sinks/verify.js";
import { hashes } from "../captures/office.js";
import { startFaultServer } from "../fault-server.js";
import { faultyDisk } from "../sinks/faulty-disk.js";
import { temporaryFolder } from "../sinks/folders.js";
import { crawlHere } from "./here.js";
import { FaultyOffice, html, LIST } from "./office.js";

/** Hundreds of small archives are written: in memory where the system has a folder for that. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** Crawls at a time: each waits for its answers now and then. */
const AT_ONCE = 4;

test.each(["fails", "dies"] as const)(
  "a crawl whose capture's n-th call %s ends in the same archive when it is run again, for every n",
  { timeout: 180_000 },
  async (mode) => {
    const office = new FaultyOffice({ articles: 3 });
    const server = await startFaultServer({
      "/robots.txt": html("", 404),
      "*": (ask) => office.answer(ask),
    });
    try {
      const base = await temporaryFolder(MEMORY);
      const start = `${server.origin}${LIST}`;
      const whole = join(base, "whole");
      expect(await crawlHere(start, whole)).toMatchObject({ code: 0 });
      const wanted = hashes(whole);
      expect((await readdir(whole)).filter((name) => name.startsWith("."))).toEqual([]);

      /** Gives whether the crawl made so many calls. */
      const check = async (at: number): Promise<boolean> => {
        const folder = join(base, String(at));
        const disk = faultyDisk(at, mode, { counts: (path) => path.includes("/captures") });
        const { code, stderr } = await crawlHere(start, folder, {}, { disk });
        // The lock is let go last, and what cannot be let go says nothing of the archive.
        const { ".lock": _, ...claimed } = code === 0 ? hashes(folder) : wanted;
        expect(claimed, `claimed after call ${at}`).toEqual(wanted);
        if (code !== 0) expect(stderr, `call ${at}`).toMatch(/EIO|the disk reported an error/);
        const again = await crawlHere(start, folder);
        expect(again, `run again after call ${at}`).toMatchObject({ code: 0 });
        expect(hashes(folder), `run again after call ${at}`).toEqual(wanted);
        const { findings } = await verifyArchive(folder);
        expect(findings, `run again after call ${at}`).toEqual([]);
        return disk.calls() >= at;
      };
      let next = 1;
      let isReached = true;
      const work = async () => {
        while (isReached) if (!(await check(next++))) isReached = false;
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(next).toBeGreaterThan(25);
    } finally {
      await server.close();
    }
  },
);
