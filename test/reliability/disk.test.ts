/** A disk that is full, read-only or taken away: a crawl says so, and what was stored stays whole. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { contentsOf } from "../archive/folders.js";
import { crawlFrom } from "../commands/here.js";
import { events, sitelift } from "../commands/sitelift.js";
import { answer, type FaultServer, type Scenario, startFaultServer } from "../fault-server.js";
import { siteFile, startCli } from "./cli.js";
import { FaultyOffice, HTML, html, LIST } from "./office.js";

const servers: FaultServer[] = [];
const mounts: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => {
  for (const folder of mounts) execFileSync("umount", ["-l", folder]);
});

/** A folder on a small disk of its own; null where this user may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "sitelift-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], { stdio: "ignore" });
    mounts.push(folder);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

const disk = smallDisk();
const LACKS = "this user may not mount a disk";

async function office(faults: Readonly<Record<string, Scenario>> = {}, bytes = 200) {
  const list = new FaultyOffice({ articles: 7 });
  // Random letters, so that no compression makes them fit.
  let seed = 7;
  const letters = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed % 36).toString(36);
  };
  const server = await startFaultServer({
    "/robots.txt": html("", 404),
    "*": (ask) => {
      const number = Number(/story-(\d+)$/.exec(ask.path)?.[1] ?? 0);
      if (number === 0) list.answer(ask);
      else
        answer(
          ask,
          200,
          HTML,
          list.article(number, `<p>${Array.from({ length: bytes }, letters).join("")}</p>`),
        );
    },
    ...faults,
  });
  servers.push(server);
  return { list, start: `${server.origin}${LIST}` };
}

/** What an archive says of itself; captures contain the time of day. */
async function stored(out: string): Promise<Record<string, string>> {
  const files = await contentsOf(out);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !/^(captures|snapshots)|^\./.test(path)),
  );
}

describe("a faulty disk", () => {
  test.skipIf(disk === null).each([
    ["while pages come", 600_000],
    ["while files are placed", 130_000],
    ["shortly before the end", 75_000],
  ])(
    `a crawl onto a disk that fills up %s fails and keeps the archive unchanged (skipped where ${LACKS})`,
    async (when, bytes) => {
      const out = join(disk ?? "", `full ${when}`);
      expect((await crawlFrom((await office()).start, out)).code).toBe(0);
      const before = await stored(out);
      // The same site, now with articles that do not fit.
      const run = await crawlFrom((await office({}, bytes)).start, out);
      expect(run.code).toBe(3);
      expect(run.stderr).toMatch(/no space left/);
      expect(await stored(out)).toEqual(before);
      // Nothing is damaged: what was fetched waits for the next run, and verify says so.
      const { findings } = await verifyArchive(out);
      expect(findings.filter(({ code }) => code !== "unfinished")).toEqual([]);
      await rm(out, { recursive: true });
    },
  );

  test.skipIf(disk === null)(
    `a crawl onto a read-only disk fails and says so (skipped where ${LACKS})`,
    async () => {
      const out = join(disk ?? "", "read-only");
      const { file } = await siteFile((await office()).start);
      execFileSync("mount", ["-o", "remount,ro", disk ?? ""]);
      try {
        const run = await startCli(["crawl", file, "--out", out, "--json"]).done;
        expect(run.code).toBe(3);
        expect(run.stderr).toMatch(/read-only/);
        expect(run.end?.exitCode).toBe(3);
      } finally {
        execFileSync("mount", ["-o", "remount,rw", disk ?? ""]);
      }
    },
  );

  test("a crawl whose folder is deleted meanwhile fails, and the next run succeeds", async () => {
    const out = join(await mkdtemp(join(tmpdir(), "sitelift-gone-")), "archive");
    let list: FaultyOffice | null = null;
    const made = await office({
      "/news/story-4": (ask) => {
        const gone =
          ask.times === 1 ? rm(out, { recursive: true, force: true }) : Promise.resolve();
        void gone.then(() => list?.answer(ask));
      },
    });
    list = made.list;
    const run = await crawlFrom(made.start, out);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/vanished/);
    expect((await crawlFrom(made.start, out)).code).toBe(0);
    expect(JSON.parse(await readFile(join(out, "archive.json"), "utf8")).counts.written).toBe(7);
  });

  test("a crawl that may not write large files fails, and the next run succeeds", async () => {
    const { start } = await office();
    const { file, out } = await siteFile(start);
    const run = await startCli(["crawl", file, "--out", out, "--json"], { limit: "ulimit -f 8" })
      .done;
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/a file would be larger than it may be here/);
    expect(run.end?.exitCode).toBe(3);
    expect((await crawlFrom(start, out)).code).toBe(0);
    expect((await verifyArchive(out)).findings).toEqual([]);
  });

  test("a crawl into a path that is a file is a usage error", async () => {
    const { file } = await siteFile("http://127.0.0.1:9/");
    const { exitCode, stdout, stderr } = await sitelift(["crawl", file, "--out", file, "--json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is not a folder/);
    expect(events(stdout)).toMatchObject([{ event: "end", exitCode: 2 }]);
  });
});
