/** From a URL to its response: scope, robots.txt, throttle, redirects, decoding. */

import type { Page, Post } from "../model.js";
import { parseUrl } from "../text.js";
import { renderedKey, requestKey } from "../url/post.js";
import { canonicalUrl, originsOf } from "../url/url.js";
import type { Recorded } from "../warc/exchange.js";
import { type Clock, systemClock } from "./clock.js";
import { REDIRECTS } from "./completeness.js";
import { Cookies } from "./cookies.js";
import type { FetchEvent } from "./events.js";
import { FetchError } from "./fetch-error.js";
import { Lanes, MAX_CRAWL_DELAY, Throttle } from "./polite/lanes.js";
import { ROBOTS_BYTES } from "./polite/robots.js";
import { RobotsPolicy } from "./polite/robots-policy.js";
import type { Recorder } from "./recorder.js";
import { follow, MOST_REDIRECTS, type Scope, scopeOf } from "./redirects.js";
import { Renderer } from "./rendered.js";
import { retryPolicyOf } from "./retry.js";
import { defaultUserAgent, productToken } from "./user-agent.js";
import { decodeBody } from "./wire/decode.js";
import { DATA_LIMITS, DEFAULT_LIMITS, type Limits, lower, MEDIA_LIMITS } from "./wire/limits.js";
import type { WireResponse } from "./wire/receive.js";
import type { GetOptions, Wire } from "./wire/transport.js";

export interface ExchangeOptions {
  /** Start URL; its origin may be requested. */
  readonly start: string;
  /** Further origins that may be requested. */
  readonly origins?: readonly string[];
  /** Origins of images and attachments, beside those for pages. */
  readonly mediaOrigins?: readonly string[];
  readonly userAgent?: string;
  readonly concurrency?: number;
  /** Milliseconds between two starts. */
  readonly delay?: number;
  /** Attempts at robots.txt, and at a page, before it counts as failed. */
  readonly attempts?: number;
  /** For one's own site. */
  readonly ignoreRobots?: boolean;
  /** Milliseconds to go on asking for a robots.txt that cannot be read; by default a few attempts within a minute. */
  readonly waitForRobots?: number | undefined;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Jitter depends on it alone. */
  readonly seed?: number;
  /** Those of all sites that are crawled at the same time; by default the site has its own. */
  readonly lanes?: Lanes | undefined;
  readonly wire: Wire;
  /**
   * Responses that need no request, looked up before the throttle; null where there is none.
   *
   * @throws {FetchError} when the URL has none and may not be requested either
   */
  readonly stored?: (url: URL, post?: Post) => Promise<WireResponse | null>;
  readonly onEvent?: (event: FetchEvent) => void;
  /** Stores pages that were rendered, and why others were not. */
  readonly rendering?: Pick<Recorder, "rendered" | "failure"> | undefined;
}

export interface FetchOptions {
  readonly what?: keyof typeof KINDS;
  /** Sent by a POST; a redirect after it is followed by a GET, as browsers do. */
  readonly post?: Post | undefined;
  /** Selectors of rows: the page is rendered in a browser until one of them matches. */
  readonly render?: readonly string[] | undefined;
  /** True where cookies are kept and sent: then a whole response is needed, with what it sets. */
  readonly session?: boolean | undefined;
  /** Origins that may be requested besides, for a requisite: those that pages name. */
  readonly origins?: ReadonlySet<string>;
  readonly attempt?: number;
  readonly attempts?: number;
  readonly again?: boolean;
}

/** What is asked for, with what a server is to send and what it may take. */
const KINDS = {
  page: { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", most: {} },
  either: { accept: "text/html,application/json;q=0.9,*/*;q=0.1", most: {} },
  data: {
    accept:
      "application/atom+xml,application/rss+xml,application/json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1",
    most: DATA_LIMITS,
  },
  media: { accept: "*/*", most: MEDIA_LIMITS },
  requisite: { accept: "*/*", most: MEDIA_LIMITS },
} satisfies Record<string, { accept: string; most: Partial<Limits> }>;

/** Sitemaps of a robots.txt: large sites name an index. */
const MOST_SITEMAPS = 5;

/** No attempt at robots.txt begins after so many milliseconds, and none takes longer than its own limit: a run that may not begin ends within a minute. */
const ROBOTS_PATIENCE = 40_000;
const ROBOTS_LIMITS: Partial<Limits> = { headers: 10_000, idle: 10_000, total: 15_000 };
/** For a host that only pages name; its files are missing, and nothing else is. */
const GUEST_PATIENCE = 5_000;
/** Attempts at robots.txt where somebody wants to wait for it: a day of them. */
const MOST_ROBOTS = 3_000;

/** Requests URLs, one hop after the other, and gives the response of the last one. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #limits: Limits;
  readonly #userAgent: string;
  readonly #scope: Scope;
  readonly #mediaScope: Scope;
  readonly #throttle: Throttle;
  readonly #robots: RobotsPolicy;
  readonly #cookies = new Cookies();
  readonly #renderer: Renderer;
  readonly #lanes: Lanes;

  constructor(options: ExchangeOptions) {
    const { start, origins = [], mediaOrigins = [], clock = systemClock, signal } = options;
    const { lanes, stored, wire } = options;
    this.#options = options;
    this.#lanes = lanes ?? new Lanes(clock);
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#userAgent = options.userAgent ?? defaultUserAgent();
    this.#scope = scopeOf([start, ...origins]);
    this.#mediaScope = scopeOf([start, ...origins, ...mediaOrigins]);
    this.#throttle = new Throttle({
      concurrency: options.concurrency ?? 2,
      delay: options.delay ?? 250,
      lanes: this.#lanes,
      signal,
      onWait: (host, waitMs, reason) => options.onEvent?.({ event: "wait", host, waitMs, reason }),
    });
    const retryPolicy = retryPolicyOf(options);
    const { waitForRobots } = options;
    this.#robots = new RobotsPolicy({
      ask: (url, records) => this.#fetchRobots(url, records),
      // A crawl that is resumed has its own, and not at the same time as others.
      share:
        lanes && wire.store && !stored
          ? (url, ask, patience) =>
              lanes.robots(url, ask, async (records) => wire.store?.(records), patience)
          : undefined,
      token: productToken(this.#userAgent),
      retryPolicy:
        waitForRobots === undefined ? retryPolicy : { ...retryPolicy, attempts: MOST_ROBOTS },
      patience: waitForRobots ?? ROBOTS_PATIENCE,
      onRetry: (url, attempt, waitMs, reason) =>
        options.onEvent?.({ event: "robots", url: url.href, reason, attempt, waitMs }),
      onCrawlDelay: (origin, ms) => this.#setCrawlDelay(origin, ms),
    });
    this.#renderer = new Renderer({
      clock,
      most: this.#limits.decodedBytes,
      ask: (url, accept, post) => this.#askForBrowser(url, accept, post),
      recorder: options.rendering,
      onWarning: (message) => options.onEvent?.({ event: "warning", message }),
    });
  }

  /**
   * Makes one attempt, following redirects. A status is not judged: 304 and errors come as they are, without
   * a body; only a body of 2xx is decoded.
   *
   * @param attempt from 1
   * @param again true when a complete new response is needed: after the first attempt, that before could not be used
   * @param attempts how many there are: all but the last one give up a response that is slow for its host
   * @throws {FetchError} when no complete response came, or a rule forbids the URL or a redirect
   * @throws {Stopped} when the run was stopped before the request began
   */
  async fetch(
    requestedUrl: string,
    {
      what = "page",
      post,
      session = false,
      render,
      origins,
      attempt = 1,
      attempts = 1,
      again = attempt > 1 || session,
    }: FetchOptions = {},
  ): Promise<Page> {
    const first = parseUrl(post?.url ?? requestedUrl);
    if (first === null) throw new FetchError("not a valid URL");
    if (render !== undefined)
      return { ...(await this.#fetchRendered(first, render)), requestedUrl };
    const { ignoreRobots, onEvent } = this.#options;
    const isMedia = what === "media" || what === "requisite";
    const { accept, most } = KINDS[what];
    const limits = { ...this.#limits, ...most };
    const isLast = attempt >= attempts;
    const { response, url, sent } = await follow(
      first,
      async (hop) => {
        (isMedia ? this.#mediaScope : this.#scope)(hop, origins);
        if (!ignoreRobots) await this.#robots.check(hop, origins && GUEST_PATIENCE);
      },
      async (hop, post) => {
        const patient = isLast
          ? limits
          : this.#lanes.patience.limits(hop.hostname, attempt, limits);
        const headers = this.#headers(accept, session ? hop : null);
        const response = await this.#get(hop, headers, { again, limits: patient, post });
        if (session) await this.#cookies.take(hop, response);
        return response;
      },
      post,
    );
    const { status } = response;
    if (REDIRECTS.has(status) && response.headers.location !== undefined)
      throw new FetchError(`more than ${MOST_REDIRECTS} redirects`, { status, code: "refused" });
    const body = isOk(response) ? decode(response, limits) : new Uint8Array();
    onEvent?.({ event: "answer", url: url.href, status, bytes: body.length });
    const came = requestKey(url.href, sent);
    return {
      ...{ url: came, requestedUrl, status, headers: response.headers, body },
      ...(post === undefined ? {} : { post }),
    };
  }

  /** @param url whose cookies are sent; null for none */
  #headers(accept: string, url: URL | null): Readonly<Record<string, string>> {
    const cookie = url === null ? null : this.#cookies.of(url);
    return {
      accept,
      "accept-encoding": "gzip, deflate, br",
      ...(cookie === null ? {} : { cookie }),
    };
  }

  async #fetchRendered(url: URL, rows: readonly string[]): Promise<Omit<Page, "requestedUrl">> {
    await this.#check(url);
    const { stored } = this.#options;
    const response =
      (await stored?.(new URL(renderedKey(url.href)))) ?? (await this.#renderer.render(url, rows));
    const { status, headers, body } = response;
    const shown = new URL(headers["content-location"] ?? url.href);
    shown.hash = "";
    this.#scope(shown);
    return { url: shown.href, status, headers, body };
  }

  async #check(url: URL): Promise<void> {
    this.#scope(url);
    if (!this.#options.ignoreRobots) await this.#robots.check(url);
  }

  /** One request of a page that a browser shows. */
  async #askForBrowser(url: URL, accept: string, post?: Post): Promise<WireResponse> {
    await this.#check(url);
    const headers = this.#headers(accept, url);
    const response = await this.#get(url, headers, { limits: this.#limits, post });
    await this.#cookies.take(url, response);
    return response;
  }

  /** URLs of the sitemaps that robots.txt of the site names, as far as it was asked for: each once, absolute. */
  async sitemaps(): Promise<readonly string[]> {
    const { start } = this.#options;
    const named = (
      await Promise.all(originsOf(start).map((at) => this.#robots.sitemaps(new URL(at))))
    ).flat();
    return [...new Set(named.flatMap((url) => canonicalUrl(url, start) ?? []))].slice(
      0,
      MOST_SITEMAPS,
    );
  }

  async close(): Promise<void> {
    await this.#renderer.close();
    await this.#options.wire.close();
  }

  /** One request, when the throttle lets it start. */
  async #get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    options: GetOptions,
  ): Promise<WireResponse> {
    const { stored, wire } = this.#options;
    const known = await stored?.(url, options.post);
    if (known != null) return known;
    const release = await this.#throttle.acquire(url.hostname);
    const { clock = systemClock } = this.#options;
    const begun = clock.now();
    try {
      const response = await wire.get(url, { "user-agent": this.#userAgent, ...headers }, options);
      this.#lanes.patience.note(url.hostname, clock.now() - begun);
      // How long to wait for robots.txt, its policy decides.
      if (url.pathname !== "/robots.txt") this.#throttle.adjust(url.hostname, response);
      return response;
    } finally {
      release();
    }
  }

  async #fetchRobots(url: URL, records: Recorded[]): Promise<WireResponse> {
    const headers = { accept: "text/plain, */*;q=0.5", "accept-encoding": "identity" };
    const limits = lower(this.#limits, ROBOTS_LIMITS);
    const shared = this.#options.lanes && records;
    const { response } = await follow(
      url,
      async (hop) => this.#mediaScope(hop, new Set(originsOf(url.href))),
      (hop) => this.#get(hop, headers, { enough: ROBOTS_BYTES + 1, limits, records: shared }),
    );
    return isOk(response) ? { ...response, body: decode(response, this.#limits) } : response;
  }

  #setCrawlDelay({ host, hostname }: URL, ms: number): void {
    const used = this.#throttle.setCrawlDelay(hostname, ms);
    const { delay = 250, onEvent } = this.#options;
    if (used > delay) onEvent?.({ event: "pace", host, delayMs: used, wantedMs: delay });
    if (ms <= MAX_CRAWL_DELAY) return;
    const message = `${host}: robots.txt asks for a Crawl-delay of ${ms / 1000} s; using the maximum of ${used / 1000} s`;
    onEvent?.({ event: "warning", message });
  }
}

function isOk({ status }: WireResponse): boolean {
  return status >= 200 && status < 300;
}

function decode(response: WireResponse, limits: Limits): Uint8Array {
  return decodeBody(response.body, response.headers["content-encoding"], limits.decodedBytes);
}
