/** How fast a crawl asks: a clock of its own shows every wait, and takes no time. */
import { afterEach, describe, expect, test } from "vitest";
import type { Clock } from "../../src/http/clock.js";
import type { FetchEvent } from "../../src/http/events.js";
import { FetchError } from "../../src/http/fetch-error.js";
import { Throttle } from "../../src/http/polite/lanes.js";
import { DEFAULT_LIMITS, Patience } from "../../src/http/wire/limits.js";
import { answer, type FaultServer, type Scenario, startFaultServer } from "../fault-server.js";
import { fetchPaths } from "./crawl.js";

function stillClock(): Clock & { time: number } {
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.time += ms;
    },
  };
  return clock;
}

const HOST = "a.example";
const busy = (status: number, retryAfter?: string) => ({
  status,
  headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
});
const good = { status: 200, headers: {} };

function throttled(delay = 0) {
  const clock = stillClock();
  const waits: string[] = [];
  const onWait = (_: string, ms: number, reason: string) => waits.push(`${ms}: ${reason}`);
  const throttle = new Throttle({ concurrency: 1, delay, clock, onWait });
  /** Makes requests one after the other. @returns how long they waited, in milliseconds */
  const ask = async (...responses: ReturnType<typeof busy>[]) => {
    const before = clock.time;
    for (const response of responses) {
      const release = await throttle.acquire(HOST);
      throttle.adjust(HOST, response);
      release();
    }
    return clock.time - before;
  };
  return { ask, waits, throttle };
}

describe("the pace of requests to a host", () => {
  test("a thousand URLs of which 30 % answer 503 once take minutes, not hours", async () => {
    const { ask } = throttled();
    const responses = Array.from({ length: 1300 }, (_, at) => (at % 13 < 3 ? busy(503) : good));
    expect(await ask(...responses)).toBeLessThan(10 * 60_000);
  });

  test.each([503, 429])(
    "thirty URLs of which the first ten answer %d take less than a minute",
    async (status) => {
      const { ask } = throttled();
      const waited = await ask(
        ...Array.from({ length: 10 }, () => busy(status)),
        ...Array.from({ length: 30 }, () => good),
      );
      expect(waited).toBeLessThan(40_000);
    },
  );

  test("the delay of a host that complains for ever has a bound, and good responses bring it back", async () => {
    const { ask, waits } = throttled();
    const many = Array.from({ length: 100 }, () => busy(503));
    expect(await ask(...many, good)).toBeLessThan(100 * 2000 + 1);
    expect(waits.length).toBe(100);
    expect(waits.at(-1)).toBe("2000: HTTP 503");
    await ask(good, good, good, good, good);
    expect(await ask(good, good, good)).toBe(0);
  });

  test("a delay that is longer than the bound stays", async () => {
    const { ask } = throttled(30_000);
    expect(await ask(good, busy(503), good, good)).toBe(90_000);
  });

  test.each([404, 410, 500])("%d changes nothing of the pace", async (status) => {
    const { ask } = throttled();
    expect(await ask(good, busy(status), good, busy(status), good)).toBe(0);
    await ask(busy(503), busy(503));
    const slow = await ask(busy(status), busy(status));
    expect(slow).toBe(await ask(busy(status), busy(status)));
  });

  test("a Retry-After holds the host for as long as it says", async () => {
    const [one, other] = [throttled(), throttled()];
    expect(await one.ask(busy(503, "17"), good)).toBe(17_000);
    expect(await other.ask(busy(429, "299"), good)).toBe(299_000);
    expect([...one.waits, ...other.waits]).toEqual([
      "17000: HTTP 503 with Retry-After: 17",
      "299000: HTTP 429 with Retry-After: 299",
    ]);
  });

  test("a Retry-After of an hour belongs to its URL; where the next response says the same, to the host", async () => {
    const { ask, throttle } = throttled();
    expect(await ask(busy(503, "3600"), good, busy(429, "3600"), good)).toBeLessThan(1000);
    await ask(busy(503, "3600"), busy(503, "3600"));
    const refused = await throttle.acquire(HOST).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FetchError);
    expect(refused).toMatchObject({
      state: "not-reached",
      message: "the host asks for no request in the next 3600 s",
    });
  });
});

describe("the patience with a response", () => {
  test("all but the last attempt give up what is far slower than its host", () => {
    const patience = new Patience();
    const headers = (attempt: number) => patience.limits(HOST, attempt, DEFAULT_LIMITS).headers;
    expect([1, 2, 3, 4].map(headers)).toEqual([4000, 6000, 8000, 10_000]);
    patience.note(HOST, 8000);
    expect([1, 2].map(headers)).toEqual([24_000, 25_000]);
    expect(patience.limits("b.example", 1, DEFAULT_LIMITS).headers).toBe(4000);
  });
});

describe("pages that are slow or refused", () => {
  let server: FaultServer;
  afterEach(() => server.close());
  const known = async (scenarios: Readonly<Record<string, Scenario>>) => {
    server = await startFaultServer(scenarios);
    return server;
  };

  test("a body that drips is given up by its speed, and asked for again", async () => {
    await known({});
    const { responses } = await fetchPaths(server, ["/drip"], {
      limits: { headers: 400, idle: 400, total: 5000, slow: 300 },
    });
    expect(JSON.stringify(responses)).toMatch(/slow: \d+ bytes in 0\.3 s; asked 2 times/);
  });

  test("a page that asks for an hour is asked for once, and the others come", async () => {
    await known({ "/hour": (ask) => answer(ask, 503, { "retry-after": "3600" }, "") });
    const { responses, waited } = await fetchPaths(server, ["/hour", "/page", "/gzip"]);
    expect(responses).toMatchObject([
      { failure: { reason: "HTTP 503, and no request is wanted in the next 3600 s" } },
      { page: {} },
      { page: {} },
    ]);
    expect(server.asked.filter(({ path }) => path === "/hour")).toHaveLength(1);
    expect(waited).toBeLessThan(1000);
  });

  test("one URL that is retried does not hold the others", async () => {
    await known({});
    const paths = ["/503-then-page", "/page", "/gzip", "/br", "/deflate"];
    const order: string[] = [];
    const onEvent = (event: FetchEvent) => {
      if (event.event === "answer") order.push(new URL(event.url).pathname);
    };
    const { responses } = await fetchPaths(server, paths, { onEvent });
    expect(responses.every((one) => "page" in one)).toBe(true);
    expect(order[0]).toBe("/503-then-page");
    expect(order.lastIndexOf("/503-then-page")).toBeGreaterThan(1);
  });
});

describe("a robots.txt that cannot be read", () => {
  let server: FaultServer;
  afterEach(() => server.close());
  const robots = (status: number, headers: Readonly<Record<string, string>> = {}): Scenario => {
    return (ask) => answer(ask, status, headers, "");
  };
  /** Visits a page. @returns what came, how long was waited, how often robots.txt was asked for, and what was said first */
  const visit = async (scenario: Scenario, options: { waitForRobots?: number } = {}) => {
    server = await startFaultServer({ "/robots.txt": scenario });
    const { responses, waited, events } = await fetchPaths(server, ["/page"], {
      attempts: 4,
      ...options,
    });
    const [response] = responses;
    const came = response !== undefined && "failure" in response ? response.failure.reason : "page";
    const asked = server.asked.filter(({ path }) => path === "/robots.txt").length;
    const [first] = events.flatMap((event) => (event.event === "robots" ? [event] : []));
    return { came, waited, asked, first };
  };

  test.each([503, 429, 500])(
    "%d for ever is said at the first attempt, and ends within a minute",
    async (status) => {
      const { came, waited, asked, first } = await visit(robots(status));
      expect(first).toMatchObject({ reason: `HTTP ${status}`, attempt: 1 });
      expect(came).toMatch(
        `robots.txt: cannot be read (HTTP ${status}), so every URL is disallowed`,
      );
      expect(asked).toBe(4);
      expect(waited).toBeLessThan(60_000);
    },
  );

  test("it is never asked for sooner than its Retry-After says", async () => {
    const { came, waited, asked } = await visit(robots(503, { "retry-after": "15" }));
    expect(came).toMatch(/cannot be read/);
    expect(asked).toBe(3);
    expect(waited).toBe(30_000);
  });

  test("a Retry-After of an hour ends the run, unless somebody wants to wait so long", async () => {
    const hour = robots(503, { "retry-after": "3600" });
    expect(await visit(hour)).toMatchObject({ asked: 1, waited: 0 });
    await server.close();
    const then: Scenario = (ask) => (ask.times === 1 ? hour(ask) : robots(404)(ask));
    const waiting = await visit(then, { waitForRobots: 2 * 3_600_000 });
    expect(waiting).toMatchObject({ came: "page", asked: 2, waited: 3_600_000 });
  });

  test("who waits for robots.txt waits for as long as was said, whatever the number of attempts", async () => {
    const { came, waited, asked } = await visit(robots(503), { waitForRobots: 600_000 });
    expect(came).toMatch(/cannot be read/);
    expect(asked).toBeGreaterThan(15);
    expect(waited).toBeGreaterThan(550_000);
    expect(waited).toBeLessThanOrEqual(600_000);
  });
});
