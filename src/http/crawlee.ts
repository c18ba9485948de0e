/** Crawlee as the scheduler of attempts. Nothing else knows it. */
import { AsyncResource } from "node:async_hooks";
import process from "node:process";
import type { Configuration, IRequestManager, Request as Task } from "@crawlee/basic";
import type { Frontier, PageRequest } from "../model.js";
import type { Clock } from "./clock.js";

export interface Schedule {
  readonly frontier: Frontier;
  /** Attempts that may run at a time. */
  readonly slots: number;
  readonly clock: Clock;
  /** Ends the schedule: no further attempt begins, and those that run come to their end. */
  readonly signal: AbortSignal;
  /**
   * Makes an attempt at a request. Must not reject.
   *
   * @param attempt from 1
   * @returns milliseconds until the next attempt; null when there is none
   */
  readonly run: (request: PageRequest, attempt: number) => Promise<number | null>;
}

/** Attempts the requests of a frontier until it is finished. */
export async function schedule({ frontier, slots, clock, signal, run }: Schedule): Promise<void> {
  // Crawlee costs half a second to load, which only a crawl should pay.
  const { BasicCrawler, Configuration, Log, LogLevel, Request } = await import("@crawlee/basic");
  const wake = () => void crawler.autoscaledPool?.notify();
  // Crawlee counts by these; it delays and remembers by domain, and an IP address has none.
  const newTask = (order: number) => new Request({ url: `http://127.0.0.1/${order}` });
  const queue = new RequestQueue(frontier, newTask, wake);
  // Out of Crawlee's context: undici's timer keeps that of a task for good, and with it the whole walk.
  const attempt = AsyncResource.bind(async (task: Task) => {
    const { request, attempts } = queue.open(task);
    const wait = await run(request, attempts);
    if (wait !== null) queue.retry(request, attempts, clock.sleep(wait, signal));
  });
  class Crawler extends BasicCrawler {
    // Crawlee 3.18 has an option for this in its types, and rejects it at run time.
    protected override requestManager = queue;
  }
  const crawler = new Crawler(
    {
      log: new Log({ level: LogLevel.OFF }),
      minConcurrency: slots,
      maxConcurrency: slots,
      autoscaledPoolOptions: {
        desiredConcurrency: slots,
        // Crawlee looks for work after each task, and when it is woken; this is only for safety.
        maybeRunIntervalSecs: 0.25,
        loggingIntervalSecs: null,
      },
      maxRequestRetries: 0,
      requestHandlerTimeoutSecs: 2 ** 31 / 1000 - 1,
      useSessionPool: false,
      statisticsOptions: { persistenceOptions: { enable: false }, saveErrorSnapshots: false },
      requestHandler: ({ request }) => {
        dropInterrupts();
        return attempt(request);
      },
    },
    quietConfiguration(Configuration),
  );
  const dropInterrupts = interruptsSince();
  const stop = () => queue.stop();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    await crawler.run();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

interface Attempt {
  readonly request: PageRequest;
  /** Number of the attempt, from 1. */
  readonly attempts: number;
}

/**
 * The frontier in the form in which Crawlee asks for work: each attempt is a task. It holds the
 * requests in hand and no others. A request that waits for its next attempt takes no slot.
 */
class RequestQueue implements IRequestManager {
  readonly #frontier: Frontier;
  readonly #newTask: (order: number) => Task;
  readonly #wake: () => void;
  readonly #open = new Map<Task, Attempt>();
  /** Attempts to be made at once, before the frontier is asked. */
  readonly #ready: Attempt[] = [];
  #waiting = 0;
  #handled = 0;
  #stopped = false;

  constructor(frontier: Frontier, newTask: (order: number) => Task, wake: () => void) {
    this.#frontier = frontier;
    this.#newTask = newTask;
    this.#wake = wake;
  }

  /** Hands out nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  open(task: Task): Attempt {
    const attempt = this.#open.get(task);
    if (attempt === undefined) throw new Error("Crawlee runs a task that it was not given");
    return attempt;
  }

  /** @param until rejects when the wait is stopped: then the request is not handed out again */
  retry(request: PageRequest, attempts: number, until: Promise<void>): void {
    this.#waiting++;
    const again = () => this.#ready.push({ request, attempts: attempts + 1 });
    void until
      .then(again, () => {})
      .then(() => {
        this.#waiting--;
        this.#wake();
      });
  }

  async isEmpty(): Promise<boolean> {
    if (this.#stopped) return true;
    if (this.#ready.length === 0) {
      const request = this.#frontier.next();
      if (request !== null) this.#ready.push({ request, attempts: 1 });
    }
    return this.#ready.length === 0;
  }

  async isFinished(): Promise<boolean> {
    return this.#stopped || ((await this.isEmpty()) && this.#waiting === 0);
  }

  async fetchNextRequest(): Promise<Task | null> {
    if (await this.isEmpty()) return null;
    const attempt = this.#ready.shift();
    if (attempt === undefined) return null;
    const task = this.#newTask(attempt.request.order);
    this.#open.set(task, attempt);
    return task;
  }

  async markRequestHandled(task: Task): Promise<void> {
    this.#open.delete(task);
    this.#handled++;
  }

  async handledCount(): Promise<number> {
    return this.#handled;
  }

  getTotalCount(): number {
    return this.#handled + this.#open.size;
  }

  getPendingCount(): number {
    return this.#open.size;
  }

  // Crawlee reclaims what its handler rejects, and adds what its user finds: neither happens here.
  reclaimRequest = unused;
  addRequest = unused;
  addRequestsBatched = unused;
  [Symbol.asyncIterator] = unused;
}

function unused(): never {
  throw new Error("the frontier alone adds requests");
}

/** Nothing on disk, and none of the measuring that scaling would need. */
function quietConfiguration(make: typeof Configuration): Configuration {
  const hour = 3_600_000;
  return new make({
    persistStorage: false,
    purgeOnStart: false,
    systemInfoIntervalMillis: hour,
    persistStateIntervalMillis: hour,
  });
}

/**
 * Crawlee listens for Ctrl-C by itself, and stops without waiting for what is in hand. Whether and
 * how to stop is the caller's decision: by a signal.
 *
 * @returns drops the listeners that Crawlee has added since
 */
function interruptsSince(): () => void {
  const before = new Set(process.listeners("SIGINT"));
  return () => {
    for (const listener of process.listeners("SIGINT"))
      if (!before.has(listener) && listener.name === "sigintHandler")
        process.off("SIGINT", listener);
  };
}
