/** How fast one host is asked: requests in flight, time between starts, and pauses that it asks for. */
import { type Clock, systemClock } from "../clock.js";
import { Stopped } from "../fetch-error.js";

export interface PaceOptions {
  /** Most requests in flight to one host. */
  readonly concurrency: number;
  /** Least milliseconds between two starts. */
  readonly delay: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Told when a host has to be left alone for a while. */
  readonly onHold?: (host: string, ms: number, reason: string) => void;
}

/** A host that complains is asked no oftener than this, and at first twice as seldom. */
const SLOW_FLOOR = 100;
const SLOWEST = 60_000;
/** Longest Crawl-delay and Retry-After that are waited for; nobody watches a crawl for hours. */
export const LONGEST_DELAY = 60_000;
const LONGEST_HOLD = 300_000;

interface Lane {
  /** Milliseconds between starts: wished for by us or by robots.txt, and as they are now. */
  wished: number;
  gap: number;
  lastStart: number;
  nextStart: number;
  heldUntil: number;
  inFlight: number;
  /** Resolves when the visitor before has started. */
  turn: Promise<void>;
  freed: () => void;
}

export class Pace {
  readonly #options: PaceOptions;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Waits until a request to the host may start; first come, first served.
   *
   * @returns what to call when its answer has come
   * @throws {Stopped} when the run is stopped before
   */
  async enter(host: string): Promise<() => void> {
    const lane = this.#lane(host);
    const before = lane.turn;
    let pass = () => {};
    lane.turn = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      await this.#clear(lane);
    } finally {
      pass();
    }
    lane.inFlight++;
    lane.lastStart = this.#clock.now();
    lane.nextStart = lane.lastStart + lane.gap;
    return () => {
      lane.inFlight--;
      lane.freed();
    };
  }

  /** Waits for a free place, and for the time. */
  async #clear(lane: Lane): Promise<void> {
    const { signal, concurrency } = this.#options;
    for (;;) {
      if (signal?.aborted) throw new Stopped();
      const wait = Math.max(lane.nextStart, lane.heldUntil) - this.#clock.now();
      if (lane.inFlight >= concurrency) {
        await new Promise<void>((resolve) => {
          lane.freed = resolve;
        });
      } else if (wait > 0) await this.#clock.sleep(wait, signal);
      else return;
    }
  }

  /** Takes a Crawl-delay of robots.txt. @returns the milliseconds that are kept, which are bounded */
  crawlDelay(host: string, ms: number): number {
    const lane = this.#lane(host);
    lane.wished = Math.max(lane.wished, Math.min(ms, LONGEST_DELAY));
    lane.gap = Math.max(lane.gap, lane.wished);
    // robots.txt itself was a request: the first page waits as every later one does.
    lane.nextStart = Math.max(lane.nextStart, lane.lastStart + lane.gap);
    return lane.wished;
  }

  /**
   * Takes an answer's word on how busy the host is: 429 and 503 double the time between starts,
   * a Retry-After keeps every request to the host back, and answers that are well make up for it.
   */
  heed(host: string, status: number, retryAfter: string | undefined): void {
    const lane = this.#lane(host);
    if (status === 429 || status === 503) {
      lane.gap = Math.min(Math.max(lane.gap, SLOW_FLOOR) * 2, SLOWEST);
      lane.nextStart = Math.max(lane.nextStart, this.#clock.now() + lane.gap);
      this.#hold(host, lane, status, retryAfter);
    } else if (status < 400 && lane.gap > lane.wished) {
      const eased = lane.gap * 0.9;
      lane.gap = eased < SLOW_FLOOR ? lane.wished : Math.max(eased, lane.wished);
    }
  }

  #hold(host: string, lane: Lane, status: number, retryAfter: string | undefined): void {
    const now = this.#clock.now();
    const asked = parseRetryAfter(retryAfter, now);
    if (asked === null || asked === 0) return;
    const ms = Math.min(asked, LONGEST_HOLD);
    const bounded = ms < asked ? `, waiting ${ms / 1000} s at most` : "";
    lane.heldUntil = Math.max(lane.heldUntil, now + ms);
    this.#options.onHold?.(host, ms, `HTTP ${status} with Retry-After: ${retryAfter}${bounded}`);
  }

  #lane(host: string): Lane {
    let lane = this.#lanes.get(host);
    if (lane === undefined) {
      const { delay } = this.#options;
      lane = {
        wished: delay,
        gap: delay,
        lastStart: 0,
        nextStart: 0,
        heldUntil: 0,
        inFlight: 0,
        turn: Promise.resolve(),
        freed: () => {},
      };
      this.#lanes.set(host, lane);
    }
    return lane;
  }
}

/**
 * Milliseconds that a Retry-After asks for (RFC 9110, section 10.2.3): seconds, or an HTTP date.
 *
 * @returns never negative; null when there is none or it cannot be read
 */
function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Every form of an HTTP date holds a name of a day and a time.
  if (!/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
