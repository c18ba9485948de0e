/** Crawlee as the scheduler of attempts: its pool. Nothing else knows it, but for its browser (`browser.ts`). */
import type { Configuration, EventManager } from "@crawlee/core";
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

/** Attempts the requests of a frontier until it is finished. A request that waits for its next attempt takes no slot. */
export async function schedule({ frontier, slots, clock, signal, run }: Schedule): Promise<void> {
  // Crawlee costs 0.3 s to load, which only a crawl should pay.
  const crawlee = await import("@crawlee/core");
  const { AutoscaledPool, Log, LogLevel, Snapshotter } = crawlee;
  /** Measures nothing: the number of slots is fixed. */
  class Unmeasured extends Snapshotter {
    override getLoadSignals = () => [];
    override start = async () => undefined;
    override stop = async () => undefined;
  }
  const config = quietConfiguration(crawlee);
  /** Attempts to be made at once, before the frontier is asked. */
  const ready: Attempt[] = [];
  let waiting = 0;
  const hasWork = () => {
    if (signal.aborted) return false;
    if (ready.length > 0) return true;
    const request = frontier.next();
    if (request !== null) ready.push({ request, attempt: 1 });
    return request !== null;
  };
  const retry = async (attempt: Attempt, wait: number) => {
    waiting++;
    try {
      await clock.sleep(wait, signal);
      ready.push(attempt);
    } catch {
      // Stopped: the request is not handed out again.
    } finally {
      waiting--;
      wake();
    }
  };
  // The pool and not a crawler: with one, a crawl took a sixth more CPU, for contexts that Node keeps for every promise.
  const pool = new AutoscaledPool(
    {
      log: new Log({ level: LogLevel.OFF }),
      minConcurrency: slots,
      maxConcurrency: slots,
      desiredConcurrency: slots,
      // The pool looks for work after each task, and when it is woken; this is only for safety.
      maybeRunIntervalSecs: 0.25,
      loggingIntervalSecs: null,
      systemStatusOptions: { snapshotter: new Unmeasured({ config }) },
      isTaskReadyFunction: async () => hasWork(),
      isFinishedFunction: async () => signal.aborted || (!hasWork() && waiting === 0),
      runTaskFunction: async () => {
        const next = hasWork() ? ready.shift() : undefined;
        if (next === undefined) return;
        const wait = await run(next.request, next.attempt);
        if (wait !== null) void retry({ ...next, attempt: next.attempt + 1 }, wait);
      },
    },
    config,
  );
  const wake = () => void pool.notify();
  signal.addEventListener("abort", wake, { once: true });
  try {
    await pool.run();
  } finally {
    signal.removeEventListener("abort", wake);
  }
}

/** A request, and the number of its attempt from 1. */
interface Attempt {
  readonly request: PageRequest;
  readonly attempt: number;
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
