/** From an address to its answer: scope, robots.txt, pace, redirects, decoding. */
import type { Page } from "../model.js";
import { type Clock, seededRandom, systemClock } from "./clock.js";
import type { FetchEvent } from "./events.js";
import { FetchError } from "./fetch-error.js";
import { ROBOTS_BYTES } from "./polite/robots.js";
import { Permission } from "./polite/robots-policy.js";
import { LONGEST_DELAY, Pace } from "./polite/throttle.js";
import { createScope, type Scope } from "./scope.js";
import { defaultUserAgent, productToken } from "./user-agent.js";
import { decodeBody } from "./wire/decode.js";
import { DEFAULT_LIMITS, type Limits, MEDIA_LIMITS, type WireResponse } from "./wire/receive.js";
import type { Wire, Wish } from "./wire/transport.js";

export interface ExchangeOptions {
  /** Where the crawl begins; its origin may be asked. */
  readonly start: string;
  /** Further origins that may be asked. */
  readonly origins?: readonly string[];
  /** Origins that may be asked for images and attachments, beside those for pages. */
  readonly mediaOrigins?: readonly string[];
  readonly userAgent?: string;
  /** Value of Accept-Language; not sent when it is missing. */
  readonly acceptLanguage?: string;
  readonly concurrency?: number;
  /** Milliseconds between two starts. */
  readonly delay?: number;
  /** How often robots.txt, and by `persist` a page, is asked for before it counts as failed. */
  readonly attempts?: number;
  /** For one's own site. */
  readonly ignoreRobots?: boolean;
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Jitter depends on it alone. */
  readonly seed?: number;
  readonly wire: Wire;
  /**
   * Answers that need no request, asked before the pace is kept; null where there is none.
   *
   * @throws {FetchError} when the address has none and may not be asked either
   */
  readonly stored?: (url: URL) => Promise<WireResponse | null>;
  readonly onEvent?: (event: FetchEvent) => void;
}

export interface Exchange {
  /**
   * Asks once, following redirects. A status is not judged: 304 and errors come as they are, without
   * a body; only a body of 2xx is decoded.
   *
   * @param wish `again`: the answer before this one was no use, so a whole new one is wanted
   * @throws {FetchError} when no whole answer came, or a rule forbids the address or a redirect
   * @throws {Stopped} when the run was stopped before the request began
   */
  fetch(
    url: string,
    wish?: { readonly what?: "page" | "media"; readonly again?: boolean },
  ): Promise<Page>;
  close(): Promise<void>;
}

/** RFC 9309, section 2.3.1.2, asks for five hops of robots.txt; pages get as many. */
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function createExchange(options: ExchangeOptions): Exchange {
  const { clock = systemClock, onEvent, signal, start } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const userAgent = options.userAgent ?? defaultUserAgent();
  const scope = createScope([start, ...(options.origins ?? [])]);
  const wide = createScope([start, ...(options.origins ?? []), ...(options.mediaOrigins ?? [])]);
  const pace = new Pace({
    concurrency: options.concurrency ?? 2,
    delay: options.delay ?? 250,
    clock,
    signal,
    onHold: (host, waitMs, reason) => onEvent?.({ event: "wait", host, waitMs, reason }),
  });
  /** One request in the host's pace. */
  const ask = async (url: URL, headers: Readonly<Record<string, string>>, wish: Wish = {}) => {
    const known = await options.stored?.(url);
    if (known != null) return known;
    const leave = await pace.enter(url.hostname);
    try {
      const named = { "user-agent": userAgent, ...headers };
      const answer = await options.wire.get(url, named, wish);
      pace.heed(url.hostname, answer.status, answer.headers["retry-after"]);
      return answer;
    } finally {
      leave();
    }
  };

  const permission = new Permission({
    ask: async (url) => {
      const headers = { accept: "text/plain, */*;q=0.5", "accept-encoding": "identity" };
      const check = async (hop: URL) => forbid(wide.refuses(hop));
      const { answer } = await follow(url, check, (hop) =>
        ask(hop, headers, { enough: ROBOTS_BYTES + 1 }),
      );
      const body = isOk(answer) ? decode(answer, limits) : answer.body;
      return { ...answer, body };
    },
    token: productToken(userAgent),
    patience: {
      attempts: options.attempts ?? 4,
      clock,
      random: seededRandom(options.seed ?? 1),
      signal,
    },
    onCrawlDelay: (origin, wished) => {
      const kept = pace.crawlDelay(origin.hostname, wished);
      if (wished > LONGEST_DELAY) {
        const message = `${origin.host}: robots.txt wishes for a Crawl-delay of ${wished / 1000} s; ${kept / 1000} s are kept`;
        onEvent?.({ event: "warning", message });
      }
    },
  });

  const mayAsk = async (url: URL, where: Scope) => {
    forbid(where.refuses(url));
    if (!options.ignoreRobots) await permission.check(url);
  };

  return {
    fetch: async (requestedUrl, { what = "page", again = false } = {}) => {
      if (!URL.canParse(requestedUrl)) throw new FetchError("this is not an address");
      const isMedia = what === "media";
      const accept = isMedia ? { accept: "*/*" } : {};
      const headers = { ...pageHeaders(options.acceptLanguage), ...accept };
      const most = isMedia ? { ...limits, ...MEDIA_LIMITS } : limits;
      const { answer, url } = await follow(
        new URL(requestedUrl),
        (hop) => mayAsk(hop, isMedia ? wide : scope),
        (hop) => ask(hop, headers, { again, limits: most }),
      );
      if (REDIRECTS.has(answer.status) && answer.headers.location !== undefined)
        throw new FetchError(`more than ${MOST_REDIRECTS} redirects`, { status: answer.status });
      const body = isOk(answer) ? decode(answer, most) : new Uint8Array();
      const { status } = answer;
      onEvent?.({ event: "answer", url: url.href, status, bytes: body.length });
      return { url: url.href, requestedUrl, status, headers: answer.headers, body };
    },
    close: () => options.wire.close(),
  };
}

/** Follows redirects, checking every hop before it is asked. Gives the answer of the last hop. */
async function follow(
  start: URL,
  check: (url: URL) => Promise<void>,
  ask: (url: URL) => Promise<WireResponse>,
): Promise<{ answer: WireResponse; url: URL }> {
  let url = start;
  for (let hops = 0; ; hops++) {
    try {
      await check(url);
    } catch (error) {
      if (hops === 0 || !(error instanceof FetchError)) throw error;
      const { state, message } = error;
      throw new FetchError(`${message} (redirected to ${url.href})`, { state });
    }
    const answer = await ask(url);
    const location = encoded(answer.headers.location);
    if (!REDIRECTS.has(answer.status) || location === undefined || hops === MOST_REDIRECTS)
      return { answer, url };
    if (!URL.canParse(location, url.href))
      throw new FetchError(`a redirect to no address: ${location.slice(0, 200)}`, {
        status: answer.status,
      });
    url = new URL(location, url.href);
    url.hash = "";
  }
}

/** Headers come byte for byte as Latin-1; an address in UTF-8 is meant by its bytes, as browsers take it. */
function encoded(location: string | undefined): string | undefined {
  return location?.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function forbid(reason: string | null): void {
  if (reason !== null) throw new FetchError(reason, { state: "excluded" });
}

function isOk({ status }: WireResponse): boolean {
  return status >= 200 && status < 300;
}

function decode(answer: WireResponse, limits: Limits): Uint8Array {
  return decodeBody(answer.body, answer.headers["content-encoding"], limits.decodedBytes);
}

function pageHeaders(language: string | undefined) {
  return {
    accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "accept-encoding": "gzip, deflate, br",
    ...(language === undefined ? {} : { "accept-language": language }),
  };
}
