/** Visits URLs of a fault server with a live source whose waits take no time. */
import { OrderedFrontier } from "../../src/crawl/frontier.js";
import type { Clock } from "../../src/http/clock.js";
import type { FetchEvent } from "../../src/http/events.js";
import { type LiveOptions, liveSource } from "../../src/http/live.js";
import type { Accept, PageResponse } from "../../src/model.js";
import type { FaultServer } from "../fault-server.js";

export const HOST = "office.example";

/** A clock that a sleeper moves; it also counts the total time slept. */
function skippingClock(): Clock & { slept(): number } {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    sleep: async (ms) => {
      skipped += ms;
    },
    slept: () => skipped,
  };
}

export interface Fetched {
  readonly responses: readonly PageResponse[];
  readonly events: readonly FetchEvent[];
  /** Milliseconds that were waited for by the clock. */
  readonly waited: number;
}

const SMALL = { decodedBytes: 2 ** 20, wireBytes: 2 ** 20 };

/** For servers that stall. Others get the deadlines of a crawl: a machine that is busy may pass these. */
export const QUICK = { ...SMALL, connect: 2000, headers: 400, idle: 400, total: 800 };

/**
 * Visits paths of `office.example`, served by the fault server, in the order given.
 *
 * @param options what differs from two attempts, no delay and bodies of a megabyte
 */
export async function fetchPaths(
  server: FaultServer,
  paths: readonly string[],
  options: Partial<LiveOptions> & { accept?: Accept } = {},
): Promise<Fetched> {
  const { accept, ...rest } = options;
  const start = `http://${HOST}/`;
  const clock = skippingClock();
  const events: FetchEvent[] = [];
  const source = liveSource({
    site: { start, origins: [], politeness: { delay: 0, concurrency: 2 } },
    hosts: { [HOST]: { address: "127.0.0.1", port: server.port } },
    attempts: 2,
    limits: SMALL,
    clock,
    onEvent: (event) => events.push(event),
    ...rest,
  });
  const frontier = new OrderedFrontier();
  for (const path of paths) frontier.add(new URL(path, start).href, "article");
  const responses: PageResponse[] = [];
  await source.run(
    frontier,
    async (response) => {
      for (const due of frontier.inOrder(response)) responses.push(due);
    },
    accept,
  );
  return { responses, events, waited: clock.slept() };
}
