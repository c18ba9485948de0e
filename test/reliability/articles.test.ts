/** Article pages that go wrong: what a crawl makes of each. */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/http/clock.js";
import { crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { answer, SCENARIOS, type Scenario, startFaultServer } from "../fault-server.js";
import { FaultyOffice, HTML, html, LIST, shell } from "./office.js";
import { type Case, checkCase, first } from "./scenario.js";
import { PNG } from "./small-site.js";

const SHAPE = { articles: 7 };
const ONE = "/news/story-3";
const soft = (title: string, text = "Sorry."): Scenario => html(shell(title, `<p>${text}</p>`));
const known =
  (path: string): Scenario =>
  (ask) =>
    SCENARIOS[path]?.(ask);
const redirect =
  (to: string): Scenario =>
  (ask) =>
    answer(ask, 302, { location: to }, "");
const encoded =
  (office: FaultyOffice, wrong: (bytes: Buffer) => Uint8Array): Scenario =>
  (ask) =>
    answer(ask, 200, { ...HTML, "content-encoding": "gzip" }, wrong(gzipSync(office.article(3))));

/** One article of seven is wrong for good: it fails, and the others are written. */
const FAILS: Record<string, [scenario: (office: FaultyOffice) => Scenario, reason: RegExp]> = {
  "HTTP 404": [() => html(shell("Gone", ""), 404), /^HTTP 404$/],
  "HTTP 500": [() => html(shell("Error", ""), 500), /^HTTP 500; asked 4 times$/],
  "an error page": [() => soft("Error 503", "Backend fetch failed"), /error page: "Error 503"/],
  "an error page in French": [() => soft("Une erreur est survenue"), /error page/],
  "a page of other words": [() => soft("Whoops, something broke"), /another one: it has no body/],
  "a soft 404": [() => soft("Page not found"), /nothing here: "Page not found"/],
  "a soft 404 in Russian": [() => soft("Страница не найдена"), /nothing here/],
  "a log-in page": [() => soft("User account: log in"), /error page|another one/],
  "the words of Drupal's error": [
    () => html("The website encountered an unexpected error. Please try again later."),
    /unexpected error/,
  ],
  "an error page of a database": [
    () => html("<!doctype html><title>Database Error</title><p>Error establishing a connection"),
    /error page: "Database Error"/,
  ],
  "an empty page": [() => html(""), /the page is empty; asked 4 times/],
  "a page without its end": [
    (office) => html(office.article(3).slice(0, -20)),
    /no end: <.html> is missing/,
  ],
  "a page whose rest is in a script": [
    (office) => html(office.article(3).replace('<div class="content">', "<script>$&")),
    /rest of the page is in a script element/,
  ],
  "half of a compressed body": [
    (office) => encoded(office, (bytes) => bytes.subarray(0, bytes.length >> 1)),
    /gzip body is cut short/,
  ],
  "a damaged compressed body": [
    (office) =>
      encoded(office, (bytes) => {
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
        return bytes;
      }),
    /gzip body is damaged/,
  ],
  "stacked codings": [() => known("/stacked"), /stacked content codings/],
  "a body shorter than its length": [() => known("/length-too-long"), /./],
  "chunks without their end": [() => known("/chunked-no-end"), /./],
  "a decompression bomb": [() => known("/bomb-gzip"), /larger than 16777216 bytes/],
  "an endless body": [() => known("/endless"), /larger than 16777216 bytes/],
  "a redirect to the front page": [() => redirect("/"), /leads to .*not an article|HTTP 404/],
  "a redirect to the list": [() => redirect(LIST), /leads to .*not an article/],
  "a redirect loop": [() => redirect(ONE), /more than 5 redirects/],
};

const CASES: Record<string, Case> = {};
for (const [name, [scenario, reason]] of Object.entries(FAILS))
  CASES[`${name}, for good`] = {
    shape: SHAPE,
    faults: (office) => ({ [ONE]: scenario(office) }),
    code: 3,
    states: { written: 6, failed: 1 },
    reason,
  };
for (const name of [
  "an error page",
  "an error page of a database",
  "a page of other words",
  "a page without its end",
])
  CASES[`${name}, at first`] = {
    shape: SHAPE,
    faults: (office) => ({ [ONE]: first(1, FAILS[name]?.[0](office) as Scenario, office) }),
    code: 0,
    states: { written: 7 },
  };
for (const status of [202, 304, 508, 529])
  CASES[`HTTP ${status}, at first`] = {
    shape: SHAPE,
    faults: (office) => ({ [ONE]: first(1, html("", status), office) }),
    code: 0,
    states: { written: 7 },
  };
for (const coding of ["none", "UTF-8", "iso-8859-1", "binary", "none, gzip"])
  CASES[`the content coding "${coding}"`] = {
    shape: SHAPE,
    faults: (office) => ({
      [ONE]: (ask) => {
        const page = Buffer.from(office.article(3));
        const headers = { ...HTML, "content-encoding": coding };
        answer(ask, 200, headers, coding.endsWith("gzip") ? gzipSync(page) : page);
      },
    }),
    code: 0,
    states: { written: 7 },
  };
const leadsTo = (url: string): Scenario =>
  html(shell("Moved", "Moved.", `<meta http-equiv="refresh" content="0; url=${url}">`));
Object.assign(CASES, {
  "a page that leads to the article by itself": {
    shape: SHAPE,
    faults: (office) => ({ [ONE]: leadsTo("/moved"), "/moved": html(office.article(3)) }),
    code: 0,
    states: { written: 7 },
  },
  "a page that leads to nothing by itself": {
    shape: SHAPE,
    faults: () => ({ [ONE]: leadsTo("/moved") }),
    code: 3,
    states: { written: 6, failed: 1 },
    reason: /^HTTP 404 \(the page leads to .*\/moved\)$/,
  },
  "pages that lead to one another by themselves": {
    shape: SHAPE,
    faults: () => ({ [ONE]: leadsTo("/moved"), "/moved": leadsTo(ONE) }),
    code: 3,
    states: { written: 6, failed: 1 },
    reason: /more than 5 redirects/,
  },
  "a page that leads to another site by itself": {
    shape: SHAPE,
    faults: () => ({ [ONE]: leadsTo("http://evil.example/") }),
    code: 0,
    states: { written: 6, excluded: 1 },
    reason: /^scope: /,
  },
  "a page that loads itself again": {
    shape: SHAPE,
    faults: (office) => ({
      [ONE]: html(
        office
          .article(3)
          .replace(
            "</head>",
            '<meta http-equiv="refresh" content="300;url=/x"><noscript><meta http-equiv="refresh" content="0;url=/y"></noscript></head>',
          ),
      ),
    }),
    code: 0,
    states: { written: 7 },
  },
  "a redirect to another port": {
    shape: SHAPE,
    faults: () => ({ [ONE]: known("/to-port") }),
    code: 0,
    states: { written: 6, excluded: 1 },
    reason: /^scope: .*redirected to/,
  },
  "a redirect to the machine's own services": {
    shape: SHAPE,
    faults: () => ({ [ONE]: redirect("http://169.254.169.254/latest/meta-data/") }),
    code: 0,
    states: { written: 6, excluded: 1 },
    reason: /^scope: /,
  },
  "robots.txt forbids one": {
    shape: SHAPE,
    faults: () => ({
      "/robots.txt": (ask) =>
        answer(ask, 200, { "content-type": "text/plain" }, `User-agent: *\nDisallow: ${ONE}\n`),
    }),
    code: 0,
    states: { written: 6, excluded: 1 },
    reason: /^robots.txt: Disallow: .news.story-3$/,
  },
  "robots.txt forbids all": {
    shape: SHAPE,
    faults: () => ({
      "/robots.txt": (ask) =>
        answer(ask, 200, { "content-type": "text/plain" }, "User-agent: *\nDisallow: /\n"),
    }),
    code: 5,
    states: {},
  },
  "robots.txt forbids every article of the list": {
    shape: SHAPE,
    faults: () => ({
      "/robots.txt": (ask) =>
        answer(ask, 200, { "content-type": "text/plain" }, "User-agent: *\nDisallow: /news/\n"),
    }),
    code: 5,
    states: {},
  },
  "robots.txt forbids all, and is ignored": {
    shape: SHAPE,
    options: { ignoreRobots: true },
    faults: () => ({
      "/robots.txt": (ask) =>
        answer(ask, 200, { "content-type": "text/plain" }, "User-agent: *\nDisallow: /\n"),
    }),
    code: 0,
    states: { written: 7 },
  },
  "robots.txt is broken": {
    shape: SHAPE,
    faults: () => ({ "/robots.txt": html("", 503) }),
    code: 5,
    states: {},
  },
  "robots.txt is a soft 404": {
    shape: SHAPE,
    faults: () => ({ "/robots.txt": html(shell("Page not found", "<pre>Disallow: /</pre>")) }),
    code: 0,
    states: { written: 7 },
  },
  "a page that nests deeper than a stack": {
    shape: SHAPE,
    faults: (office) => ({ [ONE]: html(office.article(3, `${"<div>".repeat(10_000)}deep`)) }),
    code: 0,
    states: { written: 7 },
  },
  "250,000 no-break spaces": {
    shape: SHAPE,
    faults: (office) => ({
      [ONE]: html(office.article(3, `<p>a${"\u00a0".repeat(250_000)}b</p>`)),
    }),
    code: 0,
    states: { written: 7 },
  },
  "every article names one on another site as its own": {
    shape: SHAPE,
    faults: (office) => ({
      "*": (ask) => {
        const number = Number(/story-(\d+)/.exec(ask.path)?.[1] ?? 0);
        if (number === 0) return office.answer(ask);
        const page = office
          .article(number)
          .replace(/<link[^>]*>/, '<link rel="canonical" href="http://evil.example/x" />');
        answer(ask, 200, HTML, page);
      },
    }),
    code: 0,
    states: { written: 7 },
  },
} satisfies Record<string, Case>);

describe.concurrent("one faulty article", () => {
  test.each(Object.entries(CASES))(
    "a crawl ends as expected when one article or robots.txt gives trouble: %s",
    async (name, one) => {
      const run = await checkCase(one);
      const isNamed = /^excluded http\S+: (?:scope|robots\.txt): /m.test(run.stderr);
      expect(isNamed).toBe(one.states.excluded !== undefined);
      if (name.endsWith("is ignored")) expect(run.stderr).toContain("robots.txt was ignored");
    },
  );
});

test("Crawl-delay is kept between all requests of a crawl, including those for images", async () => {
  const delay = 3_000;
  const office = new FaultyOffice({ articles: 4 });
  const picture = office.article(1, `<p>See <img src="/files/a.png" alt="a">.</p>`);
  let slept = 0;
  const clock: Clock = {
    now: () => Date.now() + slept,
    sleep: async (ms) => {
      slept += ms;
    },
  };
  const times: number[] = [];
  const timed =
    (scenario: Scenario): Scenario =>
    (ask) => {
      times.push(clock.now());
      scenario(ask);
    };
  const robots = `User-agent: *\nCrawl-delay: ${delay / 1000}\n`;
  const server = await startFaultServer({
    "/robots.txt": timed((ask) => answer(ask, 200, { "content-type": "text/plain" }, robots)),
    "/files/a.png": timed((ask) => answer(ask, 200, { "content-type": "image/png" }, PNG)),
    "/news/story-1": timed(html(picture)),
    "*": timed((ask) => office.answer(ask)),
  });
  try {
    const folder = scratch();
    const run = await crawlFrom(`${server.origin}${LIST}`, join(folder, "out"), {}, { clock });
    expect(run.code, run.stderr).toBe(0);
    expect(times.length).toBeGreaterThanOrEqual(8);
    // A request takes a moment from its start, which counts, to the server.
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    expect(last - first).toBeGreaterThan((times.length - 1.5) * delay);
  } finally {
    await server.close();
  }
});
