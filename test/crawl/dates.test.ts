import { expect, test } from "vitest";
import { walk } from "../../src/crawl/walk.js";
import type { Entry, Page } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";
import { pageSource } from "../support/office-source.js";

const START = "https://example.org/list";

type Pages = readonly (readonly string[] | "lost")[];

interface Given {
  readonly formats?: string[];
  /** True where each row links to its article. */
  readonly follow?: boolean;
  /** The date on each article page. */
  readonly own?: string;
  readonly limit?: number;
  /** The list when it is read again. */
  readonly again?: Pages;
}

/** Walks a list with a page for each list of dates. */
async function datesOf(pages: Pages, given: Given = {}) {
  const { formats, follow = false, own, limit = null, again = pages } = given;
  const date = { listing: "i:not(:empty)", article: "i", ...(formats && { formats }) };
  const body = { listing: "p", article: "p" };
  const site = resolveSite(
    {
      ...{ name: "s", start: START, article: { follow } },
      listing: { rows: "li", link: "a", next: "a.next" },
      fields: { title: { listing: "b" }, body, date },
    },
    {},
    "s",
  );
  let now = pages;
  let starts = 0;
  const page = (url: string, html: string): Page => {
    return { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
  };
  const read = (url: string): Page | string => {
    const { pathname, searchParams } = new URL(url);
    if (pathname !== "/list")
      return page(url, `<p>Words of ${pathname}.${own ? `<i>${own}</i>` : ""}`);
    const at = Number(searchParams.get("page") ?? 0);
    if (at === 0 && ++starts > 1) now = again;
    const texts = now[at] ?? [];
    if (texts === "lost") return "reset";
    const rows = texts.map(
      (text, row) =>
        `<li><b><a href="/a${at}${row}">T${at}${row}</a></b><i>${text}</i><p>Words ${at}${row}.`,
    );
    const next = at + 1 < now.length ? `<a class=next href="/list?page=${at + 1}">next</a>` : "";
    return page(url, `<ul>${rows.join("")}</ul>${next}`);
  };
  const entries: Entry[] = [];
  const sink = { entry: async (entry: Entry) => void entries.push(entry) };
  const seen = await walk({ site, source: pageSource(read), sinks: [sink], limit });
  return { ...seen, dates: entries.map(({ data }) => data.date) };
}

test.each([
  [["12/3/2021", "12/17/2021"], ["2021-12-03", "2021-12-17"], "M/d/yyyy"],
  [["03.05.2021", "17.05.2021"], ["2021-05-03", "2021-05-17"], "d.M.yyyy"],
  // A weekday proves it too; that of the second is the weekday of both orders, the third has none.
  [
    ["Tuesday 04/03/2025", "Tuesday 1/7/2025", "5/6/2025"],
    ["2025-03-04", "2025-07-01", "2025-06-05"],
    "d/M/yyyy",
  ],
  [["1/2/21 - 10:30", "13/2/21 - 9:05"], ["2021-02-01", "2021-02-13"], "d/M/yy - H:mm"],
])("a list proves the order of its dates: %j", async (printed, dates, format) => {
  const seen = await datesOf([printed]);
  expect(seen.dates).toEqual(dates);
  expect(seen.notes.join()).toContain(format);
  expect(seen.complete).toBe(true);
});

test.each([
  ["first", [["12/17/2021"], ["1/2/2021"], ["3/4/2021"]]],
  ["last", [["3/4/2021"], ["1/2/2021"], ["12/17/2021"]]],
])("a proof on the %s page counts for all pages, and is said once", async (_, pages) => {
  for (const follow of [false, true]) {
    const seen = await datesOf(pages, { follow });
    expect(seen.dates.toSorted()).toEqual(["2021-01-02", "2021-03-04", "2021-12-17"]);
    expect(seen.notes).toHaveLength(1);
    expect(seen.complete).toBe(true);
  }
});

test("a list that proves the order counts for articles whose rows have no date", async () => {
  const seen = await datesOf([["12/17/2021", ""]], { follow: true, own: "1/2/2021" });
  expect(seen.dates).toEqual(["2021-01-02", "2021-01-02"]);
});

test("a list with a gap is read once more for the rows that waited", async () => {
  const seen = await datesOf([["1/2/2021"], ["12/17/2021"], "lost"]);
  expect(seen.dates).toEqual(["2021-01-02", "2021-12-17"]);
  expect(seen.complete).toBe(false);
});

test("a limit takes the rows that it would take with an order that the site file names", async () => {
  const pages = [["12/17/2021", "1/2/2021"], ["1/3/2021"], ["17/12/2021"]];
  const seen = await datesOf(pages, { limit: 2 });
  expect(seen.dates).toEqual(["2021-12-17", "2021-01-02"]);
  expect(seen.cutOff).toBe(true);
});

test("a row that waits and does not come again keeps the run from being complete", async () => {
  const seen = await datesOf([["1/2/2021", "12/17/2021"]], { again: [["12/17/2021"]] });
  expect(seen.outcomes.map(({ state }) => state).toSorted()).toEqual(["not-reached", "written"]);
  expect(seen.complete).toBe(false);
});

test("a wrong weekday proves nothing where numbers do, and nothing beside a right one", async () => {
  const { dates } = await datesOf([["Tuesday 04/03/2025", "3/17/2025", "1/2/2025"]]);
  expect(dates).toEqual(["2025-03-04", "2025-03-17", "2025-01-02"]);
  const none = await datesOf([["Tuesday 04/03/2025", "Tuesday 3/4/2025", "1/2/2025"]]);
  expect(none.dates).toEqual(["2025-03-04", "2025-03-04"]);
});

test("dates that prove nothing, or contradict each other, are not read", async () => {
  expect((await datesOf([["1/2/2021", "3/4/2021"]])).dates).toEqual([]);
  expect((await datesOf([["12/17/2021", "17/12/2021"]])).dates).toEqual([]);
});

test.each([
  [["12/17/2021", "1/2/2021"], ["17/12/2021"]],
  [["1/2/2021"], ["12/17/2021"], ["17/12/2021"]],
])("dates that contradict each other reject all that are in figures: %j, %j", async (...pages) => {
  const seen = await datesOf(pages);
  expect(seen.dates).toEqual([]);
  expect(seen.notes).toEqual([]);
  expect(seen.outcomes).toHaveLength(3);
  for (const { state, reason } of seen.outcomes) {
    expect(state).toBe("rejected");
    expect(reason).toContain("17/12/2021 can only be day first, 12/17/2021 only month first");
  }
});

test("a list that contradicts its order when it is read again makes the run incomplete", async () => {
  const seen = await datesOf([["12/17/2021", "1/2/2021"]], {
    again: [["12/17/2021", "1/2/2021", "17/12/2021"]],
  });
  expect(seen.complete).toBe(false);
  expect(seen.gaps.join()).toContain("contradict");
});

test("the order that a site file names is not asked of the list", async () => {
  const seen = await datesOf([["1/2/2021", "12/17/2021"]], { formats: ["d/M/yyyy"] });
  expect(seen.dates).toEqual(["2021-02-01"]);
  expect(seen.notes).toEqual([]);
});
