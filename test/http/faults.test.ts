import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { scratch } from "../commands/sitelift.js";
import { answer, type FaultServer, PAGE, SCENARIOS, startFaultServer } from "../fault-server.js";
import { fetchPaths, HOST, QUICK } from "./crawl.js";

let server: FaultServer;
beforeEach(async () => {
  server = await startFaultServer();
});
afterEach(() => server.close());

/** How often a path was asked. */
const times = (path: string) => server.asked.filter((one) => one.path === path).length;

/** Scenario, number of requests. The page is complete and from the same URL. */
const PAGES: readonly (readonly [string, number])[] = [
  ["/page", 1],
  ["/gzip", 1],
  ["/x-gzip", 1],
  ["/gzip-members", 1],
  ["/deflate", 1],
  ["/deflate-raw", 1],
  ["/br", 1],
  ["/identity", 1],
  ["/until-close", 1],
  ["/http-1.0", 1],
  ["/early-hints", 1],
  ["/chunked", 1],
  ["/small-chunks", 1],
  ["/xhtml", 1],
  ["/no-type", 1],
  ["/set-cookie", 1],
  ["/reset-once", 2],
  ["/empty-once", 2],
  ["/no-end-once", 2],
  ["/503-then-page", 2],
  ["/408-then-page", 2],
  ["/522-then-page", 2],
  ["/429-seconds", 2],
  ["/503-date", 2],
];

test.each(PAGES)("%s gives a page after %d requests", async (path, asked) => {
  const { responses } = await fetchPaths(server, [path]);
  const url = `http://${HOST}${path}`;
  expect(responses).toMatchObject([{ page: { status: 200, url, requestedUrl: url } }]);
  const [response] = responses;
  const body =
    response !== undefined && "page" in response ? Buffer.from(response.page.body) : null;
  expect(body?.toString()).toBe(PAGE);
  expect(times(path)).toBe(asked);
});

test.each(["/soft-error-quoted", "/comment-after-end", "/fragment"])(
  "%s is accepted as a page, though it looks odd",
  async (path) => {
    const { responses } = await fetchPaths(server, [path]);
    expect(responses).toMatchObject([{ page: { status: 200 } }]);
  },
);

/** Scenario, words of the reason, how often it is asked, status. Nothing of it may become a page. */
const FAILURES: readonly (readonly [string, string, number, number | null])[] = [
  ["/gzip-half", "gzip body is cut short", 2, null],
  ["/gzip-no-trailer", "gzip body is cut short", 2, null],
  ["/gzip-damaged", "gzip body is damaged", 2, null],
  ["/gzip-trailed", "gzip body is damaged", 2, null],
  ["/not-gzip", "gzip body is damaged", 2, null],
  ["/deflate-half", "deflate body is cut short", 2, null],
  ["/br-half", "br body is cut short", 2, null],
  ["/br-trailed", "bytes follow the end of the br body", 2, null],
  ["/stacked", "stacked content codings (gzip, br)", 1, null],
  ["/triple-gzip", "stacked content codings", 1, null],
  ["/triple-gzip-said-once", "compressed more often than it says", 2, 200],
  ["/unknown-coding", 'unknown content coding "zstd"', 1, null],
  ["/bomb-gzip", "larger than 1048576 bytes", 1, null],
  ["/bomb-br", "larger than 1048576 bytes", 1, null],
  ["/length-too-long", "closed before the response was complete", 2, null],
  ["/length-too-short", "</html> is missing", 2, 200],
  ["/two-lengths", "response headers are malformed", 2, null],
  ["/length-of-letters", "Invalid character in Content-Length", 2, null],
  ["/type-with-a-null", "Invalid header value char", 2, null],
  ["/type-with-a-null-after-the-length", "response headers are malformed", 2, null],
  ["/headers-cut-after-the-length", "closed before the response was complete", 2, null],
  ["/length-huge", "larger than 1048576 bytes as sent", 1, null],
  ["/chunked-no-end", "closed before the response was complete", 2, null],
  ["/chunked-damaged", "", 2, null],
  ["/reset", "connection reset", 2, null],
  ["/endless", "larger than 1048576 bytes as sent", 1, null],
  ["/chunk-extensions", "the chunks of the body are larger", 1, null],
  ["/chunks-of-one-byte", "the chunks of the body are larger", 1, null],
  ["/drip", "the response was not complete after 0.8 s", 2, null],
  ["/drip-headers", "no response after 0.4 s", 2, null],
  ["/stalls", "no more data after 0.4 s", 2, null],
  ["/never", "no response after 0.4 s", 2, null],
  // The first time on the connection that robots.txt came on: one more, in silence.
  ["/closes-at-once", "closed before the response was complete", 3, null],
  ["/header-flood", "headers are too large", 1, null],
  ["/not-http", "", 2, null],
  ["/empty", "the page is empty", 2, 200],
  ["/soft-error", "The website encountered an unexpected error", 2, 200],
  ["/soft-error-themed", "The website encountered an unexpected error", 2, 200],
  ["/soft-error-spaced", "The website encountered an unexpected error", 2, 200],
  ["/blank", "the page is empty", 2, 200],
  ["/deflated-in-silence", "the page has no markup", 2, 200],
  ["/no-end-but-in-a-comment", "</html> is missing", 2, 200],
  ["/soft-error-500", "HTTP 500", 2, 500],
  ["/maintenance", "Site under maintenance", 2, 200],
  ["/no-end", "</html> is missing", 2, 200],
  ["/pdf", "application/pdf, not HTML", 2, 200],
  ["/text", "text/plain, not HTML", 2, 200],
  ["/no-type-binary", "missing, not HTML", 2, 200],
  ["/404", "HTTP 404", 1, 404],
  ["/410", "HTTP 410", 1, 410],
  ["/403", "HTTP 403", 1, 403],
  ["/204", "HTTP 204", 1, 204],
  ["/304", "HTTP 304", 2, 304],
  ["/500", "HTTP 500", 2, 500],
  ["/429-for-ever", "HTTP 429", 2, 429],
  ["/loop", "more than 5 redirects", 6, 302],
  ["/hop-6", "more than 5 redirects", 1, 302],
  ["/no-location", "HTTP 302", 1, 302],
  ["/bad-location", "redirects to an invalid URL", 1, 302],
];

test.each(FAILURES)("%s fails: %s (%d requests)", async (path, reason, asked, status) => {
  const options = /after 0\.\d s$/.test(reason) ? { limits: QUICK } : {};
  const { responses } = await fetchPaths(server, [path], options);
  expect(responses).toMatchObject([{ state: "failed", status, failure: { stage: "fetch" } }]);
  const [response] = responses;
  expect(response !== undefined && "failure" in response && response.failure.reason).toContain(
    reason,
  );
  expect(times(path)).toBe(asked);
});

/** Redirects that lead out; nothing may be asked there, by whatever name. */
const LEADING_OUT = Object.keys(SCENARIOS).filter((path) => path.startsWith("/to-"));

test.each(LEADING_OUT.filter((path) => path !== "/to-private"))(
  "%s is excluded, and the redirect target is not requested",
  async (path) => {
    const { responses } = await fetchPaths(server, [path]);
    expect(responses).toMatchObject([{ state: "excluded", failure: { stage: "fetch" } }]);
    const [response] = responses;
    const reason = response !== undefined && "failure" in response ? response.failure.reason : "";
    expect(reason).toMatch(/^scope: .*redirected to/);
    expect(reason).not.toContain("secret");
    expect(times(path)).toBe(1);
    expect(times("/trap")).toBe(0);
  },
);

test("the fault server has redirects that leave the site", () => {
  expect(LEADING_OUT.length).toBeGreaterThan(10);
});

describe("redirects within the site", () => {
  test.each([
    ["raw UTF-8", "/caf\u00e9/\u4e2d", "/caf%C3%A9/%E4%B8%AD"],
    ["percent-encoding, which is kept", "/caf%C3%A9/%E4%B8%AD", "/caf%C3%A9/%E4%B8%AD"],
  ])("a redirect to a path in %s is requested percent-encoded", async (_, location, path) => {
    const named = await startFaultServer({
      "/old": (ask) => answer(ask, 301, { location }, ""),
      [path]: (ask) => answer(ask, 200),
    });
    try {
      const { responses } = await fetchPaths(named, ["/old"]);
      expect(responses).toMatchObject([{ page: { url: `http://${HOST}${path}` } }]);
      expect(named.asked.map((one) => one.path)).toEqual(["/robots.txt", "/old", path]);
    } finally {
      await named.close();
    }
  });

  test("five redirects are followed, and the page has both its final and its requested URL", async () => {
    const { responses } = await fetchPaths(server, ["/hop-5"]);
    expect(responses).toMatchObject([
      { page: { url: `http://${HOST}/page`, requestedUrl: `http://${HOST}/hop-5` } },
    ]);
    expect(server.asked.map(({ path }) => path)).toEqual([
      "/robots.txt",
      "/hop-5",
      "/hop-4",
      "/hop-3",
      "/hop-2",
      "/hop-1",
      "/page",
    ]);
  });
});

test("a crawl starts no other program: a small container has no ps", async () => {
  const folder = scratch();
  for (const name of ["ps", "getconf"])
    writeFileSync(join(folder, name), `#!/bin/sh\n: > ${folder}/started\nexit 1\n`, {
      mode: 0o755,
    });
  try {
    for (const path of ["/nowhere", folder]) {
      vi.stubEnv("PATH", path);
      const { responses } = await fetchPaths(server, ["/page"]);
      expect(responses).toMatchObject([{ page: { status: 200 } }]);
    }
    expect(existsSync(join(folder, "started"))).toBe(false);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("requests never send cookies or credentials", async () => {
  await fetchPaths(server, ["/set-cookie", "/set-cookie-redirect", "/page"]);
  expect(server.asked.length).toBe(5);
  for (const { headers } of server.asked) {
    expect(Object.keys(headers)).not.toContain("cookie");
    expect(Object.keys(headers)).not.toContain("authorization");
  }
});

test("the default user agent names the tool, its version and a URL for complaints", async () => {
  await fetchPaths(server, ["/page"]);
  expect(server.asked).toHaveLength(2);
  for (const { headers } of server.asked)
    expect(headers["user-agent"]).toMatch(/^sitelift\/\d+\.\d+\.\d+ \(\+https:\/\/[^\s()]+\)$/);
});

test("every request sends the user agent, the host and what it accepts", async () => {
  await fetchPaths(server, ["/page"], {
    userAgent: "testlift/7 (+mailto:a@b.example)",
  });
  expect(server.asked.map(({ path }) => path)).toEqual(["/robots.txt", "/page"]);
  for (const { headers } of server.asked)
    expect(headers).toMatchObject({ host: HOST, "user-agent": "testlift/7 (+mailto:a@b.example)" });
  expect(server.asked[1]?.headers).toMatchObject({
    accept: expect.stringMatching(/^text\/html,/),
    "accept-encoding": "gzip, deflate, br",
  });
});

test("a kept-alive connection that the server closed is replaced without a retry event", async () => {
  const paths = ["/closes-kept", "/closes-kept?2", "/closes-kept?3", "/closes-kept?4"];
  const kept = await startFaultServer({ "*": (ask) => SCENARIOS["/closes-kept"]?.(ask) });
  try {
    const { responses, events } = await fetchPaths(kept, paths, { ignoreRobots: true });
    expect(responses.map((response) => "page" in response)).toEqual([true, true, true, true]);
    expect(events.filter(({ event }) => event === "retry")).toEqual([]);
    // Without a second request on a connection, nothing would have been shown.
    expect(kept.asked.some(({ turn }) => turn > 1)).toBe(true);
  } finally {
    await kept.close();
  }
});

describe("a busy host", () => {
  /** Visits paths one at a time; gives each request with how long had been slept before it, in milliseconds. */
  async function requests(paths: readonly string[], attempts = 2) {
    let now = 0;
    const seen: { readonly path: string; readonly slept: number }[] = [];
    const busy = await startFaultServer({
      "*": (ask) => {
        seen.push({ path: ask.path, slept: now });
        SCENARIOS[ask.path.slice("/busy".length)]?.(ask);
      },
    });
    try {
      await fetchPaths(
        busy,
        paths.map((path) => `/busy${path}`),
        {
          site: {
            start: `http://${HOST}/`,
            origins: [],
            politeness: { delay: 0, concurrency: 1 },
          },
          clock: {
            now: () => Date.now() + now,
            sleep: async (ms) => {
              now += ms;
            },
          },
          attempts,
          ignoreRobots: true,
        },
      );
      return seen.map(({ path, slept }) => ({ path: path.slice("/busy".length), slept }));
    } finally {
      await busy.close();
    }
  }

  test.each([
    ["/429-seconds", 119_000],
    ["/503-date", 80_000],
  ])(
    "after %s no URL of the host is requested until the Retry-After time has passed",
    async (path, least) => {
      const [first, ...after] = await requests([path, "/page", "/gzip"]);
      expect(first).toEqual({ path, slept: 0 });
      expect(after.map((one) => one.path).sort()).toEqual([path, "/gzip", "/page"].sort());
      for (const one of after) expect(one.slept, one.path).toBeGreaterThan(least);
    },
  );

  test("429 without Retry-After slows the next requests down, and a success speeds them up again", async () => {
    const calm = await requests(["/page", "/gzip", "/br"], 1);
    expect(calm.map(({ slept }) => slept)).toEqual([0, 0, 0]);
    const all = await requests(["/429-for-ever", "/page", "/gzip", "/br"], 1);
    expect(all.map(({ path }) => path)).toEqual(["/429-for-ever", "/page", "/gzip", "/br"]);
    const slept = all.map((one) => one.slept);
    expect(slept).toEqual([...new Set(slept)].sort((a, b) => a - b));
  });

  test("the retry delay grows with each attempt, with jitter decided by the seed", async () => {
    const waits = async (seed: number) => {
      const { events } = await fetchPaths(server, ["/500"], { attempts: 4, seed });
      return events.flatMap((one) => (one.event === "retry" ? [one.waitMs] : []));
    };
    const [one, same, other] = [await waits(1), await waits(1), await waits(2)];
    expect(one).toHaveLength(3);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    for (const [index, ms] of one.entries()) {
      expect(ms).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(ms).toBeLessThanOrEqual(500 * 2 ** index);
    }
  });
});
