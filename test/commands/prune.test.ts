/** `sitelift prune`: what goes, what is moved, and that nothing dangles after it. */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunningOffice } from "../../fixtures/office/server.js";
import { capturesToRemove, parseKeep } from "../../src/archive/prune/keep.js";
import { type PruneOptions, pruneArchive } from "../../src/archive/prune/prune.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import { capturesOf, FEW, hashes, linesOf, officeWithSite } from "../capture/office.js";
import { foreignIndex, foreignRecords } from "../capture/warcio.js";
import { stride } from "../deep.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { buildHere, crawlHere } from "./here.js";
import { events, scratch, sitelift } from "./sitelift.js";

/** When the archive was crawled: twice in January, once in February, twice in March. */
const DAYS = ["2026-01-10", "2026-01-20", "2026-02-10", "2026-03-10", "2026-03-20"] as const;
const NAMES = DAYS.map((day) => `${day.replaceAll("-", "")}T000000Z`);

const [EDITED, REMOVED] = ["/speeches/words-of-welcome", "/news/old-charts-find-a-new-home"];

let cwd: string;
let office: RunningOffice;

async function crawlOn(day: string, archive: string) {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${day}T00:00:00Z`) });
  const ended = await crawlHere(cwd, archive);
  vi.useRealTimers();
  return ended;
}

beforeAll(async () => {
  cwd = scratch();
  office = await officeWithSite(cwd);
  for (const [at, day] of DAYS.entries()) {
    if (at === 2) office.edit({ kind: "change", on: day, path: EDITED, set: { title: "Another" } });
    if (at === 3) office.edit({ kind: "remove", on: day, path: REMOVED });
    expect((await crawlOn(day, "A")).exitCode).toBe(0);
  }
  expect(capturesOf(join(cwd, "A"))).toEqual(NAMES);
}, 120_000);
afterAll(() => office.close());
afterEach(() => vi.useRealTimers());

const copied = (name: string) => {
  cpSync(join(cwd, "A"), join(cwd, name), { recursive: true });
  return join(cwd, name);
};
const findings = async (path: string) => (await verifyArchive(path)).findings;
const bytesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);

describe("prune --keep monthly", () => {
  test("keeps the last capture of each month, moves what they need, and says so in the history", async () => {
    copied("monthly");
    const dry = await sitelift(["prune", "monthly", "--keep", "monthly", "--dry-run", "--json"], {
      cwd,
    });
    expect(capturesOf(join(cwd, "monthly"))).toHaveLength(5);
    const ended = await sitelift(["prune", "monthly", "--keep", "monthly", "--json"], { cwd });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout.replace('"dryRun":false', '"dryRun":true')).toBe(dry.stdout);
    const kept = readdirSync(join(cwd, "monthly/captures")).sort();
    expect(kept).toEqual([NAMES[1], NAMES[2], NAMES[4], "pruned.jsonl"]);
    const [first, fourth, end] = events(ended.stdout);
    expect(first).toMatchObject({ event: "removed", capture: NAMES[0], moved: { to: NAMES[1] } });
    expect(fourth).toMatchObject({ event: "removed", capture: NAMES[3], moved: { to: NAMES[4] } });
    const whole = bytesOf(join(cwd, "A/captures")) - bytesOf(join(cwd, "monthly/captures"));
    // Marks and the history take a little.
    const freed = (end?.bytes as { freed: number } | undefined)?.freed ?? 0;
    expect(freed - whole).toBeGreaterThanOrEqual(0);
    expect(freed - whole).toBeLessThan(20_000);
    const history = linesOf<Record<string, unknown>>(join(cwd, "monthly/captures/pruned.jsonl"));
    expect(history.map(({ capture, keep, before }) => [capture, keep, before])).toEqual([
      [NAMES[0], "monthly", null],
      [NAMES[3], "monthly", null],
    ]);
    expect(await findings(join(cwd, "monthly"))).toEqual([]);
  });

  test("leaves captures that build and pack to what they were, for warcio too", async () => {
    const built = await buildHere(cwd, ["monthly"], "built");
    expect(built.exitCode, built.stderr).toBe(0);
    // The feed and the pictures tell of the runs that there were.
    const timeless = (archive: string) => {
      const {
        "archive.json": _,
        "changes.atom": __,
        "report.html": ___,
        ...rest
      } = hashes(archive);
      return rest;
    };
    expect(timeless(join(cwd, "built"))).toEqual(timeless(join(cwd, "monthly")));
    const alone = await buildHere(cwd, [`monthly/captures/${NAMES[1]}`], "alone");
    expect(alone.exitCode, alone.stderr).toBe(0);
    const packed = await sitelift(["pack", "monthly"], { cwd });
    expect(packed.exitCode, packed.stderr).toBe(0);
    expect(await findings(join(cwd, "monthly.wacz"))).toEqual([]);
    const data = join(cwd, "monthly/captures", NAMES[1] ?? "", "data.warc.gz");
    const records = await foreignRecords(data);
    const ids = new Set(records.filter(({ type }) => type === "response").map(({ id }) => id));
    for (const revisit of records.filter(({ type }) => type === "revisit"))
      expect(ids).toContain(revisit.header("WARC-Refers-To"));
    const index = readFileSync(data.replace("data.warc.gz", "index.cdxj"), "utf8");
    expect(index.trimEnd().split("\n")).toHaveLength((await foreignIndex(data, "x")).length);
  });

  test("lets the next crawl fetch no page again, and lets itself be repeated", async () => {
    const before = office.requests.length;
    const crawled = await crawlOn("2026-03-25", "monthly");
    expect(crawled.exitCode).toBe(0);
    expect(crawled.stdout).toMatch(
      /^disk: \d+\.\d kB for this capture, all 4 captures \d+\.\d kB$/m,
    );
    const statuses = office.requests.slice(before).map(({ status }) => status);
    expect(statuses.filter((status) => status === 304).length).toBeGreaterThan(FEW);
    const again = await sitelift(["prune", "monthly", "--keep", "last:1"], { cwd });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^3 captures removed, 1 kept: .* freed$/m);
    expect(await findings(join(cwd, "monthly"))).toEqual([]);
    const built = await buildHere(cwd, ["monthly"], "last");
    expect(built.exitCode, built.stderr).toBe(0);
    expect(linesOf(join(cwd, "monthly/captures/pruned.jsonl"))).toHaveLength(5);
    const index = readFileSync(join(cwd, "monthly/captures/20260325T000000Z/index.cdxj"), "utf8");
    // The last copy of a page that is gone is kept too, though later responses say that it is gone.
    const kept = index.split("\n").filter((line) => line.includes(`${REMOVED}"`));
    expect(kept.join("\n")).toMatch(/"status":"200"/);
  });
});

test("build reads captures/* of a pruned archive, where the shell names the history too", async () => {
  copied("globbed");
  await sitelift(["prune", "globbed", "--keep", "last:1"], { cwd });
  const names = readdirSync(join(cwd, "globbed/captures"));
  expect(names).toContain("pruned.jsonl");
  const built = await buildHere(
    cwd,
    names.map((name) => `globbed/captures/${name}`),
    "of-globbed",
  );
  expect(built.exitCode, built.stderr).toBe(0);
});

test("build says that a capture of before the last run would be a run after it", async () => {
  const [oldest = "", ...others] = NAMES.map((name) => `A/captures/${name}`);
  const said =
    /later holds a run of 2026-\d\d-\d\dT00:00:00Z, and the capture of 2026-01-10T00:00:00Z is of before it: .*give --out a new folder/;
  expect((await buildHere(cwd, [oldest], "later-new")).stderr).not.toContain("is of before it");
  // What the archive holds is built again, and a newer one after it.
  const again = await buildHere(cwd, [oldest, others[0] ?? ""], "later-new");
  expect(again.stderr).not.toContain("is of before it");
  for (const [name, paths] of [
    ["one-later", [oldest]],
    ["all-later", [oldest, ...others]],
  ] as const) {
    copied(name);
    expect((await buildHere(cwd, paths, name)).stderr).toMatch(said);
  }
});

test("prune --before removes what is older, and never the newest capture", async () => {
  copied("before");
  const some = await sitelift(["prune", "before", "--before", "2026-02-10"], { cwd });
  expect(some.stdout).toMatch(
    /^captures\/20260110T000000Z: .*, \d+ responses to 20260210T000000Z$/m,
  );
  expect(some.stdout).toMatch(/^2 captures removed, 3 kept/m);
  const rest = await sitelift(["prune", "before", "--before", "2036-01-01"], { cwd });
  expect(rest.exitCode).toBe(0);
  expect(readdirSync(join(cwd, "before/captures")).sort()).toEqual([NAMES[4], "pruned.jsonl"]);
  expect(await findings(join(cwd, "before"))).toEqual([]);
  const nothing = await sitelift(["prune", "before", "--before", "2036-01-01"], { cwd });
  expect(nothing.stdout).toBe("nothing to remove: 1 capture stays\n");
});

test.each<[string, readonly string[], number, RegExp]>([
  ["no rule", [], 2, /nothing says which captures are to go/],
  ["a word that is no period", ["--keep", "fortnightly"], 2, /Expected periods such as monthly:12/],
  ["a count of nothing", ["--keep", "monthly:0"], 2, /Expected periods such as/],
  ["a period twice", ["--keep", "daily,daily:3"], 2, /each once/],
  ["last without a number", ["--keep", "last"], 2, /Expected periods such as/],
  ["a day that is none", ["--before", "2026-02-30"], 2, /Expected a calendar date/],
])("prune refuses %s and says what to write", async (_, options, exitCode, words) => {
  const ended = await sitelift(["prune", "A", ...options], { cwd });
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.stderr).toMatch(words);
});

test.each<[string, (archive: string) => void, number, RegExp]>([
  [
    "a folder that is not an archive",
    (archive) => rmSync(join(archive, "archive.json")),
    2,
    /is not an archive/,
  ],
  [
    "a capture that was interrupted",
    (archive) => rmSync(join(archive, "captures", NAMES[2] ?? "", "capture.json")),
    3,
    /was interrupted, and may still be resumed/,
  ],
  [
    "a damaged capture that is needed",
    (archive) => {
      const data = join(archive, "captures", NAMES[0] ?? "", "data.warc.gz");
      const bytes = readFileSync(data);
      const third = Math.floor(bytes.length / 3);
      bytes.fill(0, third, 2 * third);
      writeFileSync(data, bytes);
    },
    1,
    /data\.warc\.gz is damaged, and nothing was removed/,
  ],
  [
    "a damaged capture that stays",
    (archive) => {
      const data = join(archive, "captures", NAMES[4] ?? "", "data.warc.gz");
      const bytes = readFileSync(data);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      writeFileSync(data, bytes);
    },
    1,
    /data\.warc\.gz is damaged, and nothing was removed/,
  ],
  [
    "a file of somebody else in a capture",
    (archive) => writeFileSync(join(archive, "captures", NAMES[0] ?? "", "notes.txt"), ""),
    2,
    /notes\.txt is not a file of a capture/,
  ],
])("prune refuses %s and changes nothing", async (_, change, exitCode, words) => {
  const archive = copied("refused");
  change(archive);
  const before = bytesOf(archive);
  const ended = await sitelift(["prune", "refused", "--keep", "last:1"], { cwd });
  expect(ended.stderr).toMatch(words);
  expect(ended.exitCode).toBe(exitCode);
  expect(bytesOf(archive)).toBe(before);
  rmSync(archive, { recursive: true });
});

test("a prune of which any call fails, or that is killed there, leaves the archive as it was or is finished by the next run", async () => {
  const options: PruneOptions = {
    keep: [{ unit: "monthly", count: null }],
    keepText: "monthly",
    before: null,
    generator: "sitelift test",
    dryRun: false,
    now: Date.parse("2026-04-01"),
  };
  const prune = (root: string, disk: Disk = realDisk) =>
    pruneArchive(root, { ...options, disk }).then(
      () => true,
      () => false,
    );
  const counting = faultyDisk(Number.POSITIVE_INFINITY, "fails");
  const whole = copied("whole");
  expect(await prune(whole, counting)).toBe(true);
  const { first, step } = stride(61);
  for (let at = first; at <= counting.calls(); at += step)
    for (const mode of ["fails", "dies"] as const) {
      const archive = copied("faulty");
      const disk = faultyDisk(at, mode);
      const isDone = await prune(archive, disk);
      expect(disk.unclosed()).toBe(0);
      const where = `${mode} at call ${at}`;
      const left = capturesOf(archive).filter((name) =>
        existsSync(join(archive, "captures", name, "capture.json")),
      );
      if (!isDone && !existsSync(join(archive, ".staging/redo.json")) && left.length === 5) {
        const found = (await findings(archive)).filter(({ code }) => code !== "unfinished");
        expect(found, where).toEqual([]);
      }
      rmSync(join(archive, ".lock"), { force: true });
      expect(await prune(archive), where).toBe(true);
      expect(capturesOf(archive), where).toEqual(capturesOf(whole));
      expect(await findings(archive), where).toEqual([]);
      rmSync(archive, { recursive: true });
    }
}, 300_000);

describe("the captures that stay", () => {
  const capture = (name: string, isWhole = true) => ({ name, isWhole });
  const days = (...names: readonly string[]) => names.map((day) => capture(`${day}T120000Z`));
  const removed = (text: string, captures = TWO_YEARS, before: string | null = null) =>
    capturesToRemove(captures, { keep: parseKeep(text), before }).map((name) => name.slice(0, 8));
  const TWO_YEARS = days("20241230", "20250105", "20250106", "20250131", "20260101", "20260102");

  test.each<[string, readonly string[]]>([
    ["yearly", ["20250105", "20250106", "20260101"]],
    ["monthly:2", ["20241230", "20250105", "20250106", "20260101"]],
    // 2024-12-30 is a Monday, 2025-01-05 the Sunday of its week.
    ["weekly", ["20241230", "20260101"]],
    ["daily", []],
    ["last:2,monthly:1", ["20241230", "20250105", "20250106", "20250131"]],
    ["monthly:2,yearly", ["20250105", "20250106", "20260101"]],
  ])("%s", (rules, gone) => {
    expect(removed(rules)).toEqual(gone);
  });

  test("both options remove only what neither keeps", () => {
    expect(removed("yearly", TWO_YEARS, "2025-01-06")).toEqual(["20250105"]);
  });

  test("a capture without entries is the last of no period, and never leaves the newest whole one to go", () => {
    const captures = [...days("20260101", "20260102"), capture("20260103T000000Z", false)];
    expect(removed("last:1", captures)).toEqual(["20260101"]);
    const before = [...captures, capture("20260201T000000Z", false)];
    expect(removed("monthly", before)).toEqual(["20260101", "20260103"]);
  });
});
