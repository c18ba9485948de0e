import { describe, expect, test } from "vitest";
import type { Article as OfficeArticle } from "../../fixtures/office/article.js";
import { renderListing } from "../../fixtures/office/listing.js";
import { renderNode } from "../../fixtures/office/node.js";
import { DEFAULT_THEME, type Theme } from "../../fixtures/office/theme.js";
import { convertArticle } from "../../src/convert/draft.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { unesco } from "../../src/site/presets/unesco.js";
import { resolveSite } from "../../src/site/resolve.js";

const START = "https://en.office.example/fieldoffice/articles";

function article(one: Partial<OfficeArticle> & { title: string }, node: number): OfficeArticle {
  const path = `/news/number-${node}`;
  return {
    path,
    firstPath: path,
    node,
    language: "en",
    modified: "2021-12-24",
    date: "2021-12-17",
    type: "-",
    body: "<p>Words.</p>",
    row: "whole",
    ...one,
  };
}

/** Seven rows with everything that has misled a reader of such a listing. */
const ROWS: readonly OfficeArticle[] = [
  {
    title: "Greeting of the harbour master (full speech)",
    date: null,
    type: "Speech",
    body: "<p>9/09/2021<br />\nOn Friday 13 August the office held a day of planning.  It thanked the five harbours.&nbsp;</p>",
  },
  {
    title: "The 2021 forum of young sailors closed on 17 December 2021",
    date: "2021-12-23",
    type: "News",
    body: "<p>More than 80 sailors met online (hereinafter “the 2021 forum”).</p>",
  },
  {
    title: "Workshop on knots and splices",
    body: "<p>Sharing good practice is a key aspect.&nbsp; The aim of the two workshops&nbsp; was to further  enhance the network.</p>",
  },
  {
    title: "Higher learning on the outer isles -a Fund in Trust project",
    body: "<p>(i) advice,&nbsp;&nbsp; (ii) standards.</p>",
  },
  {
    title: "Third forum on reading the weather",
    date: "2021-12-15",
    type: "News",
    body: "<p>For more, please visit: https://office.example/themes/weather</p>",
  },
  {
    title: "Make the lighthouse keepers visible",
    date: "2021-12-10",
    body: "<p>“Every keeper counts.” —— Anna Tarn, harbour master&nbsp;&nbsp;</p>",
  },
  {
    title: "A handbook is launched",
    date: "2021-12-03",
    type: "News",
    body: "<p>On the occasion of the day, the office launches the handbook.&nbsp;</p>",
  },
].map(article);

const EXPECTED = [
  [null, "speech", "9/09/2021"],
  ["2021-12-23", "news", "12/23/2021"],
  ["2021-12-17", null, "12/17/2021"],
  ["2021-12-17", null, "12/17/2021"],
  ["2021-12-15", "news", "12/15/2021"],
  ["2021-12-10", null, "12/10/2021"],
  ["2021-12-03", "news", "12/3/2021"],
] as const;

const THEMES = (["div", "list", "table"] as const).flatMap((rows) =>
  [true, false].flatMap((wrappers) =>
    [true, false].flatMap((dateAttributes) =>
      (["core", "bootstrap", "bem", "mini", "stripped"] as const).map(
        (pager): Theme => ({ ...DEFAULT_THEME, pager, rows, wrappers, dateAttributes }),
      ),
    ),
  ),
);

const site = resolveSite(
  { name: "seed", preset: "unesco", start: START },
  { drupal7, unesco },
  "t",
);

function parse(content: string, url: string) {
  const html = `<html lang="en"><body><div id="block-system-main">${content}</div></body></html>`;
  return parsePage(
    { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) },
    site,
  );
}

function converted(theme: Theme, query: string, page: number) {
  const place = { path: new URL(START).pathname, query: "", page, pageCount: 10 };
  const listing = readListing(parse(renderListing(ROWS, place, theme, "en"), START + query), site);
  return {
    listing,
    items: listing.rows.map((row) => convertArticle(site, row.url ?? START, row, null)),
  };
}

describe("a listing with every trap of the seed page", () => {
  test.each(THEMES)(
    "a listing is read with rows as $rows, wrappers $wrappers, $pager pager, date attributes $dateAttributes",
    (theme) => {
      const { listing, items } = converted(theme, "?page=2", 2);
      expect(listing).toMatchObject({ next: `${START}?page=3`, pageNumber: 3, pageCount: 10 });
      expect(items).toHaveLength(7);
      for (const [index, { draft, warnings }] of items.entries()) {
        const [date, type, printed] = EXPECTED[index] ?? [];
        const source = ROWS[index] as OfficeArticle;
        expect(draft.data).toMatchObject({
          title: source.title,
          date,
          dateText: date === null ? null : printed,
          type,
          typeText: type === null ? null : source.type,
        });
        expect(draft.issues).toEqual([]);
        expect(warnings.map(({ code }) => code)).toEqual(date === null ? ["date-in-text"] : []);
        if (date === null) expect(warnings[0]?.message).toContain(`"${printed}"`);
        expect(listing.rows[index]?.url).toBe(new URL(source.path, START).href);
      }
      const text = listing.rows.map((row) => row.readings.body?.raw);
      expect(text[0]).toBe(
        "9/09/2021 On Friday 13 August the office held a day of planning. It thanked the five harbours.",
      );
      expect(text[2]).toBe(
        "Sharing good practice is a key aspect.\u00a0 The aim of the two workshops\u00a0 was to further enhance the network.",
      );
      expect(text[3]).toBe("(i) advice,\u00a0\u00a0 (ii) standards.");
      expect(text[5]).toBe("“Every keeper counts.” —— Anna Tarn, harbour master");
    },
  );

  test("the last page but one leads to the last, and the last to none", () => {
    for (const pager of ["core", "bootstrap", "bem", "mini", "stripped"] as const) {
      const theme = { ...DEFAULT_THEME, pager };
      expect(converted(theme, "?page=8", 8).listing.next).toBe(`${START}?page=9`);
      expect(converted(theme, "?page=9", 9).listing).toMatchObject({
        next: null,
        pageNumber: 10,
        pageCount: 10,
      });
      // Beyond it the pager is clamped to the last page.
      expect(converted(theme, "?page=400", 9).listing).toMatchObject({
        next: null,
        pageNumber: 10,
        pageCount: 10,
      });
    }
  });

  test.each([true, false])(
    "date and type of an article page are read, date attributes %s",
    (dateAttributes) => {
      const theme = { ...DEFAULT_THEME, dateAttributes };
      for (const [index, source] of ROWS.entries()) {
        const url = new URL(source.path, START).href;
        const page = readArticle(parse(renderNode(source, theme), url), site);
        const row = { listing: START, position: 1, url, base: url, readings: {} };
        const { draft, warnings } = convertArticle(site, url, row, page);
        const [date, type] = EXPECTED[index] ?? [];
        expect(draft.data).toMatchObject({ date, type });
        expect(warnings.map(({ code }) => code)).toEqual(date === null ? ["date-in-text"] : []);
      }
    },
  );
});
