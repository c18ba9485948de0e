/**
 * The queue of a fleet on Redis, by BullMQ: one queue for each host, of which one job at a time is worked on, whatever
 * the number of workers, and one for the archives. It holds the plan and nothing else: what is lost is made again from
 * the store.
 */
import { randomUUID } from "node:crypto";
import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { hashOf } from "../disk/read.js";
import { CliError, EXIT } from "../error.js";
import { parseUrl } from "../text.js";
import { ATTEMPTS, type FleetJob, HeldJob } from "./job.js";
import type { Variables } from "./store.js";

/** Name of the queue of archives: no host has a space in it. */
export const ARCHIVES = "the archives";
/** So often is a job begun again whose worker was killed. */
const STALLED = 2;
/** Seconds for which jobs that are done are kept. What was done is in the store. */
const KEPT = { age: 7 * 24 * 3600, count: 10_000 };
const PREFIX = "sitelift";
const HOSTS = `${PREFIX}:hosts`;
const STORE = `${PREFIX}:store`;

type Engine = Pick<typeof import("bullmq"), "Queue" | "Worker"> & {
  readonly Redis: typeof import("ioredis").Redis;
};

/** @throws {CliError} exit code 2, when a package is not installed */
export async function loadEngine(
  load: (name: "bullmq" | "ioredis") => Promise<unknown> = (name) =>
    name === "bullmq" ? import("bullmq") : import("ioredis"),
): Promise<Engine> {
  const loaded = async (name: "bullmq" | "ioredis") =>
    load(name).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
      throw new CliError(`--on needs the package ${name}, which is not installed`, {
        hint: "npm install bullmq@6.7.0 ioredis@5.11.1",
        cause,
      });
    });
  const [bullmq, ioredis] = [await loaded("bullmq"), await loaded("ioredis")];
  return { ...(bullmq as Engine), Redis: (ioredis as Engine).Redis };
}

/**
 * @param url `redis://host:port/database`, or `rediss://` for TLS
 * @param env REDIS_USERNAME and REDIS_PASSWORD: a command line is in the list of processes
 * @param lockMs how long a job stays with a worker that is silent
 * @throws {CliError} when it is not the URL of a Redis, or does not answer
 */
export async function openQueue(
  url: string,
  env: Variables,
  lockMs = 30_000,
  onError: (error: Error) => void = () => {},
): Promise<FleetQueue> {
  const parsed = parseUrl(url);
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "")
    throw new CliError(`"${url}" is not the URL of a Redis`, {
      hint: "Give redis://host:6379, or rediss:// for TLS.",
    });
  const engine = await loadEngine();
  const { REDIS_USERNAME: username, REDIS_PASSWORD: password } = env;
  const redis = new engine.Redis(url, {
    lazyConnect: true,
    connectTimeout: 10_000,
    // BullMQ asks for this: what is asked while Redis restarts waits for it.
    maxRetriesPerRequest: null,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  });
  let isOpen = false;
  redis.on("error", (error) => {
    if (isOpen) onError(error);
  });
  try {
    await redis.connect();
    await redis.ping();
    isOpen = true;
    return new FleetQueue(engine, redis, lockMs, onError);
  } catch (cause) {
    redis.disconnect();
    throw new CliError(`the Redis at ${url} cannot be used: ${(cause as Error).message}`, {
      exitCode: EXIT.incomplete,
      hint: "Is it running? A password goes into REDIS_PASSWORD.",
      cause,
    });
  }
}

export class FleetQueue implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #redis: Redis;
  readonly #lockMs: number;
  readonly #onError: (error: Error) => void;
  readonly #queues = new Map<string, Queue<FleetJob>>();
  readonly #workers = new Map<
    string,
    { readonly worker: Worker<FleetJob>; readonly delay: number }
  >();

  constructor(engine: Engine, redis: Redis, lockMs: number, onError: (error: Error) => void) {
    this.#engine = engine;
    this.#redis = redis;
    this.#lockMs = lockMs;
    this.#onError = onError;
  }

  /** Makes this the queue of a store, if it is of none yet. @param id of the store */
  async claim(id: string): Promise<void> {
    await this.#redis.set(STORE, id, "NX");
  }

  /**
   * A worker with another store would end every job for want of its plan.
   *
   * @throws {CliError} exit code 2, when the jobs are those of another store
   */
  async expectStore(id: string | null, name: string): Promise<void> {
    const known = await this.#redis.get(STORE);
    if (known === null || known === id) return;
    throw new CliError(`the queue in this Redis is not that of the store ${name}`, {
      hint: "Give the --store of the fleet that filled it. A new store needs another database, such as redis://host:6379/1.",
    });
  }

  /** Every host, and the milliseconds between two of its requests. */
  async hosts(): Promise<ReadonlyMap<string, number>> {
    const all = await this.#redis.hgetall(HOSTS);
    return new Map(Object.entries(all).map(([host, delay]) => [host, Number(delay)]));
  }

  /** Adds a slice to the queue of its host. One that is there already is not added again. @param waitMs before it may begin */
  async add(
    job: FleetJob,
    { delay, waitMs = 0 }: { delay: number; waitMs?: number },
  ): Promise<void> {
    const known = Number((await this.#redis.hget(HOSTS, job.host)) ?? -1);
    if (delay > known) await this.#redis.hset(HOSTS, job.host, delay);
    await this.#queue(job.host).setGlobalConcurrency(1);
    await this.#put(job.host, "slice", job, waitMs);
  }

  /** Adds the making of the archive after the last slice. */
  async addArchive(job: FleetJob): Promise<void> {
    await this.#put(ARCHIVES, "archive", { ...job, isArchive: true });
  }

  /** BullMQ passes over a job that it has done. Whoever asks for it again lacks what it should have stored. */
  async #put(name: string, kind: string, job: FleetJob, delay = 0): Promise<void> {
    const queue = this.#queue(name);
    const id = jobId(job);
    if ((await queue.getJobState(id)) === "completed") await queue.remove(id);
    await queue.add(kind, job, { ...this.#options, jobId: id, delay });
  }

  /** True where neither a job nor the one before it, which is about to add it, is in its queue. */
  async lacks(job: FleetJob): Promise<boolean> {
    const states = await Promise.all([
      this.#queue(job.host).getJobState(jobId(job)),
      this.#queue(job.host).getJobState(jobId({ ...job, slice: job.slice - 1 })),
      this.#queue(ARCHIVES).getJobState(jobId(job)),
    ]);
    return states.every((state) => state === "completed" || state === "unknown");
  }

  /** Takes what is left of a job out of its queue, so that it can be added again. */
  async forget(job: FleetJob): Promise<void> {
    for (const name of [job.host, ARCHIVES])
      await this.#queue(name)
        .remove(jobId(job))
        .catch(() => 0);
  }

  async failed(): Promise<readonly { readonly job: FleetJob; readonly reason: string }[]> {
    const found = [];
    for (const name of [...(await this.hosts()).keys(), ARCHIVES])
      for (const { data: job, failedReason: reason } of await this.#queue(name).getFailed(0, 999))
        found.push({ job, reason });
    return found;
  }

  /** How many jobs of a queue are in which state, and milliseconds until the next one may begin. */
  async counts(name: string) {
    const queue = this.#queue(name);
    const states = ["waiting", "active", "delayed", "failed"] as const;
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await queue.getJobCounts(...states);
    const isPaused = await queue.isPaused();
    const limitedMs = Math.max(0, await queue.getRateLimitTtl());
    return { waiting, active, delayed, failed, isPaused, limitedMs };
  }

  /** No slice of the host begins until it is resumed. */
  pause(host: string): Promise<void> {
    return this.#queue(host).pause();
  }

  resume(host: string): Promise<void> {
    return this.#queue(host).resume();
  }

  /** No slice of the host begins in the next milliseconds. */
  limit(host: string, ms: number): Promise<void> {
    return this.#queue(host).rateLimit(ms);
  }

  /**
   * The next job of a queue; null when there is none that may begin now.
   *
   * @param delay milliseconds between two requests of the host
   */
  async take(name: string, delay: number): Promise<HeldJob | null> {
    const worker = await this.#worker(name, delay);
    const token = randomUUID();
    const job = await worker.getNextJob(token, { block: false });
    return job === undefined ? null : new HeldJob(job, token, lockOf(this.#lockMs, delay));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { worker } of this.#workers.values())
      await worker.close(true).catch(() => undefined);
    for (const queue of this.#queues.values()) await queue.close().catch(() => undefined);
    this.#redis.disconnect();
  }

  get #options() {
    return {
      attempts: ATTEMPTS,
      backoff: { type: "exponential", delay: this.#lockMs },
      removeOnComplete: KEPT,
      removeOnFail: false,
    };
  }

  #queue(name: string): Queue<FleetJob> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const { Queue } = this.#engine;
    const queue = new Queue<FleetJob>(queueName(name), { connection: this.#redis, prefix: PREFIX });
    queue.on("error", this.#onError);
    this.#queues.set(name, queue);
    return queue;
  }

  /** A worker whose jobs are taken one by one: then one process serves any number of hosts, and works on some. */
  async #worker(name: string, delay: number): Promise<Worker<FleetJob>> {
    const known = this.#workers.get(name);
    if (known?.delay === delay) return known.worker;
    const { Worker } = this.#engine;
    const worker = new Worker<FleetJob>(queueName(name), null, {
      connection: this.#redis,
      prefix: PREFIX,
      autorun: false,
      lockDuration: lockOf(this.#lockMs, delay),
      stalledInterval: this.#lockMs,
      maxStalledCount: STALLED,
      ...(name === ARCHIVES ? {} : { limiter: { max: 1, duration: Math.max(1, delay) } }),
    });
    worker.on("error", this.#onError);
    // Before anything is waited for: the slots of this process share it.
    this.#workers.set(name, { worker, delay });
    await known?.worker.close(true);
    await worker.startStalledCheckTimer();
    return worker;
  }
}

/** A job whose worker was killed is not begun again before the host has had its delay: half of a lock is left at least. */
function lockOf(lockMs: number, delay: number): number {
  return Math.max(lockMs, 2 * delay);
}

/** BullMQ takes no colon in a name, and an IPv6 address has some. */
function queueName(name: string): string {
  return name === ARCHIVES ? "archives" : `host.${name.replaceAll(":", "_")}`;
}

/** Adding the same slice twice is one job. */
function jobId({ rules, site, snapshot, slice }: FleetJob): string {
  const text = JSON.stringify([rules, site, snapshot, slice]);
  return `s${hashOf(text)}`;
}
