/** A fleet on many machines: workers that are killed, a Redis that is restarted and lost, and sites that measure. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { fetchArchive } from "../../src/fleet/objects.js";
import { openStore } from "../../src/fleet/open-store.js";
import { seededRandom } from "../../src/http/clock.js";
import { hashes } from "../capture/office.js";
import { crawlHere } from "../commands/here.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { DEEP } from "../deep.js";
import { hasRedis, startRedis } from "./redis.js";
import { KEYS, serveS3 } from "./s3-server.js";

const COMMAND = resolve(import.meta.dirname, "../../dist/src/cli.js");
const [DELAY, LOCK] = [80, "2s"];

/**
 * When each request of a host began and ended, by the clock of its sites. Where this process was busy or was left
 * waiting, a request may have come at any time since the look before the last one, which is `since`.
 */
const measured: { host: string; since: number; from: number; to: number }[] = [];
let [earlier, looked] = [performance.now(), performance.now()];
const look = setInterval(() => {
  [earlier, looked] = [looked, performance.now()];
}, 5);
afterAll(() => clearInterval(look));

/** A list of articles on a few pages, served on an address of this machine that counts as a host. */
async function serveList(host: string, name: string, articles: number) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/robots.txt") return response.writeHead(404).end();
    const one = { host, since: earlier, from: performance.now(), to: Number.POSITIVE_INFINITY };
    measured.push(one);
    response.on("close", () => {
      one.to = performance.now();
    });
    response.setHeader("content-type", "text/html");
    const html = (body: string) =>
      setTimeout(
        () => response.end(`<!DOCTYPE html><html lang="en"><body>${body}</body></html>`),
        5,
      );
    if (pathname !== "/list")
      return html(
        `<h1>${name} ${pathname.slice(1)}</h1><div class="text"><p>Words of ${pathname}.</p></div>`,
      );
    const page = Number(searchParams.get("page") ?? 0);
    const rows = Array.from({ length: articles }, (_, at) => at).slice(page * 5, page * 5 + 5);
    const next =
      (page + 1) * 5 < articles ? `<a class="next" href="/list?page=${page + 1}">next</a>` : "";
    return html(
      rows.map((at) => `<div class="row"><a href="/a${at}">${name} a${at}</a></div>`).join("") +
        next,
    );
  });
  server.listen(0, host);
  await once(server, "listening");
  return { server, start: `http://${host}:${(server.address() as AddressInfo).port}/list` };
}

const servers: { close(): unknown }[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Site files of sites on two hosts, two of them on one, and a fleet file. */
async function fleetOf(cwd: string, articles: number) {
  const sites = [
    ["alpha", "127.0.0.1"],
    ["beta", "127.0.0.1"],
    ["gamma", "127.0.0.2"],
  ] as const;
  for (const [name, host] of sites) {
    const { server, start } = await serveList(host, name, articles);
    servers.push(server);
    const site = {
      name,
      start,
      politeness: { delay: DELAY, concurrency: 1 },
      requisites: "none",
      listing: { rows: ".row", link: "a", next: "a.next" },
      fields: { title: { article: "h1" }, body: { article: ".text" } },
    };
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(site));
  }
  const names = sites.map(([name]) => name);
  writeFileSync(
    join(cwd, "fleet.yaml"),
    `sites: [${names.map((name) => `${name}.json`).join(", ")}]\n`,
  );
  return names;
}

/** Requests of a host overlap nowhere, and begin a delay after each other; a tenth is what timers and sockets may lose. */
function impolite(): string[] {
  const found: string[] = [];
  for (const host of new Set(measured.map((one) => one.host))) {
    const all = measured.filter((one) => one.host === host).sort((a, b) => a.from - b.from);
    for (const [at, one] of all.entries()) {
      const before = all[at - 1];
      if (before === undefined) continue;
      if (before.to > one.from) found.push(`${host}: request ${at} overlaps`);
      const sixth = all[at - 6];
      if (sixth !== undefined && one.from - sixth.since < 6 * DELAY * 0.8)
        found.push(`${host}: six requests in ${Math.round(one.from - sixth.from)} ms`);
    }
  }
  return found;
}

function startWorker(cwd: string, args: readonly string[]): ChildProcess {
  const more = ["--lock", LOCK, "--pages", "6", "--at-once", "2", "--work", join(cwd, "work")];
  const child = spawn(process.execPath, [COMMAND, "worker", ...args, ...more], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...KEYS },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}

describe.skipIf(!hasRedis)("a fleet on many machines (needs redis-server)", () => {
  // The two stores keep one contract, which store.test.ts holds: one of them will do.
  test.each([["S3", 12, 2], ...(DEEP ? [["a folder", 60, 10] as const] : [])] as const)(
    "over %s, whose workers are killed and whose Redis is restarted and lost, writes the archives of single crawls, and is polite",
    { timeout: DEEP ? 300_000 : 120_000 },
    async (kind, articles, kills) => {
      const cwd = scratch();
      mkdirSync(join(cwd, "redis"));
      const redis = await startRedis(join(cwd, "redis"));
      onTestFinished(() => redis.stop());
      const s3 = await serveS3();
      onTestFinished(() => s3.close());
      const names = await fleetOf(cwd, articles);
      for (const name of names) await crawlHere(cwd, join("one", name), { site: `${name}.json` });
      measured.length = 0;
      const place = kind === "S3" ? s3.place : join(cwd, "store");
      const on = ["--on", redis.url, "--store", place];
      const fleet = () => sitelift(["fleet", "fleet.yaml", ...on], { cwd, env: KEYS });
      const begun = await fleet();
      expect(begun.exitCode, begun.stderr).toBe(0);
      const workers = Array.from({ length: kills === 2 ? 2 : 3 }, () => startWorker(cwd, on));
      const random = seededRandom(22);
      for (let kill = 0; kill < kills; kill++) {
        await sleep(800 + 1200 * random());
        const at = Math.floor(random() * workers.length);
        await killed(workers[at] as ChildProcess);
        workers[at] = startWorker(cwd, on);
        if (kill === 0) await redis.restart();
        if (kill !== 1) continue;
        await redis.lose();
        await sleep(2_000);
        const again = await fleet();
        expect(again.exitCode, again.stderr).toBe(0);
      }
      const halfway = await sitelift(["fleet", "status", ...on, "--json"], { cwd, env: KEYS });
      if (kills === 10) expect(halfway.stdout, "each kill hit work").toContain('"walking"');
      const last = startWorker(cwd, [...on, "--until-done"]);
      const [code] = await once(last, "close");
      for (const one of workers) await killed(one);
      expect(code).toBe(0);
      const status = await sitelift(["fleet", "status", ...on, "--json"], { cwd, env: KEYS });
      expect(status.exitCode, status.stdout).toBe(0);
      const store = openStore(place, KEYS);
      const { sites } = JSON.parse(status.stdout);
      for (const { site, state, archive } of sites) {
        expect(state, site).toBe("ended");
        await fetchArchive(store, archive, join(cwd, "got", site), () => true);
        expect(hashes(join(cwd, "got", site)), site).toEqual(hashes(join(cwd, "one", site)));
        const verified = await sitelift(["verify", join("got", site)], { cwd });
        expect(verified.exitCode, verified.stdout).toBe(0);
      }
      expect(sites.map(({ site }: { site: string }) => site)).toEqual(names);
      expect(impolite()).toEqual([]);
      await store[Symbol.asyncDispose]();
    },
  );
});
