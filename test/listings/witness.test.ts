/** What the site's own feed and sitemap say of a list that was read. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const rows = (...paths: string[]) =>
  paths.map((path) => `<li><a href="${path}">${path}</a></li>`).join("");
const urlset = (origin: string, ...paths: string[]) =>
  `<urlset>${paths.map((path) => `<url><loc>${origin}${path}</loc></url>`).join("")}</urlset>`;
const xml = (body: string | Buffer) => ({ body, type: "application/xml" });
const robots = (text: string) => ({ body: text, type: "text/plain" });
const FEED =
  '<link rel="alternate" type="application/rss+xml" href="/news/feed/"><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">';

/** A list at `/news` of two articles, and what else the site says. */
function site(
  more: Readonly<Record<string, (origin: string) => ReturnType<Route>>>,
  head = "",
): Route {
  return ({ url, origin }) => {
    const own = more[url];
    if (own !== undefined) return own(origin);
    if (url === "/news") return `${head}<ul>${rows("/news/a", "/news/b")}</ul>`;
    return /^\/news\/[ab]$/.test(url) ? article(url) : 404;
  };
}
const crawled = (route: Route, options: object = {}, more: object = {}) =>
  crawlServed(
    route,
    (origin) => ({
      start: `${origin}/news`,
      listing: { rows: "li", next: [] },
      fields: FIELDS,
      ...more,
    }),
    options,
  );
const inRobots = (origin: string) =>
  robots(`User-agent: *\nDisallow: /private\nSitemap: ${origin}/sitemap.xml\n`);
const missing = (origin: string) =>
  xml(
    urlset(
      origin,
      "/",
      "/news",
      "/news/a",
      "/news/c",
      "/news/d",
      "/news/tag/x",
      "/about",
      "/fr/news/c",
    ),
  );

test("articles of the sitemap that no row named are a finding, and a build says the same", async () => {
  const { code, account, stderr, isRebuilt } = await crawled(
    site({ "/robots.txt": inRobots, "/sitemap.xml": missing }),
  );
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(
    /witness in the sitemap \S+\/sitemap\.xml, not in the list: 2 \(\S+\/news\/c, \S+\/news\/d\)/,
  );
  expect(stderr).toContain('"finding": "not-in-list"');
  expect(account.gaps).toEqual([]);
  expect(isRebuilt).toBe(true);
});

test("an index of sitemaps is followed, compressed ones too, and the feed of the list is asked", async () => {
  const { stderr, asked } = await crawled(
    site(
      {
        "/robots.txt": inRobots,
        "/sitemap.xml": (origin) =>
          xml(`<sitemapindex><sitemap><loc>${origin}/one.xml.gz</loc></sitemap></sitemapindex>`),
        "/one.xml.gz": (origin) => xml(gzipSync(urlset(origin, "/news/c"))),
        "/news/feed/": (origin) =>
          xml(
            `<rss><channel><item><link>${origin}/2020/05/other</link></item><item><link>${origin}/news/e</link></item></channel></rss>`,
          ),
      },
      FEED,
    ),
  );
  expect(stderr).toMatch(/in the feed \S+, not in the list: 1 \(\S+\/news\/e\)/);
  expect(stderr).toMatch(/in the sitemap \S+\/sitemap\.xml, not in the list: 1 \(\S+\/news\/c\)/);
  expect(asked.map(({ url }) => url)).not.toContain("/comments/feed/");
});

test.each<[string, object, Record<string, (origin: string) => ReturnType<Route>>]>([
  [
    "that agrees",
    {},
    {
      "/robots.txt": inRobots,
      "/sitemap.xml": (origin) => xml(urlset(origin, "/news/b", "/news/a")),
    },
  ],
  ["that is not asked", { witness: false }, { "/robots.txt": inRobots, "/sitemap.xml": missing }],
  ["that nobody names", {}, { "/sitemap.xml": missing }],
])("a sitemap %s is not a finding", async (_, options, more) => {
  const { code, stderr, isRebuilt } = await crawled(site(more), options);
  expect(code, stderr).toBe(0);
  expect(isRebuilt).toBe(true);
});

test("no witness is asked that robots.txt forbids, and the run says so", async () => {
  const { code, stderr, asked } = await crawled(
    site({
      "/robots.txt": (origin) =>
        robots(`User-agent: *\nDisallow: /sitemap\nSitemap: ${origin}/sitemap.xml\n`),
      "/sitemap.xml": missing,
    }),
  );
  expect(code).toBe(0);
  expect(stderr).toContain("/sitemap.xml: robots.txt: Disallow: /sitemap");
  expect(asked.map(({ url }) => url)).not.toContain("/sitemap.xml");
});

test("a witness that is broken or gone is noted, and costs nothing else", async () => {
  for (const [reply, reason] of [
    [() => 404, "HTTP 404"],
    [(origin: string) => xml(urlset(origin, "/news/c").slice(0, -4)), "</urlset> is missing"],
  ] as const) {
    const { code, stderr, isRebuilt } = await crawled(
      site({ "/robots.txt": inRobots, "/sitemap.xml": reply }),
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(reason);
    expect(isRebuilt).toBe(true);
  }
});

test("an index that names more sitemaps than are read says how many others there are", async () => {
  const { code, stderr, asked } = await crawled(
    site({
      "/robots.txt": inRobots,
      "/sitemap.xml": (origin) =>
        xml(
          `<sitemapindex>${Array.from({ length: 60 }, (_, n) => `<sitemap><loc>${origin}/${n % 30}.xml</loc></sitemap>`).join("")}</sitemapindex>`,
        ),
    }),
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("names 11 sitemaps more");
  expect(asked.filter(({ url }) => url.endsWith(".xml"))).toHaveLength(20);
});

test.each([
  [200_000, "not in the list: 1"],
  [13_000_000, "bytes; at most"],
])("a feed of %i bytes is read within the bounds of a page", async (bytes, said) => {
  const { stderr } = await crawled(
    site(
      {
        "/news/feed/": (origin) =>
          xml(
            `<rss><channel><item><link>${origin}/news/e</link><description>${"x".repeat(bytes)}</description></item></channel></rss>`,
          ),
      },
      FEED,
    ),
  );
  expect(stderr).toContain(said);
});

test("a list with a limit is compared with nothing", async () => {
  const { stderr } = await crawled(site({ "/robots.txt": inRobots, "/sitemap.xml": missing }), {
    limit: 1,
  });
  expect(stderr).not.toContain("witness");
});

test("what the site file accepts is counted, and no finding", async () => {
  const accept = [{ finding: "not-in-list", place: "/sitemap.xml", count: 2, reason: "drafts" }];
  const { code, stderr } = await crawled(
    site({ "/robots.txt": inRobots, "/sitemap.xml": missing }),
    {},
    { accept },
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("accepted in the sitemap");
  expect(stderr).not.toContain("remove it from the site file");
});

test("of articles at the top of a site the sitemap of posts is believed, and that of pages is not", async () => {
  const route: Route = ({ url, origin }) => {
    if (url === "/robots.txt") return robots(`Sitemap: ${origin}/sitemap_index.xml`);
    if (url === "/sitemap_index.xml")
      return xml(
        `<sitemapindex>${["post", "page"].map((name) => `<sitemap><loc>${origin}/${name}-sitemap.xml</loc></sitemap>`).join("")}</sitemapindex>`,
      );
    if (url === "/post-sitemap.xml") return xml(urlset(origin, "/", "/one/", "/two/"));
    if (url === "/page-sitemap.xml") return xml(urlset(origin, "/about/"));
    if (url === "/") return `<ul>${rows("/one/")}</ul>`;
    return url === "/one/" ? article("One") : 404;
  };
  const { code, stderr } = await crawlServed(route, (origin) => ({
    start: `${origin}/`,
    listing: { rows: "li", next: [] },
    fields: FIELDS,
  }));
  expect(code).toBe(1);
  expect(stderr).toMatch(/sitemap_index\.xml, not in the list: 1 \(\S+\/two\/\)/);
});
