/** A Redis of a test on a loopback port, where redis-server is installed (Debian's package redis-server). */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { Redis } from "ioredis";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** @param folder for its append-only file */
export async function startRedis(folder: string) {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = async () => {
    const more = ["--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    const args = ["--port", `${port}`, "--bind", "127.0.0.1", ...more];
    const child = spawn("redis-server", args, { stdio: "ignore" });
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    redis.on("error", () => undefined);
    await redis.ping();
    redis.disconnect();
    return child;
  };
  let child = await start();
  const stop = async () => {
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    url,
    /** As after a loss of power: what is in its append-only file is there again. */
    restart: async () => {
      await stop();
      child = await start();
    },
    /** Forgets everything. */
    lose: async () => {
      const redis = new Redis(url);
      await redis.flushall();
      redis.disconnect();
    },
    stop,
  };
}
