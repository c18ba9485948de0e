/** Lists that only a browser shows, in a real Chromium. */

import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import type { Exchange } from "../../src/http/exchange.js";
import { fetchPage } from "../../src/http/fetch-page.js";
import { retry } from "../../src/http/retry.js";
import type { PageRequest } from "../../src/model.js";
import { crawlFrom, hasty } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { DEEP } from "../deep.js";
import { CHROMIUM } from "../support/chromium.js";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const row = (n: number) => `<li class="row"><a href="/a/${n}">Article ${n}</a></li>`;

/** A shell whose script asks an API for the rows, and something of another host besides. */
const shell = (more = "") => `<div id="app"></div><script>
  const page = Number(new URLSearchParams(location.search).get("page") ?? 1);
  fetch("http://other.example/api").catch(() => {});
  fetch("/api/broken").catch(() => {});
  fetch("/api/head", { method: "HEAD" }).catch(() => {});
  navigator.sendBeacon("/api/head", "seen");
  fetch("/api/news?page=" + page).then((answer) => answer.json()).then(({ items, last }) => {
    const list = document.createElement("ul");
    list.innerHTML = items.map((n) => '<li class="row"><a href="/a/' + n + '">Article ' + n + "</a></li>").join("");
    document.getElementById("app").append(list);
    if (!last) document.getElementById("app").insertAdjacentHTML("beforeend", '<a rel="next" href="/list?page=' + (page + 1) + '">Next</a>');
  });${more}
</script><img src="/picture.png">`;

/** @param last page of the list */
const siteOf =
  (last: number): Route =>
  (ask) => {
    const n = /^\/a\/(\d+)$/.exec(ask.url)?.[1];
    if (n !== undefined) return article(`Article ${n}`);
    const { pathname, searchParams } = new URL(ask.url, ask.origin);
    if (pathname === "/list") return shell();
    if (/^\/api\/(?:broken|head)$/.test(pathname)) return 500;
    if (pathname !== "/api/news") return 404;
    const page = Number(searchParams.get("page"));
    const items = [page * 2 - 1, page * 2];
    return { body: JSON.stringify({ items, last: page === last }), type: "application/json" };
  };

const site = siteOf(2);

const BROKEN = { finding: "request-failed", place: "/api/broken", reason: "it counts visitors" };

const given = (render: "when-empty" | "never") => (origin: string) => ({
  start: `${origin}/list`,
  accept: render === "never" ? [] : [BROKEN],
  listing: { rows: ".row", render },
  fields: FIELDS,
});

test.skipIf(CHROMIUM === null)(
  "a list that has rows in a browser alone is read there, and built from its capture without one",
  { timeout: 120_000 },
  async () => {
    const listeners = new Set<string>();
    const run = await crawlServed((ask) => {
      const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
      if (ask.url.startsWith("/api"))
        for (const one of names.flatMap((name) => process.listeners(name) as { name: string }[]))
          listeners.add(one.name);
      return site(ask);
    }, given("when-empty"));
    // Ours, and that of signal-exit, which does nothing beside another one: Playwright's would end this process.
    expect([...listeners].sort()).toEqual(["listen", "listener"]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.entries).toHaveLength(4);
    expect(run.stderr).toContain("read as a browser shows them");
    expect(run.stderr).toContain("http://other.example in the browser");
    expect(run.stderr).toMatch(/accepted .* for \S+\/api\/broken, which failed \(HTTP 500\): rows/);
    expect(run.isRebuilt).toBe(true);
    expect((await verifyArchive(run.out)).findings).toEqual([]);
    const asked = run.asked.map(({ url }) => url);
    expect(asked).not.toContain("/picture.png");
    const folder = join(run.out, "captures", readdirSync(join(run.out, "captures"))[0] ?? "");
    const warc = gunzipSync(readFileSync(join(folder, "data.warc.gz"))).toString("latin1");
    expect(warc).toMatch(/WARC-Type: resource\r\n(?:.*\r\n)*?WARC-Target-URI: urn:rendered:http:/);
  },
);

test.skipIf(CHROMIUM === null)(
  "a request of the page in the browser that failed is a gap, also in a build, and one that failed once is none",
  { timeout: 120_000 },
  async () => {
    const open = (origin: string) => ({ ...given("when-empty")(origin), accept: [] });
    const short = siteOf(1);
    const run = await crawlServed(short, open);
    expect(run.code, run.stderr).toBe(3);
    expect(run.entries).toHaveLength(2);
    expect(run.stderr).toMatch(
      /gap .* in the browser for \S+\/api\/broken, which failed \(HTTP 500\)/,
    );
    expect(run.stderr).toContain('"finding": "request-failed"');
    expect(run.isRebuilt).toBe(true);
    let asked = 0;
    const passing = await crawlServed(
      (ask) => (ask.url === "/api/broken" && asked++ > 0 ? "{}" : short(ask)),
      open,
    );
    expect(passing.code, passing.stderr).toBe(0);
  },
);

test("a list with rows needs no browser", async () => {
  const route: Route = (ask) => (ask.url === "/list" ? `<ul>${row(1)}${row(2)}</ul>` : site(ask));
  const run = await crawlServed(route, given("when-empty"));
  expect(run.code, run.stderr).toBe(0);
  expect(run.stderr).not.toContain("browser");
  expect(run.entries).toHaveLength(2);
});

test("without `render`, a list without rows is drift, which says that a browser may show more", async () => {
  const run = await crawlServed(site, given("never"));
  expect(run.code).toBe(4);
  expect(run.stderr).toMatch(
    /matched nothing on the first page.*the page has 0 words and a script/,
  );
});

test.skipIf(CHROMIUM === null)(
  "Ctrl-C while the browser shows a page ends the crawl, and no browser is left",
  { timeout: 120_000 },
  async () => {
    const stop = new AbortController();
    const out = scratch();
    const server = createServer(({ url }, response) => {
      if (url === "/wait.js") return setTimeout(() => stop.abort(), 100);
      response.writeHead(url === "/list" ? 200 : 404, { "content-type": "text/html" });
      return response.end(
        '<!DOCTYPE html><body><p>Soon</p><script src="/wait.js"></script></body>',
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = await crawlFrom(
      { name: "waits", ...given("when-empty")(origin) },
      out,
      {},
      { signal: stop.signal },
    );
    server.closeAllConnections();
    server.close();
    expect(run.code, run.stderr).toBe(130);
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
    const running = children
      .split(" ")
      .filter((id) => id !== "")
      .map((id) => readFileSync(`/proc/${id}/comm`, "utf8"));
    expect(running.filter((name) => /chrom/.test(name))).toEqual([]);
  },
);

// The browser waits for rows at each attempt, a minute in all.
test.skipIf(!DEEP || CHROMIUM === null)(
  "a list that has no rows in a browser either is drift, and the capture says so again",
  { timeout: 120_000 },
  async () => {
    const route: Route = (ask) => (ask.url === "/list" ? "<p>Soon</p><script></script>" : 404);
    const run = await crawlServed(route, given("when-empty"));
    expect(run.code).toBe(4);
    expect(run.stderr).toContain("matched nothing on the first page");
  },
);

test("a page without rows is rendered once more, and not more often", async () => {
  const [url, headers] = ["http://a.example/list", { "content-type": "text/html" }];
  let rendered = 0;
  const fetch = async () => {
    rendered++;
    return { url, requestedUrl: url, status: 200, headers, body: Buffer.from("<p>Soon</p>") };
  };
  const policy = { attempts: 4, clock: hasty, random: () => 0 };
  const request = { url, role: "listing", order: [0], render: [".row"] } as unknown as PageRequest;
  const accept = async () => "it has no rows";
  const shown = await retry(policy, (attempt) =>
    fetchPage({ fetch } as unknown as Exchange, request, { attempt, attempts: 4, accept }),
  );
  expect("page" in shown).toBe(true);
  expect(rendered).toBe(2);
});
