/** Articles that go on over several pages. */
import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/extract/article.js";
import { parsePage } from "../../src/extract/tree.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";
import { crawlServed, type Route } from "../listings/site.js";

/** What a page of a story of three pages answers with. @param pager what leads to the others */
const story =
  (
    pager: (n: number) => string,
    instead: Readonly<Record<number, ReturnType<Route>>> = {},
  ): Route =>
  ({ url }) => {
    if (url === "/list") return '<article><h2><a href="/story/">Story</a></h2></article>';
    const [, at = "1"] = /^\/story\/(?:(\d)\/)?$/.exec(url) ?? [null, "0"];
    const n = Number(at);
    if (n < 1 || n > 3) return 404;
    return (
      instead[n] ??
      `<h1>Story</h1><div class="text"><p>Words of page ${n}, <a href="more">more</a>.</p>${pager(n)}</div>`
    );
  };

const crawled = (route: Route) =>
  crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: "article", next: [] },
    article: { pages: ".parts" },
    fields: { title: { listing: "h2", article: "h1" }, body: { article: ".text" } },
  }));

const links = (...numbers: number[]) =>
  `<nav class="parts">Pages: ${numbers.map((n) => `<a href="/story/${n === 1 ? "" : `${n}/`}">${n}</a>`).join(" ")}</nav>`;

describe("an article over several pages", () => {
  test.each<[string, (n: number) => string]>([
    ["numbers of all", () => links(1, 2, 3)],
    ["a link to the next page alone", (n) => (n < 3 ? links(n + 1) : "")],
    ["links to the next page and the one before", (n) => (n < 3 ? links(n, n + 1) : links(2))],
  ])("is one text by %s, and is built again from its capture", async (_, pager) => {
    const { code, stderr, entries, isRebuilt } = await crawled(story(pager));
    expect(code, stderr).toBe(0);
    const body = String(entries[0]?.body);
    // A relative link starts from the page that it is on.
    expect(body.replace(/http:\/\/127\.0\.0\.1:\d+/g, "")).toBe(
      "Words of page 1, [more](/story/more).\n\nWords of page 2, [more](/story/2/more).\n\nWords of page 3, [more](/story/3/more).",
    );
    expect(entries[0]?.warnings).toEqual([]);
    expect(isRebuilt).toBe(true);
  });

  test.each<[string, ReturnType<Route>, RegExp]>([
    [
      "answers with an error",
      404,
      /it goes on at \S+\/story\/2\/, which could not be read: HTTP 404/,
    ],
    [
      "is not a web page",
      { type: "text/plain", body: "x" },
      /which could not be read: the content type/,
    ],
  ])("is not archived without a page that %s", async (_, page, reason) => {
    const { code, account, entries, isRebuilt } = await crawled(story(() => links(2), { 2: page }));
    expect(code).toBe(3);
    expect(entries).toEqual([]);
    expect(JSON.stringify(account)).toMatch(reason);
    expect(isRebuilt).toBe(true);
  });

  test("with a page that leads back to the first has the text once", async () => {
    const { code, entries } = await crawled(
      story(() => links(2), { 2: { status: 302, headers: { location: "/story/" }, body: "" } }),
    );
    expect(code).toBe(0);
    expect(String(entries[0]?.body).match(/Words/g)).toHaveLength(1);
  });

  test("that never ends is an error", async () => {
    const { code, account } = await crawled(({ url }) => {
      if (url === "/list") return '<article><h2><a href="/story/1">Story</a></h2></article>';
      const n = Number(url.split("/").at(-1));
      return `<h1>Story</h1><div class="text"><p>Page ${n}</p><p class="parts"><a href="/story/${n + 1}">Next</a></p></div>`;
    });
    expect(code).toBe(3);
    expect(JSON.stringify(account)).toContain("it goes on over more than 51 pages");
  });

  test("says where it goes on where its first page alone is looked at, as inspect does", () => {
    const start = "https://example.org/";
    const site = resolveSite({ name: "wp", preset: "wordpress", start }, PRESETS, "test");
    const html =
      '<article class="hentry"><h1 class="entry-title">Story</h1><div class="entry-content"><p>Text</p><p class="post-nav-links">Pages: <span class="post-page-numbers current">1</span> <a href="/a/2/" class="post-page-numbers">2</a></p></div></article>';
    const url = `${start}a/`;
    const page = { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
    const { readings, warnings } = readArticle(parsePage(page, site), site);
    expect(readings.body?.raw).toBe("Text");
    expect(warnings).toEqual([
      {
        code: "goes-on",
        message: "the article goes on at https://example.org/a/2/, which was not read",
      },
    ]);
  });
});
