/** Hosts that several sites ask at the same time. */
import { afterEach, describe, expect, test } from "vitest";
import { OrderedFrontier } from "../../src/crawl/frontier.js";
import { FetchError } from "../../src/http/fetch-error.js";
import { liveSource } from "../../src/http/live.js";
import { Lanes, type Paces, Throttle } from "../../src/http/polite/lanes.js";
import type { WireResponse } from "../../src/http/wire/receive.js";
import type { Recorded } from "../../src/warc/exchange.js";
import { answer, type FaultServer, type Scenario, startFaultServer } from "../fault-server.js";
import { HOST } from "./crawl.js";

/** Sleepers wait until the clock is moved. */
function handClock() {
  const sleepers: { at: number; wake: () => void }[] = [];
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, fail) => {
        sleepers.push({ at: clock.time + ms, wake });
        signal?.addEventListener("abort", fail);
      }),
    async move(ms: number) {
      clock.time += ms;
      for (const one of sleepers.filter(({ at }) => at <= clock.time)) one.wake();
      await new Promise(setImmediate);
    },
  };
  return clock;
}

describe("a host that several sites ask", () => {
  const crowd = (paces: Paces = {}) => {
    const clock = handClock();
    const lanes = new Lanes(clock, paces);
    const started: string[] = [];
    const site = (name: string, delay = 100, signal?: AbortSignal) => {
      const throttle = new Throttle({ concurrency: 1, delay, lanes, signal });
      return {
        throttle,
        ask: async (n: number) => {
          const requests = Array.from({ length: n }, async () => {
            const release = await throttle.acquire(HOST);
            started.push(name);
            release();
          });
          await Promise.all(requests);
        },
      };
    };
    return { clock, site, started };
  };

  test("gives each site its turn, one request at a time, at one pace for all", async () => {
    const { clock, site, started } = crowd();
    const all = [site("a").ask(3), site("b").ask(1), site("c").ask(2)];
    for (let at = 0; at < 6; at++) {
      await clock.move(0);
      expect(started).toHaveLength(at + 1);
      await clock.move(100);
    }
    await Promise.all(all);
    expect(started.join("")).toBe("abcaca");
  });

  test.each([
    ["the slowest pace that a site asks for holds for all", {}, 400],
    ["what is said of the host goes before what sites ask for", { [HOST]: { delay: 30 } }, 30],
  ])("%s", async (_, paces, delay) => {
    const { clock, site, started } = crowd(paces);
    const all = [site("slow", 400).ask(1), site("fast", 10).ask(2)];
    for (let at = 0; at < 2; at++) {
      await clock.move(delay - 1);
      expect(started).toHaveLength(at + 1);
      await clock.move(1);
    }
    await Promise.all(all);
  });

  test("a Retry-After to one site holds the others", async () => {
    const { clock, site, started } = crowd();
    const [a, b] = [site("a"), site("b")];
    await a.ask(1);
    a.throttle.adjust(HOST, { status: 503, headers: { "retry-after": "17" } });
    const asked = b.ask(1);
    await clock.move(16_999);
    expect(started).toEqual(["a"]);
    await clock.move(1);
    await asked;
  });

  test("a site that is stopped waits no longer, and the others go on", async () => {
    const { clock, site, started } = crowd();
    const stop = new AbortController();
    const [a, b] = [site("a", 100, stop.signal), site("b")];
    const stopped = a.ask(3).catch((error: unknown) => error);
    const going = b.ask(2);
    stop.abort();
    expect(await stopped).toBeInstanceOf(Error);
    for (let at = 0; at < 2; at++) await clock.move(100);
    await going;
    expect(started.join("")).toBe("abb");
  });
});

test("a robots.txt holds for a day, and one that could not be read for ten minutes", async () => {
  const clock = handClock();
  const lanes = new Lanes(clock);
  const asked: string[] = [];
  const ask = async (name: string, answered: WireResponse | FetchError) => {
    const got = async () => {
      asked.push(name);
      return answered;
    };
    await lanes.robots(new URL("http://a.example/robots.txt"), got, async () => {});
  };
  const rules = { status: 200, headers: {}, body: new Uint8Array(), whole: true };
  await ask("first", new FetchError("HTTP 503"));
  await ask("at once", rules);
  await clock.move(600_001);
  await ask("later", rules);
  await clock.move(24 * 3_600_000);
  await ask("within a day", rules);
  await clock.move(1);
  await ask("the next day", rules);
  expect(asked).toEqual(["first", "later", "the next day"]);
});

test("a site whose asking for robots.txt fails lets the next one ask", async () => {
  const lanes = new Lanes();
  const url = new URL("http://a.example/robots.txt");
  const rules = { status: 200, headers: {}, body: new Uint8Array(), whole: true };
  const broken = lanes.robots(
    url,
    () => Promise.reject(new Error("disk")),
    async () => {},
  );
  const next = lanes.robots(
    url,
    async () => rules,
    async () => {},
  );
  await expect(broken).rejects.toThrow("disk");
  expect(await next).toBe(rules);
});

test("a site whose pages only name a host gives it up sooner, and not for the sites of that host", async () => {
  const lanes = new Lanes();
  const url = new URL("http://a.example/robots.txt");
  const rules = { status: 200, headers: {}, body: new Uint8Array(), whole: true };
  const asked: string[] = [];
  const ask = (name: string, patience: number, answer: WireResponse | FetchError) =>
    lanes.robots(
      url,
      async () => {
        asked.push(name);
        return answer;
      },
      async () => {},
      patience,
    );
  const guest = ask("guest", 5_000, new FetchError("HTTP 503"));
  const [own, other] = [ask("own", 40_000, rules), ask("other", 40_000, rules)];
  await guest;
  expect([await own, await other]).toEqual([rules, rules]);
  await ask("another guest", 5_000, rules);
  expect(asked).toEqual(["guest", "own"]);
});

test("of what thousands of hosts answered for robots.txt only that which was needed last is kept", async () => {
  const lanes = new Lanes();
  const body = new Uint8Array(500_000);
  const rules = { status: 404, headers: {}, body, whole: true };
  let asked = 0;
  const ask = (host: number) =>
    lanes.robots(
      new URL(`http://h${host}.example/robots.txt`),
      async (records) => {
        asked++;
        records.push({ response: body, body } as Recorded);
        return rules;
      },
      async () => {},
    );
  for (let host = 0; host < 40; host++) await Promise.all([ask(host), ask(host), ask(0)]);
  expect(asked).toBe(40);
  await ask(1);
  expect(asked).toBe(41);
});

describe("the robots.txt of a host that several sites are on", () => {
  let server: FaultServer;
  afterEach(() => server.close());

  async function crawlTogether(robots: Scenario, names: readonly string[]) {
    server = await startFaultServer({ "/robots.txt": robots });
    const lanes = new Lanes();
    const crawl = async (name: string) => {
      const records: Recorded[] = [];
      const keep = async (one: Recorded) => void records.push(one);
      await using source = liveSource({
        site: { start: `http://${HOST}/`, origins: [], politeness: { delay: 0, concurrency: 2 } },
        hosts: { [HOST]: { address: "127.0.0.1", port: server.port } },
        attempts: 1,
        lanes,
        recorder: { exchange: keep, failure: keep, rendered: async () => {} },
      });
      const frontier = new OrderedFrontier();
      frontier.add(`http://${HOST}/${name}`, "article");
      const reasons: string[] = [];
      await source.run(frontier, async (response) => {
        for (const due of frontier.inOrder(response))
          reasons.push("failure" in due ? due.failure.reason : "came");
      });
      return { reasons, records: records.map(({ url }) => new URL(url).pathname) };
    };
    return Promise.all(names.map((name) => crawl(name)));
  }

  test("is asked for once, and is in the capture of each", async () => {
    const rules: Scenario = (ask) => answer(ask, 200, {}, "User-agent: *\nDisallow: /gzip");
    const crawled = await crawlTogether(rules, ["page", "gzip", "page"]);
    expect(crawled).toEqual([
      { reasons: ["came"], records: ["/robots.txt", "/page"] },
      { reasons: ["robots.txt: Disallow: /gzip"], records: ["/robots.txt"] },
      { reasons: ["came"], records: ["/robots.txt", "/page"] },
    ]);
    expect(server.asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(1);
  });

  test("is asked for once where it cannot be read, and forbids to all", async () => {
    const crawled = await crawlTogether((ask) => answer(ask, 500), ["page", "gzip"]);
    const reason = "robots.txt: cannot be read (HTTP 500), so every URL is disallowed";
    const one = { reasons: [expect.stringContaining(reason)], records: ["/robots.txt"] };
    expect(crawled).toEqual([one, one]);
    expect(server.asked).toHaveLength(1);
  });
});
