/** What becomes of jobs on a real Redis. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { queueFleet } from "../../src/commands/fleet/on-machines.js";
import { fleetRetry } from "../../src/commands/fleet/retry.js";
import { fleetStatus } from "../../src/commands/fleet/status.js";
import { Silent } from "../../src/commands/terminal.js";
import { worker } from "../../src/commands/worker.js";
import { openQueue } from "../../src/fleet/queue.js";
import { findFleet } from "../../src/fleet/sites.js";
import { scratch } from "../commands/sitelift.js";
import { hasRedis, startRedis } from "./redis.js";

const HOST = "nowhere.example";

describe.skipIf(!hasRedis)("the jobs of a fleet on Redis (needs redis-server)", () => {
  const cwd = scratch();
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let options: { on: string; store: string };
  beforeAll(async () => {
    redis = await startRedis(cwd);
    options = { on: redis.url, store: join(cwd, "store") };
    const site = {
      name: "alpha",
      start: `http://${HOST}/list`,
      listing: { rows: ".row" },
      fields: { title: { article: "h1" }, body: { article: ".text" } },
    };
    writeFileSync(join(cwd, "alpha.json"), JSON.stringify(site));
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    await redis.lose();
    rmSync(options.store, { recursive: true, force: true });
    expect(await fill()).toBe(0);
  });

  const fill = async () =>
    (await queueFleet(await findFleet(["alpha.json"], cwd), options, new Silent())).exitCode;
  const onQueue = async <T>(work: (queue: Awaited<ReturnType<typeof openQueue>>) => Promise<T>) => {
    const queue = await openQueue(options.on, {});
    return work(queue).finally(() => queue[Symbol.asyncDispose]());
  };
  const waiting = () => onQueue(async (queue) => (await queue.counts(HOST)).waiting);

  test("stay where they are when a worker, or whoever looks, names another store", async () => {
    const other = { ...options, store: join(cwd, "other") };
    const work = join(cwd, "work");
    for (const run of [
      () => worker({ ...other, work, untilDone: true }, new Silent()),
      () => fleetStatus(other, new Silent()),
      () => fleetRetry([], other, new Silent()),
    ])
      await expect(run()).rejects.toMatchObject({
        exitCode: 2,
        message: `the queue in this Redis is not that of the store ${other.store}`,
      });
    expect(await waiting()).toBe(1);
    expect(await fleetStatus(options, new Silent())).toBe(0);
  });

  test("that are done are done again when the store lacks what they made", async () => {
    await onQueue(async (queue) => (await queue.take(HOST, 0))?.complete());
    expect(await waiting()).toBe(0);
    expect(await fill()).toBe(0);
    expect(await waiting()).toBe(1);
  });

  test("that no queue has are told by status, and put back by retry", async () => {
    await onQueue(async (queue) => (await queue.take(HOST, 0))?.complete());
    expect(await fleetStatus(options, new Silent())).toBe(1);
    expect((await fleetRetry(["alpha"], options, new Silent())).exitCode).toBe(0);
    expect(await waiting()).toBe(1);
    expect(await fleetStatus(options, new Silent())).toBe(0);
  });
});
