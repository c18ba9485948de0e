/** Lists that only a browser shows, in a real Chromium. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { CHROMIUM } from "../support/chromium.js";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const row = (n: number) => `<li class="row"><a href="/a/${n}">Article ${n}</a></li>`;

/** A shell whose script asks an API for the rows, and something of another host besides. */
const shell = (more = "") => `<div id="app"></div><script>
  const page = Number(new URLSearchParams(location.search).get("page") ?? 1);
  fetch("http://other.example/api").catch(() => {});
  fetch("/api/news?page=" + page).then((answer) => answer.json()).then(({ items, last }) => {
    const list = document.createElement("ul");
    list.innerHTML = items.map((n) => '<li class="row"><a href="/a/' + n + '">Article ' + n + "</a></li>").join("");
    document.getElementById("app").append(list);
    if (!last) document.getElementById("app").insertAdjacentHTML("beforeend", '<a rel="next" href="/list?page=' + (page + 1) + '">Next</a>');
  });${more}
</script><img src="/picture.png">`;

const site: Route = (ask) => {
  const n = /^\/a\/(\d+)$/.exec(ask.url)?.[1];
  if (n !== undefined) return article(`Article ${n}`);
  const { pathname, searchParams } = new URL(ask.url, ask.origin);
  if (pathname === "/list") return shell();
  if (pathname !== "/api/news") return 404;
  const page = Number(searchParams.get("page"));
  const items = [page * 2 - 1, page * 2];
  return { body: JSON.stringify({ items, last: page === 2 }), type: "application/json" };
};

const given = (render: "when-empty" | "never") => (origin: string) => ({
  start: `${origin}/list`,
  listing: { rows: ".row", render },
  fields: FIELDS,
});

test.skipIf(CHROMIUM === null)(
  "a list that has rows in a browser alone is read there, and built from its capture without one",
  { timeout: 120_000 },
  async () => {
    const run = await crawlServed(site, given("when-empty"));
    expect(run.code, run.stderr).toBe(0);
    expect(run.entries).toHaveLength(4);
    expect(run.stderr).toContain("read as a browser shows them");
    expect(run.stderr).toContain("http://other.example in the browser");
    expect(run.isRebuilt).toBe(true);
    expect((await verifyArchive(run.out)).findings).toEqual([]);
    const asked = run.asked.map(({ url }) => url);
    expect(asked).not.toContain("/picture.png");
    const folder = join(run.out, "captures", readdirSync(join(run.out, "captures"))[0] ?? "");
    const warc = gunzipSync(readFileSync(join(folder, "data.warc.gz"))).toString("latin1");
    expect(warc).toMatch(/WARC-Type: resource\r\n(?:.*\r\n)*?WARC-Target-URI: urn:rendered:http:/);
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
  "a list that has no rows in a browser either is drift, and the capture says so again",
  { timeout: 120_000 },
  async () => {
    const route: Route = (ask) => (ask.url === "/list" ? "<p>Soon</p><script></script>" : 404);
    const run = await crawlServed(route, given("when-empty"));
    expect(run.code).toBe(4);
    expect(run.stderr).toContain("matched nothing on the first page");
  },
);

test("without its packages, a crawl that needs a browser says what to install", async () => {
  vi.doMock("playwright-core", () => {
    throw new Error("Cannot find package 'playwright-core'");
  });
  const { openBrowser } = await import("../../src/http/browser.js");
  await expect(openBrowser()).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining("npm install @crawlee/playwright@3.18.1 playwright-core"),
  });
  vi.doUnmock("playwright-core");
});
