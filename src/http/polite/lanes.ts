/**
 * Lanes: for each host one line of requests, with the delay between starts, those in flight and the pauses that the
 * host asks for. Sites that are crawled at the same time share them, so that a host sees one crawler and not one a site.
 */
import { type Clock, systemClock } from "../clock.js";
import { FetchError, Stopped } from "../fetch-error.js";
import { Patience } from "../wire/limits.js";
import type { WireResponse } from "../wire/receive.js";
import { MAX_RETRY_AFTER, parseRetryAfter, refusal, seconds } from "./retry-after.js";
import { sharedRobots } from "./shared-robots.js";

/** How often a host is asked. */
export interface Pace {
  /** Most requests in flight. */
  readonly concurrency: number;
  /** Least milliseconds between two starts. */
  readonly delay: number;
}

/** By host name. */
export type Paces = Readonly<Record<string, { readonly [K in keyof Pace]?: Pace[K] | undefined }>>;

/**
 * Least and greatest delay for a host that complains; the first complaint doubles the least. A good response halves
 * it: where a third of all pages answer 503 once, the delay stays at some tenths of a second.
 */
const MIN_BACKED_OFF = 100;
const MAX_BACKED_OFF = 2_000;
/** Longest Crawl-delay that is kept. */
export const MAX_CRAWL_DELAY = 60_000;

export class Lanes {
  readonly patience = new Patience();
  readonly #clock: Clock;
  readonly #paces: Paces;
  readonly #lanes = new Map<string, Lane>();
  readonly robots: ReturnType<typeof sharedRobots>;

  /** @param paces what goes before the pace that any site asks for */
  constructor(clock: Clock = systemClock, paces: Paces = {}) {
    this.#clock = clock;
    this.#paces = paces;
    this.robots = sharedRobots(clock);
  }

  /** The lane of a host. Of the paces that sites ask for it keeps the slowest. */
  of(host: string, pace: Pace): Lane {
    const lane = this.#lanes.get(host) ?? new Lane(this.#clock);
    this.#lanes.set(host, lane);
    lane.keep(this.paceOf(host, pace));
    return lane;
  }

  /** @param pace what a site asks for */
  paceOf(host: string, pace: Pace): Pace {
    const said = this.#paces[host];
    return {
      delay: said?.delay ?? pace.delay,
      concurrency: said?.concurrency ?? pace.concurrency,
    };
  }

  /** Whoever waits for a turn anywhere waits no longer. */
  leave(party: object): void {
    for (const lane of this.#lanes.values()) lane.leave(party);
  }
}

interface Waiter {
  readonly start: () => void;
  readonly fail: (error: unknown) => void;
}

class Lane {
  readonly #clock: Clock;
  /** Milliseconds between starts: the least that sites or robots.txt ask for, and the present ones. */
  #minDelay = 0;
  #delay = 0;
  #concurrency = Number.POSITIVE_INFINITY;
  #lastStart = 0;
  #nextStart = 0;
  #pausedUntil = 0;
  /** How many responses in a row asked for a longer time than is waited for. */
  #refusals = 0;
  #inFlight = 0;
  /** Who waits, each with its requests in their order. */
  readonly #waiting = new Map<object, Waiter[]>();
  /** Number of the last turn of each. */
  readonly #turns = new WeakMap<object, number>();
  #turn = 0;
  #isRunning = false;
  /** Ends what the lane itself waits for. */
  #wake: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep({ delay, concurrency }: Pace): void {
    this.#minDelay = Math.max(this.#minDelay, delay);
    this.#delay = Math.max(this.#delay, this.#minDelay);
    this.#concurrency = Math.min(this.#concurrency, concurrency);
  }

  /**
   * Waits until a request may start. Sites take turns; of one site the first comes first.
   *
   * @throws {Stopped} when the party has left
   * @throws {FetchError} `not-reached`, when the host asks for a longer time than is waited for
   */
  turn(party: object): Promise<void> {
    return new Promise((start, fail) => {
      const line = this.#waiting.get(party) ?? [];
      line.push({ start, fail });
      this.#waiting.set(party, line);
      void this.#run();
    });
  }

  /** Takes note that a response has come. */
  release(): void {
    this.#inFlight--;
    this.#wake();
  }

  leave(party: object): void {
    const line = this.#waiting.get(party) ?? [];
    this.#waiting.delete(party);
    for (const { fail } of line) fail(new Stopped());
    if (this.#waiting.size === 0) this.#wake();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#waiting.size > 0) {
      const now = this.#clock.now();
      const paused = this.#pausedUntil - now;
      const wait = Math.max(this.#nextStart - now, paused);
      if (paused > MAX_RETRY_AFTER)
        this.#failAll(
          new FetchError(`the host asks for no request in the next ${seconds(paused)}`, {
            state: "not-reached",
          }),
        );
      else if (this.#inFlight >= this.#concurrency) await this.#woken();
      else if (wait > 0) await this.#sleep(wait);
      else this.#startNext(now);
    }
    this.#isRunning = false;
  }

  #startNext(now: number): void {
    const lastTurn = (party: object) => this.#turns.get(party) ?? 0;
    const [party, ...others] = this.#waiting.keys();
    if (party === undefined) return;
    const next = others.reduce(
      (one, other) => (lastTurn(other) < lastTurn(one) ? other : one),
      party,
    );
    this.#turns.set(next, ++this.#turn);
    const line = this.#waiting.get(next);
    const waiter = line?.shift();
    if (line?.length === 0) this.#waiting.delete(next);
    this.#inFlight++;
    this.#lastStart = now;
    this.#nextStart = now + this.#delay;
    waiter?.start();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Nobody may be left to wait for, and then a timer would keep the process. */
  async #sleep(ms: number): Promise<void> {
    const nobody = new AbortController();
    this.#wake = () => {
      if (this.#waiting.size === 0) nobody.abort();
    };
    await this.#clock.sleep(ms, nobody.signal).catch((error: unknown) => {
      // Somebody may have come since nobody was left.
      if (!nobody.signal.aborted) this.#failAll(error);
    });
  }

  #failAll(error: unknown): void {
    const lines = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of lines.flat()) fail(error);
  }

  /** Takes a Crawl-delay of robots.txt. @returns the delay in use, which has a maximum */
  setCrawlDelay(ms: number): number {
    this.#minDelay = Math.max(this.#minDelay, Math.min(ms, MAX_CRAWL_DELAY));
    this.#delay = Math.max(this.#delay, this.#minDelay);
    // robots.txt itself was a request: the first page waits as every later one does.
    this.#nextStart = Math.max(this.#nextStart, this.#lastStart + this.#delay);
    return this.#minDelay;
  }

  /**
   * Adjusts the delay to a response: 429 and 503 double it, a Retry-After pauses the host, and good
   * responses bring the delay back. Any other response says nothing of the pace.
   *
   * A Retry-After that is longer than is waited for belongs to its URL alone, which is not asked again; where the
   * next response says the same, it belongs to the host.
   *
   * @returns why the host is asked later or less often than before, and milliseconds until its next request
   */
  adjust(
    response: Pick<WireResponse, "status" | "headers">,
  ): { readonly ms: number; readonly reason: string } | null {
    const { status, headers } = response;
    if (status === 429 || status === 503) {
      this.#delay = Math.max(
        Math.min(Math.max(this.#delay, MIN_BACKED_OFF) * 2, MAX_BACKED_OFF),
        this.#minDelay,
      );
      const now = this.#clock.now();
      this.#nextStart = Math.max(this.#nextStart, now + this.#delay);
      const asked = parseRetryAfter(headers["retry-after"], now) ?? 0;
      this.#refusals = refusal(response) === null ? 0 : this.#refusals + 1;
      if (this.#refusals !== 1) this.#pausedUntil = Math.max(this.#pausedUntil, now + asked);
      const after = asked > 0 ? ` with Retry-After: ${headers["retry-after"]}` : "";
      const ms = Math.max(this.#nextStart, this.#pausedUntil) - now;
      return { ms, reason: `HTTP ${status}${after}` };
    }
    if (status >= 400) return null;
    this.#refusals = 0;
    const eased = this.#delay / 2;
    if (this.#delay > this.#minDelay)
      this.#delay = eased < MIN_BACKED_OFF ? this.#minDelay : Math.max(eased, this.#minDelay);
    return null;
  }
}

interface ThrottleOptions extends Pace {
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Those of all sites that are crawled at the same time; by default its own. */
  readonly lanes?: Lanes | undefined;
  /** Called when a host is asked later or less often than before. @param ms until its next request */
  readonly onWait?: (host: string, ms: number, reason: string) => void;
}

/** One site's place in the lanes of the hosts that it asks. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #lanes: Lanes;

  constructor(options: ThrottleOptions) {
    const { clock, lanes = new Lanes(clock), signal } = options;
    this.#options = options;
    this.#lanes = lanes;
    signal?.addEventListener("abort", () => lanes.leave(this), { once: true });
  }

  /**
   * Waits until a request to the host may start.
   *
   * @returns what to call when its response has come
   * @throws {Stopped} when the run is stopped before
   * @throws {FetchError} `not-reached`, when the host asks for a longer time than is waited for
   */
  async acquire(host: string): Promise<() => void> {
    if (this.#options.signal?.aborted) throw new Stopped();
    const lane = this.#lane(host);
    await lane.turn(this);
    return () => lane.release();
  }

  /** Takes a Crawl-delay of robots.txt. @returns the delay in use, which has a maximum */
  setCrawlDelay(host: string, ms: number): number {
    return this.#lane(host).setCrawlDelay(ms);
  }

  /** Adjusts the pace of a host to its response. */
  adjust(host: string, response: Pick<WireResponse, "status" | "headers">): void {
    const wait = this.#lane(host).adjust(response);
    if (wait !== null) this.#options.onWait?.(host, wait.ms, wait.reason);
  }

  #lane(host: string): Lane {
    return this.#lanes.of(host, this.#options);
  }
}
