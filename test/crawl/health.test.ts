import { describe, expect, test } from "vitest";
import {
  addHealth,
  belowThreshold,
  comparedWith,
  HealthCount,
  unmatchedFields,
} from "../../src/crawl/health.js";
import type { FieldName, Reading, Readings } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { Site } from "../../src/site/site.js";

const SITE = resolveSite(
  {
    name: "a",
    start: "https://example.org/news",
    listing: { rows: ".row" },
    fields: {
      title: { listing: ["h2", "h3"], article: "h1" },
      type: { listing: ".views-field-type" },
      date: { listing: { select: "time", attribute: "datetime" } },
    },
    health: { date: 0.95 },
  },
  {},
  "test",
);

function reading(field: FieldName, selector: string, more: Partial<Reading> = {}): Reading {
  const words = { raw: "x", printed: "x", also: [], nodes: null };
  return { field, from: "listing", selector, attribute: null, matches: 1, ...words, ...more };
}

function healthOf(rows: readonly Readings[], site: Site = SITE) {
  const count = new HealthCount(site);
  for (const row of rows) count.see({ row, article: null, chosen: row });
  return count.health();
}

describe("selector health", () => {
  test("selector health counts which alternative gave a field, how many nodes it matched and what was never used", () => {
    const health = healthOf([
      { title: reading("title", "h2") },
      { title: reading("title", "h2", { matches: 3, also: ["y"] }) },
      { title: reading("title", "h3") },
      {},
    ]);
    expect(health.title).toEqual({
      of: 4,
      present: 3,
      listing: {
        of: 4,
        found: 3,
        ways: [
          { way: "h2", won: 2, nodes: [1, 3], ambiguous: 1 },
          { way: "h3", won: 1, nodes: [1, 1], ambiguous: 0 },
        ],
      },
      article: { of: 0, found: 0, ways: [{ way: "h1", won: 0, nodes: [0, 0], ambiguous: 0 }] },
    });
  });

  test("selector health reports selectors that matched before and match nothing now", () => {
    const all = Array.from({ length: 7 }, () => ({ type: reading("type", ".views-field-type") }));
    const none = Array.from({ length: 7 }, () => ({}));
    expect(comparedWith(healthOf(all), healthOf(none))).toEqual([
      "`.views-field-type` matched 0 of 7 rows; it was 7 of 7",
    ]);
    expect(comparedWith(healthOf(none), healthOf(all))).toEqual([]);
    expect(comparedWith(healthOf(all), healthOf(all.slice(0, 3)))).toEqual([]);
    expect(comparedWith(healthOf(all), healthOf([]))).toEqual([]);
  });

  test.each([
    [19, 20, []],
    [18, 20, ["date was found in 18 of 20 articles (90 %), and health.date demands 95 %"]],
    [0, 0, []],
  ])(
    "the health threshold is checked for a field found in %i of %i articles",
    (found, of, wanted) => {
      const rows = Array.from({ length: of }, (_, index) =>
        index < found ? { date: reading("date", "time", { attribute: "datetime" }) } : {},
      );
      expect(belowThreshold(healthOf(rows), SITE)).toEqual(wanted);
    },
  );

  test("selector health of two lists is added up by selector, even where they differ", () => {
    const french = {
      ...SITE.fields,
      type: { ...SITE.fields.type, listing: SITE.fields.title.article },
    };
    const one = healthOf([{ type: reading("type", ".views-field-type", { matches: 2 }) }]);
    const other = healthOf([{ type: reading("type", "h1") }, {}], { ...SITE, fields: french });
    expect(addHealth(one, other).type).toEqual({
      of: 3,
      present: 2,
      listing: {
        of: 3,
        found: 2,
        ways: [
          { way: ".views-field-type", won: 1, nodes: [2, 2], ambiguous: 0 },
          { way: "h1", won: 1, nodes: [1, 1], ambiguous: 0 },
        ],
      },
      article: { of: 0, found: 0, ways: [] },
    });
  });

  test("selector health names fields that no article has, required ones apart, with every selector tried", () => {
    expect(unmatchedFields(healthOf([{}, {}]), SITE)).toEqual({
      drift: [
        "fields.title is required and matched 0 of 2 articles (tried h2 | h3 | h1)",
        "fields.body is required and matched 0 of 2 articles (the site file has no selector)",
      ],
      unmatched: [
        "fields.date matched 0 of 2 articles (tried time (datetime))",
        "fields.type matched 0 of 2 articles (tried .views-field-type)",
      ],
    });
    expect(unmatchedFields(healthOf([]), SITE)).toEqual({ drift: [], unmatched: [] });
  });
});
