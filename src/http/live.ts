/** The live source: pages over HTTP. */

import { CliError, EXIT } from "../error.js";
import type { Page, PageRequest, PageResponse, Source } from "../model.js";
import { firstPageAdvice } from "../schema/failure-code.js";
import type { Site } from "../site/site.js";
import { systemClock } from "./clock.js";
import { isFeedOrJson } from "./completeness.js";
import { schedule } from "./crawlee.js";
import { Exchange, type ExchangeOptions } from "./exchange.js";
import { FetchError, Stopped } from "./fetch-error.js";
import {
  type FileOptions,
  failureOf,
  fetchBeside,
  fetchFile,
  fetchPage,
  mediaResponse,
  notReached,
  readable,
} from "./fetch-page.js";
import { type HttpCache, type Recorder, recordingWire } from "./recorder.js";
import { backOff, retry, retryPolicyOf } from "./retry.js";
import type { ConnectOptions, Hosts } from "./wire/connect.js";
import { DEFAULT_LIMITS } from "./wire/limits.js";
import { openTransport } from "./wire/transport.js";

export type { Hosts };

export interface LiveOptions
  extends Omit<
      ExchangeOptions,
      "start" | "origins" | "mediaOrigins" | "concurrency" | "delay" | "wire"
    >,
    Pick<ConnectOptions, "hosts" | "lookup"> {
  /** URLs that the user typed, whose hosts may be on a private network; by default those of the site. */
  readonly typed?: readonly string[];
  readonly site: Pick<Site, "start" | "origins" | "politeness"> & Partial<Pick<Site, "media">>;
  /** Stores every exchange. */
  readonly recorder?: Recorder;
  /** With a recorder: requests for what is cached are conditional. */
  readonly cache?: HttpCache | undefined;
}

/** Milliseconds that responses in flight may still take when the run is stopped. */
const GRACE = 5_000;

/**
 * Fetches what a frontier hands out, politely. A page is a response with status 200 that is HTML and
 * complete; all else is a failure, retried where that may help. When the signal is given, no
 * further request begins, those in flight arrive or are given up after five seconds, every request
 * that was handed out is answered as not reached, and `run` resolves. Images and attachments are
 * fetched through the same exchange: one throttle, one reading of robots.txt.
 */
export function liveSource(options: LiveOptions): Source & AsyncDisposable {
  const stop = new AbortController();
  const signal =
    options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const stoppable = { ...options, signal };
  let exchange: Exchange | null = null;
  const open = () => {
    exchange ??= openExchange(stoppable);
    return exchange;
  };
  const close = async () => {
    await exchange?.close();
    exchange = null;
  };
  const giveUp = () => {
    if (exchange !== null) setTimeout(() => void exchange?.close(), GRACE).unref();
  };
  const policy = () => retryPolicyOf(stoppable);
  const beside = (url: string, what: "data" | "page") =>
    mediaResponse(url, fetchBeside(open(), url, policy(), what));
  const file = (url: string, role: "media" | "requisite", more: FileOptions) => {
    const onAttempt = (attempt: number) =>
      options.onEvent?.({ event: "request", url, role, attempt });
    return mediaResponse(url, fetchFile(open(), url, policy(), { ...more, onAttempt }));
  };
  signal.addEventListener("abort", giveUp, { once: true });
  return {
    run: (...args) => crawl(stoppable, open(), args, () => stop.abort()),
    media: (url, again = false) => file(url, "media", { again }),
    requisite: (url, origins) => file(url, "requisite", { origins }),
    data: (url) => beside(url, "data"),
    further: (url) => beside(url, "page"),
    sitemaps: () => open().sitemaps(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Fetches page after page over the same connections, at the pace of a crawl. */
export interface Fetcher {
  /** @throws {CliError} exit code 5, when the page does not come; its cause is a `FetchError` */
  fetch(url: string): Promise<Page>;
  close(): Promise<void>;
}

export function openFetcher(
  site: LiveOptions["site"],
  options: Omit<LiveOptions, "site"> = {},
): Fetcher {
  const exchange = openExchange({ ...options, site });
  return {
    async fetch(url) {
      try {
        return await retry(retryPolicyOf(options), async () => {
          const page = await exchange.fetch(url);
          return readable(page, isFeedOrJson(page) ? "data" : "page");
        });
      } catch (error) {
        if (!(error instanceof FetchError)) throw error;
        const hint = firstPageAdvice(error.message);
        throw new CliError(`${url} cannot be read: ${error.message}`, {
          exitCode: EXIT.unreachable,
          ...(hint === null ? {} : { hint }),
          cause: error,
        });
      }
    },
    close: () => exchange.close(),
  };
}

function openExchange({ site, recorder, cache, ...options }: LiveOptions): Exchange {
  const { start, origins, politeness, media } = site;
  const mediaOrigins = media?.origins ?? [];
  const { clock = systemClock, hosts, lookup } = options;
  const transport = openTransport({
    typed: options.typed ?? [start, ...origins, ...mediaOrigins],
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    ...{ hosts, lookup, clock, tapped: recorder !== undefined },
  });
  const wire =
    recorder === undefined ? transport : recordingWire(transport, { recorder, cache, clock });
  const more = { mediaOrigins, ...politeness, wire, rendering: recorder };
  return new Exchange({ ...options, start, origins, ...more });
}

/** Fetches what a frontier hands out. Rejects for errors of the run, when what is in flight has come to rest. */
async function crawl(
  options: LiveOptions & { readonly signal: AbortSignal },
  exchange: Exchange,
  [frontier, onResponse, accept = async () => null]: Parameters<Source["run"]>,
  stop: () => void,
): Promise<void> {
  const { site, onEvent, signal } = options;
  const { attempts, clock, random } = retryPolicyOf(options);
  /** Requests that were handed out and have no response. */
  const open = new Set<PageRequest>();
  const errors: unknown[] = [];
  const breakOff = (error: unknown) => {
    errors.push(error);
    stop();
    return null;
  };
  const deliver = async (response: PageResponse) => {
    open.delete(response.request);
    if (errors.length === 0) await onResponse(response);
    return null;
  };
  const run = async (request: PageRequest, attempt: number): Promise<number | null> => {
    const { url, role } = request;
    open.add(request);
    onEvent?.({ event: "request", url, role, attempt });
    let response: PageResponse;
    try {
      response = await fetchPage(exchange, request, { attempt, attempts, accept });
    } catch (error) {
      if (error instanceof Stopped) return null;
      if (!(error instanceof FetchError)) throw error;
      if (error.retry && attempt < attempts) {
        const waitMs = backOff(attempt, random);
        onEvent?.({ event: "retry", url, reason: error.message, attempt, attempts, waitMs });
        return waitMs;
      }
      response = failureOf(request, error, attempt);
    }
    return deliver(response);
  };
  await schedule({
    frontier,
    // Twice as many attempts as requests in flight: while pages are read, others come. The throttle holds them back.
    slots: site.politeness.concurrency * 2,
    clock,
    signal,
    run: (request, attempt) => run(request, attempt).catch(breakOff),
  });
  // Pages that came after a request that was given up wait for it: each one needs its response.
  for (const request of [...open].sort((a, b) => a.order - b.order)) {
    await deliver(notReached(request, "the run was stopped")).catch(breakOff);
  }
  if (errors.length > 0) throw errors[0];
}
