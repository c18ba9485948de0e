/** Forty sites on eight hosts, of which one is dead, one slow and one forbids: killed, and run again. */
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crawlSite } from "../../src/commands/crawl.js";
import { crawlFleet } from "../../src/commands/fleet.js";
import type { FleetIndex, Row } from "../../src/fleet/rows.js";
import { fleetIndex } from "../../src/fleet/rows.js";
import { findFleet } from "../../src/fleet/sites.js";
import { findWholeSite } from "../../src/site/load.js";
import { hashes } from "../capture/office.js";
import { hasty, Kept } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { startProgram } from "../program.js";
import { type Host, siteOn, startHost } from "./hosts.js";

const DELAY = 20;
const NAMES = ["dead", "slow", "closed", "red", "green", "blue", "black", "white"];
const HOSTS = NAMES.map((name) => `${name}.example`);
const SITES = ["site-1", "site-2", "site-3", "site-4", "site-5"];

const cwd = scratch();
const file = join(cwd, "fleet.yaml");
const out = join(cwd, "all");
let hosts: readonly Host[] = [];
let mapped: Record<string, { address: string; port: number }> = {};

beforeAll(async () => {
  const started = HOSTS.map((name) =>
    startHost(name, {
      ...(name === "slow.example" ? { slow: 60 } : {}),
      ...(name === "closed.example" ? { robots: "User-agent: *\nDisallow: /" } : {}),
    }),
  );
  hosts = await Promise.all(started);
  await hosts[0]?.close();
  mapped = Object.fromEntries(
    hosts.map(({ name, port }) => [name, { address: "127.0.0.1", port }]),
  );
  mkdirSync(join(cwd, "sites"));
  for (const host of HOSTS)
    for (const site of SITES)
      writeFileSync(
        join(cwd, "sites", `${host.split(".")[0]}-${site}.json`),
        JSON.stringify(siteOn(host, site)),
      );
  const paces = HOSTS.map((name) => `  ${name}: {delay: ${DELAY}, concurrency: 1}\n`);
  writeFileSync(file, `out: all\nevery: month\nhosts:\n${paces.join("")}sites: [sites/*.json]\n`);
});
afterAll(async () => {
  for (const host of hosts.slice(1)) await host.close();
});

const run = async (options: Parameters<typeof crawlFleet>[1] = {}, more = {}) => {
  const terminal = new Kept({ json: true });
  const found = await findFleet([file], cwd);
  const world = { hosts: mapped, clock: hasty, ...more };
  // biome-ignore lint/suspicious/noExplicitAny: as a program reads it
  const end: any = await crawlFleet(found, options, terminal, world);
  return { exitCode: end.exitCode, end, words: terminal.stderr };
};
const index = (): FleetIndex =>
  fleetIndex.parse(JSON.parse(readFileSync(join(out, "index.json"), "utf8")));

/** How the hosts that answer were asked: never faster than they may be, and by one request at a time. */
function expectPolite(asked: readonly Host["asked"][]): void {
  for (const all of asked) {
    const span = (all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0);
    // The first may come late, as its connection is made; no later one may.
    expect(span).toBeGreaterThan((all.length - 1) * DELAY - 5 * DELAY);
    expect(Math.max(...all.map(({ open }) => open))).toBe(1);
  }
}

test("a fleet that is killed goes on, asks no host too often, and writes the archives of single crawls", async () => {
  const alive = hosts.slice(1);
  const child = startProgram("fleet/running.ts", [file, JSON.stringify(mapped)]);
  const requests = () => alive.reduce((sum, { asked }) => sum + asked.length, 0);
  while (requests() < 60) await pause(10);
  child.kill("SIGKILL");
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  expectPolite(alive.map(({ asked }) => asked.splice(0)));
  expect(readdirSync(out)).not.toContain("index.json");

  const { exitCode, end, words } = await run();
  expect(words).toMatch(/: resuming captures\//);
  expect(exitCode).toBe(5);
  const verdicts = (name: string) =>
    end.sites
      .filter(({ host }: { host: string }) => host === name)
      .map((row: { verdict: string }) => row.verdict);
  expect(HOSTS.map((name) => [...new Set(verdicts(name))])).toEqual([
    ["unreachable"],
    ["complete"],
    ["unreachable"],
    ...HOSTS.slice(3).map(() => ["complete"]),
  ]);
  expect(end.sites).toHaveLength(40);
  expectPolite(alive.map(({ asked }) => asked));
  for (const { name, asked } of alive) {
    const robots = asked.filter(({ path }) => path === "/robots.txt");
    // A site that goes on has it already, and the others share one.
    expect(robots.length, name).toBeLessThanOrEqual(1);
  }
  expect(index().sites.filter(({ entries }) => entries === 2)).toHaveLength(30);
  const html = readFileSync(join(out, "index.html"), "utf8");
  expect(html).toContain('<a href="red-site-1/report.html">');
  expect(html).not.toMatch(/<script|<link|style="|src="/);

  for (const name of ["slow-site-1", "red-site-1", "green-site-3", "white-site-5"]) {
    const site = await findWholeSite(join(cwd, "sites", `${name}.json`), {}, cwd);
    const single = join(cwd, "single", name);
    await crawlSite(site, { out: single }, new Kept({}), { hosts: mapped, clock: hasty });
    expect(hashes(join(out, name)), name).toEqual(hashes(single));
  }
});

test("what is not due is not asked, and a name says what is asked in any case", async () => {
  for (const { asked } of hosts) asked.splice(0);
  const { exitCode, end } = await run({ only: ["red-*"], dryRun: true });
  expect(exitCode).toBe(0);
  expect(end.hosts).toMatchObject([{ host: "red.example", sites: 5, unknown: 0, requests: 25 }]);
  expect(hosts.flatMap(({ asked }) => asked)).toEqual([]);

  const due = await run();
  expect(due.exitCode).toBe(5);
  const ran = due.end.sites.filter(({ ran }: { ran: boolean }) => ran);
  expect(new Set(ran.map(({ host }: { host: string }) => host))).toEqual(
    new Set(HOSTS.slice(0, 1).concat("closed.example")),
  );
  expect(due.end.sites[5]).toMatchObject({ ran: false, verdict: "complete" });

  const named = await run({ only: ["red-site-2"] });
  expect(named.exitCode).toBe(0);
  expect(named.end.sites.filter(({ ran }: { ran: boolean }) => ran)).toMatchObject([
    { site: "red-site-2", entries: 2, new: 0, changed: 0, gone: 0, todo: null },
  ]);
  expect(index().sites.find(({ site }) => site === "red-site-2")?.trend.length).toBeGreaterThan(1);
});

test("an archive that is damaged is due, until it is whole again", async () => {
  const entries = join(out, "red-site-3", "entries.jsonl");
  const whole = readFileSync(entries);
  writeFileSync(entries, whole.subarray(0, 100));
  const { exitCode, end } = await run();
  expect(exitCode).toBe(2);
  const row = end.sites.find(({ site }: { site: string }) => site === "red-site-3");
  expect(row).toMatchObject({ verdict: "not valid", todo: expect.stringContaining("is damaged") });
  writeFileSync(entries, whole);
  expect((await run()).exitCode).toBe(5);
});

test("a dry run does not count a site that is not valid among those that would be crawled", async () => {
  const found = await findFleet(["sites/red-site-1.json", "sites/missing.json"], cwd);
  const terminal = new Kept({});
  const end = await crawlFleet(found, { dryRun: true, out: join(cwd, "dry") }, terminal);
  expect(end.exitCode).toBe(2);
  expect(terminal.stdout).toContain("1 site of 2 would be crawled");
  expect(terminal.stdout).toContain("1 site is not valid");
});

test("an archive that cannot be read costs its own site alone, and a host that no site has is told", async () => {
  const small = join(cwd, "small.yaml");
  const sites = ["sites/red-site-1.json", "sites/red-site-2.json"].join(", ");
  writeFileSync(
    small,
    `out: small\nhosts: {red.exmaple: {delay: 1}, "red.example:80": {delay: 1}}\nsites: [${sites}]\n`,
  );
  mkdirSync(join(cwd, "small"));
  writeFileSync(join(cwd, "small", "red-site-1"), "not a folder");
  const terminal = new Kept({ json: true });
  const world = { hosts: mapped, clock: hasty };
  const end = await crawlFleet(await findFleet([small], cwd), {}, terminal, world);
  expect(end.sites).toMatchObject([
    {
      site: "red-site-1",
      exitCode: 2,
      entries: null,
      todo: expect.stringContaining("cannot read"),
    },
    { site: "red-site-2", exitCode: 0, entries: 2, todo: null },
  ]);
  expect(end.exitCode).toBe(2);
  expect(terminal.stderr).toContain(
    "hosts: no site begins on red.exmaple or names it; check its spelling",
  );
  expect(terminal.stderr).toContain("red.example:80 or names it; a host is named without its port");
});

test("a fleet that is stopped finishes what is in hand and begins nothing more", async () => {
  const stop = new AbortController();
  const terminal = new Kept({ json: true });
  const found = await findFleet([file], cwd);
  for (const { asked } of hosts) asked.splice(0);
  const running = crawlFleet(found, { all: true, atOnce: 2 }, terminal, {
    ...{ hosts: mapped, clock: hasty, signal: stop.signal },
  });
  const green = hosts[4]?.asked ?? [];
  while (hosts.flatMap(({ asked }) => asked).length < 4) await pause(5);
  // Two runs at once would be two crawlers to a host.
  await expect(run({ all: true })).rejects.toMatchObject({ exitCode: 3 });
  stop.abort();
  const end = await running;
  expect(end.exitCode).toBe(130);
  const sites = end.sites as Row[];
  const ran = sites.filter((row) => row.ran);
  expect(ran.length).toBeLessThan(6);
  expect(sites.length - ran.length).toBeGreaterThan(30);
  expect(green.length).toBeLessThan(40);
});
