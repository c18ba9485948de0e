import { expect, test } from "vitest";
import { loadEngine, openQueue } from "../../src/fleet/queue.js";
import { sitelift } from "../commands/sitelift.js";

test.each(["bullmq", "ioredis"])(
  "without the package %s its name and what installs it are said",
  async (missing) => {
    const load = async (name: string) => {
      if (name !== missing) return {};
      throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    };
    await expect(loadEngine(load)).rejects.toMatchObject({
      exitCode: 2,
      message: `--on needs the package ${missing}, which is not installed`,
      hint: "npm install bullmq@6.7.0 ioredis@5.11.1",
    });
  },
);

test.each(["localhost:6379", "http://localhost", "redis://", ""])(
  "%s is refused as the URL of a Redis",
  async (url) => {
    await expect(openQueue(url, {})).rejects.toMatchObject({ exitCode: 2 });
  },
);

test("a Redis that does not answer is named, with exit code 3", async () => {
  await expect(openQueue("redis://127.0.0.1:9", {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("the Redis at redis://127.0.0.1:9 cannot be used"),
  });
});

test.each([
  [["fleet", "demo", "--on", "redis://127.0.0.1:9"], "--on needs --store"],
  [["fleet", "demo", "--store", "x"], "--store needs --on"],
  [
    ["fleet", "demo", "--on", "redis://127.0.0.1:9", "--store", "x", "--at-once", "2"],
    "cannot be used with",
  ],
  [["fleet", "status", "--store", "x"], "required option '--on <redis>' not specified"],
  [["worker", "--on", "redis://127.0.0.1:9"], "required option '--store <place>' not specified"],
  [["worker", "--on", "redis://a:b@127.0.0.1:9", "--store", "x"], "REDIS_PASSWORD"],
  [["worker", "--on", "redis://127.0.0.1:9", "--store", "ftp://x/y"], "is not a store"],
])("%s is bad use, and says so", async (args, words) => {
  const { exitCode, stderr } = await sitelift(args);
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toContain(words);
});
