/** What becomes of a slice, by how the walk ended. */

import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runSlice, type SliceWorld } from "../../src/commands/fleet/slice.js";
import { storeSite } from "../../src/commands/fleet/stored-site.js";
import { openStore } from "../../src/fleet/open-store.js";
import { Snapshot } from "../../src/fleet/states.js";
import { findWholeSite } from "../../src/site/load.js";
import { hasty } from "../commands/here.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { hasRedis, startRedis } from "./redis.js";

/** Answers by path, from the n-th request on; without one, a list of two articles. */
type Answers = (
  path: string,
  asked: number,
) => readonly [status: number, headers?: object, body?: string] | null;

async function served(answers: Answers, port = 0) {
  const asked = new Map<string, number>();
  const server = createServer(({ url = "/" }, response) => {
    asked.set(url, (asked.get(url) ?? 0) + 1);
    const [status, headers = {}, given] = answers(url, asked.get(url) ?? 0) ?? [
      url === "/robots.txt" ? 404 : 200,
    ];
    response.writeHead(status, {
      "content-type": "text/html",
      date: new Date().toUTCString(),
      ...headers,
    });
    const rows = ["/a", "/b"].map(
      (path) => `<li class="row"><a href="${path}">An article ${path}</a></li>`,
    );
    const body =
      url === "/list" ? rows.join("") : `<h1>An article ${url}</h1><div class="text">Words</div>`;
    response.end(given ?? `<!DOCTYPE html><html lang="en"><body>${body}</body></html>`);
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  return { port: (server.address() as AddressInfo).port, asked, stop };
}

function writeSite(cwd: string, name: string, port: number, rows = ".row"): void {
  const site = {
    name,
    start: `http://127.0.0.1:${port}/list`,
    politeness: { delay: 0, concurrency: 1 },
    requisites: "none",
    listing: { rows, link: "a" },
    fields: { title: { article: "h1" }, body: { article: ".text" } },
  };
  writeFileSync(join(cwd, `${name}.json`), JSON.stringify(site));
}

/** Does slice after slice of a site in this process. */
async function slicesOf(
  answers: Answers,
  { rows = ".row", port: given = -1, requests = 200 } = {},
) {
  const cwd = scratch();
  const { port, asked } = await served(answers);
  writeSite(cwd, "site", given < 0 ? port : given, rows);
  const store = openStore(join(cwd, "store"), {});
  const rules = await storeSite(store, {
    site: await findWholeSite(join(cwd, "site.json"), {}),
    options: {},
  });
  const snapshot = new Snapshot(store, { site: "site", snapshot: 1 });
  const at = new Date().toISOString();
  await snapshot.begin({ version: 1, rules, host: "127.0.0.1", delay: 0, base: null, at });
  const work = join(cwd, "work");
  mkdirSync(work);
  const world: SliceWorld = {
    store,
    work,
    most: { requests, ms: 60_000 },
    again: { times: 2, ms: 1000 },
    signal: new AbortController().signal,
    world: { clock: hasty },
  };
  const slice = (k: number) => runSlice({ site: "site", snapshot: 1, slice: k }, world);
  return { slice, asked };
}

describe("a slice", () => {
  test("of a host that asks for a long pause ends, and says how long the host rests", async () => {
    const { slice } = await slicesOf((path, n) =>
      path === "/b" && n === 1 ? [429, { "retry-after": "30" }] : null,
    );
    const first = await slice(0);
    expect(first).toMatchObject({ next: "slice", limited: true });
    expect(first.next === "slice" && first.waitMs).toBeGreaterThan(25_000);
    expect(await slice(1)).toMatchObject({ next: "archive" });
  });

  test("of one page that asks for a day of rest leaves the host to the other pages, as one crawl does", async () => {
    const { slice, asked } = await slicesOf((path) =>
      path === "/a" ? [429, { "retry-after": "86400" }] : null,
    );
    expect(await slice(0)).toMatchObject({ next: "slice", limited: false, waitMs: 1000 });
    expect([asked.get("/a"), asked.get("/b")]).toEqual([1, 1]);
  });

  test("that lacks something is followed by others that ask for it again, later and later, and in the end by the archive", async () => {
    const { slice, asked } = await slicesOf((path) => (path === "/b" ? [500] : null));
    expect(await slice(0)).toMatchObject({ next: "slice", waitMs: 1000 });
    const [once, list] = [asked.get("/b") ?? 0, asked.get("/list")];
    expect(await slice(1)).toMatchObject({ next: "slice", waitMs: 2000 });
    expect(asked.get("/b")).toBe(2 * once);
    expect(await slice(2)).toMatchObject({ next: "archive" });
    expect(asked.get("/list"), "what came is not asked for again").toBe(list);
  });

  test("that is cut off while it asks again counts on: in the end the archive is made all the same", async () => {
    const { slice, asked } = await slicesOf((path) => (path === "/b" ? [500] : null), {
      requests: 2,
    });
    const after = [];
    do after.push(await slice(after.length));
    while (after.at(-1)?.next === "slice" && after.length < 12);
    expect(after.at(-1)).toMatchObject({ next: "archive" });
    const waits = after.flatMap((one) =>
      one.next === "slice" && one.waitMs > 0 ? one.waitMs : [],
    );
    expect(waits).toEqual([1000, 2000]);
    expect(asked.get("/a")).toBe(1);
  });

  test("leaves nothing that listens to the signal of its worker, which would keep every walk", async () => {
    const made = vi.spyOn(AbortSignal, "any");
    onTestFinished(() => made.mockRestore());
    const { slice } = await slicesOf(() => null);
    expect(await slice(0)).toMatchObject({ next: "archive" });
    const signals = made.mock.results.map(({ value }) => value.aborted);
    expect(signals.length).toBeGreaterThan(1);
    expect(signals).not.toContain(false);
  });

  test("that got what was lacking goes on to the archive", async () => {
    const { slice } = await slicesOf((path, n) => (path === "/b" && n < 5 ? [500] : null));
    expect(await slice(0)).toMatchObject({ next: "slice" });
    expect(await slice(1)).toMatchObject({ next: "archive" });
  });

  test("of a site whose selectors match nothing is parked", async () => {
    const { slice } = await slicesOf(() => null, { rows: ".other" });
    expect(await slice(0)).toMatchObject({ next: "stopped", why: "parked" });
  });

  const forbid = (path: string) =>
    [200, { "content-type": "text/plain" }, `User-agent: *\nDisallow: ${path}`] as const;
  test.each<[string, "host" | "unreachable", Answers, number?]>([
    ["that does not answer", "host", () => null, 9],
    ["whose robots.txt is an error", "host", (path) => (path === "/robots.txt" ? [500] : null)],
    ["whose start page is an error", "host", (path) => (path === "/list" ? [502] : null)],
    ["without this start page", "unreachable", (path) => (path === "/list" ? [404] : null)],
    [
      "that forbids the list",
      "unreachable",
      (path) => (path === "/robots.txt" ? forbid("/list") : null),
    ],
  ])("of a host %s stops: %s", async (_, why, answers, port = -1) => {
    const { slice } = await slicesOf(answers, { port });
    expect(await slice(0)).toMatchObject({ next: "stopped", why });
  });
});

test.skipIf(!hasRedis)(
  "a stopped host and a parked site wait for a person, whatever becomes of Redis, and retry or a mended site file lets them go on (needs redis-server)",
  async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, "redis"));
    const redis = await startRedis(join(cwd, "redis"));
    onTestFinished(() => redis.stop());
    const down = await served(() => null);
    await down.stop();
    const up = await served(() => null);
    writeSite(cwd, "down", down.port);
    writeFileSync(join(cwd, "fleet.yaml"), "sites: [down.json]\n");
    const on = ["--on", redis.url, "--store", "store"];
    const run = async (...args: string[]) => {
      const ended = await sitelift([...args, ...on], { cwd });
      return [ended.exitCode, ended.stdout + ended.stderr] as const;
    };
    const work = () => run("worker", "--until-done", "--lock", "4s", "--work", join(cwd, "work"));

    await run("fleet", "fleet.yaml");
    const [left, said] = await work();
    expect(left, said).toBe(1);
    expect(said).toContain("1 site waits for a person");
    const [waits, words] = await run("fleet", "status");
    expect(waits, words).toBe(1);
    expect(words).toContain("host stopped");
    await redis.lose();
    const [code, again] = await run("fleet", "fleet.yaml");
    expect(code, again).toBe(5);
    expect(again).toContain("down: waits for a person");
    await served(() => null, down.port);
    expect((await run("fleet", "retry", "downn"))[1]).toContain('Did you mean "down"?');
    // Not the first one where this machine was too busy to keep its lock.
    expect((await run("fleet", "retry"))[1]).toMatch(/down: goes on with slice \d/);
    await work();
    expect((await run("fleet", "status"))[0]).toBe(0);

    // The template of another site has changed; its host goes on.
    writeSite(cwd, "drifted", up.port, ".other");
    writeFileSync(join(cwd, "fleet.yaml"), "every: month\nsites: [down.json, drifted.json]\n");
    expect((await run("fleet", "fleet.yaml"))[1]).toContain("down: not due");
    await work();
    expect((await run("fleet", "status"))[1]).toContain("parked");
    expect((await run("fleet", "fleet.yaml"))[1]).toContain("drifted: waits for a person");
    expect((await run("fleet", "retry", "drifted"))[1]).toContain("drifted: snapshot 2 begins");
    await work();
    writeSite(cwd, "drifted", up.port);
    expect((await run("fleet", "fleet.yaml"))[1]).toContain("snapshot 3: with the new site file");
    expect((await work())[0]).toBe(0);
    const [done, table] = await run("fleet", "status");
    expect(done, table).toBe(0);
    expect(table).toMatch(/drifted +3 +ended/);
    const { sites } = JSON.parse(readFileSync(join(cwd, "store/index.json"), "utf8"));
    expect(sites).toMatchObject([
      { site: "down", entries: 2, new: 2, verdict: "complete" },
      { site: "drifted", entries: 2, report: expect.stringMatching(/^archives\/drifted\/0003-/) },
    ]);
    const page = readFileSync(join(cwd, "store/index.html"), "utf8");
    expect(page).toContain(`<a href="${sites[1].report}">`);
    expect(existsSync(join(cwd, "store", sites[1].report))).toBe(true);

    // What the store has lost, with the command that begins anew from what it has whole.
    const archive = sites[1].report.replace("report.html", "");
    rmSync(join(cwd, "store", archive, "entries.jsonl"));
    await run("fleet", "fleet.yaml", "--only", "drifted");
    await work();
    const [lost, what] = await run("fleet", "status");
    expect([lost, what]).toEqual([1, expect.stringContaining(`${archive}entries.jsonl in`)]);
    expect(what).toContain("sitelift fleet retry drifted --anew");
    expect((await run("fleet", "retry", "drifted", "--anew"))[1]).toContain("snapshot 5 begins");
    expect((await work())[0]).toBe(0);
  },
);
