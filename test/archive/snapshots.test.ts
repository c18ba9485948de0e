import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderHistory, storedHistory } from "../../src/archive/history.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import { byTimestamp } from "../../src/disk/timestamp.js";
import type { Entry, Rejection } from "../../src/model.js";
import type { Run } from "../../src/schema/run-report.js";
import type { Snapshot } from "../../src/schema/snapshot.js";
import { stride } from "../deep.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { contentsOf, MEMORY, temporaryFolder } from "./folders.js";
import { entry, OPTIONS, rejection, runOf, SITE } from "./samples.js";

const DAYS = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"].map(
  (day) => `${day}T03:04:05Z`,
);

async function crawl(
  folder: string,
  month: number,
  given: readonly (Entry | Rejection)[],
  { run = runOf(given), disk = realDisk }: { run?: Run; disk?: Disk } = {},
) {
  const snapshot = { time: DAYS[month] ?? "" };
  const archive = await openArchive(folder, { ...OPTIONS, snapshot, disk });
  try {
    for (const one of given) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
    return await archive.commit(run);
  } finally {
    await archive.close();
  }
}

async function snapshotsOf(folder: string): Promise<Snapshot[]> {
  const names = (await readdir(join(folder, "snapshots")))
    .filter((name) => /Z/.test(name))
    .sort(byTimestamp);
  const texts = names.map((name) => readFile(join(folder, "snapshots", name), "utf8"));
  return (await Promise.all(texts)).map((text) => JSON.parse(text));
}

const FIRST = "snapshots/20260131T030405Z.json";
const SECOND = "snapshots/20260228T030405Z.json";

describe("a snapshot", () => {
  it("a snapshot has the state of every entry, and names its capture", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("beta"), entry("alpha"), rejection("gamma")]);
    const [snapshot] = await snapshotsOf(folder);
    expect(snapshot).toMatchObject({
      time: DAYS[0],
      site: "office",
      capture: null,
      complete: true,
      interrupted: false,
      previous: null,
      counts: { listed: 3, written: 2, rejected: 1, gone: 0 },
    });
    expect(snapshot?.entries.map(({ hash, read, ...entry }) => entry)).toEqual([
      {
        id: "alpha0000000",
        state: "written",
        url: `${SITE}/news/alpha`,
        title: "About alpha",
        path: "content/en/2021/alpha.md",
      },
      {
        id: "beta00000000",
        state: "written",
        url: `${SITE}/news/beta`,
        title: "About beta",
        path: "content/en/2021/beta.md",
      },
    ]);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("an unchanged run adds a snapshot and changes nothing else", async () => {
    const folder = await temporaryFolder();
    const given = [entry("alpha"), entry("beta")];
    await crawl(folder, 0, given);
    const before = await contentsOf(folder);
    const inode = (await stat(join(folder, "entries.jsonl"))).ino;
    await crawl(folder, 1, given);
    const { [SECOND]: added, ...rest } = await contentsOf(folder);
    expect(rest).toEqual(before);
    expect((await stat(join(folder, "entries.jsonl"))).ino).toBe(inode);
    expect(JSON.parse(added ?? "").previous).toEqual({
      file: FIRST,
      sha256: JSON.parse(before[FIRST] ?? "").sha256,
    });
  });

  it("an earlier version of an edited entry is stored under its SHA-256", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("alpha"), entry("beta")]);
    await crawl(folder, 1, [entry("alpha", { title: "Edited" }), entry("beta")]);
    const [before, after] = await snapshotsOf(folder);
    const old = before?.entries[0]?.hash ?? "";
    expect(after?.entries[0]?.hash).not.toBe(old);
    expect(await readdir(join(folder, "snapshots/entries"))).toEqual([`${old}.json`]);
    const bytes = await readFile(join(folder, `snapshots/entries/${old}.json`));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(old);
    expect(JSON.parse(bytes.toString())).toMatchObject({ data: { title: "About alpha" } });
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("a snapshot says since when an entry is gone, until it returns", async () => {
    const folder = await temporaryFolder();
    const [alpha, beta] = [entry("alpha"), entry("beta")];
    await crawl(folder, 0, [alpha, beta]);
    await crawl(folder, 1, [alpha]);
    await crawl(folder, 2, [alpha]);
    await crawl(folder, 3, [alpha, beta]);
    const seen = (await snapshotsOf(folder)).map(({ entries }) => entries[1]);
    expect(seen.map((one) => [one?.state, one?.goneSince])).toEqual([
      ["written", undefined],
      ["gone", DAYS[1]],
      ["gone", DAYS[1]],
      ["written", undefined],
    ]);
    expect(new Set(seen.map((one) => one?.hash)).size).toBe(1);
  });

  it("a snapshot of an interrupted run says so, and marks nothing gone", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("alpha"), entry("beta")]);
    const run = { ...runOf([entry("alpha")], [], false), interrupted: true };
    await crawl(folder, 1, [entry("alpha")], { run });
    const [, second] = await snapshotsOf(folder);
    expect(second).toMatchObject({ complete: false, interrupted: true });
    expect(second?.entries[1]).toMatchObject({ id: "beta00000000", state: "not-reached" });
    expect(second?.entries[1]).not.toHaveProperty("goneSince");
  });

  it("a snapshot tells a failed page from a gone one", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("alpha"), entry("beta")]);
    const lost = (name: string, status: number) => ({
      url: `${SITE}/news/${name}`,
      state: "failed" as const,
      reason: `status ${status}`,
      status,
      listedOn: ["x#1"],
    });
    await crawl(folder, 1, [], { run: runOf([], [lost("alpha", 503), lost("beta", 410)]) });
    const [, second] = await snapshotsOf(folder);
    expect(second?.entries.map(({ state }) => state)).toEqual(["failed", "gone"]);
  });

  it("the line of a lost run stays one line where the history is cut off", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "snapshots"));
    await writeFile(join(folder, "snapshots/history.csv"), `time\r\n${DAYS[0]},1`);
    const history = await storedHistory(folder, [], realDisk);
    expect(renderHistory([], history?.lost).split("\r\n").slice(1)).toEqual([`${DAYS[0]},1`, ""]);
  });

  it("snapshots of the same second do not overwrite one another", async () => {
    const folder = await temporaryFolder();
    for (let turn = 0; turn < 11; turn++) await crawl(folder, 0, [entry("alpha")]);
    const { findings, checked } = await verifyArchive(folder);
    expect(findings).toEqual([]);
    expect(checked.snapshots).toBe(11);
    await crawl(folder, 1, [entry("alpha")]);
    const last = JSON.parse(await readFile(join(folder, SECOND), "utf8"));
    expect(last.previous.file).toBe("snapshots/20260131T030405Z-11.json");
  });

  it("snapshots keep the order of their runs when the clock was set back", async () => {
    const folder = await temporaryFolder();
    for (const month of [2, 0, 1, 3]) await crawl(folder, month, [entry("alpha")]);
    expect((await snapshotsOf(folder)).map(({ time }) => time)).toEqual([
      DAYS[2],
      DAYS[0],
      DAYS[1],
      DAYS[3],
    ]);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("a damaged previous snapshot stops the run before anything is written", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("alpha")]);
    const text = await readFile(join(folder, FIRST), "utf8");
    await writeFile(join(folder, FIRST), text.replace("About", "Abuot"));
    const before = await contentsOf(folder);
    await expect(crawl(folder, 1, [])).rejects.toThrow(/not a whole snapshot: expected SHA-256/);
    expect(await contentsOf(folder)).toEqual(before);
  });
});

const edit = (from: string, to: string) => async (folder: string) => {
  const text = await readFile(join(folder, FIRST), "utf8");
  expect(text).toContain(from);
  await writeFile(join(folder, FIRST), text.replace(from, to));
};
const version = async (folder: string) => {
  const [name = ""] = await readdir(join(folder, "snapshots/entries"));
  return join(folder, "snapshots/entries", name);
};

describe("verify of snapshots", () => {
  it.each<[string, (folder: string) => Promise<unknown>, readonly string[]]>([
    ["nothing in an undamaged archive", async () => undefined, []],
    ["an edited title", edit("About beta", "Abuot beta"), ["snapshot"]],
    ["a space too many", edit('"site": ', '"site":  '), ["snapshot"]],
    ["a newer form", edit('"snapshotVersion": 1', '"snapshotVersion": 2'), ["snapshot"]],
    ["half a snapshot", edit('  "entries": [', ""), ["snapshot"]],
    ["a removed snapshot", (f) => rm(join(f, FIRST)), ["missing"]],
    [
      "a snapshot of another archive",
      async (f) => {
        const other = await temporaryFolder();
        await crawl(other, 0, [entry("beta")]);
        await cp(join(other, FIRST), join(f, FIRST));
      },
      ["snapshot-chain"],
    ],
    ["a removed entry version", async (f) => rm(await version(f)), ["snapshot-version"]],
    [
      "a flipped bit of an entry version",
      async (f) => writeFile(await version(f), (await readFile(await version(f))).fill(0, 9, 10)),
      ["checksum"],
    ],
    [
      "a stray file in the folder of snapshots",
      (f) => writeFile(join(f, "snapshots/notes.txt"), "x"),
      ["stray"],
    ],
    [
      "a stray file among the entry versions",
      (f) => writeFile(join(f, "snapshots/entries/notes.json"), "x"),
      ["stray"],
    ],
  ])("verify of snapshots finds %s", async (_, damage, codes) => {
    const folder = await temporaryFolder();
    await crawl(folder, 0, [entry("alpha"), entry("beta")]);
    await crawl(folder, 1, [entry("alpha", { title: "Edited" }), entry("beta")]);
    await damage(folder);
    const { findings } = await verifyArchive(folder);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });
});

const CALLS = stride(11);

describe.each(["dies", "fails"] as const)("a run whose n-th disk call %s", (mode) => {
  it(`a run whose n-th disk call ${mode} destroys no snapshot and no entry version (n = ${CALLS.first}, ${CALLS.first + CALLS.step}, …)`, {
    timeout: 120_000,
  }, async () => {
    const base = await temporaryFolder(MEMORY);
    const old = join(base, "old");
    await mkdir(old);
    await crawl(old, 0, [entry("alpha"), entry("beta")]);
    await crawl(old, 1, [entry("alpha", { title: "Edited" }), entry("beta")]);
    const history = Object.entries(await contentsOf(old)).filter(([path]) => /^snap/.test(path));
    expect(history).toHaveLength(3);
    const next = [entry("alpha", { title: "Again" }), entry("gamma")];
    for (let [at, reached] = [CALLS.first, true]; reached; at += CALLS.step) {
      const folder = join(base, String(at));
      await cp(old, folder, { recursive: true });
      const disk = faultyDisk(at, mode);
      await crawl(folder, 2, next, { disk }).catch(() => undefined);
      reached = disk.calls() >= at;
      await crawl(folder, 3, next);
      const found = await contentsOf(folder);
      for (const [path, text] of history) expect(found[path], `${path}, ${at}`).toBe(text);
      const { findings, checked } = await verifyArchive(folder);
      expect(findings, `after call ${at}`).toEqual([]);
      expect(checked.snapshots).toBeGreaterThanOrEqual(3);
      await rm(folder, { recursive: true });
    }
  });
});
