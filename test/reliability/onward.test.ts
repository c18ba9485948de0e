/** Lists whose way on no selector reads: all of it is read, or the run is not complete and says what it saw. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { answer, type FaultServer, startFaultServer } from "../fault-server.js";
import { HTML } from "./office.js";

const ROW = (n: number) =>
  `<article class="card"><h2><a href="/a/${n}/">Story ${n}</a></h2><p>3 May 2021, on the quay. <a href="/a/${n}/">Read more</a></p></article>`;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ROW(from + at)).join("\n");
const page = (list: string, after = "", before = "") =>
  `<!doctype html><html lang="en"><head><title>News</title></head><body><header><a href="/">Gazette</a></header>${before}<main><h1>News</h1><div class="list">${list}</div>${after}</main><footer>Gazette</footer></body></html>`;

interface Given {
  /** Below the rows of the first page. */
  readonly after?: string;
  readonly before?: string;
  readonly list?: string;
  readonly listing?: SiteInput["listing"];
  readonly accept?: SiteInput["accept"];
  /** Other pages by path. */
  readonly pages?: Readonly<Record<string, string>>;
}

let server: FaultServer;
let pages: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  server = await startFaultServer({
    "*": (ask) => {
      const found = pages[ask.path];
      answer(ask, found === undefined ? 404 : 200, HTML, found ?? "<p>Not found</p>");
    },
  });
});
afterAll(() => server.close());

/** Crawls the list at /news/, rows alone. */
async function crawled({ after, before, list = rows(1, 5), listing, accept, pages: more }: Given) {
  pages = { "/news/": page(list, after, before), ...more };
  const site: SiteInput = {
    name: "gazette",
    start: `${server.origin}/news/`,
    listing: { rows: "article.card", link: "h2 a", ...listing },
    article: { follow: false },
    fields: { title: { listing: "h2" }, body: { required: false } },
    ...(accept === undefined ? {} : { accept }),
  };
  const { code, stderr } = await crawlFrom(site, join(scratch(), "out"), { dryRun: true });
  const written = Number(/written +(\d+)/.exec(stderr)?.[1]);
  return { code, written, said: stderr.replaceAll(server.origin, "") };
}

const link = (href: string, words: string) =>
  `<div class="nav"><a href="${href}">${words}</a></div>`;

/** What is below the rows, and what the run must say of it. */
const TOLD: Record<string, [after: string, said: RegExp]> = {
  "older posts by an arrow": [
    '<div class="nav-previous"><a href="page/2/index.html"><span>&larr;</span> Older posts</a></div>',
    /\/news\/page\/2\/index\.html/,
  ],
  "words that were escaped twice": [link("/old/", "Next &amp;raquo;"), /\/old\//],
  "an arrow that was escaped twice": [link("/old/", "&amp;amp;#8250;"), /\/old\//],
  "a parameter in Czech": [link("?strana=2", "Další"), /strana=2/],
  "a parameter of an unknown name": [link("?xyz=2", "2"), /xyz=2/],
  "an offset": [link("?start=10", "2"), /start=10/],
  "a number in the path": [link("/news/2/", "2"), /\/news\/2/],
  "a short path": [link("/news/p/2", "on"), /\/news\/p\/2/],
  "a number after the name": [link("/news/page-2", "on"), /page-2/],
  "a number without a mark": [link("/news/page2.html", "on"), /page2\.html/],
  "an arrow of a list that runs from right to left": [link("/archive?x=b", "«"), /archive\?x=b/],
  "an icon": [
    '<ul class="pagination"><li><a href="/list/b"><i class="fa fa-chevron-right"></i></a></li></ul>',
    /\/list\/b/,
  ],
  "a label for screen readers": [
    '<p><a href="/list/b" aria-label="Nächste Seite"></a></p>',
    /\/list\/b/,
  ],
  "a class name alone": ['<p><a class="next-page" href="/list/b">↓</a></p>', /\/list\/b/],
  "more, beside the rows": [link("/archive", "More"), /\/archive/],
  "a list to choose from": [
    '<select onchange="go(this)"><option value="/news/">1</option><option value="/news/?page=2">2</option></select>',
    /page=2/,
  ],
  "a script link": [
    `<div class="pages"><a href="javascript:__doPostBack('list','Page$2')">2</a></div>`,
    /only a script follows "2".*__doPostBack/,
  ],
  "a button with a script": [
    '<button onclick="more()">Load more</button>',
    /only a script follows "Load more"/,
  ],
  "a button by its class": [
    '<button class="btn js-load-more">+</button>',
    /button\.btn\.js-load-more/,
  ],
  "a link to nowhere by its number": [
    '<nav class="pager"><a href="#" data-page="2">2</a></nav>',
    /"2" to #/,
  ],
  "a box that loads while one scrolls": [
    '<div class="infinite" data-infinite-next="2"></div>',
    /div\.infinite/,
  ],
  "a form": [
    '<form method="post"><input type="hidden" name="page" value="2"><button>Go</button></form>',
    /a form "Go"/,
  ],
  "a part of a list from one row to another": [link("?from=11&to=20", "11-20"), /from=11&to=20/],
  "a number with a colon": [link("/news/page:2", "on"), /page:2/],
  "rows by an offset in the path": [link("/news/s2", "2"), /\/news\/s2/],
  "an image": ['<a href="/list/b"><img src="n.gif" alt="Next"></a>', /\/list\/b/],
  "a fragment that a script reads": [
    '<nav class="pager"><a href="#!/page/2">2</a></nav>',
    /#!\/page\/2/,
  ],
  "numbers without links": [
    '<ul class="el-pager"><li class="number active">1</li><li class="number">2</li></ul>',
    /ul\.el-pager > li\.number/,
  ],
  "buttons with numbers": [
    '<div class="paging"><button>1</button><button>2</button></div>',
    /div\.paging > button/,
  ],
  "a choice of pages": [
    '<form action="/list"><select name="page"><option value="1">1</option><option value="2">2</option></select><button>Go</button></form>',
    /a form "Go"/,
  ],
  "a form by its button": ['<form method="get"><button>Next page</button></form>', /Next page/],
};

/** Words that lead on, one or two of each language. */
const WORDS =
  "Next|Older posts|Suivant|Articles plus anciens|Page suivante|Siguiente|Entradas antiguas|Próxima página|Следующая|Ранее|التالي|下一页|Keyingi|Weiter|Ältere Beiträge|Successivo|Articoli meno recenti|Volgende|Oudere berichten|Następna|Starsze wpisy|Další|Starší články|Ďalšia|Következő oldal|Régebbi bejegyzések|Următoarea|Sonraki|Daha eski yazılar|Επόμενη|Παλαιότερα άρθρα|Nästa|Äldre inlägg|Næste|Ældre indlæg|Neste side|Eldre innlegg|Seuraava|Vanhemmat artikkelit|Järgmine|Nākamā|Kitas puslapis|Наступна|Старіші записи|Следваща|Следећа|Sljedeća|Naslednja|Next »|→|»|›|次へ|次のページ|다음|다음 페이지|ถัดไป|Trang sau|Tiếp theo|Berikutnya|Halaman selanjutnya|Seterusnya|अगला|بعدی|הבא|შემდეგი|Հաջորդ|Següent|Hurrengoa|Seguinte|Næsta";

/** What leads nowhere: such a page is complete. */
const FURNITURE: Record<string, Given> = {
  nothing: {},
  "a breadcrumb": {
    before: '<nav class="breadcrumb"><a href="/">Home</a> » <a href="/press">Press</a> ›</nav>',
  },
  "share buttons": {
    after:
      '<div class="share"><a href="/share?u=2">Forward</a> <a href="https://x.example/next">Next</a></div>',
  },
  "a language switch": {
    before:
      '<ul class="language-switcher"><li><a href="/fr/news">Français</a></li><li><a href="/ru/news">Русский</a></li></ul>',
  },
  "a calendar": {
    after: `<div class="side"><table class="calendar"><tr><th><a href="/cal/2021-04">«</a></th><th><a href="/cal/2021-06">»</a></th></tr><tr>${Array.from({ length: 30 }, (_, at) => `<td><a href="/day?d=${at + 1}">${at + 1}</a></td>`).join("")}</tr></table></div>`,
  },
  "years of an archive": {
    after:
      '<ul class="years"><li><a href="/news/2021/">2021</a></li><li><a href="/news/2020/">2020</a></li><li><a href="?year=2019">2019</a></li></ul>',
  },
  "a carousel": {
    before:
      '<div id="c" class="carousel"><a href="#c" data-slide="next">Next</a><button class="slick-next">Next</button></div>',
  },
  "a switch that opens a text": {
    after: '<button aria-expanded="false" data-toggle="collapse">Show more</button>',
  },
  "a side block with a link to more": {
    after:
      '<aside><h3>Events</h3><ul><li><a href="/events/1">Fair</a></li></ul><a href="/events">More</a></aside>',
  },
  "a pager that is switched off": {
    after:
      '<ul class="pagination"><li class="disabled"><a href="#">«</a></li><li class="active"><a href="#">1</a></li><li class="disabled"><a href="#">Next</a></li></ul>',
  },
  "a search form": {
    before:
      '<form role="search" action="/search"><input type="hidden" name="page" value="1"><button>Search</button></form>',
  },
  "choices of year, order and size": {
    after: '<p><a href="?year=2">2</a> <a href="?sort=2">2</a> <a href="?per_page=20">20</a></p>',
  },
  "a section of events": {
    after:
      '<section><h3>Events</h3><ul><li><a href="/e/1">Fair</a></li></ul><p><a href="/e">More events</a></p></section>',
  },
  "a box with a link to more": {
    after: '<div><h3>Contact</h3><p>Harbour office</p><a href="/contact">More</a></div>',
  },
  "a form for a newsletter": {
    after: '<form class="newsletter"><input name="email"><button>Next</button></form>',
  },
  "a player": { after: '<div class="player"><button>Next</button></div>' },
  "pictures of people and sponsors": {
    after: `<ul class="team">${Array.from({ length: 8 }, (_, at) => `<li><img src="/x"><a href="/p/${at}">Person ${at}</a></li>`).join("")}</ul>`,
  },
  "a control that is hidden": {
    after: '<button class="load-more" style="display: none">Load more</button>',
  },
  "a link to the top": { after: '<p id="top"><a href="#top">↑ Top</a></p>' },
  "steps and events by name": {
    after:
      '<p><a href="/steps">Next steps</a> <a href="/fair">Next event</a> <a href="/sub">Subscribe »</a></p>',
  },
  "tags and months": {
    after: `<ul class="tags">${Array.from({ length: 12 }, (_, at) => `<li><a href="/tag/${at}">Harbour matters ${at} (4)</a></li>`).join("")}</ul>`,
  },
  "a menu with many links": {
    before: `<ul class="main-menu">${Array.from({ length: 12 }, (_, at) => `<li><h3><a href="/m/${at}">Department number ${at}</a></h3></li>`).join("")}</ul>`,
  },
};

describe("a list of which one page was read", () => {
  test.each(Object.entries(TOLD))("a list with %s is not complete", async (_, [after, said]) => {
    const run = await crawled({ after });
    expect([3, 4], run.said).toContain(run.code);
    expect(run.said).toMatch(said);
    expect(run.said).toContain('"next": []');
  });

  test.each(WORDS.split("|"))("a link that says %s leads on", async (words) => {
    const run = await crawled({ after: link("/archive/b", words) });
    expect(run.code, run.said).toBe(4);
    expect(run.said).toContain("/archive/b");
  });

  test.each(Object.entries(FURNITURE))("a list with %s is complete", async (_, given) => {
    const run = await crawled(given);
    expect(run.code, run.said).toBe(0);
  });

  test.each(Object.entries(TOLD))(
    "a list with %s is complete when the site file says that it has one page",
    async (_, [after]) => {
      const run = await crawled({ after, listing: { next: [] } });
      expect(run.code, run.said).toBe(0);
    },
  );
});

/** What `listing.next` matches and no request can follow. */
const UNFOLLOWED: Record<string, string> = {
  "a script link": `<a class="next" href="javascript:__doPostBack('p','2')">Next</a>`,
  "a link to nowhere": '<a class="next" href="#" data-page="2">Next</a>',
  "a button": '<button class="next">Next</button>',
  "an element with a script": '<span class="next" onclick="go(2)">Next</span>',
};
describe("a next link that cannot be followed", () => {
  test.each(Object.entries(UNFOLLOWED))("%s is told as matched", async (_, after) => {
    const run = await crawled({ after: `<p>${after}</p>`, listing: { next: ".next" } });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toMatch(/listing\.next matched .*cannot be followed/);
    expect(run.said).not.toContain("listing.next matched nothing");
  });
  test.each(['<span class="next">Next</span>', '<a class="next disabled" href="#">Next</a>'])(
    "%s ends a list",
    async (after) => {
      const run = await crawled({ after: `<p>${after}</p>`, listing: { next: ".next" } });
      expect(run.code, run.said).toBe(0);
    },
  );
});

describe("a control that loads more", () => {
  const control = (n: number) =>
    `<button class="load-more" data-url="/more?page=${n}">More</button>`;
  test("a control that names its URL is followed from page to page", async () => {
    const run = await crawled({
      after: control(2),
      pages: { "/more?page=2": rows(6, 8) + control(3), "/more?page=3": rows(9, 9) },
    });
    expect(run, run.said).toMatchObject({ code: 0, written: 9 });
  });
  test("a control whose pages have none is counted on by its script, and so here", async () => {
    const run = await crawled({
      after: control(2),
      pages: { "/more?page=2": rows(6, 8), "/more?page=3": rows(9, 10) },
    });
    expect(run, run.said).toMatchObject({ code: 0, written: 10 });
  });
  test("a control that names something else is told", async () => {
    const run = await crawled({ after: control(2), pages: { "/more?page=2": '{"html":""}' } });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toContain("/more?page=2");
  });
});

describe("rows", () => {
  const PAGER =
    '<div class="pagination"><a class="next page-numbers" href="/news/page/2/"></a></div>';
  test("a pager that is a row is told, and followed where the site file names it", async () => {
    const list = (some: string) =>
      some.replaceAll(/<\/?article[^>]*>/g, (tag) => (tag[1] === "/" ? "</div>" : "<div>"));
    const given = {
      list: list(rows(1, 5)) + PAGER,
      pages: { "/news/page/2/": page(list(rows(6, 7))) },
    };
    const open = await crawled({ ...given, listing: { rows: ".list > div", link: "h2 a" } });
    expect(open, open.said).toMatchObject({ code: 4, written: 5 });
    expect(open.said).toContain("row-is-pager");
    const read = await crawled({
      ...given,
      listing: { rows: ".list > div", link: "h2 a", next: "a.next" },
    });
    expect(read, read.said).toMatchObject({ code: 0, written: 7 });
  });
  test("a pager within a row is seen", async () => {
    const list = `<article class="card"><h2><a href="/a/1/">Story 1</a></h2>${PAGER}</article>`;
    const run = await crawled({ list });
    expect(run.code, run.said).toBe(4);
  });
  test("rows whose links differ in what a script reads are never one without a word", async () => {
    const row = (n: number) => ROW(n).replaceAll(`/a/${n}/`, `/app#/story/${n}`);
    const run = await crawled({ list: row(1) + row(2) });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toMatch(/2 rows of .* lead to one page, .*\/app/);
  });
  test("one article twice, once with a shorter title, is one without a word", async () => {
    const run = await crawled({ list: rows(1, 2) + ROW(1).replace("Story 1<", "Stor…<") });
    expect(run, run.said).toMatchObject({ code: 0, written: 2 });
  });
  test("more elements beside the rows that read as they do are told", async () => {
    const list =
      rows(1, 5) + ROW(6).replace('"card"', '"card-wide"') + ROW(7).replace('"card"', '"wide"');
    const run = await crawled({ list });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toMatch(
      /2 elements beside the rows .* not matched by listing\.rows, first "Story 6"/,
    );
  });
  test("a larger group of like elements is told", async () => {
    const others = Array.from(
      { length: 6 },
      (_, at) =>
        `<li class="post"><h3><a href="/b/${at}">Post number ${at}</a></h3><p>Words of the harbour.</p></li>`,
    );
    const run = await crawled({
      list: rows(1, 3),
      after: `<ul class="posts">${others.join("")}</ul>`,
    });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toMatch(/6 elements at .*li\.post/);
  });
});

describe("pages of unequal size", () => {
  /** A list of pages with so many rows each. */
  const list = (sizes: readonly number[]) => {
    let from = 1;
    const made = sizes.map((size, at) => {
      const next =
        at + 1 < sizes.length ? `<a rel="next" href="/news/?page=${at + 2}">next</a>` : "";
      const text = page(rows(from, from + size - 1), next);
      from += size;
      return [at === 0 ? "/news/" : `/news/?page=${at + 1}`, text];
    });
    return { pages: Object.fromEntries(made) };
  };
  const short = { finding: "page-short", place: "/news/?page=2", reason: "one was withdrawn" };
  test("a short first page is no loss", async () => {
    const run = await crawled(list([9, 10, 10, 4]));
    expect(run, run.said).toMatchObject({ code: 0, written: 33 });
  });
  test("a short page between others is a gap, and what to write to accept it is told", async () => {
    const run = await crawled(list([10, 9, 10, 4]));
    expect(run, run.said).toMatchObject({ code: 3, written: 33 });
    expect(run.said).toContain('{ "finding": "page-short", "place": "/news/?page=2", "count": 9,');
  });
  test("a short page that the site file accepts is no gap, and told", async () => {
    const run = await crawled({ ...list([10, 9, 10, 4]), accept: [{ ...short, count: 9 }] });
    expect(run, run.said).toMatchObject({ code: 0, written: 33 });
    expect(run.said).toMatch(
      /accepted listing page .*9 rows where the others have 10 \(one was withdrawn\)/,
    );
  });
  test("a page that has become shorter than what was accepted is a gap again", async () => {
    const run = await crawled({ ...list([10, 8, 10, 4]), accept: [{ ...short, count: 9 }] });
    expect(run.code, run.said).toBe(3);
    expect(run.said).toContain("page-short at /news/?page=2 was not found in this run");
  });
});

test("a page that is missing for good can be accepted", async () => {
  const after = '<a rel="next" href="/news/?page=2">next</a>';
  const open = await crawled({ after });
  expect(open.code, open.said).toBe(3);
  const accept = [{ finding: "page-unread", place: "/news/?page=2", reason: "the site lost it" }];
  const run = await crawled({ after, accept });
  expect(run.code, run.said).toBe(0);
});

describe("a list whose rows lead to another host, and whose articles are not asked for", () => {
  const MIRROR = "http://mirror.example";
  const mirrored = Array.from({ length: 5 }, (_, at) =>
    ROW(at).replaceAll('"/a/', `"${MIRROR}/a/`),
  );
  const BASE = `<base href="${MIRROR}/news/">`;

  test.each<[string, Given]>([
    ["a link of a base", { before: BASE, after: link("?page=2", "2") }],
    ["a link of a base that says next", { before: BASE, after: link("older/", "Older posts") }],
    [
      "a link to the mirror",
      { list: mirrored.join(""), after: link(`${MIRROR}/news/page/2/`, "on") },
    ],
    ["a next link", { before: BASE, after: link("?page=2", "2"), listing: { next: ".nav a" } }],
  ])("is not complete with %s, and the host is named", async (_, given) => {
    const run = await crawled(given);
    expect(run.code, run.said).toBe(3);
    expect(run.said).toMatch(/mirror\.example\/news\/.* outside the site/);
    expect(run.said).toMatch(/"finding": ?"next-outside"/);
  });

  test.each<[string, Given]>([
    ["no way on", { before: BASE }],
    [
      "a way on that the site file declines",
      { before: BASE, after: link("?page=2", "2"), listing: { next: [] } },
    ],
    ["a link to a host that few rows lead to", { after: link(`${MIRROR}/news/page/2/`, "on") }],
    [
      "a menu of that host",
      { before: `${BASE}<nav class="menu"><a href="/about/next">Next</a></nav>` },
    ],
  ])("is complete with %s", async (_, given) => {
    const run = await crawled(given);
    expect(run.code, run.said).toBe(0);
  });
});

test("rows that a script tells apart are one entry, and the run says what to do", async () => {
  const list = Array.from({ length: 5 }, (_, at) =>
    ROW(at).replaceAll(/"\/a\/\d\/"/g, `"/app#/post/${at}"`),
  );
  const run = await crawled({ list: list.join("") });
  expect(run.code, run.said).toBe(3);
  expect(run.said).toMatch(/app#\/post\/0, \/app#\/post\/1.*a feed, a sitemap.*`"link": \[\]`/);
  const alone = await crawled({ list: list.join(""), listing: { link: [] } });
  expect([alone.code, alone.written], alone.said).toEqual([0, 5]);
});
