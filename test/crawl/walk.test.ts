import { load } from "cheerio";
import { beforeAll, describe, expect, test } from "vitest";
import { LISTING_PATHS, PAGE_COUNT, TRAPS } from "../../fixtures/office/server.js";
import { DEFAULT_THEME, type Theme } from "../../fixtures/office/theme.js";
import { type WalkOptions, walk } from "../../src/crawl/walk.js";
import type { Entry, Page, Rejection, Sink } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import {
  FEW_ROWS,
  OFFICE,
  pageSource,
  shortOffice,
  officePage as wholeOffice,
} from "../support/office-source.js";

/** A page of an office of three listing pages. */
const officePage = (url: string, theme: Partial<Theme> = {}) =>
  shortOffice(url, { theme: { ...DEFAULT_THEME, ...theme } });

function siteWith(more: Partial<SiteInput> = {}, language = "en") {
  return resolveSite({ ...demo(language), ...more }, { drupal7 }, "test");
}

async function walkWith(
  options: Partial<WalkOptions> & { read?: (url: string) => Page | number | string },
) {
  const entries: Entry[] = [];
  const rejections: Rejection[] = [];
  const sink: Sink = {
    entry: async (entry) => {
      entries.push(entry);
    },
    rejection: async (rejection) => {
      rejections.push(rejection);
    },
  };
  const source = options.source ?? pageSource(options.read ?? officePage);
  const seen = await walk({ site: siteWith(), ...options, source, sinks: [sink] });
  return { ...seen, entries, rejections };
}

type Seen = Awaited<ReturnType<typeof walkWith>>;
let usual: Seen;
beforeAll(async () => {
  usual = await walkWith({});
});

const page = (number: number) =>
  `${OFFICE}${LISTING_PATHS.en}${number === 0 ? "" : `?page=${number}`}`;
const states = (outcomes: readonly { state: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { state } of outcomes) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

/** A page with other bytes. */
function changed(url: string, change: (html: string) => string): Page {
  const original = officePage(url);
  if (typeof original === "number") throw new Error(`${url} gives ${original}`);
  return { ...original, body: Buffer.from(change(Buffer.from(original.body).toString())) };
}

describe("a walk of the office", () => {
  test("a walk accounts for every row, visits each article once, and visits each listing page a second time to confirm it", async () => {
    const source = pageSource((url) => wholeOffice(url));
    const { entries, outcomes, listed, listingPages, complete, gaps, drift } = await walkWith({
      source,
    });
    expect({ listed, listingPages, complete, gaps, drift }).toEqual({
      listed: 70,
      listingPages: PAGE_COUNT,
      complete: true,
      gaps: [],
      drift: [],
    });
    expect(states(outcomes)).toEqual({ written: 70 });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(70);
    const [listings, articles] = [true, false].map((lists) =>
      source.asked.filter((url) => url.includes(LISTING_PATHS.en) === lists),
    );
    expect(new Set(articles).size).toBe(articles?.length);
    expect(listings?.slice(PAGE_COUNT)).toEqual(listings?.slice(0, PAGE_COUNT));
    expect(new Set(listings).size).toBe(PAGE_COUNT);
    expect(outcomes.flatMap(({ listedOn }) => listedOn)).toHaveLength(70);
  });

  test("an article listed twice is one entry with both places", async () => {
    const { outcomes } = await walkWith({ site: siteWith({}, "fr") });
    const { path, rows } = TRAPS["listed-twice"];
    expect(rows).toHaveLength(2);
    expect(outcomes.find(({ url }) => url === OFFICE + path)?.listedOn).toEqual(
      rows.map((row) => OFFICE + row),
    );
  });

  test("the order in which pages arrive changes nothing", async () => {
    const last = await walkWith({
      source: pageSource(officePage, (requests) => requests.reverse()),
    });
    expect(last.entries).toEqual(usual.entries);
    expect(last.outcomes).toEqual(usual.outcomes);
  });

  test.each<[keyof typeof TRAPS, (entry: Entry) => unknown, unknown]>([
    ["dash-type", ({ data }) => data.type, null],
    ["date-typed-in-body", ({ data }) => data.date, null],
    ["unpadded-date", ({ data }) => data.date, "2021-01-03"],
    ["utc-shifts-day", ({ data }) => data.date, "2021-01-01"],
    ["row-without-link", ({ data }) => data.sourceUrl.startsWith(`${page(0)}#`), true],
    [
      "longer-page-title",
      ({ data }) => data.title.length > (TRAPS["longer-page-title"].title ?? "").length,
      true,
    ],
    ["no-break-spaces", ({ body }) => body.includes("\u00a0"), true],
    ["curly-quotes", ({ body }) => /“.+”/.test(body), true],
    ["whole-row", ({ data }) => data.summary, null],
    ["short-row", ({ data }) => data.summary !== null, true],
  ])("the walk reads the trap %s as intended", async (name, read, expected) => {
    const { entries } = usual;
    const trap = TRAPS[name];
    const entry = entries.find(({ data }) =>
      trap.path === null ? data.title === trap.title : data.sourceUrl === OFFICE + trap.path,
    );
    if (entry === undefined) throw new Error(`no entry for ${name}`);
    expect(read(entry)).toEqual(expected);
  });

  test("a date typed by an editor stays in the body with a warning", async () => {
    const { entries, warnings } = usual;
    const entry = entries.find(
      ({ data }) => data.sourceUrl === OFFICE + TRAPS["date-typed-in-body"].path,
    );
    expect(entry?.data.dateText).toBeNull();
    expect(entry?.body).toMatch(/^\d{1,2}\/\d{2}\/\d{4}/);
    expect(entry?.data.warnings.join()).toContain("typed by an editor");
    expect(warnings.get("date-in-text")?.count).toBe(1);
  });

  test.each([
    // One French article is listed twice.
    ["fr", "ltr", 13],
    ["ar", "rtl", 14],
  ])("a walk reads the whole list in %s", async (language, direction, written) => {
    const { entries, outcomes, complete } = await walkWith({ site: siteWith({}, language) });
    expect(complete).toBe(true);
    expect(states(outcomes)).toEqual({ written });
    for (const { data } of entries) {
      expect(data).toMatchObject({ language, direction });
      expect(data.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
    expect(entries.some(({ data }) => data.translations.en?.startsWith(`${OFFICE}/`))).toBe(true);
  });
});

describe("entries are the same in every theme", () => {
  const themes: Partial<Theme>[] = [
    { pager: "bootstrap", rows: "list" },
    { pager: "bem", rows: "table" },
    { pager: "mini", wrappers: false },
    { pager: "stripped", rows: "list", wrappers: false, doctype: "html5" },
    { pager: "core", pagerHeading: true, dateAttributes: false, rows: "table" },
    { pager: "core", salt: "another render" },
  ];
  test.each(themes)("the walk gives the same entries with the theme %o", async (theme) => {
    const themed = await walkWith({
      read: (url) => officePage(url, theme),
    });
    const facts = ({ entries }: { entries: Entry[] }) =>
      entries.map(({ id, slug, data, body }) => ({
        id,
        slug,
        body,
        title: data.title,
        date: data.date,
        type: data.type,
      }));
    expect(facts(themed)).toEqual(facts(usual));
    expect(themed.complete).toBe(true);
  });
});

describe("the end of a list", () => {
  test("a page out of range with no rows and a clamped pager ends the walk", async () => {
    const seen = await walkWith({ site: siteWith({ start: page(999) }) });
    expect(seen.listed).toBe(0);
    expect(seen.listingPages).toBe(1);
  });

  test("a list that repeats its last page for ever ends there", async () => {
    const read = (url: string) => {
      const index = Number(new URL(url).searchParams.get("page") ?? 0);
      if (!url.includes("/articles") || index < 2) return officePage(url);
      const more = `<ul class="pager"><li class="pager-next"><a href="?page=${index + 1}">next</a></li>`;
      return { ...changed(page(2), (html) => html.replace('<ul class="pager">', more)), url };
    };
    const seen = await walkWith({ read });
    expect(seen).toMatchObject({ listed: FEW_ROWS, listingPages: 4 });
  });

  test("where a next link leads to the page itself, the numbers of the pager lead on, and the link is reported", async () => {
    const seen = await walkWith({
      read: (url) =>
        url === page(1)
          ? changed(url, (html) => html.replace(/(pager-next.*?[?]page=)2/s, "$11"))
          : officePage(url),
    });
    expect(seen.complete).toBe(true);
    expect(seen.listed).toBe(FEW_ROWS);
    // Once in each pass.
    expect(seen.warnings.get("next-is-self")?.count).toBe(2);
  });

  test("a dead listing page does not hide the pages after it", async () => {
    const seen = await walkWith({ read: (url) => (url === page(1) ? 503 : officePage(url)) });
    expect(seen.complete).toBe(false);
    expect(seen.gaps).toEqual([`listing page ${page(1)} could not be read: status 503`]);
    expect(seen.listed).toBe(FEW_ROWS - 7);
  });

  test("missing rows are a gap when the pager leads on", async () => {
    const emptied = (html: string) => {
      const $ = load(html);
      $("#block-system-main .view-content").remove();
      return $.html();
    };
    const read = (url: string) => (url === page(1) ? changed(url, emptied) : officePage(url));
    const seen = await walkWith({ read });
    expect(seen.complete).toBe(false);
    expect(seen.gaps.join()).toContain("has no rows, although its pager leads on");
  });
});

describe("failures of single pages", () => {
  const victim = OFFICE + TRAPS.quotation.path;

  test("an article that cannot be fetched fails with its reason", async () => {
    const { outcomes } = await walkWith({
      read: (url) => (url === victim ? 500 : officePage(url)),
    });
    expect(outcomes.find(({ url }) => url === victim)).toMatchObject({
      state: "failed",
      reason: "status 500",
      status: 500,
    });
    expect(states(outcomes)).toEqual({ written: FEW_ROWS - 1, failed: 1 });
  });

  test("an article with an impossible date is rejected with all its issues at once", async () => {
    const site = siteWith({
      fields: {
        date: { prefer: "article", article: "h1", listing: "h1", formats: ["M/d/yyyy"] },
        type: { values: { News: "news" } },
      },
    });
    const { rejections } = await walkWith({
      site,
      read: (url) =>
        url === victim
          ? changed(url, (html) =>
              html.replace(/<h1[^>]*>.*?<\/h1>/s, '<h1 id="page-title">2/31/2021</h1>'),
            )
          : officePage(url),
    });
    const mine = rejections.find(({ url }) => url === victim);
    expect(mine?.issues.map(({ path }) => path)).toContain("data.date");
    for (const issue of mine?.issues ?? []) expect(issue.hint).not.toBe("");
    expect(mine?.page.body.length).toBeGreaterThan(100);
  });

  test("an unknown type is an issue when the site file lists the known ones", async () => {
    const { rejections, outcomes } = await walkWith({
      site: siteWith({ fields: { type: { values: { News: "news", Speech: "speech" } } } }),
    });
    expect(rejections.length).toBeGreaterThan(0);
    expect(rejections[0]?.issues[0]).toMatchObject({
      path: "data.type",
      hint: expect.stringContaining("fields.type.values"),
    });
    expect(outcomes.filter(({ state }) => state === "rejected")).toHaveLength(rejections.length);
  });

  test("two URLs of one article become an entry and a duplicate", async () => {
    const node = changed(victim, (html) => html);
    const seen = await walkWith({
      read: (url) =>
        url === page(0)
          ? changed(url, (html) => html.replace(/href="\/news\/[^"]+"/, 'href="/node/9999"'))
          : url.endsWith("/node/9999")
            ? { ...node, url }
            : officePage(url),
    });
    const rows = seen.outcomes.filter(({ state }) => state === "duplicate");
    expect(rows).toHaveLength(1);
    expect(seen.entries.map(({ id }) => id)).toContain(rows[0]?.entry);
  });

  describe.each(["redirects to", "names as canonical"])(
    "a row whose page %s a later row's",
    (how) => {
      const rows = () => [...usual.outcomes].filter(({ url }) => url.startsWith(`${OFFICE}/news/`));
      const leads = (status?: number) => {
        const [first, later] = [rows()[0]?.url ?? "", rows().at(-1)?.url ?? ""];
        const read = (url: string) => {
          if (url !== first && url !== later) return officePage(url);
          const page = changed(later, (html) => html);
          if (url === later && status !== undefined) return status;
          return how === "redirects to" ? { ...page, requestedUrl: url } : { ...page, url };
        };
        return { first, later, walked: walkWith({ read }) };
      };

      test("is the duplicate of it, and that is not one of itself", async () => {
        const { first, later, walked } = leads();
        const { outcomes, entries } = await walked;
        const of = (url: string) => outcomes.find((one) => one.url === url);
        const entry = entries.find(({ data }) => data.sourceUrl === later)?.id;
        expect(of(first)).toMatchObject({ state: "duplicate", reason: `of ${later}`, entry });
        expect(of(later)).toMatchObject({ state: "written", entry });
        expect(states(outcomes)).toEqual({ written: FEW_ROWS - 1, duplicate: 1 });
      });

      test("is not lost where that cannot be read", async () => {
        const { first, later, walked } = leads(500);
        const { outcomes } = await walked;
        const of = (url: string) => outcomes.find((one) => one.url === url);
        expect([of(first)?.state, of(later)?.state]).toEqual(["written", "failed"]);
      });
    },
  );

  test("the same canonical URL on every page makes no article disappear", async () => {
    const shared = (html: string) =>
      html.replace(/<link rel="canonical"[^>]*>/, '<link rel="canonical" href="/news/the-one" />');
    const { outcomes, warnings } = await walkWith({
      read: (url) => (url.includes("/articles") ? officePage(url) : changed(url, shared)),
    });
    expect(states(outcomes)).toEqual({ written: FEW_ROWS });
    expect(warnings.get("canonical-shared")?.count).toBe(FEW_ROWS - 1);
  });

  test("an article whose URL another page claims as canonical is not lost", async () => {
    const rows = [...usual.outcomes].filter(({ url }) => url.startsWith(`${OFFICE}/news/`));
    const [first, later] = [rows[0]?.url ?? "", rows[1]?.url ?? ""];
    const claim = `<link rel="canonical" href="${later}" />`;
    const { entries, outcomes } = await walkWith({
      read: (url) =>
        url === first
          ? changed(url, (html) => html.replace(/<link rel="canonical"[^>]*>/, claim))
          : officePage(url),
    });
    expect(states(outcomes)).toEqual({ written: FEW_ROWS });
    expect(entries.map(({ data }) => data.sourceUrl)).toEqual(
      expect.arrayContaining([first, later]),
    );
  });

  test("an article whose URL was taken before its row was met gets it back", async () => {
    const rows = [...usual.outcomes].filter(({ url }) => url.startsWith(`${OFFICE}/news/`));
    const [first, last] = [rows[0]?.url ?? "", rows.at(-1)?.url ?? ""];
    const claim = `<link rel="canonical" href="${last}" />`;
    const { outcomes } = await walkWith({
      read: (url) =>
        url === first
          ? changed(url, (html) => html.replace(/<link rel="canonical"[^>]*>/, claim))
          : officePage(url),
    });
    expect(states(outcomes)).toEqual({ written: FEW_ROWS });
    expect(new Set(outcomes.map(({ entry }) => entry)).size).toBe(FEW_ROWS);
  });
});

describe("limits of a walk", () => {
  test("a limit stops the walk and is recorded in the ledger", async () => {
    const { entries, outcomes, complete, listingPages } = await walkWith({ limit: 10 });
    expect(entries).toHaveLength(10);
    expect(states(outcomes)).toEqual({ written: 10, "not-reached": 4 });
    expect({ complete, listingPages }).toEqual({ complete: false, listingPages: 2 });
  });

  test("articles dated before a day are excluded, and undated ones are not", async () => {
    const { entries, outcomes } = await walkWith({ since: "2021-06-01" });
    expect(entries.length).toBeGreaterThan(5);
    for (const { data } of entries)
      expect(data.date ?? "9999").toMatch(/^(2021-(0[6-9]|1\d)|2022|9999)/);
    expect(outcomes.find(({ state }) => state === "excluded")?.reason).toMatch(/^filter: dated /);
  });

  test("a walk of the listing alone requests no article page", async () => {
    const source = pageSource(officePage);
    const { entries } = await walkWith({ source, site: siteWith({ article: { follow: false } }) });
    expect(new Set(source.asked).size).toBe(3);
    expect(entries.length).toBe(FEW_ROWS);
  });

  test("rows that link to another site are excluded with the rule", async () => {
    const { outcomes } = await walkWith({
      read: (url) =>
        url === page(0)
          ? changed(url, (html) =>
              html.replace(/href="\/news\/[^"]+"/, 'href="http://elsewhere.example/a"'),
            )
          : officePage(url),
    });
    expect(outcomes.filter(({ state }) => state === "excluded")).toMatchObject([
      { reason: "scope: http://elsewhere.example is not one of the site's origins" },
    ]);
  });
});

describe("template drift", () => {
  test("a first page without rows is template drift", async () => {
    const { drift, complete } = await walkWith({
      read: (url) => changed(url, (html) => html.replaceAll("views-row", "card")),
    });
    expect(drift.join()).toContain("listing.rows matched nothing");
    expect(complete).toBe(false);
  });

  test("a required field on no page is template drift", async () => {
    const { drift } = await walkWith({
      site: siteWith({ fields: { title: { listing: ".gone", article: ".gone" } } }),
    });
    expect(drift.join()).toContain(
      `fields.title is required and matched 0 of ${FEW_ROWS} articles`,
    );
  });
});
