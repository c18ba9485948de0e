/** What a run reads of the runs before it goes through the disk of its sinks: each call may fail, and nothing stays open. */
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { beginCapture } from "../../src/commands/run/open-capture.js";
import { healthBefore } from "../../src/commands/run/read-and-close.js";
import { readDecisions } from "../../src/commands/run/read-decisions.js";
import { HealthCount } from "../../src/crawl/health.js";
import { realDisk } from "../../src/disk/disk.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { HttpExchange } from "../../src/warc/exchange.js";
import { contentsOf, temporaryFolder } from "../archive/folders.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { startSmallSite } from "../reliability/small-site.js";
import { crawlFrom, type HereOptions } from "./here.js";

const START = "https://office.example/articles";
const site = resolveSite({ name: "office", preset: "drupal7", start: START }, { drupal7 }, "test");
const traffic: HttpExchange = {
  url: START,
  address: null,
  request: Buffer.from("GET /articles HTTP/1.1\r\n\r\n"),
  response: Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
  body: Buffer.from("<p>An article.</p>"),
  status: 200,
  whole: true,
  cached: null,
  startedAt: Date.now(),
  endedAt: Date.now(),
};

/** An archive with one capture that is finished, and one that was cut off. */
async function withCaptures(): Promise<string> {
  const folder = await temporaryFolder();
  for (const isLast of [false, true]) {
    await using begun = await beginCapture(folder, site, {}, realDisk);
    await begun.capture?.exchange(traffic);
    if (!isLast) await begun.capture?.finish();
  }
  return folder;
}

describe("resuming a capture", () => {
  it("resuming a capture either works or fails as a whole, whichever disk call fails", {
    timeout: 60_000,
  }, async () => {
    const [start, base] = [await withCaptures(), await temporaryFolder()];
    let [failed, at] = [0, 1];
    for (let reached = true; reached; at++) {
      const folder = join(base, String(at));
      await cp(start, folder, { recursive: true });
      const disk = faultyDisk(at, "fails");
      const begun = await beginCapture(folder, site, {}, disk).catch((error: unknown) => error);
      const isPast = disk.calls() >= at;
      if (begun instanceof Error) {
        failed++;
        expect(begun).toMatchObject({
          message: `cannot write ${folder}: the disk reported an error`,
          exitCode: 3,
        });
      } else {
        const { capture, live, ...opened } = begun as Awaited<ReturnType<typeof beginCapture>>;
        expect(capture?.resumed).toBe(1);
        // A response that cannot be read is requested again.
        const stored = await live.stored?.(new URL(START));
        expect(isPast ? stored?.status : 200).toBe(200);
        await opened[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      }
      reached = disk.calls() >= at;
      expect(disk.unclosed(), `left open after call ${at}`).toBe(0);
    }
    expect(failed).toBeGreaterThan(15);
  });
});

it("an empty capture is removed, or the failure to remove it is reported", async () => {
  const base = await temporaryFolder();
  let at = 1;
  for (let reached = true; reached; at++) {
    const folder = join(base, String(at));
    await mkdir(folder);
    const disk = faultyDisk(at, "fails", { counts: (path) => path.includes("captures") });
    const begun = await beginCapture(folder, site, {}, disk).catch(() => null);
    const error = await begun?.capture?.discard().catch((error: unknown) => error);
    reached = disk.calls() >= at;
    if (error !== undefined) expect(error).toMatchObject({ exitCode: 3 });
    else if (begun !== null) expect(await contentsOf(folder)).toEqual({});
    expect(disk.unclosed(), `left open after call ${at}`).toBe(0);
  }
  expect(at).toBeGreaterThan(15);
});

describe("overrides of an archive", () => {
  const OWN = "/news/a: { exclude: true }\n";

  it("the archive's overrides are read before those of a named file", async () => {
    const folder = await temporaryFolder();
    expect(await readDecisions(join(folder, "none"), undefined, realDisk)).toEqual([]);
    await writeFile(join(folder, "overrides.yaml"), OWN);
    await writeFile(join(folder, "more.yaml"), "/news/b: { exclude: true }\n");
    const read = await readDecisions(folder, join(folder, "more.yaml"), realDisk);
    expect(read.map(({ about }) => about)).toEqual(["/news/a", "/news/b"]);
  });

  it.each([1, 2, 3])("an unreadable overrides.yaml is an error (failing call %s)", async (at) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "overrides.yaml"), OWN);
    await expect(readDecisions(folder, undefined, faultyDisk(at, "fails"))).rejects.toMatchObject({
      message: `cannot read ${join(folder, "overrides.yaml")}: the disk reported an error`,
      exitCode: 2,
    });
  });

  it("overrides are not read through a symlink or from a folder", async () => {
    const folder = await temporaryFolder();
    const own = join(folder, "overrides.yaml");
    await writeFile(join(folder, "other"), OWN);
    await symlink("other", own);
    await expect(readDecisions(folder, undefined, realDisk)).rejects.toThrow(
      `cannot read ${own}: a symbolic link`,
    );
    await mkdir(join(folder, "below", "overrides.yaml"), { recursive: true });
    await expect(readDecisions(join(folder, "below"), undefined, realDisk)).rejects.toThrow(
      "a folder is in the place of a file",
    );
    await expect(readDecisions(join(folder, "none"), folder, realDisk)).rejects.toThrow(
      `cannot read ${folder}: a folder is in the place of a file`,
    );
  });
});

describe("health of the previous run", () => {
  it("a partial run keeps the health of the previous run, and a whole run replaces it", async () => {
    const site = await startSmallSite();
    onTestFinished(() => site.server.close());
    const folder = await temporaryFolder();
    const health = async (options: HereOptions) => {
      await crawlFrom(site.start, folder, options);
      return JSON.parse(await readFile(join(folder, "health.json"), "utf8"));
    };
    // Where an archive has none, a part is better than nothing.
    expect((await health({ limit: 1 })).title.of).toBe(1);
    // A limit that the list does not reach leaves it whole.
    const whole = await health({ limit: 100 });
    expect(whole.title.of).toBe(5);
    const parts: HereOptions[] = [{ limit: 1 }, { since: "2021-03-05" }, { articles: false }];
    for (const part of parts) expect(await health(part), JSON.stringify(part)).toEqual(whole);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it.each([1, 2, 3])(
    "an unreadable health.json of the previous run is an error (failing call %s)",
    async (at) => {
      const folder = await temporaryFolder();
      expect(await healthBefore(folder, realDisk)).toBeNull();
      const health = new HealthCount(site).health();
      await writeFile(join(folder, "health.json"), JSON.stringify(health));
      expect(await healthBefore(folder, realDisk)).toEqual(health);
      await expect(healthBefore(folder, faultyDisk(at, "fails"))).rejects.toMatchObject({
        message: `cannot write ${folder}: the disk reported an error`,
        exitCode: 3,
      });
    },
  );
});
