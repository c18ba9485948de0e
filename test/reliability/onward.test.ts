/** Lists whose way on no selector reads: all of it is read, or the run is not complete and says what it saw. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { answer, type FaultServer, startFaultServer } from "../fault-server.js";
import { HTML } from "./office.js";
import { FURNITURE, type Given, link, page, ROW, rows, TOLD, WORDS } from "./ways-on.js";

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

describe("the next link of the page in hand", () => {
  const next = (href: string) => `<p class="pages"><a class="next"${href}>Next</a></p>`;
  const listing = { next: "a.next[href]" };
  const list = (second: string, more: Readonly<Record<string, string>> = {}) =>
    crawled({
      after: next(' href="?page=2"'),
      listing,
      pages: { "/news/?page=2": page(rows(6, 9), second), ...more },
    });
  test("the last page ends the list by a link without href", async () => {
    const run = await list(next(""));
    expect(run, run.said).toMatchObject({ code: 0, written: 9 });
  });
  test("the last page ends the list by a link to itself", async () => {
    const run = await list(next(' href="?page=2"'));
    expect(run, run.said).toMatchObject({ code: 0, written: 9 });
  });
  test("a link to itself in the middle of the list does not hide what is after it", async () => {
    const run = await list(next(' href="?page=2"'), { "/news/?page=3": page(rows(10, 12)) });
    expect(run, run.said).toMatchObject({ code: 0, written: 12 });
  });
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
  test("a short first page is not a loss", async () => {
    const run = await crawled(list([9, 10, 10, 4]));
    expect(run, run.said).toMatchObject({ code: 0, written: 33 });
  });
  test("a short page between others is a gap, and what to write to accept it is told", async () => {
    const run = await crawled(list([10, 9, 10, 4]));
    expect(run, run.said).toMatchObject({ code: 3, written: 33 });
    expect(run.said).toContain('{ "finding": "page-short", "place": "/news/?page=2", "count": 9,');
  });
  test("a short page that the site file accepts is not a gap, and is reported", async () => {
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
