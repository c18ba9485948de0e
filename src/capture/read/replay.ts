/**
 * The replay source: pages from captures instead of the network. Redirects, robots.txt, decoding and
 * the judgement of answers are those of a crawl; only the wire is another, and nothing is waited for.
 */

import type { FetchEvent } from "../../http/events.js";
import { createExchange } from "../../http/exchange.js";
import { FetchError } from "../../http/fetch-error.js";
import { ATTEMPTS, failureOf, fetchFile, fetchPage } from "../../http/fetch-page.js";
import type { Limits, WireResponse } from "../../http/wire/receive.js";
import type { Wire } from "../../http/wire/transport.js";
import type { MediaResponse, PageResponse, Source } from "../../model.js";
import type { Site } from "../../site/site.js";
import { answerOf, type Pool } from "./revisits.js";
import type { Held } from "./scan.js";

/** Gives the answer to the next request for an address. */
export interface StoredResponses {
  /** @throws {FetchError} `not-reached` when there is none */
  next(url: URL): Promise<WireResponse>;
  /** True for pages that a crawl of ours was allowed to ask for: then robots.txt was heeded, and is again. */
  readonly obeysRobots: boolean;
  /** True when there is any answer to a request for an address, be it a redirect. */
  holds(url: URL): boolean;
  /** Addresses of its HTML pages, sorted. */
  pages(): string[];
}

/** Answers by address: the first request gets the first one, and so on; the last one repeats. */
export function storedResponses(
  held: readonly Held[],
  pool: Pool,
  obeysRobots: boolean,
): StoredResponses {
  const byUrl = new Map<string, { readonly all: Held[]; asked: number }>();
  for (const one of held) {
    const known = byUrl.get(one.url);
    if (known === undefined) byUrl.set(one.url, { all: [one], asked: 0 });
    else known.all.push(one);
  }
  const find = ({ href }: URL) => byUrl.get(href) ?? byUrl.get(twin(href));
  return {
    obeysRobots,
    holds: (url) => find(url) !== undefined,
    pages: () =>
      [...byUrl]
        .flatMap(([url, { all }]) => (all.some((one) => isPage(one, pool)) ? [url] : []))
        .sort(),
    async next(url) {
      const found = find(url);
      let one = found?.all[Math.min(found.asked++, found.all.length - 1)];
      // A later answer of the same crawl is as good as one that is damaged.
      while (found !== undefined && one?.kind === "damage" && found.asked < found.all.length)
        one = found.all[found.asked++];
      const isLostRobots = url.pathname === ROBOTS && one?.kind === "damage";
      if (one !== undefined && !isLostRobots) {
        const answer = await answerOf(one, pool);
        if (answer.whole || url.pathname === ROBOTS) return answer;
        throw new FetchError("the capture holds only a part of the answer");
      }
      if (url.pathname === ROBOTS) return NO_ROBOTS;
      throw new FetchError("the capture does not hold this address", { state: "not-reached" });
    },
  };
}

function isPage(held: Held, pool: Pool): boolean {
  const { status, type } = (held.kind === "revisit" ? pool.original(held) : null) ?? held;
  return status === 200 && type !== null && /html/i.test(type);
}

const ROBOTS = "/robots.txt";
/** Most programs that capture do not ask for robots.txt, or do not keep it, and one may be damaged: what was fetched may be read. */
const NO_ROBOTS: WireResponse = { status: 404, headers: {}, body: new Uint8Array(), whole: true };

/** The same address under the other of the two schemes: sites move from one to the other. */
function twin(address: string): string {
  return address.startsWith("https:")
    ? `http:${address.slice("https:".length)}`
    : `https:${address.slice("http:".length)}`;
}

export interface ReplayOptions {
  readonly site: Pick<Site, "start" | "origins"> & Partial<Pick<Site, "media">>;
  readonly responses: StoredResponses;
  /** As the crawl had them; the defaults are those of a crawl. */
  readonly attempts?: number;
  readonly limits?: Partial<Limits>;
  readonly onEvent?: (event: FetchEvent) => void;
}

/** Reads what a frontier hands out from captures, one page after the other. No network, no clock. */
export function replaySource(options: ReplayOptions): Source {
  const { site, responses, attempts = ATTEMPTS, limits = {}, onEvent } = options;
  const { start, origins, media } = site;
  const exchange = createExchange({
    start,
    origins,
    mediaOrigins: media?.origins ?? [],
    delay: 0,
    attempts,
    limits,
    clock: { now: () => 0, sleep: async () => {} },
    ignoreRobots: !responses.obeysRobots,
    stored: (url) => responses.next(url),
    wire: nowhere,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const tried = async <T>(run: (attempt: number) => Promise<T>, failed: Failed<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(attempt);
      } catch (error) {
        if (!(error instanceof FetchError)) throw error;
        if (!error.retry || attempt >= attempts) return failed(error, attempt);
      }
    }
  };
  return {
    async run(frontier, onResponse, accept = () => null) {
      for (let request = frontier.next(); request !== null; request = frontier.next()) {
        const due = request;
        const read = async (attempt: number): Promise<PageResponse> => {
          const page = await fetchPage(exchange, due, { attempt, attempts, accept });
          return { request: due, page };
        };
        await onResponse(await tried(read, (error, attempt) => failureOf(due, error, attempt)));
      }
    },
    media: (url) =>
      tried<MediaResponse>(
        async () => ({ page: await fetchFile(exchange, url) }),
        ({ message }) => ({ failure: { stage: "fetch", url, reason: message } }),
      ),
  };
}

/** What comes of a request that failed for good. */
type Failed<T> = (error: FetchError, attempt: number) => T;

/** What a replay never reaches: every request has its answer, or the lack of one. */
const nowhere: Wire = {
  get: async () => {
    throw new Error("a replay makes no request");
  },
  close: async () => {},
};
