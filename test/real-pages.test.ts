import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { convertArticle } from "../src/convert/draft.js";
import { readArticle } from "../src/extract/article.js";
import { readListing } from "../src/extract/listing.js";
import { parsePage } from "../src/extract/tree.js";
import { drupal7 } from "../src/site/presets/drupal7.js";
import { resolveSite } from "../src/site/resolve.js";
import type { SiteInput } from "../src/site/site.js";

/** Real pages that belong to their publishers: used where a checkout has them beside it, never copied into it. */
const PAGES = resolve(import.meta.dirname, "../../shared/cases/pages");
const here = existsSync(PAGES);

const SITES: Record<string, Omit<SiteInput, "name" | "preset">> = {
  "core-pager-table": {
    start: "http://www.ca11.uscourts.gov/oral-argument-recordings",
    article: { follow: false },
    listing: { link: ".views-field-field-oar-audio-file-1 a" },
    fields: { title: { listing: ".views-field-field-oar-case-name-long" } },
  },
  "bem-pager-table": {
    start: "https://www.bap1.uscourts.gov/bapopn",
    article: { follow: false },
    listing: { link: ".views-field-field-opn-opnfilelink a" },
    fields: { title: { listing: ".views-field-field-opn-short-title" } },
  },
  "bem-pager-exposed-form": {
    start: "https://www.justice.gov/olc/opinions?items_per_page=40",
    article: { follow: false },
    listing: { link: ".views-field-field-opinion-attachment-file .tablesaw-cell-content a" },
    fields: { title: { listing: ".views-field-field-opinion-attachment-file" } },
  },
  "relative-dates": {
    start: "https://www.uscfc.uscourts.gov/aggregator/sources/11",
    article: { follow: false },
  },
};

interface Expected {
  items: { title: string; date: string; url: string }[];
}

interface Indexed {
  file: string;
  attainable: { items: number; title: number; date: number; url: number };
  pager: { next_href: string; total_pages: number };
}

function json<T>(name: string): T {
  return JSON.parse(readFileSync(resolve(PAGES, name), "utf8")) as T;
}

function readPage(name: string, site: ReturnType<typeof siteOf>) {
  const body = readFileSync(resolve(PAGES, `${name}.html`));
  return parsePage(
    { url: site.start, requestedUrl: site.start, status: 200, headers: {}, body },
    site,
  );
}

function siteOf(name: string, input: Omit<SiteInput, "name" | "preset">) {
  return resolveSite({ name, preset: "drupal7", ...input }, { drupal7 }, name);
}

/** The transcribed titles leave words of the page out ("et al."): ours must contain all of theirs, in order. */
function holdsInOrder(title: unknown, expected: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const mine = words(String(title)).values();
  return words(expected).every((word) => {
    for (const own of mine) if (own === word) return true;
    return false;
  });
}

describe.skipIf(!here)(
  "real Drupal 7 listings (skipped unless the pages are next to the checkout)",
  () => {
    test.each(Object.entries(SITES))(
      "the rows and pager of the saved listing %s are read",
      (name, input) => {
        const site = siteOf(name, input);
        const listing = readListing(readPage(name, site), site);
        const rows = listing.rows.map((row) => ({
          row,
          data: convertArticle(site, row.url ?? row.listing, row, null).draft.data,
        }));
        const indexed = json<Indexed[]>("index.json").find(({ file }) => file === `${name}.html`);
        const { items } = json<Expected>(`${name}.expected.json`);
        const found = { items: 0, title: 0, date: 0, url: 0 };
        for (const item of items) {
          const url = new URL(item.url, site.start).href;
          const mine = rows.find(({ row }) => row.url === url);
          if (mine === undefined) continue;
          found.items++;
          found.url++;
          if (holdsInOrder(mine.data.title, item.title)) found.title++;
          if (mine.data.date === item.date) found.date++;
        }
        for (const key of ["items", "title", "date", "url"] as const) {
          expect
            .soft(found[key], key)
            .toBeGreaterThanOrEqual(indexed?.attainable[key] ?? Number.NaN);
        }
        expect(listing.next).toBe(new URL(indexed?.pager.next_href ?? "", site.start).href);
        expect(listing.pageCount).toBe(indexed?.pager.total_pages);
        expect(listing.pageNumber).toBe(1);
      },
    );

    test("relative dates on a saved listing become null with a warning", () => {
      const site = siteOf("relative-dates", SITES["relative-dates"] ?? {});
      const listing = readListing(readPage("relative-dates", site), site);
      expect(listing.rows).toHaveLength(20);
      for (const row of listing.rows) {
        const { draft, warnings } = convertArticle(site, row.url ?? "", row, null);
        expect(draft.data.date).toBeNull();
        expect(draft.data.dateText).toMatch(/ago$/);
        expect(warnings.map(({ code }) => code)).toContain("relative-date");
      }
    });

    test("the body of a saved article contains its own content and no side blocks", () => {
      const site = siteOf("article", { start: "https://www.creativecommons.at/blog" });
      const tree = { ...readPage("article-with-side-views", site) };
      const article = readArticle(tree, site);
      const row = { listing: site.start, position: 1, url: null, base: tree.base, readings: {} };
      const { draft } = convertArticle(
        site,
        "https://www.creativecommons.at/faircoin-hackathon",
        row,
        article,
      );
      const expected = json<{
        title: string;
        body_must_contain: string[];
        body_must_not_contain: string[];
      }>("article-with-side-views.expected.json");
      expect(draft.data.title).toBe(expected.title);
      for (const words of expected.body_must_contain) expect(draft.body).toContain(words);
      for (const words of expected.body_must_not_contain) expect(draft.body).not.toContain(words);
    });
  },
);
