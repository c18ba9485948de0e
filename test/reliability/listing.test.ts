/** A list that is half broken, that moves, or that never ends: what a crawl makes of it. */
import { describe, test } from "vitest";
import { DEEP } from "../deep.js";
import { answer, type Scenario } from "../fault-server.js";
import { type FaultyOffice, HTML, html, LIST, shell } from "./office.js";
import { type Case, checkCase, first } from "./scenario.js";

const page = (index: number) => `${LIST}${index === 0 ? "" : `?page=${index}`}`;
const status = (code: number): Scenario => html(shell("Error", "<p>No.</p>"), code);
const errorPage = html(shell("Service unavailable", "<p>Please try again later.</p>"));
const blank = html(shell("Articles", "<p>Nothing to see.</p>"));
const withoutRows = (office: FaultyOffice, index: number) => html(office.listing(index, []));
const shortRows = (office: FaultyOffice, index: number) =>
  html(office.listing(index, office.rowsOf(index).slice(0, 4)));
const padded = (office: FaultyOffice, padding: string, rows = office.rowsOf(1)) =>
  html(office.listing(1, rows).replace("</body>", `${padding}</body>`));
const PAGERS = ["core", "mini", "next-only"] as const;

const CASES: Record<string, Case> = {
  "nothing goes wrong": { faults: () => ({}), code: 0, states: { written: 21 } },
};
for (const [what, padding] of Object.entries({
  "14 MB": "word ".repeat(2_800_000),
  ...(DEEP && {
    "50,000 elements within one another": "<div>".repeat(50_000),
    "20,000 inline elements within one another": Array.from(
      { length: 20_000 },
      (_, at) => `<b id="x${at}"><i>`,
    ).join(""),
  }),
}))
  CASES[`the second page has ${what}`] = {
    faults: (office) => ({ [page(1)]: padded(office, padding) }),
    code: 3,
    states: { written: 14 },
    gaps: /page=1 could not be read: extract: /,
  };
/** Seven rows a page; the last article is on the first page as well, and alone on its own. */
function pinnedAlone(pager: (typeof PAGERS)[number], articles: number): Record<string, Case> {
  return {
    [`${pager}: the last page of ${articles} articles has only the one that is pinned on the first`]:
      {
        shape: { pager, articles },
        faults: (office) => {
          const last = office.numbers.slice(-1);
          const rowsOf = (index: number) => office.numbers.slice(7 * index, 7 * index + 7);
          office.rowsOf = (index) => [...(index === 0 ? last : []), ...rowsOf(index)];
          return {};
        },
        code: 0,
        states: { written: articles },
        most: 20,
      },
  };
}
for (const pager of PAGERS) {
  const shape = { pager };
  Object.assign(CASES, {
    [`${pager}: every row says the same, and links to a page of its own`]: {
      shape,
      faults: (office) => {
        office.title = () => "Bulletin of the week";
        const alike = (index: number) =>
          office
            .listing(index)
            .replace(/Teaser of \d+/g, "Teaser")
            .replace(/2021-03-\d+T/g, "2021-03-01T")
            .replace(/3\/\d+\/2021/g, "3/1/2021");
        return Object.fromEntries([0, 1, 2].map((index) => [page(index), html(alike(index))]));
      },
      code: 4,
      states: { written: 21 },
    },
    [`${pager}: the second page is dead`]: {
      shape,
      faults: () => ({ [page(1)]: status(500) }),
      code: 3,
      states: { written: 14 },
      gaps: /could not be read: HTTP 500/,
    },
    [`${pager}: the second page has lost its rows`]: {
      shape,
      faults: (office) => ({ [page(1)]: withoutRows(office, 1) }),
      code: 3,
      states: { written: 14 },
      gaps: /it has no rows/,
    },
    [`${pager}: the second page has lost some rows`]: {
      shape,
      faults: (office) => ({ [page(1)]: shortRows(office, 1) }),
      code: 3,
      states: { written: 18 },
      gaps: /4 rows where the others have 7/,
    },
    [`${pager}: the second page is an error page with status 200`]: {
      shape,
      faults: () => ({ [page(1)]: errorPage }),
      code: 3,
      states: { written: 14 },
      gaps: /no rows/,
    },
    [`${pager}: the last page is blank`]: {
      shape,
      faults: () => ({ [page(2)]: blank }),
      code: 3,
      states: { written: 14 },
      gaps: /no rows/,
    },
    [`${pager}: the second page is a copy of the first`]: {
      shape,
      faults: (office) => ({ [page(1)]: html(office.listing(0)) }),
      code: 3,
      states: { written: 14 },
      gaps: /page=1 has only rows that were seen before/,
    },
    [`${pager}: the third page is a copy of the second`]: {
      shape: { ...shape, articles: 35 },
      faults: (office) => ({ [page(2)]: html(office.listing(1)) }),
      code: 3,
      states: { written: 28 },
      gaps: /page=2 has only rows that were seen before/,
      most: 20,
    },
    [`${pager}: the second page leads back to the first`]: {
      shape,
      faults: (office) => ({
        [page(1)]: html(
          office.listing(1).replace(/(pager-next"><a href="[^"]*)page=2/, "$1page=0"),
        ),
      }),
      states: { written: 21 },
      // Without a pager that counts the pages, nobody knows whether there are more.
      ...(pager === "next-only" ? { code: 3, gaps: /leads back to/ } : { code: 0 }),
    },
    [`${pager}: the last page has a part of the first one`]: {
      shape: { ...shape, articles: 35 },
      faults: (office) => {
        const rowsOf = (index: number) => office.numbers.slice(7 * index, 7 * index + 7);
        office.rowsOf = (index) => (index === 4 ? rowsOf(0).slice(0, 3) : rowsOf(index));
        return {};
      },
      code: 3,
      gaps: /has only rows that were seen before/,
      states: { written: 28 },
      most: 30,
    },
    [`${pager}: the first page has a row more than the others`]: {
      shape: { ...shape, articles: 25 },
      faults: (office) => {
        const starts = [0, 8, 15, 22, 25];
        office.rowsOf = (index) => office.numbers.slice(starts[index], starts[index + 1]);
        return {};
      },
      code: 0,
      states: { written: 25 },
      most: 20,
    },
    ...pinnedAlone(pager, 15),
    ...pinnedAlone(pager, 36),
    [`${pager}: a list of months has as many rows a page as the month had`]: {
      shape: { ...shape, perPage: 5 },
      faults: (office) => {
        const starts = [0, 5, 8, 16, 18, 21];
        office.rowsOf = (index) => office.numbers.slice(starts[index], starts[index + 1]);
        return {};
      },
      code: 0,
      states: { written: 21 },
      notes: /have 2 to 8 rows, and no size in common/,
      most: 20,
    },
    [`${pager}: the second page is empty`]: {
      shape,
      faults: () => ({ [page(1)]: html("") }),
      code: 3,
      states: { written: 14 },
      gaps: /the page is empty/,
    },
    [`${pager}: the second page has no end`]: {
      shape,
      faults: (office) => ({ [page(1)]: html(office.listing(1).slice(0, 900)) }),
      code: 3,
      states: { written: 14 },
      gaps: /has no end/,
    },
    [`${pager}: an article is published while the first page's articles are read`]: {
      shape,
      faults: (office) => ({
        "/news/story-3": first(
          1,
          (ask) => {
            office.numbers.unshift(99);
            office.answer(ask);
          },
          office,
        ),
      }),
      code: 0,
      states: { written: 22 },
    },
    [`${pager}: an article of the first page is taken away`]: {
      shape,
      faults: (office) => ({
        "/news/story-6": first(
          1,
          (ask) => {
            office.answer(ask);
            office.numbers = office.numbers.filter((n) => n !== 2);
          },
          office,
        ),
      }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: an article of the second page is taken away when that was read`]: {
      shape,
      faults: (office) => ({
        "/news/story-12": first(
          1,
          (ask) => {
            office.answer(ask);
            office.numbers = office.numbers.filter((n) => n !== 9);
          },
          office,
        ),
      }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the list changes during every pass`]: {
      shape,
      faults: (office) => {
        let next = 100;
        const moves: Scenario = (ask) => {
          office.answer(ask);
          office.numbers.unshift(next++);
        };
        return { [page(0)]: moves };
      },
      code: 3,
      states: { written: 25 },
      gaps: /changed during each of 5 passes/,
      most: 40,
    },
  } satisfies Record<string, Case>);
}
// What is whole at a second look is so with any pager: one of them is asked, and each before a release.
for (const pager of DEEP ? PAGERS : (["core"] as const)) {
  const shape = { pager };
  Object.assign(CASES, {
    [`${pager}: the second page is dead at first`]: {
      shape,
      faults: (office) => ({ [page(1)]: first(2, status(503), office) }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page is large`]: {
      shape,
      faults: (office) => ({
        [page(1)]: padded(office, "<p>word</p>".repeat(DEEP ? 40_000 : 5_000)),
      }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page is large, and has lost its rows at first`]: {
      shape,
      faults: (office) => ({
        [page(1)]: first(1, padded(office, "<b>x</b>".repeat(9_000), []), office),
      }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page has lost its rows at first`]: {
      shape,
      faults: (office) => ({ [page(1)]: first(1, withoutRows(office, 1), office) }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page has lost some rows at first`]: {
      shape,
      faults: (office) => ({ [page(1)]: first(1, shortRows(office, 1), office) }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page is an error page at first`]: {
      shape,
      faults: (office) => ({ [page(1)]: first(1, errorPage, office) }),
      code: 0,
      states: { written: 21 },
    },
    [`${pager}: the second page is a copy of the first at first`]: {
      shape,
      faults: (office) => ({ [page(1)]: first(1, html(office.listing(0)), office) }),
      code: 0,
      states: { written: 21 },
    },
  } satisfies Record<string, Case>);
}
Object.assign(CASES, {
  "the next link leads to the page itself": {
    shape: { pager: "next-only" },
    faults: (office) => ({
      [page(1)]: html(
        office.listing(
          1,
          undefined,
          `<ul class="pager"><li class="pager-next"><a href="${page(1)}">next</a></li></ul>`,
        ),
      ),
    }),
    code: 0,
    states: { written: 14 },
    most: 12,
  },
  "no page has a pager, and the number of a page shows it all the same": {
    faults: (office) => {
      office.pager = () => "";
      return {};
    },
    code: 0,
    states: { written: 21 },
    most: 9,
  },
  "no page has a pager, and the number of a page is ignored": {
    shape: { articles: 7 },
    faults: (office) => ({
      "*": (ask) => {
        if (!ask.path.startsWith(LIST)) return office.answer(ask);
        answer(ask, 200, HTML, office.listing(0, undefined, ""));
      },
    }),
    code: 0,
    states: { written: 7 },
    most: 4,
  },
  "no page has a pager, and asking for a number is an error": {
    shape: { articles: 7 },
    faults: () => ({ [page(1)]: status(500) }),
    code: 0,
    states: { written: 7 },
    most: 8,
  },
  "the last page leads back to the first": {
    shape: { pager: "next-only" },
    faults: (office) => ({
      [page(2)]: html(
        office.listing(
          2,
          undefined,
          `<ul class="pager"><li class="pager-next"><a href="${page(0)}">next</a></li></ul>`,
        ),
      ),
    }),
    code: 3,
    states: { written: 21 },
    gaps: /leads back/,
    most: 10,
  },
  "pages out of range repeat the last one for ever": {
    faults: (office) => ({
      "*": (ask) => {
        const index = Number(new URL(ask.path, "http://x").searchParams.get("page") ?? 0);
        if (!ask.path.startsWith(LIST) || index < 2) return office.answer(ask);
        answer(
          ask,
          200,
          HTML,
          office.listing(
            2,
            undefined,
            `<ul class="pager"><li class="pager-next"><a href="${page(index + 1)}">next</a></li></ul>`,
          ),
        );
      },
    }),
    code: 0,
    states: { written: 21 },
    most: 12,
  },
  "a session in every link": {
    shape: { pager: "next-only" },
    faults: (office) => ({
      "*": (ask) => {
        const token = `sid=${ask.turn}abcdef0123456789abcdef${ask.times}x`;
        const text = ask.path.startsWith(LIST)
          ? office.listing(Number(new URL(ask.path, "http://x").searchParams.get("page") ?? 0))
          : null;
        if (text === null) return office.answer({ ...ask, path: ask.path.split("?")[0] ?? "" });
        answer(
          ask,
          200,
          HTML,
          text.replace(
            /href="([^"?]*)(\?[^"]*)?"/g,
            (_, path, query) => `href="${path}${query ? `${query}&` : "?"}${token}"`,
          ),
        );
      },
    }),
    code: 0,
    states: { written: 21 },
    most: 12,
  },
  "short sessions that no rule knows": {
    shape: { pager: "next-only" },
    faults: (office) => {
      let n = 0;
      return {
        "*": (ask) => {
          const token = `s=${++n}`;
          const text = ask.path.startsWith(LIST)
            ? office.listing(Number(new URL(ask.path, "http://x").searchParams.get("page") ?? 0))
            : null;
          if (text === null) return office.answer({ ...ask, path: ask.path.split("?")[0] ?? "" });
          answer(
            ask,
            200,
            HTML,
            text.replace(
              /href="([^"?]*)(\?[^"]*)?"/g,
              (_, path, query) => `href="${path}${query ? `${query}&` : "?"}${token}"`,
            ),
          );
        },
      };
    },
    code: 0,
    states: { written: 21 },
    most: 12,
  },
  "relative links that nest for ever": {
    faults: (office) => ({
      "*": (ask) => {
        if (!ask.path.startsWith("/office")) return office.answer(ask);
        if (ask.path.includes("story-"))
          return office.answer({ ...ask, path: `/news/${ask.path.split("/").at(-1)}` });
        const rows = office
          .rowsOf(0)
          .map((number, index) => office.row(number, index, `more/story-${number}`));
        answer(
          ask,
          200,
          HTML,
          shell(
            "Articles",
            `<div class="view"><div class="view-content">${rows.join("")}</div><ul class="pager"><li class="pager-next"><a href="more/deeper">next</a></li></ul></div>`,
          ),
        );
      },
    }),
    code: 0,
    states: { written: 7 },
    most: 8,
  },
  "an endless calendar": {
    shape: { articles: 7, pager: "next-only" },
    faults: (office) => ({
      "*": (ask) => {
        const month = Number(new URL(ask.path, "http://x").searchParams.get("month") ?? 0);
        if (!ask.path.startsWith(LIST)) return office.answer(ask);
        answer(
          ask,
          200,
          HTML,
          office.listing(
            0,
            month === 0 ? undefined : [],
            `<ul class="pager"><li class="pager-next"><a href="${LIST}?month=${month + 1}">next</a></li></ul>`,
          ),
        );
      },
    }),
    code: 3,
    states: { written: 7 },
    gaps: /no rows/,
    most: 16,
  },
  "the first page has no rows": {
    faults: (office) => ({ "*": withoutRows(office, 0) }),
    code: 4,
    states: {},
    gaps: /it has no rows/,
  },
  "the first page is dead": { faults: () => ({ [LIST]: status(500) }), code: 5, states: {} },
  "a limit that ends with a page": {
    faults: () => ({}),
    code: 0,
    states: { written: 7 },
    options: { limit: 7 },
  },
} satisfies Record<string, Case>);

/** A list whose page numbers are in the path, `/office/articles/page/2/`, linked by nothing but next. */
function inPath(dead: readonly number[], times = Number.POSITIVE_INFINITY): Case["faults"] {
  return (office) => ({
    "*": (ask) => {
      const number = Number(/^.office.articles(?:.page.(\d+).)?$/.exec(ask.path)?.[1] ?? 1);
      if (!ask.path.startsWith(LIST)) return office.answer(ask);
      if (number > office.pageCount) return answer(ask, 404, HTML, shell("Page not found", ""));
      if (dead.includes(number) && ask.times <= times) return status(500)(ask);
      const next = `<a href="${LIST}/page/${number + 1}/">next</a>`;
      const pager = `<ul class="pager"><li class="pager-next">${next}</li></ul>`;
      answer(
        ask,
        200,
        HTML,
        office.listing(number - 1, undefined, number < office.pageCount ? pager : ""),
      );
    },
  });
}
for (const [name, dead, written] of [
  ["the second page is dead", [2], 14],
  ["the third page is dead", [3], 21],
  ["two pages in a row are dead", [2, 3], 14],
  ["the last page is dead", [4], 21],
] as const)
  CASES[`pages in the path: ${name}`] = {
    shape: { articles: name.startsWith("the second") ? 21 : 28 },
    faults: inPath(dead),
    code: 3,
    states: { written },
    gaps: /could not be read: HTTP 500/,
    most: 30,
  };
CASES["pages in the path: the third page is dead at first"] = {
  shape: { articles: 28 },
  faults: inPath([3], 2),
  code: 0,
  states: { written: 28 },
};

describe.concurrent("a faulty list", () => {
  // What comes of a page that is large, or wrong at first, does not depend on the pager.
  const once = DEEP
    ? /^(mini|next-only): .*at first$/
    : /^(mini|next-only): .*(at first|is large)$/;
  const chosen = Object.entries(CASES).filter(([name]) => !once.test(name));
  test.each(chosen)(
    "a crawl ends as expected when its list gives trouble: %s",
    async (name, one) => {
      // What comes of a list does not depend on its articles, which are read where the case is about them.
      const articles = DEEP || /article|session|nests|nothing/.test(name);
      await checkCase({ ...one, options: { articles, ...one.options } });
    },
  );
});
