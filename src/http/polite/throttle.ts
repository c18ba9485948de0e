/** Throttle: one site's place in the lanes of the hosts that it asks. */
import type { Clock } from "../clock.js";
import { Stopped } from "../fetch-error.js";
import type { WireResponse } from "../wire/receive.js";
import { type Lane, Lanes, type Pace } from "./lanes.js";

export interface ThrottleOptions extends Pace {
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Those of all sites that are crawled at the same time; by default its own. */
  readonly lanes?: Lanes | undefined;
  /** Called when a host is asked later or less often than before. @param ms until its next request */
  readonly onWait?: (host: string, ms: number, reason: string) => void;
}

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
