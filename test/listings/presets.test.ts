/** Presets, on small pages as each system prints them. */
import { describe, expect, test } from "vitest";
import { walk } from "../../src/crawl/walk.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Entry, Page } from "../../src/model.js";
import { recognise } from "../../src/propose/recognise.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";
import { pageSource } from "../support/office-source.js";
import { type Scene, SYSTEMS, type System } from "./systems.js";

const ORIGIN = "https://example.org";
const dateOf = (n: number) => (n === 2 ? null : `2021-03-0${n}`);

function pageOf(system: System, url: string, scene: Scene): Page | number {
  const { pathname, search } = new URL(url);
  const n = Number(/^\/a\/(\d)\/$/.exec(pathname)?.[1] ?? 0);
  const at = [1, 2, 3].find((page) => system.url(page) === pathname + search);
  if (n === 0 && at === undefined) return 404;
  const numbers = [1, 2, 3, 4, 5, 6, 7].slice((at ?? 1) * 3 - 3, (at ?? 1) * 3);
  const body =
    n > 0
      ? system.article(n, dateOf(n))
      : system.list(
          numbers.map((one) => system.row(one, dateOf(one))),
          at ?? 1,
          scene,
        );
  const html = `<!DOCTYPE html><html lang="en" dir="${scene.dir}"><head>${system.head}</head><body>${body}</body></html>`;
  return { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
}

const SCENES = SYSTEMS.flatMap((system) =>
  (["ltr", "rtl"] as const).flatMap((dir) =>
    (system.pagers ?? (["full", "mini"] as const)).map(
      (pager) => [system.name, dir, pager, system] as const,
    ),
  ),
);

describe("the preset", () => {
  test.each(SCENES)(
    "of %s, %s with a %s pager, reads every article of three pages",
    async (_, dir, pager, system) => {
      const start = ORIGIN + system.url(1);
      const site = resolveSite({ name: "preset", preset: system.preset, start }, PRESETS, "test");
      const entries: Entry[] = [];
      const rejected: unknown[] = [];
      const seen = await walk({
        site,
        source: pageSource((url) => pageOf(system, url, { dir, pager })),
        sinks: [
          {
            entry: async (entry) => void entries.push(entry),
            rejection: async ({ issues }) => void rejected.push(issues),
          },
        ],
      });
      expect(rejected).toEqual([]);
      expect(seen).toMatchObject({
        complete: true,
        gaps: [],
        drift: [],
        listed: 7,
        listingPages: 3,
      });
      const isDated = system.preset !== "mediawiki";
      expect(entries.map(({ data }) => [data.title, data.date])).toEqual(
        [1, 2, 3, 4, 5, 6, 7].map((n) => [`Article ${n}`, isDated ? dateOf(n) : null]),
      );
      expect(entries.map(({ body }) => body.trim())).toEqual(
        [1, 2, 3, 4, 5, 6, 7].map((n) => `Text of article ${n}, as it was printed.`),
      );
    },
  );

  test.each(
    SYSTEMS.filter(({ head }) => head !== "").map((system) => [system.name, system] as const),
  )("of %s is recognised, by what the page says", (_, system) => {
    const page = pageOf(system, ORIGIN + system.url(1), { dir: "ltr", pager: "full" }) as Page;
    expect(recognise(parsePage(page))).toMatchObject({
      preset: system.preset,
      by: expect.stringContaining("its generator says"),
    });
  });
});

test.each([
  "wordpress",
  "drupal",
  "joomla",
  "ghost",
  "typo3-news",
  "typo3-ttnews",
  "blogger",
  "generic",
])(
  "the preset %s takes the link around a row's heading, not that of its topic before it",
  (preset) => {
    const start = `${ORIGIN}/news`;
    const found = resolveSite({ name: "any", preset, start }, PRESETS, "test");
    const site = { ...found, listing: { ...found.listing, within: ["body"], rows: [".item"] } };
    const item = (n: number) =>
      `<div class="item"><a href="/topic/sea">Sea</a> <a href="/a/${n}/"><h2>Article ${n}</h2></a></div>`;
    const body = Buffer.from(`<!DOCTYPE html><html><body>${item(1)}${item(2)}</body></html>`);
    const page = { url: start, requestedUrl: start, status: 200, headers: {}, body };
    const { rows } = readListing(parsePage(page, site), site);
    expect(rows.map(({ url }) => url)).toEqual([`${ORIGIN}/a/1/`, `${ORIGIN}/a/2/`]);
  },
);

describe("the preset for any site", () => {
  const site = resolveSite(
    { name: "any", preset: "generic", start: `${ORIGIN}/news` },
    PRESETS,
    "test",
  );
  const read = (html: string) => {
    const url = `${ORIGIN}/a`;
    const body = Buffer.from(`<!DOCTYPE html><html>${html}</html>`);
    const page = { url, requestedUrl: url, status: 200, headers: {}, body };
    const { title, date, type } = readArticle(parsePage(page, site), site).readings;
    return { title: title?.raw, date: date?.raw, type: type?.raw };
  };
  const ld = (json: string) => `<script type="application/ld+json">${json}</script>`;
  const whole = { title: "A & B", date: "2021-03-05T23:30:00-05:00", type: "News" };
  const article = `"headline":"A &amp; B","datePublished":"${whole.date}","dateModified":"2022-01-01","articleSection":["News","x"]`;

  test.each<[string, string]>([
    ["JSON-LD of an article", ld(`{"@type":"NewsArticle",${article}}`)],
    [
      "JSON-LD in a list",
      ld(`[{"@type":"Organization","headline":"no"},{"@type":["Thing","BlogPosting"],${article}}]`),
    ],
    [
      "JSON-LD in a graph",
      ld(
        `{"@graph":[{"@type":"WebPage","datePublished":"2020-01-01"},{"@type":"Article",${article}}]}`,
      ),
    ],
    ["JSON-LD below a page", ld(`{"@type":"WebPage","mainEntity":{"@type":"Article",${article}}}`)],
    [
      "the second of two scripts, after a broken one",
      ld('{"@type":"Article"') + ld(`{"@type":"Article",${article}}`),
    ],
    [
      "JSON-LD with line breaks in it, a comment around it and a comma too many",
      ld(`<!-- {"@type":"Article","description":"one\ntwo",${article},} -->`),
    ],
  ])("reads %s", (_, html) => {
    expect(read(html)).toEqual(whole);
  });

  test.each<[string, string, object]>([
    [
      "microdata",
      '<article itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">A</h1><meta itemprop="datePublished" content="2021-03-05"><meta itemprop="dateModified" content="2022-01-01"></article>',
      { title: "A", date: "2021-03-05" },
    ],
    [
      "Open Graph",
      '<meta property="og:title" content="A"><meta property="article:published_time" content="2021-03-05T10:00:00Z"><meta property="article:modified_time" content="2022-01-01T10:00:00Z">',
      { title: "A", date: "2021-03-05T10:00:00Z" },
    ],
    [
      "microformats",
      '<article class="h-entry"><h1 class="p-name">A</h1><time class="dt-updated" datetime="2022-01-01">x</time><time class="dt-published" datetime="2021-03-05">y</time></article>',
      { title: "A", date: "2021-03-05" },
    ],
    [
      "a time that is not that of a change or of a comment",
      '<main><h1>A</h1><time class="updated" datetime="2022-01-01">x</time><div class="comment"><time datetime="2022-02-02">x</time></div><time datetime="2021-03-05">y</time></main>',
      { title: "A", date: "2021-03-05" },
    ],
    [
      "no date where only that of a change is given",
      `${ld('{"@type":"Article","headline":"A","dateModified":"2022-01-01"}')}<meta property="og:updated_time" content="2022-01-01">`,
      { title: "A", date: undefined },
    ],
    [
      "no date of what is not an article",
      ld('{"@type":"Event","headline":"no","datePublished":"2020-01-01"}'),
      { title: undefined, date: undefined },
    ],
  ])("reads %s", (_, html, expected) => {
    expect(read(html)).toMatchObject(expected);
  });
});

test.each<[string, string, string | null]>([
  [
    "Joomla 3, page 2 of 3",
    '<ul><li class="pagination-start"><a class="pagenav" href="/blog">Start</a></li><li class="pagination-prev"><a class="pagenav" href="/blog">Prev</a></li><li><a class="pagenav" href="/blog">1</a></li><li><span class="pagenav">2</span></li><li><a class="pagenav" href="/blog?start=8">3</a></li><li class="pagination-next"><a class="pagenav" href="/blog?start=8">Next</a></li></ul>',
    "/blog?start=8",
  ],
  [
    "Joomla 3, the last page",
    '<ul><li class="pagination-start"><a class="pagenav" href="/blog">Start</a></li><li><a class="pagenav" href="/blog">1</a></li><li><span class="pagenav">2</span></li><li class="pagination-next"><span class="pagenav">Next</span></li><li class="pagination-end"><span class="pagenav">End</span></li></ul>',
    null,
  ],
])("the pager of %s leads on to %s", (_, pager, next) => {
  const url = `${ORIGIN}/blog?start=4`;
  const html = `<html><body><div class="blog"><div class="items-row"><div class="item"><h2><a href="/a">A</a></h2></div></div><div class="pagination">${pager}</div></div></body></html>`;
  const site = resolveSite(
    { name: "j", preset: "joomla", start: `${ORIGIN}/blog` },
    PRESETS,
    "test",
  );
  const page = { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
  expect(readListing(parsePage(page, site), site).next).toBe(next === null ? null : ORIGIN + next);
});
