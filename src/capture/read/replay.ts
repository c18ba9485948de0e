/**
 * The replay source: pages from captures instead of the network. Redirects, robots.txt, decoding and
 * the judgement of responses are those of a crawl; only the wire differs, and nothing is waited for.
 */

import type { FetchEvent } from "../../http/events.js";
import { Exchange } from "../../http/exchange.js";
import { FetchError } from "../../http/fetch-error.js";
import { failureOf, fetchFile, fetchPage } from "../../http/fetch-page.js";
import { ATTEMPTS, retry } from "../../http/retry.js";
import type { Limits, WireResponse } from "../../http/wire/receive.js";
import type { Wire } from "../../http/wire/transport.js";
import type { MediaResponse, Source } from "../../model.js";
import type { Site } from "../../site/site.js";
import type { CapturedResponse } from "./captured-response.js";
import { type RevisitIndex, responseOf } from "./revisits.js";
import { groupByUrl } from "./warc-index.js";

/** Gives the response to the next request for a URL. */
export interface StoredResponses {
  /** @throws {FetchError} `not-reached` when there is none */
  next(url: URL): Promise<WireResponse>;
  /** True for the capture of a crawl of sitelift, which obeyed robots.txt: then the replay obeys it too. */
  readonly obeysRobots: boolean;
  /** True when there is any response for a URL, be it a redirect. */
  holds(url: URL): boolean;
  /** URLs of its HTML pages, sorted. */
  pages(): string[];
}

/** Responses by URL: the first request gets the first one, and so on; the last one repeats. */
export function storedResponses(
  responses: readonly CapturedResponse[],
  revisits: RevisitIndex,
  obeysRobots: boolean,
): StoredResponses {
  const byUrl = groupByUrl(responses);
  const requested = new WeakMap<readonly CapturedResponse[], number>();
  const find = ({ href }: URL) => byUrl.get(href) ?? byUrl.get(otherScheme(href)) ?? [];
  const isPage = (captured: CapturedResponse) => {
    const original = captured.kind === "revisit" ? revisits.original(captured) : null;
    const { status, type } = original ?? captured;
    return status === 200 && type !== null && /html/i.test(type);
  };
  return {
    obeysRobots,
    holds: (url) => find(url).length > 0,
    pages: () => [...byUrl].flatMap(([url, all]) => (all.some(isPage) ? [url] : [])).sort(),
    async next(url) {
      const all = find(url);
      let at = requested.get(all) ?? 0;
      // A later response of the same crawl is as good as one that is damaged.
      while (all[at]?.kind === "damage" && at < all.length - 1) at++;
      requested.set(all, Math.min(at + 1, all.length - 1));
      const captured = all[at];
      const isRobots = url.pathname === ROBOTS;
      if (captured !== undefined && !(isRobots && captured.kind === "damage")) {
        const response = await responseOf(captured, revisits);
        if (response.whole || isRobots) return response;
        throw new FetchError("the capture holds only a part of the response");
      }
      if (isRobots) return NO_ROBOTS;
      throw new FetchError("the capture does not hold this URL", { state: "not-reached" });
    },
  };
}

const ROBOTS = "/robots.txt";
/** Most programs that capture do not request robots.txt, or do not store it, and one may be damaged: what was fetched may be read. */
const NO_ROBOTS: WireResponse = { status: 404, headers: {}, body: new Uint8Array(), whole: true };

/** Sites move from http to https, and their links stay. */
function otherScheme(url: string): string {
  return url.startsWith("https:") ? url.replace("https:", "http:") : url.replace("http:", "https:");
}

export interface ReplayOptions {
  readonly site: Pick<Site, "start" | "origins"> & Partial<Pick<Site, "media">>;
  readonly responses: StoredResponses;
  /** As the crawl had them; the defaults are those of a crawl. */
  readonly attempts?: number;
  readonly limits?: Partial<Limits>;
  readonly onEvent?: (event: FetchEvent) => void;
}

/** Reads the pages that a frontier asks for from captures, one after the other. No network, no clock. */
export function replaySource(options: ReplayOptions): Source {
  const { site, responses, attempts = ATTEMPTS, limits = {}, onEvent } = options;
  const { start, origins, media } = site;
  const clock = { now: () => 0, sleep: async () => {} };
  const exchange = new Exchange({
    start,
    origins,
    mediaOrigins: media?.origins ?? [],
    delay: 0,
    attempts,
    limits,
    clock,
    ignoreRobots: !responses.obeysRobots,
    // The crawl may have waited long for a robots.txt.
    waitForRobots: Number.POSITIVE_INFINITY,
    stored: (url) => responses.next(url),
    wire: nowhere,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const policy = { attempts, clock, random: () => 0 };
  return {
    async run(frontier, onResponse, accept = () => ({})) {
      for (let request = frontier.next(); request !== null; request = frontier.next()) {
        const due = request;
        let tried = 0;
        const response = retry(policy, (attempt) => {
          tried = attempt;
          return fetchPage(exchange, due, { attempt, attempts, accept });
        });
        await onResponse(await response.catch(whenFailed((error) => failureOf(due, error, tried))));
      }
    },
    media: (url) =>
      fetchFile(exchange, url, policy).then(
        (page): MediaResponse => ({ page }),
        whenFailed(({ message }) => ({ failure: { stage: "fetch", url, reason: message } })),
      ),
  };
}

/** What comes of a request that failed for good; other errors are thrown. */
function whenFailed<T>(failed: (error: FetchError) => T): (error: unknown) => T {
  return (error) => {
    if (!(error instanceof FetchError)) throw error;
    return failed(error);
  };
}

/** Never used: every request has a stored response, or fails. */
const nowhere: Wire = {
  get: async () => {
    throw new Error("a replay makes no request");
  },
  close: async () => {},
};
