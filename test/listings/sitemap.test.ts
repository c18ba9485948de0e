/** Sitemaps as lists. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readListing } from "../../src/extract/listing.js";
import { readSitemap } from "../../src/extract/sitemap.js";
import { parsePage } from "../../src/extract/tree.js";
import { resolveSite } from "../../src/site/resolve.js";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const urlset = (urls: readonly string[], more = "") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((url) => `<url><loc>${url}</loc>${more}</url>`).join("\n")}</urlset>`;
const index = (urls: readonly string[]) =>
  `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((url) => `<sitemap><loc>${url}</loc><lastmod>2026-01-01</lastmod></sitemap>`).join("")}</sitemapindex>`;
const xml = (body: string | Buffer, type = "application/xml") => ({ body, type });

describe("a sitemap", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "escaped characters",
      urlset(["https://e.org/?a=1&amp;b=2", "https://e.org/caf&#233;"]),
      ["https://e.org/?a=1&b=2", "https://e.org/café"],
    ],
    [
      "line breaks and sections of plain text",
      urlset(["\n  https://e.org/a\n ", "<![CDATA[https://e.org/?x&y]]>"]),
      ["https://e.org/a", "https://e.org/?x&y"],
    ],
    [
      "comments",
      urlset(["https://e.org/a"]).replace(
        "<url>",
        "<!-- <url><loc>https://e.org/gone</loc></url> --><url>",
      ),
      ["https://e.org/a"],
    ],
    [
      "images, videos and other languages",
      urlset(
        ["https://e.org/a"],
        '<image:image><image:loc>https://e.org/a.png</image:loc></image:image><video:video><video:player_loc>https://e.org/v</video:player_loc></video:video><xhtml:link rel="alternate" hreflang="fr" href="https://e.org/fr"/>',
      ),
      ["https://e.org/a"],
    ],
    [
      "news",
      urlset(
        ["https://e.org/a"],
        "<news:news><news:publication_date>2021-03-05</news:publication_date><news:title>A</news:title></news:news>",
      ),
      ["https://e.org/a"],
    ],
    [
      "a prefix of its own",
      '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>https://e.org/a</s:loc></s:url></s:urlset>',
      ["https://e.org/a"],
    ],
    ["nothing", urlset([]), []],
  ])("with %s names its pages alone", (_, text, urls) => {
    expect(readSitemap(text)).toEqual({ isIndex: false, urls });
  });

  test("whose sections and elements have no end is read in one go", () => {
    const open = "<loc><![CDATA[".repeat(200_000) + "<loc ".repeat(200_000);
    expect(readSitemap(`<urlset>${open}`).urls).toHaveLength(1);
    expect(readSitemap(`<urlset>${"<loc ".repeat(200_000)}`).urls).toEqual([]);
  });

  test("knows no reference but those of XML", () => {
    expect(readSitemap(urlset(["https://e.org/&constructor;"])).urls).toEqual([
      "https://e.org/&constructor;",
    ]);
  });

  test("beyond 50,000 URLs is a finding", () => {
    const start = "https://e.org/sitemap.xml";
    const listing = { kind: "sitemap" } as const;
    const site = resolveSite({ name: "s", start, listing, fields: FIELDS }, {}, "test");
    const urls = Array.from({ length: 50_002 }, (_, n) => `https://e.org/${n}`);
    const page = {
      url: start,
      requestedUrl: start,
      status: 200,
      headers: {},
      body: Buffer.from(urlset(urls)),
    };
    const { rows, findings } = readListing(parsePage(page, site), site);
    expect(rows).toHaveLength(50_000);
    expect(findings).toMatchObject([{ finding: "list-too-long", place: start, count: 2 }]);
  });

  test("that is an index names further ones", () => {
    expect(readSitemap(index(["https://e.org/1.xml"]))).toEqual({
      isIndex: true,
      urls: ["https://e.org/1.xml"],
    });
  });
});

/** Four articles and two other pages in two sitemaps of an index. */
const site =
  (second: (origin: string) => ReturnType<Route>): Route =>
  ({ url, origin }) => {
    const n = /^\/news\/(\d)$/.exec(url)?.[1];
    const of = (...paths: string[]) =>
      urlset(
        paths.map((path) => origin + path),
        "<lastmod>2026-01-01</lastmod>",
      );
    if (n !== undefined) return article(`Article ${n}`);
    if (url === "/sitemap.xml")
      return xml(index([`${origin}/1.xml`, `${origin}/2.xml.gz`, `${origin}/1.xml`]));
    if (url === "/1.xml") return xml(of("/", "/news/1", "/news/2", "/news/2"));
    if (url === "/2.xml.gz") return second(origin);
    return 404;
  };
const crawled = (route: Route, more: object = {}) =>
  crawlServed(route, (origin) => ({
    start: `${origin}/sitemap.xml`,
    listing: { kind: "sitemap", match: "/news/", ...more },
    fields: FIELDS,
  }));
const whole = (origin: string) =>
  xml(
    gzipSync(urlset([`${origin}/news/3`, `${origin}/news/4`, `${origin}/about`])),
    "application/octet-stream",
  );

describe("a crawl of a sitemap", () => {
  test("reads what its index names, compressed or not, by the pattern, and builds the same again", async () => {
    const { code, stderr, entries, isRebuilt, asked } = await crawled(site(whole));
    expect(code, stderr).toBe(0);
    // The date of the last change is not that of publication.
    expect(entries.map(({ title, date }) => `${title}, ${date}`).sort()).toEqual(
      [1, 2, 3, 4].map((n) => `Article ${n}, 2021-03-05`),
    );
    expect(isRebuilt).toBe(true);
    expect(asked.filter(({ url }) => url === "/1.xml")).toHaveLength(2);
  });

  test.each<[string, (origin: string) => ReturnType<Route>, string]>([
    ["is gone", () => 404, "2.xml.gz could not be read: HTTP 404"],
    [
      "is cut off",
      (origin) => xml(gzipSync(urlset([`${origin}/news/3`]).slice(0, -9))),
      "</urlset> is missing",
    ],
    [
      "is a damaged file",
      () => xml(gzipSync(urlset([])).subarray(0, -4)),
      "gzip body is cut short",
    ],
    ["is a web page", () => "<p>Log in", "neither a feed, a sitemap nor JSON"],
  ])("with a part that %s is incomplete and keeps the rest", async (_, second, message) => {
    const { code, entries, account } = await crawled(site(second));
    expect(code).toBe(3);
    expect(entries).toHaveLength(2);
    expect(account.gaps?.join()).toContain(message);
  });

  test("an empty part is none that is lost, and one that is only other pages neither", async () => {
    const none = await crawled(site(() => xml(urlset([]))));
    expect(none.code, none.stderr).toBe(0);
    const other = await crawled(site((origin) => xml(urlset([`${origin}/about`]))));
    expect(other.code, other.stderr).toBe(0);
  });

  test("an index that names itself is read once", async () => {
    const route: Route = (ask) =>
      ask.url === "/sitemap.xml"
        ? xml(index([`${ask.origin}/sitemap.xml`, `${ask.origin}/1.xml`]))
        : site(whole)(ask);
    const { code, stderr, entries } = await crawled(route);
    expect(code, stderr).toBe(0);
    expect(entries).toHaveLength(2);
  });

  test("a site file of a sitemap has to say where the title is", async () => {
    const given = { start: "https://example.org/sitemap.xml", listing: { kind: "sitemap" } };
    const { code, stderr } = await crawlServed(
      () => 404,
      () => given as never,
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("is not complete"),
    });
  });
});
