import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { collapse, textOf } from "../../src/extract/nodes.js";
import { parseFragment, parsePage } from "../../src/extract/tree.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const URL_ = "https://example.org/news/one";

function page(html: string | Uint8Array, headers: Record<string, string> = {}, url = URL_) {
  return { url, requestedUrl: url, status: 200, headers, body: Buffer.from(html) };
}

function siteOf(more: Partial<SiteInput> = {}) {
  return resolveSite(
    { name: "test", preset: "drupal7", start: "https://example.org/news", ...more },
    { drupal7 },
    "test",
  );
}

const article = (html: string, more: Partial<SiteInput> = {}) => {
  const site = siteOf(more);
  return readArticle(parsePage(page(html), site), site);
};
const listing = (html: string, more: Partial<SiteInput> = {}, url = "https://example.org/news") => {
  const site = siteOf(more);
  return readListing(parsePage(page(html, {}, url), site), site);
};

describe("the charset of a page", () => {
  const word = "Ещё";
  const cp1251 = Buffer.from([0xc5, 0xf9, 0xb8]);
  const gb2312 = Buffer.from([0xd6, 0xd0, 0xce, 0xc4]);
  const title = (bytes: Uint8Array, headers = {}) =>
    parsePage(page(bytes, headers)).$("title").text();
  const html = (bytes: Uint8Array, head = "") =>
    Buffer.concat([
      Buffer.from(`<html><head>${head}<title>`),
      bytes,
      Buffer.from("</title></head></html>"),
    ]);

  test.each<[string, Uint8Array, Record<string, string>, string]>([
    ["the header's", html(cp1251), { "content-type": "text/html; charset=windows-1251" }, word],
    [
      "the header's, quoted",
      html(cp1251),
      { "content-type": 'text/html; charset="windows-1251"' },
      word,
    ],
    [
      "the page's own meta element's",
      html(gb2312, '<meta charset="gb2312">'),
      { "content-type": "text/html" },
      "中文",
    ],
    [
      "the header's before the meta element's",
      html(Buffer.from(word), '<meta charset="gb2312">'),
      { "content-type": "text/html; charset=utf-8" },
      word,
    ],
    [
      "the byte order mark's before all",
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), html(Buffer.from(word))]),
      { "content-type": "text/html; charset=windows-1251" },
      word,
    ],
    [
      "the page's own where the header's does not exist",
      html(gb2312, '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'),
      { "content-type": "text/html; charset=none" },
      "中文",
    ],
    ["UTF-8 where nothing says it and the bytes are valid", html(Buffer.from(word)), {}, word],
    [
      "windows-1252 where they are not",
      html(Buffer.from([0x63, 0x61, 0x66, 0xe9])),
      { "content-type": "text/html" },
      "café",
    ],
    [
      "UTF-16's by its mark",
      Buffer.from(`\ufeff<html><title>${word}</title></html>`, "utf16le"),
      {},
      word,
    ],
  ])("the charset of a page is %s", (_, bytes, headers, expected) => {
    expect(title(bytes, headers)).toBe(expected);
  });
});

describe("the words of an element", () => {
  test.each([
    ["<p>a  b\n c</p>", "a b c"],
    ["<p>a\u00a0\u00a0b&nbsp;</p>", "a\u00a0\u00a0b"],
    ["<p>one</p><p>two</p>", "one two"],
    ["one<br>two", "one two"],
    ["a<b>b</b>c", "abc"],
    ["a<script>x</script><style>y</style>b", "ab"],
    ["<ul><li>1</li><li>2</li></ul>", "1 2"],
    ["\u00a0", ""],
  ])("the text of %j is %j", (html, words) => {
    expect(textOf(parseFragment(html).root().contents().toArray())).toBe(words);
  });

  test("textOf reads text 20,000 elements deep", () => {
    const $ = parseFragment("");
    const root = $("<div></div>");
    let at = root;
    for (let depth = 0; depth < 20_000; depth++) {
      const inner = $("<i></i>");
      at.append(inner);
      at = inner;
    }
    at.text("deep");
    expect(textOf(root.toArray())).toBe("deep");
  });

  test("collapse keeps no-break spaces inside and trims them outside", () => {
    expect(collapse(" \u00a0 a \u00a0 b\u00a0 ")).toBe("a \u00a0 b");
  });
});

describe("readArticle", () => {
  test.each<[string, string, object]>([
    ["lang and dir", '<html lang="ar" dir="rtl">', { language: "ar", direction: "rtl" }],
    [
      "an article in another language than its page",
      '<html lang="en" dir="ltr"><body><main><article lang="ar" dir="rtl"><h1>A</h1><div class="field-name-body"><p>B</p></div></article></main>',
      { language: "ar", direction: "rtl" },
    ],
    [
      "an article in a box of the body that holds nothing else",
      '<html lang="en"><body><div class="field-name-body"> <div lang="he"><p>B</p><p>C</p></div> </div>',
      { language: "he", direction: null },
    ],
    [
      "a paragraph in another language",
      '<html lang="en" dir="ltr"><body><div class="field-name-body"><p lang="ar" dir="rtl">B</p><p>C</p></div>',
      { language: "en", direction: "ltr" },
    ],
    [
      "a box beside the body in another language",
      '<html lang="en"><body><nav lang="ar" dir="rtl">A</nav><div class="field-name-body"><p>C</p></div>',
      { language: "en", direction: null },
    ],
    ["XHTML's language", '<html xml:lang="fr" dir="ltr">', { language: "fr", direction: "ltr" }],
    ["a tag in odd case", '<html lang="ZH_hans-cn">', { language: "zh-Hans-CN" }],
    ["a page without a language", "<html>", { language: null, direction: null }],
    ["an invalid language", '<html lang="{{ lang }}">', { language: null }],
    [
      "a canonical URL",
      '<link rel="canonical" href="/news/uno">',
      { canonical: "https://example.org/news/uno" },
    ],
    [
      "a canonical URL that is the start page",
      '<link rel="canonical" href="/">',
      { canonical: null },
    ],
    [
      "a canonical URL that is the listing",
      '<link rel="canonical" href="/news?page=3">',
      { canonical: null },
    ],
    [
      "a short link",
      '<link rel="shortlink" href="/node/7">',
      { aliases: ["https://example.org/node/7"] },
    ],
    [
      "a base for relative links",
      '<base href="https://example.org/deep/"><link rel="canonical" href="x">',
      { canonical: "https://example.org/deep/x" },
    ],
    [
      "alternates",
      '<link rel="alternate" hreflang="fr" href="https://fr.example.org/un"><link rel="alternate" hreflang="x-default" href="/">',
      { translations: { fr: "https://fr.example.org/un" } },
    ],
  ])("readArticle reads %s", (_, html, expected) => {
    expect(article(html)).toMatchObject(expected);
  });

  test("a language without a link in the language switcher has no translation", () => {
    const html = `<html lang="en"><ul class="language-switcher-locale-url">
      <li class="en first active"><a href="/news/one" class="language-link active" xml:lang="en">English</a></li>
      <li class="fr"><a href="http://fr.example.org/un" class="language-link" xml:lang="fr">Français</a></li>
      <li class="ru"><a href="/node/12" class="language-link">Русский</a></li>
      <li class="ar last"><span class="language-link locale-untranslated">العربية</span></li></ul>`;
    expect(article(html).translations).toEqual({
      fr: "http://fr.example.org/un",
      ru: "https://example.org/node/12",
    });
  });
});

describe("a field", () => {
  const rows = (cell: string) =>
    `<div id="block-system-main"><div class="view-content"><div class="views-row">${cell}</div></div></div>`;

  test("a field is read by its first alternative with a value, and names it", () => {
    const site: Partial<SiteInput> = {
      fields: { title: { listing: [".a", { select: ".b", attribute: "title" }, ".c"] } },
    };
    const reading = listing(
      rows('<p class="a"> </p><p class="b" title=" From B ">x</p><p class="c">C</p>'),
      site,
    ).rows[0]?.readings.title;
    expect(reading).toMatchObject({
      raw: "From B",
      printed: "x",
      selector: ".b",
      attribute: "title",
      matches: 1,
    });
  });

  test("a field is read from the first match with a value, and counts all matches", () => {
    const reading = listing(rows("<h3>-</h3><h3>Title</h3>"), {
      fields: { title: { listing: "h3", empty: ["-"] } },
    }).rows[0]?.readings.title;
    expect(reading).toMatchObject({ raw: "Title", matches: 2 });
  });

  test("a field with `all` joins its matches in order", () => {
    const reading = listing(rows("<p>one</p><i>x</i><p>two</p>"), {
      fields: { body: { listing: { select: "p", all: true } } },
    }).rows[0]?.readings.body;
    expect(reading?.raw).toBe("one two");
    expect(reading?.nodes).toHaveLength(2);
  });

  test("a body of an image without words is not empty", () => {
    expect(
      listing(rows('<div class="views-field-body"><img src="x.png"></div>')).rows[0]?.readings.body
        ?.raw,
    ).toBe("");
    expect(
      listing(rows('<div class="views-field-body"><p>&nbsp;</p></div>')).rows[0]?.readings.body,
    ).toBeUndefined();
  });

  test("the value of a field omits labels of Views", () => {
    const cell =
      '<div class="views-field views-field-field-type"><span class="views-label">Type: </span><span class="field-content">News</span></div>';
    expect(listing(rows(cell)).rows[0]?.readings.type?.raw).toBe("News");
  });
});

describe("a listing page", () => {
  const pager = (items: string) =>
    `<div id="block-system-main"><div class="view-content"><div class="views-row"><h3><a href="/a">A</a></h3></div></div><ul class="pager">${items}</ul></div>`;

  test("side blocks are not rows, even when the list is empty", () => {
    const html =
      '<div class="sidebar"><div class="view-content"><div class="views-row"><a href="/side">Side</a></div></div></div><div id="block-system-main"><div class="view"><div class="view-empty">No articles.</div></div></div>';
    expect(listing(html)).toMatchObject({ rows: [], saysEmpty: true });
  });

  test("a view inside a row is part of the row", () => {
    const html =
      '<div id="block-system-main"><div class="view-content"><div class="views-row"><h3>Outer</h3><div class="view-content"><div class="views-row"><h3>Inner</h3></div></div></div></div></div>';
    expect(listing(html).rows).toHaveLength(1);
  });

  test("the last link of a pager gives the page count where no number leads to the last page", () => {
    const html = pager(
      '<li class="pager-current">3</li><li class="pager-item"><a href="/news?page=8">9</a></li><li class="pager-next"><a href="/news?page=3">x</a></li><li class="pager-last"><a href="/news?page=9">y</a></li>',
    );
    expect(listing(html, {}, "https://example.org/news?page=2")).toMatchObject({
      next: "https://example.org/news?page=3",
      pageNumber: 3,
      pageCount: 10,
    });
  });

  test("a pager of numbers alone leads to the next page", () => {
    const html = pager(
      '<li><a href="/news">1</a></li><li class="pager-current">2</li><li><a href="/news?page=2">3</a></li>',
    );
    expect(listing(html, {}, "https://example.org/news?page=1")).toMatchObject({
      next: "https://example.org/news?page=2",
      pageCount: 3,
    });
  });

  test("a mini pager without a link is the last page", () => {
    const html = pager(
      '<li class="pager-previous first"><a href="/news?page=1">‹‹</a></li><li class="pager-current">3 of 3</li><li class="pager-next last">&nbsp;</li>',
    );
    expect(listing(html, {}, "https://example.org/news?page=2")).toMatchObject({
      next: null,
      pageNumber: 3,
      pageCount: 3,
    });
  });

  test("a next link that leaves the site is not followed, and gives a warning", () => {
    const html = pager(
      '<li class="pager-next"><a href="https://elsewhere.example/news?page=1">next</a></li>',
    );
    expect(listing(html)).toMatchObject({ next: null, warnings: [{ code: "next-leaves-site" }] });
  });

  test.each([
    ["by its number", '<nav><a href="https://mirror.example/news?page=1">1</a></nav>'],
    ["by a path", '<nav><a href="https://mirror.example/news/page/2/">2</a></nav>'],
    ["by its words", '<a href="https://mirror.example/news?page=1">Older posts</a>'],
  ])("a page of the list on a host that no row leads to is told, known %s", (_, way) => {
    const html = pager("").replace('<ul class="pager"></ul>', way);
    expect(listing(html)).toMatchObject({ next: null, warnings: [{ code: "next-leaves-site" }] });
  });

  test.each([
    "https://mirror.example/news",
    "https://mirror.example/?p=12",
    "https://mirror.example/about/2/",
    "https://share.example/news?url=https://example.org/news",
  ])("%s on another host is not a page of the list", (url) => {
    const html = pager("").replace('<ul class="pager"></ul>', `<a href="${url}">Elsewhere</a>`);
    expect(listing(html).warnings).toEqual([]);
  });

  test("where the next link of the head names another host, the numbers of the pager lead on", () => {
    const html = `<link rel="next" href="https://www.elsewhere.example/news/2/"><div class="pages"><b class="current">1</b><a href="/news/2/">2</a></div>`;
    const input: SiteInput = {
      ...{ name: "path", start: "https://example.org/news" },
      listing: { rows: ".post", link: "a", current: ".current", pageLinks: ".pages a" },
      fields: { title: { listing: "h2" } },
    };
    const tree = parsePage(page(html, {}, input.start));
    const { next, warnings } = readListing(tree, resolveSite(input, {}, "test"));
    expect(next).toBe("https://example.org/news/2/");
    expect(warnings).toMatchObject([{ code: "next-leaves-site" }]);
  });

  test("a listing without a pager has no next page and no page count", () => {
    expect(listing(pager("").replace('<ul class="pager"></ul>', ""))).toMatchObject({
      next: null,
      pageNumber: null,
      pageCount: null,
    });
  });

  test("links of rows are absolute and canonical", () => {
    const html =
      '<base href="https://example.org/x/"><div class="views-row"><h3><a href="a?utm_source=feed#top">A</a></h3></div>';
    expect(listing(html).rows[0]?.url).toBe("https://example.org/x/a");
  });

  test("a site that counts pages in its path has its next page by number", () => {
    const site: Partial<SiteInput> = {
      listing: { rows: ".post", next: ".none", current: ".current", pageLinks: ".pages a" },
      fields: { title: { listing: "h2" } },
    };
    const html =
      '<div class="post"><h2>A</h2></div><p class="pages"><span class="current">1</span> <a href="/page/2/">2</a> <a href="/page/3/">3</a></p>';
    const own = resolveSite({ name: "wp", start: "https://example.org/", ...site }, {}, "test");
    expect(readListing(parsePage(page(html, {}, "https://example.org/")), own)).toMatchObject({
      next: "https://example.org/page/2/",
      pageNumber: 1,
      pageCount: 3,
    });
  });
});
