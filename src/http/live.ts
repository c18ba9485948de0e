/** The live source: pages over HTTP. Crawlee schedules, retries and counts; the exchange fetches. */
import { AsyncResource } from "node:async_hooks";
import process from "node:process";
import type { BasicCrawler, Configuration, Request as Task } from "@crawlee/basic";
import { CliError, EXIT } from "../error.js";
import type {
  Accept,
  Frontier,
  MediaResponse,
  Page,
  PageRequest,
  PageResponse,
  Source,
} from "../model.js";
import type { Site } from "../site/site.js";
import { seededRandom, systemClock } from "./clock.js";
import { createExchange, type Exchange, type ExchangeOptions } from "./exchange.js";
import { FetchError, Stopped } from "./fetch-error.js";
import { ATTEMPTS, failureOf, fetchFile, fetchPage, readable } from "./fetch-page.js";
import { type HttpCache, type Recorder, recordingWire } from "./recorder.js";
import { RequestQueue } from "./request-queue.js";
import { backOff, type Patience, persist } from "./retry.js";
import { type ConnectOptions, createConnector, type Hosts } from "./wire/connect.js";
import { DEFAULT_LIMITS } from "./wire/receive.js";
import { Transport } from "./wire/transport.js";

export type { Hosts };

export interface LiveOptions
  extends Omit<
      ExchangeOptions,
      "start" | "origins" | "mediaOrigins" | "concurrency" | "delay" | "wire"
    >,
    Pick<ConnectOptions, "hosts" | "lookup"> {
  readonly site: Pick<Site, "start" | "origins" | "politeness"> & Partial<Pick<Site, "media">>;
  /** Keeps what goes over the wire. */
  readonly recorder?: Recorder;
  /** With a recorder: asks only for what has changed since. */
  readonly cache?: HttpCache | undefined;
}

/** Milliseconds that answers on their way may still take when the run is stopped. */
const GRACE = 5_000;

/**
 * Fetches what a frontier hands out, politely. Pages are answers with status 200 that are HTML and
 * whole; all else is a failure, asked for again where that may help. When the signal is given, no
 * further request begins, those in flight arrive or are given up after five seconds, every request
 * that was handed out arrives as not reached, and `run` resolves. Images and attachments are
 * fetched through the same exchange: one pace, one reading of robots.txt.
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
  const giveUp = () => setTimeout(() => void exchange?.close(), GRACE).unref();
  signal.addEventListener("abort", giveUp, { once: true });
  return {
    run: (frontier, onResponse, accept = () => null) =>
      new LiveRun(stoppable, stop, open(), frontier, onResponse, accept).run(),
    media: (url) => fetchMedia(url, open(), stoppable),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asks for an image or attachment, again where that may help. */
async function fetchMedia(
  url: string,
  exchange: Exchange,
  options: LiveOptions,
): Promise<MediaResponse> {
  try {
    return await persist(patienceOf(options), async () => {
      options.onEvent?.({ event: "request", url, role: "media", attempt: 1 });
      return { page: await fetchFile(exchange, url) };
    });
  } catch (error) {
    if (error instanceof Stopped) return { failure: null };
    if (!(error instanceof FetchError)) throw error;
    return { failure: { stage: "fetch", url, reason: error.message } };
  }
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
        return await persist(patienceOf(options), async () => {
          return readable(await exchange.fetch(url));
        });
      } catch (error) {
        if (!(error instanceof FetchError)) throw error;
        throw new CliError(`${url} cannot be read: ${error.message}`, {
          exitCode: EXIT.unreachable,
          cause: error,
        });
      }
    },
    close: () => exchange.close(),
  };
}

/**
 * Fetches one page, as a crawl would.
 *
 * @throws {CliError} exit code 5, when it does not come
 */
export async function fetchOne(
  url: string,
  site: LiveOptions["site"],
  options: Omit<LiveOptions, "site"> = {},
): Promise<Page> {
  const fetcher = openFetcher({ ...site, start: url }, options);
  try {
    return await fetcher.fetch(url);
  } finally {
    await fetcher.close();
  }
}

function openExchange({ site, recorder, cache, ...options }: LiveOptions): Exchange {
  const { start, origins, politeness, media } = site;
  const mediaOrigins = media?.origins ?? [];
  const { clock = systemClock, hosts, lookup } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const transport = new Transport({
    connect: createConnector({
      start,
      timeout: limits.connect,
      ...(hosts === undefined ? {} : { hosts }),
      ...(lookup === undefined ? {} : { lookup }),
    }),
    limits,
    clock,
    tapped: recorder !== undefined,
  });
  const wire =
    recorder === undefined ? transport : recordingWire(transport, { recorder, cache, clock });
  return createExchange({ ...options, start, origins, mediaOrigins, ...politeness, wire });
}

function patienceOf(options: Omit<LiveOptions, "site">): Patience {
  const { attempts = ATTEMPTS, clock = systemClock, seed = 1, signal } = options;
  return { attempts, clock, random: seededRandom(seed), signal };
}

class LiveRun {
  readonly #options: LiveOptions;
  readonly #patience: Patience;
  readonly #frontier: Frontier;
  readonly #onResponse: (response: PageResponse) => Promise<void>;
  readonly #accept: Accept;
  readonly #stop: AbortController;
  readonly #signal: AbortSignal;
  readonly #exchange: Exchange;
  /** Visits that were handed out and have not arrived. */
  readonly #open = new Set<PageRequest>();
  /** An error of the run; thrown when what is in hand has come to rest. */
  #broken: { readonly error: unknown } | null = null;

  constructor(
    options: LiveOptions & { readonly signal: AbortSignal },
    stop: AbortController,
    exchange: Exchange,
    frontier: Frontier,
    onResponse: (response: PageResponse) => Promise<void>,
    accept: Accept,
  ) {
    this.#options = options;
    this.#signal = options.signal;
    this.#stop = stop;
    this.#exchange = exchange;
    this.#patience = patienceOf(options);
    this.#frontier = frontier;
    this.#onResponse = onResponse;
    this.#accept = accept;
  }

  async run(): Promise<void> {
    await this.#crawl();
    await this.#leaveOpen();
    if (this.#broken !== null) throw this.#broken.error;
  }

  /** What arrived after a request that was given up waits for it: so each of them arrives. */
  async #leaveOpen(): Promise<void> {
    for (const request of [...this.#open].sort((a, b) => a.order - b.order)) {
      const failure = { stage: "fetch" as const, url: request.url, reason: "the run was stopped" };
      await this.#deliver({ request, failure, state: "not-reached", status: null });
    }
  }

  async #crawl(): Promise<void> {
    // Crawlee costs half a second to load, which only a crawl should pay.
    const crawlee = await import("@crawlee/basic");
    const queue = new RequestQueue({
      frontier: this.#frontier,
      // Crawlee counts by these; it delays and remembers by domain, and an IP address has none.
      task: ({ order }) => new crawlee.Request({ url: `http://127.0.0.1/${order}` }),
      wake: () => void crawler.autoscaledPool?.notify(),
    });
    const log = new crawlee.Log({ level: crawlee.LogLevel.OFF });
    // Out of Crawlee's context: undici's timer keeps that of a request for good, and with it the whole walk.
    const attempt = AsyncResource.bind((task: Task) => this.#attempt(queue, task));
    const { concurrency } = this.#options.site.politeness;
    // Twice as many tasks as requests in flight: while pages are read, others come. The exchange keeps the pace.
    const slots = concurrency * 2;
    class Crawler extends crawlee.BasicCrawler {
      // Crawlee 3.18 has an option for this in its types, and rejects it at run time.
      protected override requestManager = queue;
    }
    const crawler: BasicCrawler = new Crawler(
      {
        log,
        minConcurrency: slots,
        maxConcurrency: slots,
        autoscaledPoolOptions: {
          desiredConcurrency: slots,
          // Crawlee looks for work after each task, and when it is woken; this is only for safety.
          maybeRunIntervalSecs: 0.25,
          loggingIntervalSecs: null,
        },
        maxRequestRetries: this.#patience.attempts - 1,
        requestHandlerTimeoutSecs: 2 ** 31 / 1000 - 1,
        useSessionPool: false,
        statisticsOptions: { persistenceOptions: { enable: false }, saveErrorSnapshots: false },
        requestHandler: ({ request }) => {
          dropInterrupts();
          return attempt(request);
        },
        failedRequestHandler: ({ request }, error) => this.#fail(queue, request, error),
      },
      quietConfiguration(crawlee.Configuration),
    );
    const dropInterrupts = interruptsSince();
    const stop = () => queue.stop();
    this.#signal.addEventListener("abort", stop, { once: true });
    if (this.#signal.aborted) queue.stop();
    try {
      await crawler.run();
    } finally {
      this.#signal.removeEventListener("abort", stop);
    }
  }

  /** One attempt. What it throws, Crawlee counts, and gives back to the queue or to `#fail`. */
  async #attempt(queue: RequestQueue, task: Task): Promise<void> {
    const request = queue.requestOf(task);
    if (request === undefined) return;
    this.#open.add(request);
    const attempt = task.retryCount + 1;
    let page: Page;
    try {
      page = await this.#fetch(request, attempt);
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof FetchError)) return this.#break(error);
      task.noRetry = !error.retry;
      if (error.retry && attempt < this.#patience.attempts)
        queue.delay(task, this.#waitAgain(request, attempt, error.message));
      throw error;
    }
    await this.#deliver({ request, page });
  }

  async #fetch(request: PageRequest, attempt: number): Promise<Page> {
    const { url, role } = request;
    this.#options.onEvent?.({ event: "request", url, role, attempt });
    const { attempts } = this.#patience;
    return fetchPage(this.#exchange, request, { attempt, attempts, accept: this.#accept });
  }

  #waitAgain(request: PageRequest, attempt: number, reason: string): Promise<void> {
    const { attempts, clock, random } = this.#patience;
    const waitMs = backOff(attempt, random);
    const { url } = request;
    this.#options.onEvent?.({ event: "retry", url, reason, attempt, attempts, waitMs });
    return clock.sleep(waitMs, this.#signal);
  }

  async #fail(queue: RequestQueue, task: Task, error: Error): Promise<void> {
    const request = queue.requestOf(task);
    if (request === undefined) return;
    if (!(error instanceof FetchError)) return this.#break(error);
    await this.#deliver(failureOf(request, error, task.retryCount + 1));
  }

  async #deliver(response: PageResponse): Promise<void> {
    this.#open.delete(response.request);
    if (this.#broken !== null) return;
    try {
      await this.#onResponse(response);
    } catch (error) {
      this.#break(error);
    }
  }

  #break(error: unknown): void {
    this.#broken ??= { error };
    this.#stop.abort();
  }
}

/** Nothing on disk, and none of the measuring that scaling would need. */
function quietConfiguration(make: typeof Configuration): Configuration {
  const hour = 3_600_000;
  return new make({
    persistStorage: false,
    purgeOnStart: false,
    systemInfoIntervalMillis: hour,
    persistStateIntervalMillis: hour,
  });
}

/**
 * Crawlee listens for Ctrl-C by itself, and stops without waiting for what is in hand. Whether and
 * how to stop is the caller's decision: by a signal.
 *
 * @returns drops the listeners that Crawlee has added since
 */
function interruptsSince(): () => void {
  const before = new Set(process.listeners("SIGINT"));
  return () => {
    for (const listener of process.listeners("SIGINT"))
      if (!before.has(listener) && listener.name === "sigintHandler")
        process.off("SIGINT", listener);
  };
}
