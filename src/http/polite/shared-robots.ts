/** The robots.txt of each origin, asked for once by all sites that are crawled at the same time. */
import type { Recorded } from "../../warc/exchange.js";
import type { Clock } from "../clock.js";
import { FetchError } from "../fetch-error.js";
import type { WireResponse } from "../wire/receive.js";

/** A robots.txt holds for a day at most (RFC 9309, section 2.4). One that could not be read is asked for again much sooner. */
const HOLD = 24 * 3_600_000;
const FAILED_HOLD = 600_000;
/**
 * Bytes of responses that are kept: those of some thousand origins, or of a hundred that answer with a large web page. A
 * fleet may have thousands; sites of one host are crawled together, so those needed last are the ones to keep.
 */
const MOST_BYTES = 16 * 1024 * 1024;

/** What was asked for a robots.txt and came, or why nothing did. */
type Answer = WireResponse | FetchError;

interface Shared {
  readonly answer: Promise<Answer>;
  /** The same as records, for the capture of each site. */
  readonly records: readonly Recorded[];
  /** Milliseconds for which it was asked again. */
  readonly patience: number;
  until: number;
  bytes: number;
}

/**
 * What the robots.txt of an origin answered to the first site that asked, for every other one.
 *
 * @param ask asks for it, and adds what is recorded of that
 * @param store takes the records of what another site has asked
 * @param patience a site that has more of it asks itself where one with less got nothing
 */
export function sharedRobots(clock: Clock) {
  /** By origin; the one that was needed last comes last. */
  const all = new Map<string, Shared>();
  const keep = (origin: string, one: Shared) => {
    all.delete(origin);
    all.set(origin, one);
    let bytes = 0;
    for (const other of all.values()) bytes += other.bytes;
    for (const [oldest, other] of all) {
      if (bytes <= MOST_BYTES || oldest === origin) return;
      if (other.until === Number.POSITIVE_INFINITY) continue;
      all.delete(oldest);
      bytes -= other.bytes;
    }
  };
  return async (
    { origin }: URL,
    ask: (records: Recorded[]) => Promise<Answer>,
    store: (records: readonly Recorded[]) => Promise<void>,
    patience = Number.POSITIVE_INFINITY,
  ): Promise<Answer> => {
    for (;;) {
      const known = all.get(origin);
      if (known === undefined || known.until < clock.now()) {
        const records: Recorded[] = [];
        const until = Number.POSITIVE_INFINITY;
        const asked = { answer: ask(records), records, patience, until, bytes: 0 };
        all.set(origin, asked);
        try {
          const answer = await asked.answer;
          asked.until = clock.now() + (answer instanceof FetchError ? FAILED_HOLD : HOLD);
          asked.bytes = records.reduce((sum, one) => sum + sizeOf(one), 0);
          keep(origin, asked);
          return answer;
        } catch (error) {
          all.delete(origin);
          throw error;
        }
      }
      // An error of the site that asked, or of its disk, says nothing to the others: the next one asks itself.
      const answer = await known.answer.catch(() => null);
      if (answer === null) continue;
      if (answer instanceof FetchError && known.patience < patience) {
        if (all.get(origin) === known) all.delete(origin);
        continue;
      }
      keep(origin, known);
      await store(known.records);
      return answer;
    }
  };
}

/** The response as it came, and its body, which is another copy. */
function sizeOf(one: Recorded): number {
  return "response" in one ? one.response.length + one.body.length : 0;
}
