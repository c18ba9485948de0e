/** Throttle: for each host a slot with its requests in flight, the delay between starts, and pauses that it asks for. */
import { type Clock, systemClock } from "../clock.js";
import { FetchError, Stopped } from "../fetch-error.js";
import type { WireResponse } from "../wire/receive.js";

export interface ThrottleOptions {
  /** Most requests in flight to one host. */
  readonly concurrency: number;
  /** Least milliseconds between two starts. */
  readonly delay: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Called when a host is asked later or less often than before. @param ms until its next request */
  readonly onWait?: (host: string, ms: number, reason: string) => void;
}

/**
 * Least and greatest delay for a host that complains; the first complaint doubles the least. A good response halves
 * it: where a third of all pages answer 503 once, the delay stays at some tenths of a second.
 */
const MIN_BACKED_OFF = 100;
const MAX_BACKED_OFF = 2_000;
/** Longest Crawl-delay and Retry-After that are waited for; nobody watches a crawl for hours. */
export const MAX_CRAWL_DELAY = 60_000;
const MAX_RETRY_AFTER = 300_000;

interface Slot {
  /** Milliseconds between starts: the least that we or robots.txt ask for, and the present ones. */
  minDelay: number;
  delay: number;
  lastStart: number;
  nextStart: number;
  pausedUntil: number;
  /** How many responses in a row asked for a longer time than is waited for. */
  refusals: number;
  inFlight: number;
  /** Resolves when the request before has started. */
  turn: Promise<void>;
  freed: () => void;
}

export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #clock: Clock;
  readonly #slots = new Map<string, Slot>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Waits until a request to the host may start; first come, first served.
   *
   * @returns what to call when its response has come
   * @throws {Stopped} when the run is stopped before
   * @throws {FetchError} `not-reached`, when the host asks for a longer time than is waited for
   */
  async acquire(host: string): Promise<() => void> {
    const slot = this.#slot(host);
    const before = slot.turn;
    let pass = () => {};
    slot.turn = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      await this.#waitFor(slot);
    } finally {
      pass();
    }
    slot.inFlight++;
    slot.lastStart = this.#clock.now();
    slot.nextStart = slot.lastStart + slot.delay;
    return () => {
      slot.inFlight--;
      slot.freed();
    };
  }

  /** Waits for a free place, and for the time. */
  async #waitFor(slot: Slot): Promise<void> {
    const { signal, concurrency } = this.#options;
    for (;;) {
      if (signal?.aborted) throw new Stopped();
      const now = this.#clock.now();
      const wait = Math.max(slot.nextStart, slot.pausedUntil) - now;
      if (slot.pausedUntil - now > MAX_RETRY_AFTER)
        throw new FetchError(
          `the host asks for no request in the next ${seconds(slot.pausedUntil - now)}`,
          { state: "not-reached" },
        );
      if (slot.inFlight >= concurrency) {
        await new Promise<void>((resolve) => {
          slot.freed = resolve;
        });
      } else if (wait > 0) await this.#clock.sleep(wait, signal);
      else return;
    }
  }

  /** Takes a Crawl-delay of robots.txt. @returns the delay in use, which has a maximum */
  setCrawlDelay(host: string, ms: number): number {
    const slot = this.#slot(host);
    slot.minDelay = Math.max(slot.minDelay, Math.min(ms, MAX_CRAWL_DELAY));
    slot.delay = Math.max(slot.delay, slot.minDelay);
    // robots.txt itself was a request: the first page waits as every later one does.
    slot.nextStart = Math.max(slot.nextStart, slot.lastStart + slot.delay);
    return slot.minDelay;
  }

  /**
   * Adjusts the delay to a response: 429 and 503 double it, a Retry-After pauses the host, and good
   * responses bring the delay back. Any other response says nothing of the pace.
   *
   * A Retry-After that is longer than is waited for belongs to its URL alone, which is not asked again; where the
   * next response says the same, it belongs to the host.
   */
  adjust(host: string, response: Pick<WireResponse, "status" | "headers">): void {
    const { status, headers } = response;
    const slot = this.#slot(host);
    if (status === 429 || status === 503) {
      slot.delay = Math.max(
        Math.min(Math.max(slot.delay, MIN_BACKED_OFF) * 2, MAX_BACKED_OFF),
        slot.minDelay,
      );
      const now = this.#clock.now();
      slot.nextStart = Math.max(slot.nextStart, now + slot.delay);
      const asked = parseRetryAfter(headers["retry-after"], now) ?? 0;
      slot.refusals = refusal(response) === null ? 0 : slot.refusals + 1;
      if (slot.refusals !== 1) slot.pausedUntil = Math.max(slot.pausedUntil, now + asked);
      const after = asked > 0 ? ` with Retry-After: ${headers["retry-after"]}` : "";
      const wait = Math.max(slot.nextStart, slot.pausedUntil) - now;
      this.#options.onWait?.(host, wait, `HTTP ${status}${after}`);
    } else if (status < 400) {
      slot.refusals = 0;
      const eased = slot.delay / 2;
      if (slot.delay > slot.minDelay)
        slot.delay = eased < MIN_BACKED_OFF ? slot.minDelay : Math.max(eased, slot.minDelay);
    }
  }

  #slot(host: string): Slot {
    const known = this.#slots.get(host);
    if (known !== undefined) return known;
    const { delay } = this.#options;
    const times = { minDelay: delay, delay, lastStart: 0, nextStart: 0, pausedUntil: 0 };
    const slot = { ...times, refusals: 0, inFlight: 0, turn: Promise.resolve(), freed: () => {} };
    this.#slots.set(host, slot);
    return slot;
  }
}

/**
 * Milliseconds that a Retry-After asks for (RFC 9110, section 10.2.3): seconds, or an HTTP date.
 *
 * @returns never negative; null when there is none or it cannot be read
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Every form of an HTTP date holds a name of a day and a time.
  if (!/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at - now) ? null : Math.max(0, at - now);
}

/** Why a URL is not asked again in this run: it asks for a longer time than is waited for. Null when it does not. */
export function refusal({
  status,
  headers,
}: Pick<WireResponse, "status" | "headers">): string | null {
  // By the server's own clock, so that a replay finds the same.
  const asked = parseRetryAfter(headers["retry-after"], Date.parse(headers.date ?? ""));
  return (status === 429 || status === 503) && asked !== null && asked > MAX_RETRY_AFTER
    ? `HTTP ${status}, and no request is wanted in the next ${seconds(asked)}`
    : null;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
