import { describe, expect, test } from "vitest";
import { convertArticle } from "../../src/convert/draft.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Article, Listing, Row } from "../../src/model.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const START = "https://example.org/x/articles";

function siteOf(more: Partial<SiteInput> = {}) {
  return resolveSite({ name: "test", preset: "drupal7", start: START, ...more }, { drupal7 }, "t");
}

function treeOf(html: string, url: string, site: ReturnType<typeof siteOf>) {
  const body = Buffer.from(html);
  return parsePage({ url, requestedUrl: url, status: 200, headers: {}, body }, site);
}

function list(html: string, url = START, more: Partial<SiteInput> = {}): Listing {
  const site = siteOf(more);
  return readListing(treeOf(html, url, site), site);
}

function read(html: string, url = "https://example.org/x/one"): Article {
  const site = siteOf();
  return readArticle(treeOf(html, url, site), site);
}

const main = (content: string) =>
  `<div id="block-system-main" class="block block-system"><div class="content">${content}</div></div>`;
const view = (content: string) => main(`<div class="view view-articles">${content}</div>`);
const row = (content: string) =>
  `<div class="views-row views-row-1 views-row-odd views-row-first">${content}</div>`;
const rows = (content: string) => view(`<div class="view-content">${row(content)}</div>`);
const paged = (pager: string) =>
  view(
    `<div class="view-content">${row('<h3 class="field-content"><a href="/x/one">One</a></h3>')}</div>${pager}`,
  );

/** A row's fields as a crawl would convert them, and the codes of its warnings and issues. */
function valuesOf(html: string, more: Partial<SiteInput> = {}) {
  const site = siteOf(more);
  const first = readListing(treeOf(html, START, site), site).rows[0] as Row;
  const { draft, warnings } = convertArticle(site, first.url ?? START, first, null);
  const { title, date, dateText, type, typeText } = draft.data;
  return {
    url: first.url,
    title,
    date,
    dateText,
    type,
    typeText,
    warned: warnings.map(({ code }) => code),
    issues: draft.issues.filter(({ path }) => path === "data.date").map(({ hint }) => hint),
  };
}

describe("pagers", () => {
  const a = (page: number, label = `${page + 1}`, title = "") =>
    `<a${title && ` title="${title}"`} href="/x/articles${page === 0 ? "" : `?page=${page}`}">${label}</a>`;
  const CORE = `<h2 class="element-invisible">Pages</h2><div class="item-list"><ul class="pager">
    <li class="pager-first first">${a(0, "« first")}</li><li class="pager-previous">${a(1, "‹ previous")}</li>
    <li class="pager-item">${a(0)}</li><li class="pager-item">${a(1)}</li><li class="pager-current">3</li>
    ${[3, 4, 5, 6, 7, 8].map((page) => `<li class="pager-item">${a(page)}</li>`).join("")}
    <li class="pager-next">${a(3, "next ›")}</li><li class="pager-last last">${a(9, "last »")}</li></ul></div>`;

  test.each<[string, string, number, number | null, number, number]>([
    // name, markup, page asked for (from 0), next (from 0), page number, page count
    ["core's with ten pages and nine numbers", CORE, 2, 3, 3, 10],
    [
      "core's with titles and labels of another language, in disorder",
      CORE.replace("next ›", "التالية ›").replace(
        'href="/x/articles?page=3">ا',
        'title="Go to previous page" href="/x/articles?page=3">ا',
      ),
      2,
      3,
      3,
      10,
    ],
    [
      "core's on the first page",
      `<ul class="pager"><li class="pager-current first">1</li><li class="pager-item">${a(1)}</li><li class="pager-next">${a(1, "›")}</li><li class="pager-last last">${a(1, "»")}</li></ul>`,
      0,
      1,
      1,
      2,
    ],
    [
      "core's on the page before the last, where next and last are one link",
      `<ul class="pager"><li class="pager-previous first">${a(2, "‹")}</li><li class="pager-current">4</li><li class="pager-item">${a(4)}</li><li class="pager-next">${a(4, "›")}</li><li class="pager-last last">${a(4, "»")}</li></ul>`,
      3,
      4,
      4,
      5,
    ],
    [
      "core's on the last page",
      `<ul class="pager"><li class="pager-first first">${a(0, "«")}</li><li class="pager-previous">${a(3, "‹")}</li><li class="pager-item">${a(3)}</li><li class="pager-current last">5</li></ul>`,
      4,
      null,
      5,
      5,
    ],
    [
      "Bootstrap 3's",
      `<div class="text-center"><ul class="pagination"><li class="pager-first">${a(0, "first")}</li><li class="prev">${a(0, "previous")}</li><li>${a(0)}</li><li class="active"><span>2</span></li><li>${a(2)}</li><li class="pager-ellipsis disabled"><span>…</span></li><li class="next">${a(2, "next")}</li><li class="pager-last">${a(28, "last")}</li></ul></div>`,
      1,
      2,
      2,
      29,
    ],
    [
      "Zen's and Omega's",
      `<h2 class="element-invisible">Pages</h2><ul class="pager"><li class="pager__item pager__item--first">${a(0, "«")}</li><li class="pager__item pager__item--previous">${a(3, "‹")}</li><li class="pager__item pager__item--ellipsis">…</li><li class="pager__item">${a(3)}</li><li class="pager__item pager__item--current">5</li><li class="pager__item">${a(5)}</li><li class="pager__item pager__item--next">${a(5, "›")}</li><li class="pager__item pager__item--last">${a(28, "»")}</li></ul>`,
      4,
      5,
      5,
      29,
    ],
    [
      "one with classes without a prefix",
      `<div class="item-list-pager"><ul class="pager"><li class="first">${a(0, "«")}</li><li class="previous">${a(0, "‹")}</li><li class="current">2</li><li>${a(2)}</li><li class="ellipsis">…</li><li class="next">${a(2, "›")}</li><li class="last">${a(17, "»")}</li></ul></div>`,
      1,
      2,
      2,
      18,
    ],
    [
      "Drupal 6's",
      `<div class="item-list"><ul class="pager"><li class="pager-first first"><a href="/x/articles" title="Go to first page" class="active">«</a></li><li class="pager-current">2</li><li class="pager-next"><a href="/x/articles?page=2" title="Go to next page" class="active">›</a></li><li class="pager-last last"><a href="/x/articles?page=6" class="active">»</a></li></ul></div>`,
      1,
      2,
      2,
      7,
    ],
    [
      "a mini pager",
      `<div class="item-list"><ul class="pager"><li class="pager-previous first">&nbsp;</li><li class="pager-current">1 of 27</li><li class="pager-next last">${a(1, "››")}</li></ul></div>`,
      0,
      1,
      1,
      27,
    ],
    [
      "a mini pager on the last page",
      `<div class="item-list"><ul class="pager"><li class="pager-previous first">${a(25, "‹‹")}</li><li class="pager-current">27 of 27</li><li class="pager-next last"></li></ul></div>`,
      26,
      null,
      27,
      27,
    ],
    [
      "a mini pager in Arabic-Indic digits",
      `<ul class="pager"><li class="pager-current">٣ من ٢٧</li><li class="pager-next last">${a(3, "››")}</li></ul>`,
      2,
      3,
      3,
      27,
    ],
    [
      "a mini pager with the count before the number",
      `<ul class="pager"><li class="pager-current">27 页中的第 3 页</li><li class="pager-next last">${a(3, "››")}</li></ul>`,
      2,
      3,
      3,
      27,
    ],
    [
      "a load-more pager",
      `<ul class="pager pager-load-more"><li class="pager-next first last">${a(1, "Load more")}</li></ul>`,
      0,
      1,
      1,
      2,
    ],
    [
      "one with links in elements of their own",
      `<ul class="pager"><li class="pager-current"><span>1</span></li><li class="pager-next"><span>${a(1, "›")}</span></li></ul>`,
      0,
      1,
      1,
      2,
    ],
    [
      "one of numbers alone, without a class for next",
      `<ul class="pager"><li>${a(0)}</li><li class="pager-current">2</li><li>${a(2)}</li></ul>`,
      1,
      2,
      2,
      3,
    ],
    [
      "one clamped beyond the last page",
      `<ul class="pager"><li class="pager-first first">${a(0, "«")}</li><li class="pager-item">${a(8)}</li><li class="pager-current last">10</li></ul>`,
      998,
      null,
      10,
      10,
    ],
    [
      "one beyond the last page, without a current item",
      `<ul class="pager"><li class="pager-item">${a(8)}</li><li class="last">10</li></ul>`,
      998,
      null,
      Number.NaN,
      9,
    ],
  ])("the drupal7 preset reads the pager: %s", (_, pager, page, next, pageNumber, pageCount) => {
    const url = page === 0 ? START : `${START}?page=${page}`;
    expect(list(paged(pager), url)).toMatchObject({
      next: next === null ? null : `${START}?page=${next}`,
      pageNumber: Number.isNaN(pageNumber) ? null : pageNumber,
      pageCount,
    });
  });

  test("the next page keeps the other parameters, brackets unencoded", () => {
    const pager =
      '<ul class="pager"><li class="pager-current">1</li><li class="pager-next"><a href="/x/articles?f[0]=a&amp;items_per_page=40&amp;page=1">›</a></li><li class="pager-last"><a href="/x/articles?f[0]=a&amp;items_per_page=40&amp;page=34">»</a></li></ul>';
    expect(list(paged(pager), `${START}?f[0]=a&items_per_page=40`)).toMatchObject({
      next: expect.stringMatching(/items_per_page=40&page=1$/),
      pageCount: 35,
    });
  });

  test.each([
    ["?page=0,2", "?page=0%2C3", "?page=0%2C7", 3, 8],
    ["?page=0%2C2", "?page=0,3", "?page=0,7", 3, 8],
    ["", "?page=0,1", "?page=0,7", 1, 8],
    ["?page=1", "?page=2,0", "?page=4,0", 2, 5],
  ])(
    "the second of two pagers counts its own pages: %s",
    (here, next, last, pageNumber, pageCount) => {
      const pager = `<ul class="pager"><li class="pager-current">${pageNumber}</li><li class="pager-next"><a href="/x/articles${next}">›</a></li><li class="pager-last"><a href="/x/articles${last}">»</a></li></ul>`;
      expect(list(paged(pager), START + here)).toMatchObject({
        next: START + next,
        pageNumber,
        pageCount,
      });
    },
  );

  test("each URL of the first page is the same page", () => {
    for (const query of ["", "?page=0", "?page=0,0", "?"])
      expect(list(paged(CORE), START + query).url).toBe(START);
  });
});

describe("rows", () => {
  const TITLE = '<span class="field-content"><a href="/x/one">One</a></span>';
  const FIELDS = `<div class="views-field views-field-title">${TITLE}</div>`;
  const BARE_TITLE = '<h4 class="field-content"><a href="/x/one">One</a></h4>';
  const TEASER =
    '<div id="node-7" class="node node-article node-teaser clearfix"><h2><a href="/x/one">One</a></h2><div class="content"><div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even"><p>Text.</p></div></div></div></div><ul class="links inline"><li class="node-readmore first last"><a href="/x/one" rel="tag">Read more<span class="element-invisible"> about One</span></a></li></ul></div>';

  test.each<[string, string, number]>([
    ["unformatted", rows(FIELDS), 1],
    [
      "an HTML list",
      view(
        `<div class="view-content"><div class="item-list"><ul><li class="views-row views-row-1">${FIELDS}</li><li class="views-row views-row-2">${FIELDS}</li></ul></div></div>`,
      ),
      2,
    ],
    [
      "a list without classes",
      view(
        `<div class="view-content"><div class="item-list"><ol><li>${FIELDS}</li></ol></div></div>`,
      ),
      1,
    ],
    [
      "a table",
      view(
        `<div class="view-content"><table class="views-table cols-2"><thead><tr><th class="views-field views-field-title active">Title</th></tr></thead><tbody><tr class="odd views-row-first"><td class="views-field views-field-title active"><a href="/x/one">One</a></td></tr><tr class="even"><td class="views-field views-field-title"><a href="/x/two">Two</a></td></tr></tbody></table></div>`,
      ),
      2,
    ],
    [
      "a table whose head is not in a thead",
      view(
        `<div class="view-content"><table class="views-table"><tr><th>Title</th></tr><tr><td class="views-field-title"><a href="/x/one">One</a></td></tr></table></div>`,
      ),
      1,
    ],
    [
      "a grid, its last cell empty",
      view(
        `<div class="view-content"><table class="views-view-grid cols-2"><tbody><tr class="row-1 row-first"><td class="col-1 col-first">${FIELDS}</td><td class="col-2 col-last">${FIELDS}</td></tr><tr class="row-2 row-last"><td class="col-1">${FIELDS}</td><td class="col-2 col-last"></td></tr></tbody></table></div>`,
      ),
      3,
    ],
    [
      "groups below headings",
      view(
        `<div class="view-content"><h3>2021</h3>${row(FIELDS)}<h3>2020</h3>${row(FIELDS)}</div>`,
      ),
      2,
    ],
    [
      "rows without classes",
      view(`<div class="view-content"><div>${FIELDS}</div><div>${FIELDS}</div></div>`),
      2,
    ],
    [
      "rows and fields without classes",
      view(
        '<div class="view-content"><div><h3><a href="/x/one">One</a></h3></div><div><h3><a href="/x/two">Two</a></h3></div></div>',
      ),
      2,
    ],
    ["an admin's own heading, no views-field", rows(BARE_TITLE), 1],
    ["teasers in rows", rows(TEASER), 1],
    ["teasers on their own", main(TEASER), 1],
    [
      "a view in a block beside an empty main block",
      `<div class="region region-content"><div id="block-system-main"><div class="content"></div></div><div class="block block-views"><div class="view"><div class="view-content">${row(FIELDS)}</div></div></div></div>`,
      1,
    ],
    [
      "a view in a cell of a table",
      view(
        `<div class="view-content"><table class="views-table"><tbody><tr><td class="views-field views-field-title"><a href="/x/one">One</a></td><td><div class="view"><div class="view-content"><div class="views-row"><a href="/x/tag">Tag</a></div><div class="views-row"><a href="/x/tag2">Tag</a></div></div></div></td></tr></tbody></table></div>`,
      ),
      1,
    ],
  ])("the drupal7 preset finds the rows of a listing: %s", (_, html, count) => {
    const { rows: found } = list(html);
    expect(found).toHaveLength(count);
    expect(found[0]).toMatchObject({ url: "https://example.org/x/one" });
    expect(found[0]?.readings.title?.raw).toBe("One");
  });

  test.each([
    ["Garland", "sidebar-left", "center"],
    ["Zen", "sidebar-first", "content-area"],
    ["Bluemarine", "sidebar-left", "main"],
  ])("a side block before the list in %s of Drupal 6 has no rows of it", (_, side, column) => {
    const rowOf = (name: string) =>
      `<div class="view"><div class="view-content">${row(`<h3><a href="/x/${name}">${name}</a></h3>`)}</div></div>`;
    const { rows: found } = list(
      `<body><div id="${side}"><div class="block block-views">${rowOf("side")}</div></div><div id="${column}">${rowOf("one")}</div></body>`,
    );
    expect(found.map(({ url }) => url)).toEqual(["https://example.org/x/one"]);
  });

  test("a teaser in a row gives its text without the hidden words of its link", () => {
    const { readings } = list(rows(TEASER)).rows[0] as Row;
    expect(readings.body?.raw).toBe("Text.");
  });

  test("a teaser whose heading is not a link leads to its article by its read-more link", () => {
    const unlinked = TEASER.replace('<h2><a href="/x/one">One</a></h2>', "<h2>One</h2>");
    expect(list(rows(unlinked)).rows[0]?.url).toBe("https://example.org/x/one");
  });

  test.each([
    [
      "with wrappers",
      '<div class="views-field views-field-title"><span class="field-content">One</span></div><div class="views-field views-field-body"><div class="field-content"><p>See <a href="/x/other">this</a>.</p></div></div>',
    ],
    [
      "without wrappers",
      '<h3>One</h3><p>See <a href="/x/other">this</a>.</p><ul><li><a href="/x/third">third</a></li></ul>',
    ],
  ])("a row without a link has no URL, although its text has links: %s", (_, fields) => {
    expect(list(rows(fields)).rows[0]).toMatchObject({ url: null });
  });

  test("a row of another view inside a row does not change its date and link", () => {
    const inner = `<div class="view"><div class="view-content"><div class="views-row"><h3><a href="/x/inner">Inner</a></h3><span class="date-display-single" content="2001-01-01T00:00:00+01:00">1/1/2001</span></div></div></div>`;
    const html = rows(`${inner}<div class="views-field views-field-title">${TITLE}</div>`);
    expect(list(html).rows).toHaveLength(1);
    expect(valuesOf(html)).toMatchObject({
      url: "https://example.org/x/one",
      title: "One",
      date: null,
      warned: [],
    });
  });

  test("the drupal7 preset reads an empty page and a page out of range", () => {
    expect(list(view('<div class="view-empty"><p>No articles.</p></div>'))).toMatchObject({
      rows: [],
      saysEmpty: true,
      next: null,
    });
    expect(
      list(
        view('<ul class="pager"><li class="pager-current last">10</li></ul>'),
        `${START}?page=999`,
      ),
    ).toMatchObject({ rows: [], next: null });
  });
});

describe("fields of a row", () => {
  const TITLE =
    '<div class="views-field views-field-title"><span class="field-content"><a href="/x/one">One</a></span></div>';
  const date = (inner: string, name = "field-date") =>
    rows(
      `${TITLE}<div class="views-field views-field-${name}"><div class="field-content">${inner}</div></div>`,
    );
  const single = (attributes: string, printed: string) =>
    `<span class="date-display-single" ${attributes}>${printed}</span>`;

  test.each<[string, string, string | null, string, string[]]>([
    [
      "its content attribute",
      date(
        single(
          'property="dc:date" datatype="xsd:dateTime" content="2019-02-08T00:00:00+01:00"',
          "الجمعة 8 فيفري 2019",
        ),
      ),
      "2019-02-08",
      "الجمعة 8 فيفري 2019",
      [],
    ],
    [
      "attributes in another order",
      date(
        single(
          'content="2023-01-04T00:00:00-06:00" datatype="xsd:dateTime" property="dc:date"',
          "1/4/2023",
        ),
      ),
      "2023-01-04",
      "1/4/2023",
      [],
    ],
    [
      "a time element",
      date('<time datetime="2021-12-21T23:30:00-05:00">Dec 21</time>'),
      "2021-12-21",
      "Dec 21",
      [],
    ],
    [
      "a time element whose attribute is a month",
      date('<time datetime="2021-12">December 21, 2021</time>'),
      "2021-12-21",
      "December 21, 2021",
      [],
    ],
    ["words", date(single("", "December 22, 2022")), "2022-12-22", "December 22, 2022", []],
    ["words in the field alone", date("Apr 21 2020"), "2020-04-21", "Apr 21 2020", []],
    [
      "the second instance of a field",
      date("Jan-24-2019", "field-date-1"),
      "2019-01-24",
      "Jan-24-2019",
      [],
    ],
    [
      "the date of creation",
      date("Thursday, December 23, 2021 - 09:30", "created"),
      "2021-12-23",
      "Thursday, December 23, 2021 - 09:30",
      [],
    ],
    [
      "Drupal's medium format, proved by its weekday",
      date("Thu, 12/23/2021 - 09:30", "created"),
      "2021-12-23",
      "Thu, 12/23/2021 - 09:30",
      [],
    ],
    [
      "the same, where the weekday proves day first",
      date("Fri, 05/11/2021 - 09:30", "created"),
      "2021-11-05",
      "Fri, 05/11/2021 - 09:30",
      [],
    ],
    [
      "a field whose name only contains a date",
      date("2018-08-17", "field-opn-issdate"),
      "2018-08-17",
      "2018-08-17",
      [],
    ],
    ["a field that is not a date", date("2018-08-17", "field-candidate"), null, "", []],
    ["an update, which is not the date", date("2018-08-17", "field-updated"), null, "", []],
    [
      "a range",
      date(
        `<span class="date-display-range"><span class="date-display-start" content="2021-12-03T00:00:00+01:00">12/3/2021</span> to <span class="date-display-end" content="2021-12-05T00:00:00+01:00">12/5/2021</span></span>`,
      ),
      "2021-12-03",
      "12/3/2021",
      [],
    ],
    [
      "a range in words",
      date(
        `<span class="date-display-range"><span class="date-display-start">3 December 2021</span> to <span class="date-display-end">5 December 2021</span></span>`,
      ),
      "2021-12-03",
      "3 December 2021",
      [],
    ],
    [
      "hours of one day",
      date(
        `<span class="date-display-single">Friday, December 3, 2021 - <span class="date-display-range"><span class="date-display-start">09:00</span> to <span class="date-display-end">17:00</span></span></span>`,
      ),
      "2021-12-03",
      "Friday, December 3, 2021 - 09:00 to 17:00",
      [],
    ],
    [
      "a year and a date",
      date(
        `${single('content="2021-12-21T00:00:00-08:00"', "2021")} ${single('content="2021-12-21T00:00:00-08:00"', "December 21, 2021")}`,
      ),
      "2021-12-21",
      "2021",
      [],
    ],
    [
      "a year and a date, in words",
      date(`${single("", "2021")} ${single("", "December 21, 2021")}`),
      "2021-12-21",
      "2021",
      [],
    ],
    [
      "two dates that differ",
      date(`${single("", "December 21, 2021")} ${single("", "December 24, 2021")}`),
      "2021-12-21",
      "December 21, 2021",
      ["several-dates"],
    ],
    [
      "a date counted from now",
      date('<em class="placeholder">22 hours 2 min</em> ago', "created"),
      null,
      "22 hours 2 min ago",
      ["relative-date"],
    ],
    ["a dash", date("-"), null, "", []],
    ["nothing", date(""), null, "", []],
  ])("the drupal7 preset reads the date of a row: %s", (_, html, expected, dateText, warned) => {
    expect(valuesOf(html)).toMatchObject({
      date: expected,
      dateText: dateText || null,
      warned,
      issues: [],
    });
  });

  test.each([
    ["03/05/2022", [], null, "Numbers alone do not show which is the day"],
    ["12/23/2021", [], null, "There is no month 23, so the order is M/d/yyyy"],
    ["23.12.2021", [], null, "There is no month 23, so the order is d.M.yyyy"],
    ["03/05/2022", ["d/M/yyyy"], "2022-05-03", null],
    ["19.11.2021", ["d.M.yyyy"], "2021-11-19", null],
    ["31/02/2021", ["d/M/yyyy"], null, "The site itself is wrong"],
  ])(
    "a date in figures needs a format of the site for its order: %s by %j",
    (printed, formats, expected, hint) => {
      const values = valuesOf(date(single("", printed)), { fields: { date: { formats } } });
      expect(values.date).toBe(expected);
      expect(values.issues).toEqual(hint === null ? [] : [expect.stringContaining(hint)]);
      expect(values.dateText).toBe(printed);
    },
  );

  test("the date of a teaser is read from its submitted line", () => {
    const teaser = (span: string) =>
      rows(
        `<div class="node node-teaser"><h2><a href="/x/one">One</a></h2><div class="submitted">${span}</div></div>`,
      );
    expect(
      valuesOf(
        teaser(
          '<span property="dc:date dc:created" content="2021-12-23T10:30:00+01:00" datatype="xsd:dateTime" rel="sioc:has_creator">Submitted by Ann</span>',
        ),
      ),
    ).toMatchObject({ date: "2021-12-23" });
  });

  const type = (html: string) => rows(TITLE + html);
  test.each<[string, string, string | null, string | null]>([
    [
      "a wrapped field",
      type(
        '<div class="views-field views-field-field-type"><div class="field-content">News</div></div>',
      ),
      "news",
      "News",
    ],
    [
      "with a label",
      type(
        '<div class="views-field views-field-field-type"><span class="views-label views-label-field-type">Type: </span><div class="field-content">Press Release</div></div>',
      ),
      "press-release",
      "Press Release",
    ],
    [
      "the content type",
      type(
        '<div class="views-field views-field-type"><span class="field-content">Speech</span></div>',
      ),
      "speech",
      "Speech",
    ],
    [
      "a second instance",
      type(
        '<div class="views-field views-field-field-type-1"><div class="field-content">News</div></div>',
      ),
      "news",
      "News",
    ],
    [
      "a link",
      type(
        '<div class="views-field views-field-field-article-type"><div class="field-content"><a href="/types/1">News</a></div></div>',
      ),
      "news",
      "News",
    ],
    [
      "a teaser's field",
      type(
        '<div class="node-teaser"><div class="field field-name-field-type field-type-list-text field-label-inline clearfix"><div class="field-label">Type:&nbsp;</div><div class="field-items"><div class="field-item even">News</div></div></div></div>',
      ),
      "news",
      "News",
    ],
    [
      "BEM names",
      type(
        '<div class="field field--name-field-type field--type-list-text"><div class="field__items"><div class="field__item even">News</div></div></div>',
      ),
      "news",
      "News",
    ],
    [
      "a dash",
      type(
        '<div class="views-field views-field-field-type"><div class="field-content">-</div></div>',
      ),
      null,
      null,
    ],
    [
      "a long dash in no-break spaces",
      type(
        '<div class="views-field views-field-field-type"><div class="field-content">&nbsp;—&nbsp;</div></div>',
      ),
      null,
      null,
    ],
    [
      "an empty field",
      type(
        '<div class="views-field views-field-field-type"><div class="field-content"></div></div>',
      ),
      null,
      null,
    ],
    ["a field that is hidden when empty", type(""), null, null],
    [
      "the kind of another field",
      type(
        '<div class="field field-name-field-note field-type-text"><div class="field-items"><div class="field-item">No type</div></div></div>',
      ),
      null,
      null,
    ],
  ])("the drupal7 preset reads the type of a row: %s", (_, html, expected, typeText) => {
    expect(valuesOf(html)).toMatchObject({ type: expected, typeText, date: null });
  });
});

describe("an article page", () => {
  const node = (content: string, submitted = "") =>
    `<html><body>${main(`<div id="node-7" class="node node-article clearfix">${submitted}<div class="content">${content}</div></div>`)}</body></html>`;
  const field = (name: string, type: string, inner: string) =>
    `<div class="field field-name-${name} field-type-${type} field-label-inline clearfix"><div class="field-label">Label:&nbsp;</div><div class="field-items"><div class="field-item even">${inner}</div></div></div>`;
  const bodyOf = (html: string) => read(html).readings.body?.raw;

  test.each<[string, string]>([
    ["Field API", node(field("body", "text-with-summary", "<p>Text.</p>"))],
    [
      "BEM names",
      node(
        '<div class="field field--name-body field--type-text-with-summary"><div class="field__items"><div class="field__item even"><p>Text.</p></div></div></div>',
      ),
    ],
    ["no field-items", node('<div class="field-name-body"><p>Text.</p></div>')],
    ["RDF alone", '<body><div property="content:encoded"><p>Text.</p></div></body>'],
    ["no class but the node's", node("<p>Text.</p>")],
    [
      "beside a side block's row",
      `<div class="view"><div class="views-row"><div class="views-field-body"><p>Side.</p></div></div></div>${node(field("body", "text-with-summary", "<p>Text.</p>"))}`,
    ],
  ])("the drupal7 preset reads the body of an article page: %s", (_, html) => {
    expect(bodyOf(html)).toBe("Text.");
  });

  const comment =
    '<div class="content"><div class="field field-name-comment-body"><div class="field-items"><div class="field-item even" property="content:encoded"><p>Nice!</p></div></div></div></div>';
  test.each<[string, string]>([
    [
      "in an article of its own",
      `<article class="node node-article"><section id="comments"><article class="comment clearfix">${comment}</article></section></article>`,
    ],
    ["in Bootstrap", `<section class="comments comment-wrapper">${comment}</section>`],
    [
      "in core",
      `<div id="comments" class="comment-wrapper"><div class="comment">${comment}</div></div>`,
    ],
  ])("a comment is never the body of an article page: %s", (_, html) => {
    expect(bodyOf(`<html><body>${main(html)}</body></html>`)).toBeUndefined();
  });

  test("comments within the content of a node are not part of its body", () => {
    expect(bodyOf(node(`<p>Text.</p><div id="comments">${comment}</div>`))).toBe("Text.");
  });

  test("a file of File Entity in a body is its image alone, without its name as a heading", () => {
    const file =
      '<div id="file-12" class="file file-image"><h2 class="element-invisible"><a href="/file/12">harbour.jpg</a></h2><div class="content"><img src="/h.jpg" alt="Harbour"></div></div>';
    const article = read(node(field("body", "text-with-summary", `<p>Text.</p>${file}`)));
    expect(article.readings.body?.raw).toBe("Text.");
  });

  const image = field("field-image", "image", '<img src="/lead.jpg" alt="The quay">');
  const file = field(
    "field-file",
    "file",
    '<span class="file"><img class="file-icon" src="/icon.png"> <a href="/report.pdf">report.pdf</a></span>',
  );
  const body = field("body", "text-with-summary", '<p>Text. <img src="/in-text.jpg"></p>');
  test.each<[string, string]>([
    ["core", node(image + body + file)],
    [
      "Bootstrap",
      `<section class="col-sm-9"><div class="region region-content"><section id="block-system-main" class="block"><article class="node node-article">${image}${body}${file}</article></section></div></section>`,
    ],
    [
      "Panels",
      `<div class="region-content"><div class="panel-display"><div class="panel-pane pane-entity-field pane-node-field-image"><div class="pane-content">${image}</div></div><div class="panel-pane pane-entity-field pane-node-body"><div class="pane-content">${body}</div></div><div class="panel-pane pane-node-field-file"><div class="pane-content">${file}</div></div></div></div>`,
    ],
    [
      "Display Suite",
      `<div class="node node-article ds-2col view-mode-full"><div class="group-left">${image}</div><div class="group-right">${body}${file}</div></div>`,
    ],
    ["a plain theme", `<div id="content">${image}${body}${file}</div>`],
    [
      "BEM names",
      `<main><article class="node">${(image + body + file).replaceAll("field-type-", "field--type-").replaceAll("field-name-", "field--name-")}</article></main>`,
    ],
  ])("the drupal7 preset reads images and files of fields beside the body: %s", (_, html) => {
    const beside = `<div class="region region-sidebar-first"><div class="node">${field("field-image", "image", '<img src="/side.jpg">')}</div></div><div class="comment"><div class="node">${file.replace("report", "other")}</div></div>`;
    const { media, readings } = read(
      `<html><body class="one-sidebar">${html}${beside}</body></html>`,
    );
    expect(media.map(({ url, kind }) => `${kind} ${url}`)).toEqual([
      "image https://example.org/lead.jpg",
      "file https://example.org/report.pdf",
    ]);
    expect(readings.body?.raw).toBe("Text.");
  });

  test.each<[string, string, string | null]>([
    [
      "a date field",
      node(
        field(
          "field-date",
          "datetime",
          '<span class="date-display-single" content="2021-12-23T00:00:00+01:00">12/23/2021</span>',
        ),
      ),
      "2021-12-23T00:00:00+01:00",
    ],
    [
      "a datestamp",
      node(
        field(
          "field-when",
          "datestamp",
          '<span class="date-display-single">3 December 2021</span>',
        ),
      ),
      "3 December 2021",
    ],
    [
      "RDF in its submitted line",
      node(
        "",
        '<div class="submitted"><span property="dc:date dc:created" content="2021-12-23T10:30:00+01:00">Submitted</span></div>',
      ),
      "2021-12-23T10:30:00+01:00",
    ],
    [
      "a header around that line",
      node(
        "",
        '<header><p class="submitted"><span property="dc:date dc:created" content="2021-12-23T10:30:00+01:00">Submitted</span></p></header>',
      ),
      "2021-12-23T10:30:00+01:00",
    ],
    [
      "a comment's line, which is not the node's",
      node(
        '<div id="comments"><div class="comment"><p class="submitted"><span property="dc:date dc:created" content="2021-12-24T10:30:00+01:00">Bob</span></p></div></div>',
      ),
      null,
    ],
    [
      "what the head says",
      `<head><meta property="article:published_time" content="2021-12-23T10:30:00+01:00"></head>${node("")}`,
      "2021-12-23T10:30:00+01:00",
    ],
    [
      "words",
      node(
        "",
        '<div class="submitted">Gespeichert von <span>ann</span> am 24. Juli 2017 - 18:55</div>',
      ),
      "Gespeichert von ann am 24. Juli 2017 - 18:55",
    ],
  ])("the drupal7 preset reads the date of an article page: %s", (_, html, raw) => {
    expect(read(html).readings.date?.raw ?? null).toBe(raw);
  });

  test.each<[string, string, string]>([
    ["core's", '<h1 class="title" id="page-title">One</h1>', "One"],
    ["Bootstrap's", '<h1 class="page-header">One</h1>', "One"],
    ["hidden from the eye", '<h1 class="element-invisible" id="page-title">One</h1>', "One"],
    [
      "after the site's name",
      '<h1 id="site-name">Site</h1><div id="content"><h1>One</h1></div>',
      "One",
    ],
  ])("the drupal7 preset reads the title of an article page: %s", (_, html, title) => {
    expect(read(html).readings.title?.raw).toBe(title);
  });

  test.each<[string, string, Record<string, string>]>([
    [
      "xml:lang, the active one without and an untranslated one",
      '<ul class="language-switcher-locale-url"><li class="de first active"><a href="/x/one" class="language-link active" xml:lang="de">Deutsch</a></li><li class="en"><a href="/en/node/1880" class="language-link" xml:lang="en">English</a></li><li class="fr last"><span class="language-link locale-untranslated" xml:lang="fr">Français</span></li></ul>',
      { en: "https://example.org/en/node/1880" },
    ],
    [
      "lang, as older versions have it",
      '<div class="block block-locale"><ul><li><a href="/en/one" class="language-link" lang="en">English</a></li></ul></div>',
      { en: "https://example.org/en/one" },
    ],
    [
      "the class of the list item alone, on another host",
      '<ul class="language-switcher-locale-url"><li class="zh-hans first"><a href="http://zh.example.org/yi" class="language-link">中文</a></li><li class="uz last"><a href="http://uz.example.org/bir" class="language-link">O’zbek</a></li></ul>',
      { uz: "http://uz.example.org/bir", "zh-Hans": "http://zh.example.org/yi" },
    ],
    [
      "the node's own translation links",
      '<div id="block-system-main"><div class="node"><ul class="links inline"><li class="translation_fr first last"><a href="/fr/un" class="translation-link">Français</a></li></ul></div></div>',
      { fr: "https://example.org/fr/un" },
    ],
  ])(
    "the drupal7 preset reads the translations of an article page: %s",
    (_, html, translations) => {
      expect(read(`<html xml:lang="de">${html}</html>`).translations).toEqual(translations);
    },
  );

  test.each<[string, string | null]>([
    ['<html xml:lang="ar" dir="rtl">', "ar"],
    ['<html lang="" xml:lang="fr">', "fr"],
    ['<html lang="pt-br" xml:lang="fr">', "pt-BR"],
    ['<body class="html not-front i18n-ru page-node">', "ru"],
    ["<body>", null],
  ])("the drupal7 preset reads the language of an article page: %s", (html, language) => {
    expect(read(html).language).toBe(language);
  });
});
