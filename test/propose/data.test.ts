/** Site files proposed for lists that are not web pages. */
import { describe, expect, test } from "vitest";
import { noList } from "../../src/commands/init/no-list.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Page } from "../../src/model.js";
import { propose } from "../../src/propose/propose.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";

const ORIGIN = "https://example.org";
const page = (path: string, body: string): Page => ({
  ...{ url: ORIGIN + path, requestedUrl: ORIGIN + path, status: 200, headers: {} },
  body: Buffer.from(body),
});
const LONG = "A paragraph of an article that is long enough to be its text. ".repeat(3);
const article = page(
  "/news/2021/03/a",
  `<!DOCTYPE html><html lang="fr"><body><h1>A</h1><time datetime="2021-03-05">x</time><div class="story"><p>${LONG}</p><p>${LONG}</p></div></body></html>`,
);
const item = (name: string, more = "") =>
  `<item><title>${name}</title><link>${ORIGIN}/news/2021/03/${name}</link><pubDate>Fri, 05 Mar 2021 10:00:00 +0000</pubDate>${more}</item>`;
const rss = (items: string) =>
  `<rss version="2.0"><channel><title>N</title><language>fr</language>${items}</channel></rss>`;
const things = (extra: object) => ({
  status: "ok",
  filters: [{ name: "x" }],
  result: {
    items: [1, 2, 3].map((n) => ({
      ...{ id: n, headline: `Thing ${n}`, links: { self: `/news/2021/03/${n}` } },
      ...{ href: `/things/${n}`, when: { published: `2021-03-0${n}` }, html: `<p>Text ${n}</p>` },
    })),
    ...extra,
  },
});

describe("a proposal for", () => {
  test.each<[string, Page, Page | null, object, number]>([
    [
      "a feed with article pages",
      page("/feed/?paged=2", rss(item("a") + item("b"))),
      article,
      {
        ...{ start: `${ORIGIN}/feed/`, language: "fr", listing: { kind: "feed" } },
        fields: {
          title: { article: "h1" },
          date: { article: { select: "time[datetime]", attribute: "datetime" } },
          body: { article: ".story" },
        },
      },
      2,
    ],
    [
      "a feed alone, whose texts are taken",
      page("/feed/", rss(item("a", "<description>Text</description>"))),
      null,
      { listing: { kind: "feed" }, article: { follow: false } },
      1,
    ],
    [
      "a JSON Feed",
      page(
        "/feed.json",
        JSON.stringify({
          version: "https://jsonfeed.org/version/1.1",
          items: [{ id: "1", url: `${ORIGIN}/a`, title: "A", content_html: "<p>T</p>" }],
        }),
      ),
      null,
      { listing: { kind: "feed" }, article: { follow: false } },
      1,
    ],
    [
      "the posts of a WordPress",
      page(
        "/wp-json/wp/v2/posts?categories=4&page=3&per_page=100&_embed=author",
        JSON.stringify([
          {
            ...{ id: 1, link: `${ORIGIN}/a/`, date: "2021-03-05T10:00:00" },
            ...{ title: { rendered: "A" }, content: { rendered: "<p>T</p>" } },
          },
        ]),
      ),
      null,
      {
        start: `${ORIGIN}/wp-json/wp/v2/posts?categories=4`,
        listing: { kind: "wp-json" },
      },
      1,
    ],
    [
      "the nodes of a Drupal",
      page(
        "/jsonapi/node/article",
        JSON.stringify({
          data: [
            {
              type: "node--article",
              id: "u",
              attributes: { title: "A", langcode: "de", drupal_internal__nid: 3 },
            },
          ],
        }),
      ),
      null,
      { listing: { kind: "jsonapi" }, language: "de" },
      1,
    ],
    [
      "a sitemap with other pages in it",
      page(
        "/sitemap.xml",
        `<urlset>${["/", "/about", "/news/2021/03/a", "/news/2020/12/b", "/news/2019/01/c"].map((path) => `<url><loc>${ORIGIN}${path}</loc></url>`).join("")}</urlset>`,
      ),
      article,
      {
        listing: { kind: "sitemap", match: "^https?://[^/]+/news/\\d+/\\d+/[^/]+/?$" },
        fields: { body: { article: ".story" } },
      },
      3,
    ],
    [
      "any other answer, by its longest list",
      page("/api/news", JSON.stringify(things({ next: "/api/news?after=3", total: 9 }))),
      null,
      {
        listing: {
          kind: "json",
          ...{ rows: "result.items", link: "href", next: "result.next", total: "result.total" },
        },
        article: { follow: false },
        fields: {
          title: { listing: "headline" },
          date: { listing: "when.published" },
          body: { listing: "html" },
        },
      },
      3,
    ],
  ])("%s reads it", (_, list, one, expected, rows) => {
    const proposal = propose(list, one, { name: "list" });
    expect(proposal?.site).toMatchObject(expected);
    expect(proposal?.reads).toMatchObject({ rows });
    const site = resolveSite(proposal?.site ?? { name: "none" }, PRESETS, "proposed");
    const read = readListing(parsePage(list, site), site);
    expect(read.rows.map(({ url }) => url)).not.toContain(null);
  });

  test.each([
    [
      "/sitemap.xml",
      `<sitemapindex><sitemap><loc>${ORIGIN}/pages.xml</loc></sitemap><sitemap><loc>${ORIGIN}/posts.xml</loc></sitemap></sitemapindex>`,
      `Give the one that names the articles, such as ${ORIGIN}/posts.xml`,
    ],
    ["/wp-json/", '{"name":"x","namespaces":["oembed/1.0","wp\\/v2"]}', "/wp-json/wp/v2/posts"],
    ["/api", '{"error":"no"}', 'listing: { kind: "json", rows: … }'],
    ["/feed", rss(""), "Give another one"],
    [
      "/app",
      '<html><body><div id="root"></div><script src="/app.js"></script></body></html>',
      'add render: "when-empty" to its listing',
    ],
  ])("%s says what to give instead", (path, body, hint) => {
    const list = page(path, body);
    expect(propose(list, null, { name: "list" })).toBe(null);
    expect(noList(list)).toMatchObject({ exitCode: 1, hint: expect.stringContaining(hint) });
  });
});
