import { describe, expect, test } from "vitest";
import { listingRows, openOffice } from "../../fixtures/office/articles.js";
import { renderPage } from "../../fixtures/office/site.js";
import { DEFAULT_THEME, type Theme } from "../../fixtures/office/theme.js";
import { readArticle } from "../../src/extract/article.js";
import { mergeItem } from "../../src/extract/item.js";
import { textOf } from "../../src/extract/nodes.js";
import { parsePage } from "../../src/extract/tree.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { Site, SiteInput } from "../../src/site/site.js";
import { savedArticles } from "../support/saved-articles.js";

const URL_ = "https://example.org/news/one";

function contentOf(html: string | Uint8Array, site: Site, url = URL_) {
  const page = { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
  const tree = parsePage(page, site);
  const article = readArticle(tree, site);
  const row = { listing: site.start, position: 1, url, base: url, readings: {} };
  return article.content(mergeItem(site, row, article));
}

/** Words of a page, counted from its text, as nothing in `src` does. */
function wordsOf(html: string | Uint8Array): number {
  const page = { url: URL_, requestedUrl: URL_, status: 200, headers: {} };
  const { $ } = parsePage({ ...page, body: Buffer.from(html) });
  const text = textOf($("body").toArray());
  return [
    ...text.matchAll(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+/gu,
    ),
  ].length;
}

function sumOf({ read, removed, blocks }: ReturnType<typeof contentOf>): number {
  return blocks.reduce((sum, { words }) => sum + words, read + removed);
}

describe("every word of an article page is in a field, removed, or in a block", () => {
  // The others draw listing pages alone.
  const themes: Partial<Theme>[] = [{}, { dateAttributes: false }, { doctype: "html5" }];
  test.each(themes)("the sums of the office's articles are right in the theme %o", (theme) => {
    for (const language of ["en", "fr", "ar"] as const) {
      const site = resolveSite(demo(language), { drupal7 }, "test");
      for (const [at, { path, rowOnly }] of listingRows(openOffice(), language).entries()) {
        // All of them as they are, and some in each other theme.
        if (rowOnly || (Object.keys(theme).length > 0 && at % 5 > 0)) continue;
        const { body } = renderPage(path, { theme: { ...DEFAULT_THEME, ...theme } });
        const content = contentOf(body, site, `http://office.example${path}`);
        expect(sumOf(content), path).toBe(wordsOf(body));
        expect(content.read, path).toBeGreaterThan(10);
      }
    }
  });

  test.each(savedArticles())("the sum of the saved page %s is right", (_, html, site) => {
    expect(sumOf(contentOf(html, site))).toBe(wordsOf(html));
  });
});

describe("what no field took", () => {
  const SITE: SiteInput = {
    name: "test",
    start: "https://example.org/news",
    listing: { rows: ".row" },
    fields: {
      title: { article: "h1" },
      date: { article: [{ select: "time", attribute: "datetime" }] },
      body: { article: ".story" },
    },
  };
  const blocksOf = (main: string, more?: Partial<SiteInput>) =>
    everyBlock(main, more).filter(({ isAround }) => !isAround);
  const everyBlock = (main: string, more: Partial<SiteInput> = {}) =>
    contentOf(
      `<!doctype html><body><header><a href="/">Gazette</a></header><main><h1>One</h1>${main}</main></body>`,
      resolveSite({ ...SITE, ...more }, { drupal7 }, "test"),
    ).blocks;
  const STORY = '<div class="story"><p>The story.</p></div>';

  test.each<[string, string, object]>([
    [
      "a lead beside the body",
      `<div class="field field-name-field-lead"><p>The lead of it.</p></div>${STORY}`,
      { place: "main .field-name-field-lead > p", words: 4, sample: "The lead of it." },
    ],
    [
      "an image beside the body",
      `<div class="hero"><img src="/quay.jpg" alt="The quay"></div>${STORY}`,
      { place: "main > .hero", words: 0, images: 1, sample: "/quay.jpg" },
    ],
    [
      "a file beside the body",
      `${STORY}<div class="files"><a href="/report.pdf">Report</a></div>`,
      { place: "main > .files", words: 1, files: 1, links: 0 },
    ],
    [
      "a film beside the body",
      `<div class="film"><iframe src="https://films.example/1"></iframe></div>${STORY}`,
      { place: "main > .film", files: 1, sample: "https://films.example/1" },
    ],
    [
      "words around a date",
      `<p class="meta-1">By Ann on <time datetime="2021-05-03">3 May 2021</time></p>${STORY}`,
      { place: "main > p", words: 3, sample: "By Ann on" },
    ],
    [
      "keywords that lead to pages",
      `${STORY}<ul class="keys"><li><a href="/k/1">Tides</a></li><li><a href="/k/2">Salt</a></li></ul>`,
      { place: "main .keys > li", words: 2, links: 2, leadsTo: ["/k/1", "/k/2"] },
    ],
    [
      "a row of links with their dates",
      `${STORY}<div class="also"><div class="item"><a href="/a">A story</a> <i class="when">1 May</i></div><div class="item"><a href="/b">B story</a> <i class="when">2 May</i></div></div>`,
      { place: "main .also .item > .when", words: 4, leadsTo: ["/a", "/b"] },
    ],
  ])("the block names %s by its place", (_, main, expected) => {
    expect(blocksOf(main)).toContainEqual(expect.objectContaining(expected));
  });

  test.each<[string, string]>([
    [
      "of WordPress",
      '<div class="nav-links"><div class="nav-previous"><span class="meta-nav">Previous story</span> <a href="/a" rel="prev">A story</a></div></div>',
    ],
    ["with a label beside it", '<p>Older: <a rel="prev" href="/a">A story</a></p>'],
    ["with a label and nothing else", '<p>← Previous: <a href="/a">A story</a></p>'],
    [
      "with a label in an element",
      '<div><span>Previous article</span> <a href="/a">A story</a></div>',
    ],
    ["with an arrow", '<p>« <a href="/a">A story</a></p>'],
    ["in German", '<p>Vorheriger Beitrag: <a href="/a">A story</a></p>'],
    ["in Arabic", '<p>المقال السابق: <a href="/a">A story</a></p>'],
    ["in Chinese", '<p>上一篇：<a href="/a">A story</a></p>'],
    ["in a list of one", '<ul><li class="next">After this: <a href="/a">A story</a></li></ul>'],
    [
      "of Ghost",
      '<section class="read-next"><h3 class="label">Read next</h3><article class="card"><a href="/a"><h4>A story</h4></a><p class="excerpt">It begins so.</p></article></section>',
    ],
  ])("all words of a link to another article, %s, lead there", (_, main) => {
    const blocks = everyBlock(STORY + main).filter(({ place }) => !/header/.test(place));
    expect(blocks.length).toBeGreaterThan(0);
    for (const { leadsTo } of blocks) expect(leadsTo).toEqual(["/a"]);
  });

  test("a text of its own beside a link leads nowhere, in a box called next-steps too", () => {
    const text =
      "Bring the form that was sent to you, a pen, and enough time for all of the questions.";
    const main = `<div class="next-steps"><p class="text">${text}</p><a href="/a">A story</a></div>`;
    const blocks = everyBlock(STORY + main).filter(({ place }) => /text/.test(place));
    expect(blocks.map(({ leadsTo }) => leadsTo)).toEqual([[]]);
  });

  test("a sentence that has the word next and a link leads nowhere", () => {
    const main =
      '<p>The next meeting is on Monday in the large hall, see <a href="/a">A story</a></p>';
    const blocks = everyBlock(STORY + main).filter(({ sample }) => sample.includes("meeting"));
    expect(blocks.map(({ leadsTo }) => leadsTo)).toEqual([[]]);
  });

  test.each<[string, string]>([
    ["the title, told once more", '<p class="crumb">One</p>'],
    ["the date that an attribute says", '<time datetime="2021-05-03">3 May 2021</time>'],
    ["nothing but punctuation", "<p>– | »</p>"],
    ["an image that counts visits", '<img src="/count.gif" width="1" height="1">'],
  ])("nothing is left by %s", (_, main) => {
    expect(blocksOf(main + STORY)).toEqual([]);
  });

  test("the place of a block does not depend on names of a single page", () => {
    const places = [17, 18].map((id) =>
      blocksOf(
        `<div id="node-${id}" class="post-${id} note"><p id="p${id}">Words ${id}</p></div>${STORY}`,
      ),
    );
    expect(places.map(([block]) => block?.place)).toEqual(["main .note > p", "main .note > p"]);
  });

  test("what the site file ignores is one block, under its selector", () => {
    const keys = '<ul class="keys"><li class="a">Tides</li><li class="b">Salt</li></ul>';
    const ignore = [{ select: ".keys", reason: "keywords" }];
    expect(blocksOf(STORY + keys, { ignore })).toEqual([
      expect.objectContaining({ place: ".keys", isIgnored: true, words: 2 }),
    ]);
  });

  test("a field that lost against the row's is left, unless the row says the same", () => {
    const site = resolveSite(
      {
        ...SITE,
        fields: { ...SITE.fields, title: { listing: "a", article: "h1", prefer: "listing" } },
      },
      { drupal7 },
      "test",
    );
    const html = "<body><main><h1>The whole long title</h1></main></body>";
    const page = {
      url: URL_,
      requestedUrl: URL_,
      status: 200,
      headers: {},
      body: Buffer.from(html),
    };
    const article = readArticle(parsePage(page), site);
    const placesFor = (raw: string) => {
      const title = { ...article.readings.title, raw, printed: raw, from: "listing", nodes: null };
      const row = { listing: site.start, position: 1, url: URL_, base: URL_, readings: { title } };
      const item = mergeItem(site, row as never, article);
      return article.content(item).blocks.map(({ place }) => place);
    };
    expect(placesFor("The whole …")).toEqual(["main > h1"]);
    expect(placesFor("The whole long title")).toEqual([]);
  });

  test("a page of rows within rows is walked in linear time", () => {
    const deep = `${"<div class=r><i></i><b></b></div><div class=r>".repeat(9_000)}x`;
    expect(blocksOf(deep + STORY)).toHaveLength(1);
  });
});
