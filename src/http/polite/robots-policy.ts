/** Asks robots.txt of each origin once, and remembers what it said. */

import { isPassing } from "../completeness.js";
import { FetchError } from "../fetch-error.js";
import { type Patience, persist } from "../retry.js";
import type { WireResponse } from "../wire/receive.js";
import { ALLOW_ALL, forbiddingRule, isWebPage, parseRobots, type Robots } from "./robots.js";

export interface PermissionOptions {
  /** Fetches robots.txt, redirects followed; the answer that is no redirect, or the last of too many. */
  readonly ask: (url: URL) => Promise<WireResponse>;
  readonly token: string;
  readonly patience: Patience;
  /** Told what robots.txt wishes for, once an origin. */
  readonly onCrawlDelay: (origin: URL, ms: number) => void;
}

type Word = Robots | { readonly unreachable: FetchError };

export class Permission {
  readonly #options: PermissionOptions;
  /** One promise an origin; origins are as many as the site allows. */
  readonly #words = new Map<string, Promise<Word>>();

  constructor(options: PermissionOptions) {
    this.#options = options;
  }

  /** @throws {FetchError} when robots.txt forbids the address, or could not be read */
  async check(url: URL): Promise<void> {
    let asked = this.#words.get(url.origin);
    if (asked === undefined) {
      asked = this.#read(new URL("/robots.txt", url));
      this.#words.set(url.origin, asked);
    }
    const word = await asked;
    if ("unreachable" in word) throw word.unreachable;
    const rule = forbiddingRule(word, url);
    if (rule !== null)
      throw new FetchError(`robots.txt: Disallow: ${rule.path}`, { state: "excluded" });
  }

  /**
   * RFC 9309, section 2.3.1: 4xx and too many redirects mean that there are no rules, 5xx and no
   * answer that everything is forbidden.
   */
  async #read(url: URL): Promise<Word> {
    const { ask, token, patience, onCrawlDelay } = this.#options;
    let answer: WireResponse | null = null;
    try {
      answer = await persist(patience, async () => {
        answer = null;
        answer = await ask(url);
        if (!isPassing(answer.status)) return answer;
        throw new FetchError(`HTTP ${answer.status}`, { retry: true });
      });
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      if (answer === null || answer.status >= 500) return { unreachable: closed(error, answer) };
    }
    const { status, body } = answer;
    if (status >= 500) return { unreachable: closed(new FetchError(`HTTP ${status}`), answer) };
    if (status < 200 || status >= 300 || isWebPage(body)) return ALLOW_ALL;
    const robots = parseRobots(body, token);
    if (robots.crawlDelay !== null) onCrawlDelay(url, robots.crawlDelay);
    return robots;
  }
}

/** A server that answers with an error forbids; one that does not answer cannot be crawled either. */
function closed({ message, state }: FetchError, answer: WireResponse | null): FetchError {
  if (answer === null && state === "failed")
    return new FetchError(
      `the site cannot be reached: ${message}; robots.txt was asked for first, and without it nothing may be`,
    );
  return new FetchError(
    `robots.txt: it could not be read (${message}), which forbids every address`,
    answer === null ? { state } : { state: "excluded", status: answer.status },
  );
}
