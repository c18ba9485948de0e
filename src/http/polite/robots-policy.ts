/** The robots policy of each origin: its robots.txt, fetched once. */

import { isWebPage } from "../../text.js";
import { isPassing } from "../completeness.js";
import { FetchError } from "../fetch-error.js";
import { type RetryPolicy, retry } from "../retry.js";
import type { WireResponse } from "../wire/receive.js";
import { ALLOW_ALL, forbiddingRule, parseRobots, type Robots } from "./robots.js";

export interface RobotsPolicyOptions {
  /** Fetches robots.txt, redirects followed; the response that is not a redirect, or the last of too many. */
  readonly ask: (url: URL) => Promise<WireResponse>;
  readonly token: string;
  readonly retryPolicy: RetryPolicy;
  /** Called with the Crawl-delay of a robots.txt, once for each origin. */
  readonly onCrawlDelay: (origin: URL, ms: number) => void;
}

type Rules = Robots | { readonly unreachable: FetchError };

export class RobotsPolicy {
  readonly #options: RobotsPolicyOptions;
  /** One promise an origin; origins are as many as the site allows. */
  readonly #rules = new Map<string, Promise<Rules>>();

  constructor(options: RobotsPolicyOptions) {
    this.#options = options;
  }

  /** @throws {FetchError} when robots.txt disallows the URL, or could not be read */
  async check(url: URL): Promise<void> {
    let asked = this.#rules.get(url.origin);
    if (asked === undefined) {
      asked = this.#read(new URL("/robots.txt", url));
      this.#rules.set(url.origin, asked);
    }
    const rules = await asked;
    if ("unreachable" in rules) throw rules.unreachable;
    const rule = forbiddingRule(rules, url);
    if (rule !== null)
      throw new FetchError(`robots.txt: Disallow: ${rule.path}`, { state: "excluded" });
  }

  /**
   * RFC 9309, section 2.3.1: 4xx and too many redirects mean that there are no rules, 5xx and no
   * response that everything is disallowed.
   */
  async #read(url: URL): Promise<Rules> {
    const { ask, token, retryPolicy, onCrawlDelay } = this.#options;
    let response: WireResponse | null = null;
    try {
      response = await retry(retryPolicy, async () => {
        response = null;
        response = await ask(url);
        if (!isPassing(response.status)) return response;
        throw new FetchError(`HTTP ${response.status}`, { retry: true });
      });
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      if (response === null || response.status >= 500)
        return { unreachable: closed(error, response) };
    }
    const { status, body } = response;
    if (status >= 500) return { unreachable: closed(new FetchError(`HTTP ${status}`), response) };
    const start = new TextDecoder().decode(body.subarray(0, 4096));
    // Many sites send a web page for every URL that they do not know.
    if (status < 200 || status >= 300 || isWebPage(start)) return ALLOW_ALL;
    const robots = parseRobots(body, token);
    if (robots.crawlDelay !== null) onCrawlDelay(url, robots.crawlDelay);
    return robots;
  }
}

/** A server that answers with an error forbids; one that does not answer cannot be crawled either. */
function closed({ message, state }: FetchError, response: WireResponse | null): FetchError {
  if (response === null && state === "failed")
    return new FetchError(
      `cannot reach the site: ${message} (robots.txt is fetched first and is required)`,
    );
  return new FetchError(
    `robots.txt: cannot be read (${message}), so every URL is disallowed`,
    response === null ? { state } : { state: "excluded", status: response.status },
  );
}
