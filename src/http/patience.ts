/** How long a response may take while there are further attempts. Pure. */
import type { Limits } from "./wire/limits.js";

/** Milliseconds that a response may take at first. */
const FIRST = 5_000;
/** How many times longer than the slowest good response of its host a response may take. */
const SLOWER = 3;

/**
 * A request that hangs holds one of the few places of its host: ten of thirty pages that do not answer at first held a
 * crawl for ten minutes. So an attempt that is not the last gives up what is far slower than its host is, and the
 * next one waits twice as long. The last one waits as long as the limits allow.
 */
export class Patience {
  readonly #slowest = new Map<string, number>();

  /** Takes how long a response took, in milliseconds. */
  note(host: string, ms: number): void {
    this.#slowest.set(host, Math.max(this.#slowest.get(host) ?? 0, ms));
  }

  /** @param attempt from 1 */
  limits(host: string, attempt: number, limits: Limits): Limits {
    const usual = Math.max(FIRST, SLOWER * (this.#slowest.get(host) ?? 0));
    const ms = usual * 2 ** (attempt - 1);
    return lower(limits, { headers: ms, idle: ms, slow: ms });
  }
}

/** Of two limits the lower one, each. */
export function lower(limits: Limits, others: Partial<Limits>): Limits {
  const names = Object.keys(others) as (keyof Limits)[];
  const all = names.map((name) => [name, Math.min(limits[name], others[name] ?? limits[name])]);
  return { ...limits, ...Object.fromEntries(all) };
}
