/** Jobs that failed for good: none of them is lost, and none goes on in words alone. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { expect, onTestFinished, test } from "vitest";
import { queueFleet } from "../../src/commands/fleet/on-machines.js";
import { fleetRetry } from "../../src/commands/fleet/retry.js";
import { failAttempt, giveUp, standingOf } from "../../src/commands/fleet/standings.js";
import { fleetStatus } from "../../src/commands/fleet/status.js";
import { writeStoredIndex } from "../../src/commands/fleet/stored-index.js";
import { redisErrors } from "../../src/commands/worker.js";
import { CliError, EXIT, type ExitCode } from "../../src/error.js";
import { openStore } from "../../src/fleet/open-store.js";
import { openQueue } from "../../src/fleet/queue.js";
import { findFleet } from "../../src/fleet/sites.js";
import { Snapshot } from "../../src/fleet/states.js";
import { Kept } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { hasRedis, startRedis } from "./redis.js";

const SLICE = { site: "site", snapshot: 1, slice: 3 };

test.each([
  { isLast: false, exitCode: EXIT.incomplete, isDown: false, ends: "fail", stopped: null },
  { isLast: true, exitCode: EXIT.incomplete, isDown: false, ends: "complete", stopped: 3 },
  { isLast: false, exitCode: EXIT.usage, isDown: false, ends: "complete", stopped: 2 },
  { isLast: true, exitCode: EXIT.incomplete, isDown: true, ends: "fail", stopped: null },
])("a job with %o is kept by the store, or by the queue", async (row) => {
  const store = openStore(join(scratch(), "store"), {});
  const down = async () => Promise.reject(new CliError("the store is down"));
  const ends: string[] = [];
  const held = {
    data: { ...SLICE, host: "a.example", rules: "" },
    isLast: row.isLast,
    complete: async () => void ends.push("complete"),
    fail: async () => void ends.push("fail"),
  };
  const error = new CliError("a full disk", { exitCode: row.exitCode as ExitCode });
  await failAttempt(held, error, row.isDown ? { ...store, create: down } : store);
  expect(ends).toEqual([row.ends]);
  expect((await new Snapshot(store, SLICE).stopped())?.exitCode ?? null).toBe(row.stopped);
});

test("what was fetched for a snapshot that is given up does not stay in the store", async () => {
  const store = openStore(join(scratch(), "store"), {});
  const snapshot = new Snapshot(store, SLICE);
  const rules = "0".repeat(64);
  await snapshot.begin({ version: 1, rules, host: "a", delay: 0, base: null, at: "2026-11-30" });
  await store.create(`${snapshot.captures}0-part`, Buffer.from("part"));
  const standing = await standingOf(store, { site: "site", snapshot: 1, slices: 0 });
  await giveUp(store, standing);
  expect(await store.list("captures/")).toEqual([]);
  expect(await snapshot.end()).toMatchObject({ archive: null, exitCode: 3 });
});

test("a store that nobody has used is not made for an index page", async () => {
  const place = join(scratch(), "typed-wrong");
  await writeStoredIndex(openStore(place, {}), [], new Kept({}));
  expect(existsSync(place)).toBe(false);
});

test("a worker says once a minute that Redis does not answer, however many queues it has", () => {
  const terminal = new Kept({});
  let now = 0;
  const onError = redisErrors(terminal, () => now);
  const refused = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
  for (now = 0; now < 120_000; now += 20_000) onError(refused);
  onError(new Error("READONLY"));
  expect(terminal.stderr).toBe("Redis: ECONNREFUSED\nRedis: ECONNREFUSED\nRedis: READONLY\n");
});

test.skipIf(!hasRedis)(
  "a slice that failed in the queue alone waits for a person, until retry lets it go on (needs redis-server)",
  async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, "redis"));
    const redis = await startRedis(join(cwd, "redis"));
    onTestFinished(() => redis.stop());
    const site = {
      ...{ name: "site", start: "http://a.example/list", requisites: "none" },
      ...{
        listing: { rows: "li", link: "a" },
        fields: { title: { article: "h1" }, body: { article: "p" } },
      },
    };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
    const options = { on: redis.url, store: join(cwd, "store") };
    const fleet = async () => {
      const terminal = new Kept({});
      const end = await queueFleet(await findFleet(["site.json"], cwd), options, terminal);
      return [end.exitCode, terminal.stdout.split("\n")[0]];
    };
    const dry = new Kept({});
    const found = await findFleet(["site.json"], cwd);
    expect((await queueFleet(found, { ...options, dryRun: true }, dry)).exitCode).toBe(0);
    expect(dry.stdout).toContain(
      "site: would begin, never crawled\n1 site of 1 would be in the queue",
    );
    expect(existsSync(options.store)).toBe(false);
    expect(await fleet()).toEqual([0, "site: begins, snapshot 1: never crawled"]);
    const queue = await openQueue(redis.url, {});
    onTestFinished(() => queue[Symbol.asyncDispose]());
    await (await queue.take("a.example", 0))?.fail(new UnrecoverableError("killed three times"));
    expect(await fleet()).toEqual([1, "site: waits for a person, killed three times"]);
    expect(await fleetStatus(options, new Kept({}))).toBe(1);
    expect((await fleetRetry([], options, new Kept({}))).exitCode).toBe(0);
    expect(await fleetStatus(options, new Kept({}))).toBe(0);
    expect((await queue.take("a.example", 0))?.data).toMatchObject({ site: "site", slice: 0 });
    const index = readFileSync(join(options.store, "index.html"), "utf8");
    expect(index).toContain("in work: 0 slices done");

    // What the store has lost is named, with what begins anew.
    writeFileSync(join(options.store, "state/site/0001/000000.json"), "{");
    rmSync(join(options.store, "state/site/0001/plan.json"));
    const status = new Kept({});
    expect(await fleetStatus(options, status)).toBe(1);
    expect(status.stdout).toContain("state/site/0001/plan.json in");
    expect(status.stdout).toContain("`sitelift fleet` with its fleet file begins it anew");
    const [code, words] = await fleet();
    expect([code, words]).toEqual([
      0,
      expect.stringMatching(/^site: begins, snapshot 2: state\/site/),
    ]);
    const second = join(options.store, "state/site/0002");
    writeFileSync(join(second, "000000.json"), "{");
    const damaged = new Kept({});
    expect(await fleetStatus(options, damaged)).toBe(1);
    expect(damaged.stdout).toContain("`sitelift fleet retry site --anew` begins it anew");
    const anew = new Kept({});
    expect((await fleetRetry(["site"], { ...options, anew: true }, anew)).exitCode).toBe(0);
    expect(anew.stdout).toContain("site: snapshot 3 begins, from nothing");
    expect(await fleetStatus(options, new Kept({}))).toBe(0);
  },
);
