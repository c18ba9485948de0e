import { expect, test } from "vitest";
import { walk } from "../../src/crawl/walk.js";
import type { Entry, Page } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";
import { pageSource } from "../support/office-source.js";

const START = "https://example.org/list";

/** Walks a list whose rows are articles; a page for each list of dates. */
async function datesOf(pages: readonly (readonly string[])[], formats?: string[]) {
  const date = { listing: "i", ...(formats && { formats }) };
  const site = resolveSite(
    {
      ...{ name: "s", start: START, article: { follow: false } },
      listing: { rows: "li", link: "a", next: "a.next" },
      fields: { title: { listing: "b" }, body: { listing: "p" }, date },
    },
    {},
    "s",
  );
  const read = (url: string): Page => {
    const at = Number(new URL(url).searchParams.get("page") ?? 0);
    const rows = pages[at]?.map(
      (text, row) => `<li><b>T${at}${row}</b><i>${text}</i><p>Words ${at}${row}.`,
    );
    const next = at + 1 < pages.length ? `<a class=next href="/list?page=${at + 1}">next</a>` : "";
    const body = Buffer.from(`<ul>${rows?.join("")}</ul>${next}`);
    return { url, requestedUrl: url, status: 200, headers: {}, body };
  };
  const entries: Entry[] = [];
  const sink = { entry: async (entry: Entry) => void entries.push(entry) };
  const seen = await walk({ site, source: pageSource(read), sinks: [sink] });
  return { ...seen, dates: entries.map(({ data }) => data.date) };
}

test.each([
  [["12/3/2021", "12/17/2021"], ["2021-12-03", "2021-12-17"], "M/d/yyyy"],
  [["03.05.2021", "17.05.2021"], ["2021-05-03", "2021-05-17"], "d.M.yyyy"],
  [["1/2/21 - 10:30", "13/2/21 - 9:05"], ["2021-02-01", "2021-02-13"], "d/M/yy - H:mm"],
])("a list proves the order of its dates: %j", async (printed, dates, format) => {
  const seen = await datesOf([printed]);
  expect(seen.dates).toEqual(dates);
  expect(seen.notes.join()).toContain(format);
  expect(seen.complete).toBe(true);
});

test("what a page proves counts for the pages after it, and is said once", async () => {
  const seen = await datesOf([["12/17/2021"], ["1/2/2021"], ["3/4/2021"]]);
  expect(seen.dates).toEqual(["2021-12-17", "2021-01-02", "2021-03-04"]);
  expect(seen.notes).toHaveLength(1);
});

test("dates that prove nothing, or contradict each other, are not read", async () => {
  expect((await datesOf([["1/2/2021", "3/4/2021"]])).dates).toEqual([]);
  expect((await datesOf([["12/17/2021", "17/12/2021"]])).dates).toEqual([]);
});

test("a later date that contradicts the order that was taken makes the run incomplete", async () => {
  const seen = await datesOf([["12/17/2021", "1/2/2021"], ["17/12/2021"]]);
  expect(seen.complete).toBe(false);
  expect(seen.gaps.join()).toContain("contradict");
});

test("the order that a site file names is not asked of the list", async () => {
  const seen = await datesOf([["1/2/2021", "12/17/2021"]], ["d/M/yyyy"]);
  expect(seen.dates).toEqual(["2021-02-01"]);
  expect(seen.notes).toEqual([]);
});
