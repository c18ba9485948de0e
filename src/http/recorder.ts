/** A wire that records every exchange, and makes conditional requests for what is cached. */
import type {
  FailedRequest,
  HttpExchange,
  Recorded,
  RenderedPage,
  RevisitTarget,
} from "../warc/exchange.js";
import type { Clock } from "./clock.js";
import { isDamaged } from "./damage.js";
import { FetchError } from "./fetch-error.js";
import type { WireResponse } from "./wire/receive.js";
import type { Transport, Wire } from "./wire/transport.js";

/** Stores exchanges. An error that it throws ends the run. */
export interface Recorder {
  exchange(exchange: HttpExchange): Promise<void>;
  failure(failed: FailedRequest): Promise<void>;
  rendered(page: RenderedPage): Promise<void>;
}

/** A stored response, and how a revisit record refers to it. */
interface CachedResponse {
  readonly response: WireResponse;
  readonly target: RevisitTarget;
}

/** Responses of earlier crawls. */
export interface HttpCache {
  /** The newest complete response with status 200; null when there is none, or it is damaged. */
  find(url: URL): Promise<CachedResponse | null>;
}

/**
 * Wraps a transport. A request is conditional where a response is cached, and "not modified" gives
 * the cached one. A retry of what was of no use is unconditional, and so is a request for what is damaged in the cache.
 */
export function recordingWire(
  transport: Transport,
  options: {
    readonly recorder: Recorder;
    readonly cache?: HttpCache | undefined;
    readonly clock: Clock;
  },
): Wire {
  const { recorder, cache, clock } = options;
  const store = (one: Recorded) =>
    "reason" in one ? recorder.failure(one) : recorder.exchange(one);
  return {
    async get(url, headers, options) {
      const post = options?.post;
      const known = (post === undefined ? await cache?.find(url) : null) ?? null;
      const isUsable =
        known !== null && !options?.again && !options?.records && !isDamaged(known.response);
      const conditions = isUsable ? validatorsOf(known.response) : {};
      const startedAt = clock.now();
      let got: Awaited<ReturnType<Transport["get"]>>;
      try {
        got = await transport.get(url, { ...headers, ...conditions }, options);
      } catch (error) {
        if (error instanceof FetchError) {
          const failed: FailedRequest = { url: url.href, post, startedAt, ...error.recorded };
          options?.records?.push(failed);
          await store(failed);
        }
        throw error;
      }
      const { traffic, ...response } = got;
      const { status, body, whole } = response;
      const cached = known?.target ?? null;
      const ends = { url: url.href, post, endedAt: clock.now() };
      const exchange: HttpExchange = { ...traffic, ...ends, status, body, whole, cached };
      options?.records?.push(exchange);
      await store(exchange);
      return status === 304 && isUsable ? known.response : response;
    },
    async store(records) {
      for (const one of records) {
        const known = (await cache?.find(new URL(one.url))) ?? null;
        await store("reason" in one ? one : { ...one, cached: known?.target ?? null });
      }
    },
    close: () => transport.close(),
  };
}

/** RFC 9110, section 13.1: the tag, and the date for a server that knows no tags. */
function validatorsOf({ headers }: WireResponse): Readonly<Record<string, string>> {
  const { etag, "last-modified": modified } = headers;
  return {
    ...(etag ? { "if-none-match": etag } : {}),
    ...(modified ? { "if-modified-since": modified } : {}),
  };
}
