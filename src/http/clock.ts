/** Time and chance, handed in so that a test may decide both. */
import { setTimeout as sleep } from "node:timers/promises";
import { Stopped } from "./fetch-error.js";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits. @throws {Stopped} as soon as the signal says so */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw new Stopped();
    }
  },
};

/** Numbers in [0, 1) that depend on the seed alone (mulberry32, by T. Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
