/** A wire that keeps what goes over it, and asks only for what has changed since the last time. */
import type { LostTraffic, Original, Traffic } from "../warc/traffic.js";
import type { Clock } from "./clock.js";
import { FetchError } from "./fetch-error.js";
import type { WireAnswer } from "./wire/receive.js";
import type { Transport, Wire } from "./wire/transport.js";

/** Takes what went over the wire. What it throws ends the run. */
export interface Recorder {
  exchange(traffic: Traffic): Promise<void>;
  loss(lost: LostTraffic): Promise<void>;
}

/** The answer that an address gave last time. */
export interface EarlierAnswer {
  readonly answer: WireAnswer;
  readonly original: Original;
}

/** Knows earlier answers of this site. */
export interface Earlier {
  /** The newest whole one with status 200; null when there is none, or it is damaged. */
  find(url: URL): Promise<EarlierAnswer | null>;
}

/**
 * Wraps a transport. A request is conditional where an earlier answer is known, and "not modified"
 * is answered with that one; but an answer that was no use is asked for whole.
 */
export function recordingWire(
  transport: Transport,
  options: {
    readonly recorder: Recorder;
    readonly earlier?: Earlier | undefined;
    readonly clock: Clock;
  },
): Wire {
  const { recorder, earlier, clock } = options;
  return {
    async get(url, headers, wish) {
      const known = (await earlier?.find(url)) ?? null;
      const conditions = known === null || wish?.again ? {} : conditionsOf(known.answer);
      const startedAt = clock.now();
      let got: Awaited<ReturnType<Transport["get"]>>;
      try {
        got = await transport.get(url, { ...headers, ...conditions }, wish);
      } catch (error) {
        if (error instanceof FetchError) {
          const { message: reason, state, retry } = error;
          const lost = { url: url.href, startedAt, endedAt: clock.now(), reason, retry };
          await recorder.loss({ ...lost, state: state === "excluded" ? state : "failed" });
        }
        throw error;
      }
      const { traffic, ...answer } = got;
      const { status, body, whole } = answer;
      const original = known?.original ?? null;
      const ends = { url: url.href, endedAt: clock.now() };
      await recorder.exchange({ ...traffic, ...ends, status, body, whole, original });
      return status === 304 && known !== null ? known.answer : answer;
    },
    close: () => transport.close(),
  };
}

/** RFC 9110, section 13.1: the tag, and the date for a server that knows no tags. */
function conditionsOf({ headers }: WireAnswer): Readonly<Record<string, string>> {
  const { etag, "last-modified": modified } = headers;
  return {
    ...(etag ? { "if-none-match": etag } : {}),
    ...(modified ? { "if-modified-since": modified } : {}),
  };
}
