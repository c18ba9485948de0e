/** What makes a site due before its period ends, and what a fleet says of a site that is not as it was. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crawlSite } from "../../src/commands/crawl.js";
import { crawlFleet } from "../../src/commands/fleet.js";
import { realDisk } from "../../src/disk/disk.js";
import type { Row } from "../../src/fleet/rows.js";
import { type Fleet, findFleet } from "../../src/fleet/sites.js";
import { findWholeSite } from "../../src/site/load.js";
import { hasty, Kept } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type Host, siteOn, startHost } from "./hosts.js";

const cwd = scratch();
const out = join(cwd, "all");
let host: Host;
beforeAll(async () => {
  host = await startHost("red.example");
  writeFileSync(join(cwd, "fleet.yaml"), "out: all\nevery: year\nsites: [one.json, two.json]\n");
  for (const [name, site] of [["one", "site-1"] as const, ["two", "site-2"] as const])
    write(name, site);
});
afterAll(() => host.close());

function write(file: string, site: string, more: object = {}): void {
  writeFileSync(join(cwd, `${file}.json`), JSON.stringify({ ...siteOn(host.name, site), ...more }));
}

async function run(options: Parameters<typeof crawlFleet>[1] = {}, given?: Fleet) {
  const terminal = new Kept({ json: true });
  const hosts = { "red.example": { address: "127.0.0.1", port: host.port } };
  const found = given ?? (await findFleet(["fleet.yaml"], cwd));
  const end = await crawlFleet(found, options, terminal, { hosts, clock: hasty });
  const sites = end.sites as Row[];
  const ran = sites.filter((row) => row.ran);
  return { exitCode: end.exitCode, ran, end, words: terminal.stderr };
}

test("a site is due at once when its site file has changed, and not again after that", async () => {
  write("one", "site-1", { listing: { rows: "tr", link: "a", next: [] } });
  expect((await run()).exitCode).toBe(4);
  expect((await run()).ran).toEqual([]);
  write("one", "site-1");
  const mended = await run();
  expect(mended.ran).toMatchObject([{ site: "red-site-1", exitCode: 0 }]);
  expect(mended.exitCode).toBe(0);
  expect((await run()).ran).toEqual([]);
  // What is accepted is not a rule of reading, and an answer to findings all the same.
  write("two", "site-2", {
    accept: [{ finding: "page-short", place: "/b", count: 1, reason: "c" }],
  });
  expect((await run()).ran).toMatchObject([{ site: "red-site-2" }]);
  expect((await run()).ran).toEqual([]);
  // Without the index, the snapshot knows what is read.
  rmSync(join(out, "index.json"));
  expect((await run()).ran).toEqual([]);
  write("one", "site-1", { fields: { title: { listing: "a" }, body: { article: "p" } } });
  expect((await run()).ran).toMatchObject([{ site: "red-site-1" }]);
});

test("a site file that is broken while a fleet begins costs its own site alone", async () => {
  const found = await findFleet(["fleet.yaml"], cwd);
  writeFileSync(join(cwd, "one.json"), "{");
  const { exitCode, ran } = await run({}, found);
  expect(exitCode).toBe(2);
  expect(ran).toMatchObject([{ site: "red-site-1", verdict: "not valid" }]);
  write("one", "site-1", { fields: { title: { listing: "a" }, body: { article: "p" } } });
  expect((await run()).exitCode).toBe(0);
});

test("an archive that has lost all its snapshots is not a new one, and its loss is reported", async () => {
  rmSync(join(out, "red-site-2", "snapshots"), { recursive: true });
  const dry = await run({ dryRun: true });
  expect(dry.words).toContain("red-site-2: the archive has lost its snapshots");
  const { exitCode, ran } = await run();
  expect(exitCode).toBe(1);
  expect(ran).toMatchObject([{ site: "red-site-2", verdict: "findings" }]);
  expect(ran[0]?.todo).toContain("restore snapshots/ from a copy");
  expect(readFileSync(join(out, "red-site-2", "account.md"), "utf8")).toContain(
    "no snapshot of an earlier run",
  );
  expect(readFileSync(join(out, "index.html"), "utf8")).toContain("has lost its snapshots");
  expect((await run()).ran).toEqual([]);
});

test("an archive whose first run was cut off before its snapshot was in place has lost none", async () => {
  const folder = join(out, "red-site-2");
  rmSync(folder, { recursive: true });
  const site = await findWholeSite(join(cwd, "two.json"), {}, cwd);
  const rename: typeof realDisk.rename = (from, to) => {
    if (to.includes("snapshots")) throw new Error("cut off");
    return realDisk.rename(from, to);
  };
  const hosts = { "red.example": { address: "127.0.0.1", port: host.port } };
  const world = { hosts, clock: hasty, disk: { ...realDisk, rename } };
  await expect(crawlSite(site, { out: folder }, new Kept({}), world)).rejects.toThrow("cut off");
  expect(existsSync(join(folder, "archive.json"))).toBe(true);
  expect(await run()).toMatchObject({ exitCode: 0, ran: [{ verdict: "complete" }] });
  expect(readFileSync(join(folder, "account.md"), "utf8")).not.toContain(
    "no snapshot of an earlier",
  );
});

test("what to do about an error is in the table and on the index page", async () => {
  const entries = join(out, "red-site-2", "entries.jsonl");
  writeFileSync(entries, readFileSync(entries).subarray(0, 100));
  const { exitCode, ran, words } = await run();
  expect(exitCode).toBe(2);
  expect(ran[0]?.todo).toContain("`sitelift verify` lists every damage");
  expect(words).toContain("hint: `sitelift verify` lists");
  expect(readFileSync(join(out, "index.html"), "utf8")).toContain("lists every damage");
});
