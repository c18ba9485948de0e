/** How a run ends that has read every page it was led to: what it must say, and with which exit code. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { crawlFrom, type HereOptions } from "../commands/here.js";
import { answer, startFaultServer } from "../fault-server.js";
import { readLedger } from "./cli.js";
import { HTML } from "./office.js";

const PER_PAGE = 3;
const page = (title: string, body: string) =>
  `<!DOCTYPE html><html lang="en"><head><title>${title}</title></head><body>${body}</body></html>`;

interface Gazette {
  /** How many articles there are, and how a listing page links to the one after it. */
  readonly articles?: number;
  readonly pager?: (next: number) => string;
  /** What else is below the rows of a page. */
  readonly beside?: (at: number) => string;
  /** Origin of the articles; that of the list when it says nothing. */
  readonly origin?: string;
  /** Paths that respond with a status. */
  readonly status?: Readonly<Record<string, number>>;
}

/** Crawls a small list of articles, some times into one archive. */
async function crawlGazette(
  gazettes: readonly Gazette[],
  site: Partial<SiteInput> = {},
  options: HereOptions = {},
) {
  let { articles = 9, pager = () => "", beside = () => "", origin = "", status = {} }: Gazette = {};
  const server = await startFaultServer({
    "*": (ask) => {
      const url = new URL(ask.path, "http://x");
      const known = /^\/story-(\d+)$/.exec(url.pathname)?.[1];
      if (url.pathname === "/robots.txt") return answer(ask, 404, HTML, "");
      if (status[url.pathname] !== undefined)
        return answer(ask, status[url.pathname] ?? 0, HTML, page("No", "<h1>No</h1>"));
      if (known !== undefined)
        return answer(
          ask,
          200,
          HTML,
          page("Story", `<h1>Story ${known}</h1><div class="text"><p>Words of ${known}.</p></div>`),
        );
      const at = Number(url.searchParams.get("p") ?? /\/page\/(\d+)/.exec(url.pathname)?.[1] ?? 1);
      const numbers = Array.from({ length: articles }, (_, index) => index + 1);
      const rows = numbers
        .slice((at - 1) * PER_PAGE, at * PER_PAGE)
        .map((n) => `<li class="row"><a href="${origin}/story-${n}">Story ${n}</a></li>`);
      const more = `${at * PER_PAGE < articles ? pager(at + 1) : ""}${beside(at)}`;
      answer(ask, 200, HTML, page("News", `<h1>News</h1><ul>${rows.join("")}</ul>${more}`));
    },
  });
  const folder = await mkdtemp(join(tmpdir(), "sitelift-ends-"));
  try {
    const { listing, fields, ...more } = site;
    const input: SiteInput = {
      name: "gazette",
      start: `${server.origin}/news`,
      listing: { rows: "li.row", ...listing },
      fields: { title: { listing: "a", article: "h1" }, body: { article: ".text" }, ...fields },
      ...more,
    };
    const out = join(folder, "out");
    let run: Awaited<ReturnType<typeof crawlFrom>> | undefined;
    for (const gazette of gazettes) {
      ({ articles = 9, pager = () => "", beside = () => "", origin = "", status = {} } = gazette);
      run = await crawlFrom(input, out, options);
    }
    const states: Record<string, number> = {};
    for (const { state } of await readLedger(out)) states[state] = (states[state] ?? 0) + 1;
    const text = await readFile(join(out, "account.md"), "utf8");
    const account = JSON.parse(await readFile(join(out, "account.json"), "utf8"));
    return { code: run?.code, said: run?.stderr ?? "", states, text, account };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const MISMATCH = { listing: { rows: "li.row", next: "a.onward" } };

describe("a pager that the site file does not match", () => {
  const PAGERS: Record<string, (next: number) => string> = {
    "a number in the query": (n) => `<p><a href="/news?p=${n}">${n}</a></p>`,
    "a number in the path": (n) => `<p><a href="/news/page/${n}">${n}</a></p>`,
    "a link that says next": (n) => `<p><a href="/other?x=y${n}">Next page ›</a></p>`,
    "an arrow": (n) => `<p><a href="/news?show=${n}">»</a></p>`,
    "a link element": (n) => `<link rel="next" href="/news?zz=${n}">`,
  };
  test.each(Object.entries(PAGERS))(
    "an unmatched pager with %s is template drift, not a complete list",
    async (_, pager) => {
      const { code, said, account, states } = await crawlGazette([{ pager }], MISMATCH);
      expect(code, said).toBe(4);
      expect(said).toMatch(/listing\.next matched nothing .*a\.onward.*looks like the second one/);
      expect(account.complete).toBe(false);
      expect(states).toEqual({ written: 3 });
    },
  );

  test("a pager is template drift when the site file names none", async () => {
    const pager = PAGERS["a number in the path"];
    const { code } = await crawlGazette([pager === undefined ? {} : { pager }]);
    expect(code).toBe(4);
  });

  test("an unmatched pager is ignored when the site file says that the list has one page", async () => {
    const pager = PAGERS["an arrow"];
    const { code, said } = await crawlGazette([pager === undefined ? {} : { pager }], {
      listing: { rows: "li.row", next: [] },
    });
    expect(code, said).toBe(0);
    expect(said).not.toContain("listing.next");
  });

  test("a list of one page without a pager is complete, with a warning in the output and the report", async () => {
    const { code, said, text } = await crawlGazette([{ articles: 3 }], MISMATCH);
    expect(code, said).toBe(0);
    for (const words of [said, text]) expect(words).toMatch(/listing\.next matched nothing/);
  });

  test("a list whose pager matches is read to its end", async () => {
    const pager = (n: number) => `<a class="onward" href="/news?p=${n}">on</a>`;
    const { code, said, states } = await crawlGazette([{ pager }], MISMATCH);
    expect({ code, states }, said).toEqual({ code: 0, states: { written: 9 } });
    expect(said).not.toContain("listing.next");
  });

  test("a next link that leads outside the site is a gap that names the URL", async () => {
    const pager = () => `<a rel="next" href="http://elsewhere.example/news?p=2">next</a>`;
    const { code, said } = await crawlGazette([{ pager }]);
    expect(code, said).toBe(3);
    expect(said).toMatch(/gap .*http:\/\/elsewhere\.example\/news\?p=2, outside the site/);
  });
});

/** A pager whose next link is what the site file says on the first page alone. */
const changing = (link: (to: number, words: string) => string) => (to: number) =>
  to === 2 ? link(to, "next").replace("<a", '<a class="onward"') : link(to, "next");
const inQuery = (to: number, words: string) => `<a href="/news?p=${to}">${words}</a>`;
const inPath = (to: number, words: string) => `<a href="/news/page/${to}">${words}</a>`;

describe("a pager that changes after the first page", () => {
  const PAGERS: Record<string, (next: number) => string> = {
    "a next link in the query": changing(inQuery),
    "a next link in the path": changing(inPath),
    "a link element": (to) =>
      to === 2 ? changing(inQuery)(to) : `<link rel="next" href="/news?p=${to}">`,
    "a link with a cursor": changing(
      (to, words) => `<a href="/news?p=${to}&c=a${to}">${words}</a>`,
    ),
    "page numbers alone": (to) =>
      to === 2
        ? changing(inPath)(to)
        : Array.from({ length: to }, (_, at) => inPath(at + 1, String(at + 1))).join(""),
  };
  test.each(Object.entries(PAGERS))(
    "a pager that changes to %s after the first page is a gap that names both pages",
    async (_, pager) => {
      const { code, said, account, states } = await crawlGazette([{ pager }], MISMATCH);
      expect(code, said).toBe(3);
      expect(said).toMatch(
        /gap .*listing\.next matched nothing on listing page \S+[=/]2\S* .*a\.onward.*\S+[=/]3\S* looks like/,
      );
      expect(account.complete).toBe(false);
      expect(states).toEqual({ written: 6 });
    },
  );

  const onward = (link: typeof inQuery) => (to: number) =>
    link(to, "next").replace("<a", '<a class="onward"');
  const LAST: Record<string, Gazette> = {
    "links back": {
      pager: onward(inQuery),
      beside: (at) =>
        [...Array(at).keys(), ...(at > 1 ? [at - 2] : [])]
          .map((to) => inQuery(to + 1, "‹ previous"))
          .join(""),
    },
    "arrows back, and one to itself": {
      pager: onward(inPath),
      beside: (at) => `${inPath(1, "«")}${inPath(at - 1, "‹")}${inPath(at, "»")}`,
    },
    "a next link that is switched off": {
      pager: onward(inPath),
      beside: (at) => `<ul><li class="disabled">${at === 3 ? inPath(4, "next") : ""}</li></ul>`,
    },
    "a box with a next link outside the list": {
      pager: onward(inPath),
      beside: () => `<a href="/events/fair">Next event</a><a href="/other?p=4">›</a>`,
    },
  };
  test.each(Object.entries(LAST))("a list ends where its last page has %s", async (_, gazette) => {
    const { code, said, states } = await crawlGazette([gazette], MISMATCH);
    expect({ code, states }, said).toEqual({ code: 0, states: { written: 9 } });
  });
});

describe("a field", () => {
  test("a field that no article has is reported in the output and in account.md", async () => {
    const fields = { type: { article: ".kind" }, summary: { listing: ".lead" } };
    const { code, said, text, account } = await crawlGazette([{ articles: 3 }], { fields });
    expect(code, said).toBe(0);
    const line = "fields.type matched 0 of 3 articles (tried .kind)";
    expect(said).toContain(line);
    expect(account.unmatched).toContain(line);
    expect(text).toContain("fields.summary matched 0 of 3 articles");
  });
});

describe("rows", () => {
  test("rows that all link outside the site are a finding with a hint", async () => {
    const origin = "http://elsewhere.example";
    const { code, said, states } = await crawlGazette([{ articles: 3, origin }]);
    expect({ code, states }, said).toEqual({ code: 1, states: { excluded: 3 } });
    expect(said).toMatch(/all 3 rows link outside .*elsewhere\.example.*`origins`/);
  });
});

describe("an article that is listed and gone", () => {
  const gone = { articles: 3, status: { "/story-2": 410 } };
  test("a listed article that responds with 410 is gone when the archive has it, run after run", async () => {
    const { code, said, states } = await crawlGazette([{ articles: 3 }, gone, gone]);
    expect({ code, states }, said).toEqual({ code: 0, states: { written: 2, gone: 1 } });
  });

  test("a listed article that responds with 410 fails when the archive has never had it", async () => {
    const { code, said, states } = await crawlGazette([gone]);
    expect({ code, states }, said).toEqual({ code: 3, states: { written: 2, failed: 1 } });
  });

  test("a listed article that responds with another error is not taken for gone", async () => {
    const broken = { articles: 3, status: { "/story-2": 500 } };
    const { code, said, states } = await crawlGazette([{ articles: 3 }, broken]);
    expect({ code, states }, said).toEqual({ code: 3, states: { written: 2, failed: 1 } });
  });
});

test("account.md says that robots.txt was ignored", async () => {
  const ignored = await crawlGazette([{ articles: 3 }], {}, { ignoreRobots: true });
  expect(ignored.account.ignoredRobots).toBe(true);
  expect(ignored.text).toMatch(/robots\.txt was ignored/);
  const asked = await crawlGazette([{ articles: 3 }]);
  expect(asked.account.ignoredRobots).toBe(false);
  expect(asked.text).not.toContain("robots.txt");
});
