/** Crawlee as the scheduler of attempts. Nothing else knows it, but for its browser (`browser.ts`). */
import { AsyncResource } from "node:async_hooks";
import process from "node:process";
import type {
  Configuration,
  Dictionary,
  EventManager,
  IRequestManager,
  Request as Task,
} from "@crawlee/basic";
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
  const crawlee = await import("@crawlee/basic");
  const { BasicCrawler, Log, LogLevel, Request } = crawlee;
  const wake = () => void crawler.autoscaledPool?.notify();
  // Crawlee counts by these; it delays and remembers by domain, and an IP address has none.
  const newTask = (order: number) => new Request({ url: `http://127.0.0.1/${order}` });
  const queue = queueOf(frontier, newTask, wake);
  // Out of Crawlee's context: undici's timer keeps that of a task for good, and with it the whole walk.
  const attempt = AsyncResource.bind(async (task: Task) => {
    const opened = queue.open(task);
    const wait = await run(opened.request, opened.attempt);
    if (wait !== null) void queue.retry(opened, clock.sleep(wait, signal));
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
    quietConfiguration(crawlee),
  );
  const dropInterrupts = interruptsSince();
  signal.addEventListener("abort", queue.stop, { once: true });
  if (signal.aborted) queue.stop();
  try {
    await crawler.run();
  } finally {
    signal.removeEventListener("abort", queue.stop);
  }
}

/** A request, and the number of its attempt from 1. */
interface Attempt {
  readonly request: PageRequest;
  readonly attempt: number;
}

/**
 * The frontier in the form in which Crawlee asks for work: each attempt is a task. It holds the
 * requests in hand and no others. A request that waits for its next attempt takes no slot.
 *
 * @param wake lets Crawlee know that there may be work
 */
function queueOf(frontier: Frontier, newTask: (order: number) => Task, wake: () => void) {
  const open = new Map<Task, Attempt>();
  /** Attempts to be made at once, before the frontier is asked. */
  const ready: Attempt[] = [];
  let waiting = 0;
  let handled = 0;
  let isStopped = false;
  const hasWork = () => {
    if (isStopped) return false;
    if (ready.length > 0) return true;
    const request = frontier.next();
    if (request !== null) ready.push({ request, attempt: 1 });
    return request !== null;
  };
  return {
    /** Hands out nothing more. */
    stop: () => {
      isStopped = true;
      wake();
    },
    open: (task: Task): Attempt => {
      const attempt = open.get(task);
      if (attempt === undefined) throw new Error("Crawlee runs a task that it was not given");
      return attempt;
    },
    /** @param until rejects when the wait is stopped: then the request is not handed out again */
    retry: async ({ request, attempt }: Attempt, until: Promise<void>) => {
      waiting++;
      try {
        await until;
        ready.push({ request, attempt: attempt + 1 });
      } catch {
        // Stopped.
      } finally {
        waiting--;
        wake();
      }
    },
    isEmpty: async () => !hasWork(),
    isFinished: async () => isStopped || (!hasWork() && waiting === 0),
    fetchNextRequest: async <T extends Dictionary>() => {
      const attempt = hasWork() ? ready.shift() : undefined;
      if (attempt === undefined) return null;
      const task = newTask(attempt.request.order);
      open.set(task, attempt);
      return task as Task<T>;
    },
    markRequestHandled: async (task: Task) => {
      open.delete(task);
      handled++;
    },
    handledCount: async () => handled,
    getTotalCount: () => handled + open.size,
    getPendingCount: () => open.size,
    // Crawlee reclaims what its handler rejects, and adds what its user finds: neither happens here.
    reclaimRequest: unused,
    addRequest: unused,
    addRequestsBatched: unused,
    [Symbol.asyncIterator]: unused,
  } satisfies IRequestManager & Record<string, unknown>;
}

function unused(): never {
  throw new Error("the frontier alone adds requests");
}

/**
 * Nothing on disk, and none of the measuring that scaling would need: for that Crawlee starts `ps` and `getconf`, which
 * small containers do not have, twice a crawl and then each second.
 */
export function quietConfiguration(crawlee: {
  readonly Configuration: typeof Configuration;
  readonly EventManager: typeof EventManager;
}): Configuration {
  const configuration = new crawlee.Configuration({
    persistStorage: false,
    purgeOnStart: false,
    persistStateIntervalMillis: 3_600_000,
    // Any number, or Crawlee measures how much there is.
    memoryMbytes: 1024,
  });
  configuration.useEventManager(new (class extends crawlee.EventManager {})(configuration));
  return configuration;
}

/**
 * Crawlee listens for Ctrl-C by itself, and stops without waiting for what is in hand. Whether and
 * how to stop is the caller's decision: by a signal.
 *
 * @returns drops the listeners that Crawlee has added since
 */
export function interruptsSince(): () => void {
  const before = new Set(process.listeners("SIGINT"));
  return () => {
    for (const listener of process.listeners("SIGINT"))
      if (!before.has(listener) && listener.name === "sigintHandler")
        process.off("SIGINT", listener);
  };
}
