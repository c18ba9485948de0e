/** The robots policy of each origin: its robots.txt, fetched once. */

import { isWebPage } from "../../text.js";
import type { Recorded } from "../../warc/exchange.js";
import { isPassing } from "../completeness.js";
import { FetchError } from "../fetch-error.js";
import { backOff, type RetryPolicy } from "../retry.js";
import type { WireResponse } from "../wire/receive.js";
import { parseRetryAfter } from "./retry-after.js";
import { ALLOW_ALL, forbiddingRule, parseRobots, type Robots } from "./robots.js";

export interface RobotsPolicyOptions {
  /** Fetches robots.txt, redirects followed; the response that is not a redirect, or the last of too many. */
  readonly ask: (url: URL, records: Recorded[]) => Promise<WireResponse>;
  /** Asks, unless another site did: then what that one got is taken. */
  readonly share?: ((url: URL, ask: Ask, patience: number) => ReturnType<Ask>) | undefined;
  readonly token: string;
  readonly retryPolicy: RetryPolicy;
  /** Milliseconds after which it is not asked again, where it cannot be read. */
  readonly patience: number;
  /** Called before it is asked again. */
  readonly onRetry: (url: URL, attempt: number, waitMs: number, reason: string) => void;
  /** Called with the Crawl-delay of a robots.txt, once for each origin. */
  readonly onCrawlDelay: (origin: URL, ms: number) => void;
}

/** @param records takes what is recorded of each request */
type Ask = (records: Recorded[]) => Promise<WireResponse | FetchError>;

type Rules = Robots | { readonly unreachable: FetchError };

export class RobotsPolicy {
  readonly #options: RobotsPolicyOptions;
  /** One promise an origin; origins are as many as the site allows. */
  readonly #rules = new Map<string, Promise<Rules>>();

  constructor(options: RobotsPolicyOptions) {
    this.#options = options;
  }

  /**
   * @param patience another one, where this is the first URL of its origin
   * @throws {FetchError} when robots.txt disallows the URL, or could not be read
   */
  async check(url: URL, patience = this.#options.patience): Promise<void> {
    let asked = this.#rules.get(url.origin);
    if (asked === undefined) {
      asked = this.#read(new URL("/robots.txt", url), patience);
      this.#rules.set(url.origin, asked);
    }
    const rules = await asked;
    if ("unreachable" in rules) throw rules.unreachable;
    const rule = forbiddingRule(rules, url);
    if (rule !== null)
      throw new FetchError(`robots.txt: Disallow: ${rule.path}`, { state: "excluded" });
  }

  /** URLs of the sitemaps that the robots.txt of an origin names; none where it was not asked for, or cannot be read. */
  async sitemaps({ origin }: URL): Promise<readonly string[]> {
    const rules = await this.#rules.get(origin);
    return rules !== undefined && "sitemaps" in rules ? rules.sitemaps : [];
  }

  /**
   * RFC 9309, section 2.3.1: 4xx and too many redirects mean that there are no rules, 5xx and no
   * response that everything is disallowed. So does 429: a server that is asked too often says nothing of its rules.
   */
  async #read(url: URL, patience: number): Promise<Rules> {
    const { token, onCrawlDelay, share = (_, ask) => ask([]) } = this.#options;
    const response = await share(url, (records) => this.#ask(url, patience, records), patience);
    if (response instanceof FetchError) return { unreachable: response };
    const { status, body } = response;
    const start = new TextDecoder().decode(body.subarray(0, 4096));
    // Many sites send a web page for every URL that they do not know.
    if (status < 200 || status >= 300 || isWebPage(start)) return ALLOW_ALL;
    const robots = parseRobots(body, token);
    if (robots.crawlDelay !== null) onCrawlDelay(url, robots.crawlDelay);
    return robots;
  }

  /** Asks until a response says something of the rules, attempts and patience allowing; never before a Retry-After has passed. */
  async #ask(url: URL, patience: number, records: Recorded[]): Promise<WireResponse | FetchError> {
    const { ask, onRetry, retryPolicy } = this.#options;
    const { attempts, clock, random, signal } = retryPolicy;
    const begun = clock.now();
    for (let attempt = 1; ; attempt++) {
      let response: WireResponse | null = null;
      let error = new FetchError("");
      try {
        response = await ask(url, records);
        const { status } = response;
        if (status < 400 || (status < 500 && !isPassing(status))) return response;
        error = new FetchError(`HTTP ${status}`, { retry: isPassing(status) });
      } catch (thrown) {
        if (!(thrown instanceof FetchError)) throw thrown;
        error = thrown;
      }
      const asked = parseRetryAfter(response?.headers["retry-after"], clock.now()) ?? 0;
      const wait = Math.max(backOff(attempt, random), asked);
      const isTooLong = clock.now() - begun + wait > patience;
      if (error.retry && attempt < attempts && !isTooLong) {
        onRetry(url, attempt, wait, error.message);
        await clock.sleep(wait, signal);
        continue;
      }
      if (response === null || response.status >= 500 || response.status === 429)
        return closed(error, response, asked);
      return response;
    }
  }
}

/** A server that answers with an error forbids; one that does not answer cannot be crawled either. */
function closed(
  { message, state }: FetchError,
  response: WireResponse | null,
  retryAfter: number,
): FetchError {
  if (response === null && state === "failed")
    return new FetchError(
      `cannot reach the site: ${message} (robots.txt is fetched first and is required)`,
      { code: null },
    );
  const later = retryAfter === 0 ? "" : `, Retry-After: ${Math.ceil(retryAfter / 1000)} s`;
  return new FetchError(
    `robots.txt: cannot be read (${message}${later}), so every URL is disallowed`,
    response === null ? { state } : { state: "excluded", status: response.status },
  );
}
