/** How often something is tried, and how long to wait in between. */
import { type Clock, seededRandom, systemClock } from "./clock.js";
import { FetchError } from "./fetch-error.js";

/** Attempts at robots.txt, a page or a file before it counts as failed. */
export const ATTEMPTS = 4;
/** First and longest wait. */
const FIRST = 500;
const LONGEST = 30_000;

/**
 * Milliseconds to wait after an attempt that failed: twice as long each time, and by chance up to a
 * half less, so that what failed together is not retried together.
 *
 * @param attempt the one that failed, from 1
 */
export function backOff(attempt: number, random: () => number): number {
  const most = Math.min(FIRST * 2 ** (attempt - 1), LONGEST);
  return Math.round(most * (1 - random() / 2));
}

export interface RetryPolicy {
  readonly attempts: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** The retry policy of a crawl. @param options.seed what the jitter depends on, and nothing else */
export function retryPolicyOf(options: {
  readonly attempts?: number;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}): RetryPolicy {
  const { attempts = ATTEMPTS, clock = systemClock, seed = 1, signal } = options;
  return { attempts, clock, random: seededRandom(seed), signal };
}

/** Tries until it works, a retry cannot help, or the attempts are used up. @throws the last error */
export async function retry<T>(
  { attempts, clock, random, signal }: RetryPolicy,
  run: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      const again = error instanceof FetchError && error.retry && attempt < attempts;
      if (!again) throw error;
      await clock.sleep(backOff(attempt, random), signal);
    }
  }
}
