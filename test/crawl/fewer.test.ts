import { expect, test } from "vitest";
import { fewerFindings } from "../../src/crawl/fewer.js";
import type { Health } from "../../src/schema/health.js";

const SIDE = { of: 0, found: 0, ways: [] };
const healthOf = (present: number, of: number) =>
  ({ date: { of, present, listing: SIDE, article: SIDE } }) as unknown as Health;
const SITE = { start: "http://x/news", fewer: { rows: 0.1, coverage: 0.05 } };
const rows = (before: number | null, now: number | null, site = SITE) =>
  fewerFindings({ rows: before, health: null }, { rows: now, health: null }, site);
const dates = (before: [number, number], now: [number, number]) =>
  fewerFindings(
    { rows: null, health: healthOf(...before) },
    { rows: now[1], health: healthOf(...now) },
    SITE,
  );

test.each([
  [100, 90, true],
  [100, 91, false],
  [20, 18, true],
  [70, 63, true],
  [100, 0, true],
  [100, 140, false],
  // One article alone is what editors do.
  [9, 8, false],
  [3, 1, true],
])("a list of %i rows and then %i: a finding is %s", (before, now, isFound) => {
  expect(rows(before, now).length > 0).toBe(isFound);
});

test.each([
  [[100, 100], [95, 100], true],
  [[100, 100], [96, 100], false],
  [[44, 70], [40, 70], true],
  [[10, 10], [9, 10], false],
  [[100, 100], [190, 200], true],
  [[0, 100], [0, 100], false],
] as const)("a field in %j and then in %j articles: a finding is %s", (before, now, isFound) => {
  expect(dates([...before], [...now]).length > 0).toBe(isFound);
});

test("what is fewer is named with its place and count, so that a site file can accept it", () => {
  expect(rows(70, 60)).toEqual([
    {
      finding: "fewer-rows",
      place: "http://x/news",
      count: 60,
      message: "the list has 60 articles, and 70 in the run before (-14 %)",
    },
  ]);
  expect(dates([50, 50], [40, 50])).toMatchObject([
    { finding: "fewer-values", place: "date", count: 40 },
  ]);
});

test("nothing is fewer where a run read a part, the run before is not known, or the rule is off", () => {
  expect(rows(70, null)).toEqual([]);
  expect(rows(null, 10)).toEqual([]);
  expect(rows(70, 10, { ...SITE, fewer: null } as never)).toEqual([]);
});
