/** Links that look like the next listing page where no selector names it: one on every page but the last, none on that. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { urlKey } from "../../src/url/url.js";

const START = "https://example.org/news";

/** How sites write the URL of the n-th page, from 1. */
const WAYS: Record<string, { readonly of: (page: number) => string; readonly named?: string }> = {
  "a parameter that counts from 0": { of: (n) => `${START}?page=${n - 1}`, named: "page" },
  "the second number of a parameter": { of: (n) => `${START}?page=0,${n - 1}`, named: "page" },
  "a parameter that no site file names": { of: (n) => `${START}?paged=${n}` },
  "a parameter that counts rows": { of: (n) => `${START}?offset=${(n - 1) * 20}` },
  "a parameter among others": { of: (n) => `${START}?year=2020&p=${n}` },
  "the path": { of: (n) => `${START}/page/${n}/` },
  "a lone number in the path": { of: (n) => `${START}/${n}` },
  "a number with zeros and an ending": { of: (n) => `${START}-0${n}.html` },
};

function leadsOf(way: string, page: number, links: string, start = START): readonly string[] {
  const { of, named } = WAYS[way] ?? { of: () => START };
  const listing: SiteInput["listing"] = { rows: "li", next: "a.never" };
  const site = resolveSite(
    {
      name: "list",
      start,
      listing: named === undefined ? listing : { ...listing, pageParameter: named },
      fields: { title: { listing: "a" } },
    },
    {},
    "test",
  );
  const url = page === 1 ? START : of(page);
  const body = Buffer.from(
    `<!DOCTYPE html><body><ul><li><a href="/story-${page + 1}">next story</a></li></ul>${links}`,
  );
  const tree = parsePage({
    url,
    requestedUrl: page === 1 ? start : url,
    status: 200,
    headers: {},
    body,
  });
  return readListing(tree, site).leads.flatMap(({ url }) => url ?? []);
}

const anchor = (href: string, words: string) => `<a href="${href}">${words}</a>`;
const SORTING = anchor("/news?sort=title", "Title") + anchor("/news?p=12&year=2021", "2021");
const wayAndPages = fc.record({
  way: fc.constantFrom(...Object.keys(WAYS)),
  pages: fc.integer({ min: 2, max: 9 }),
  from: fc.nat(9),
});
const addressesUpTo = (way: string, page: number) =>
  Array.from({ length: page }, (_, at) => (at === 0 ? START : (WAYS[way]?.of(at + 1) ?? "")));

describe("leadsOf after the first page", () => {
  test("leadsOf finds the next page in a pager of numbers on every page but the last", () => {
    fc.assert(
      fc.property(wayAndPages, ({ way, pages, from }) => {
        const page = 2 + (from % (pages - 1));
        const all = addressesUpTo(way, pages);
        const links = all.map((href, at) => (at + 1 === page ? "" : anchor(href, String(at + 1))));
        const asked = new Set(all.slice(0, page).map(urlKey));
        const ahead = leadsOf(way, page, links.join(" ")).filter((one) => !asked.has(urlKey(one)));
        expect(ahead.slice(0, 1)).toEqual(page === pages ? [] : [all[page]]);
      }),
    );
  });

  test("leadsOf finds no page on the last one, whatever links it has", () => {
    const words = fc.constantFrom("next", "older", "1", "›", "»", "« first", "‹ previous", "更早");
    const elsewhere = fc.constantFrom(
      "/",
      "/next-steps",
      "/story-3",
      "/about?p=7",
      "/events/2024/05",
      "#top",
      "https://elsewhere.example/news?page=9",
    );
    fc.assert(
      fc.property(
        wayAndPages,
        fc.array(fc.tuple(words, fc.oneof(elsewhere, fc.nat(8))), { maxLength: 12 }),
        ({ way, pages }, printed) => {
          const all = addressesUpTo(way, pages);
          const links = printed.map(([say, to]) =>
            anchor(typeof to === "string" ? to : (all[to % pages] ?? START), say),
          );
          const asked = new Set(all.map(urlKey));
          const ahead = leadsOf(way, pages, `${links.join(" ")}${SORTING}`);
          expect(ahead.filter((one) => !asked.has(urlKey(one)))).toEqual([]);
        },
      ),
    );
  });

  test("leadsOf accepts rel=next wherever it leads", () => {
    const link = `<link rel="next" href="/archive/april">`;
    expect(leadsOf("the path", 3, link)).toEqual(["https://example.org/archive/april"]);
  });

  test("leadsOf ignores the pager of another list on the page", () => {
    const links = anchor("/news?page=1,2", "2");
    expect(leadsOf("the second number of a parameter", 3, links)).toEqual([]);
  });
});

test("leadsOf takes a list that was requested by its old URL for the first page", () => {
  const moved = "https://example.org/old";
  const links = anchor("/archive?x=2", "next") + anchor("/news/page/2", "2");
  expect(leadsOf("the path", 1, links, moved)).toEqual([
    "https://example.org/archive?x=2",
    "https://example.org/news/page/2",
  ]);
});

test("the place of a link that leads on is one at which nothing else is before it", () => {
  const start = "https://example.org/news";
  const site = resolveSite(
    {
      name: "list",
      start,
      listing: { rows: ".row", next: "a.never" },
      fields: { title: { listing: "a" } },
    },
    {},
    "test",
  );
  const link = (href: string, words: string) =>
    `<ul class="acts"><li><a class="button" href="${href}">${words}</a></li></ul>`;
  const placesIn = (words: string) => {
    const body = Buffer.from(
      `<!DOCTYPE html><body><div class="row">${link("/a", words)}</div>${link("/news/page/2/", "Older posts")}`,
    );
    const tree = parsePage({ url: start, requestedUrl: start, status: 200, headers: {}, body });
    return readListing(tree, site).leads.map(({ place }) => place);
  };
  const path = "ul.acts > li > a.button";
  expect(placesIn("Read on")).toEqual([`${path}:contains("Older posts")`]);
  expect(placesIn("Older posts")).toEqual([path]);
});
