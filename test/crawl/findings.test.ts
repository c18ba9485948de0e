import { describe, expect, test } from "vitest";
import { sortFindings, unusedAccepts, withArticles } from "../../src/crawl/findings.js";
import { acceptWords, NOTHING_SEEN, type Walk } from "../../src/schema/run-report.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const siteWith = (accept: NonNullable<SiteInput["accept"]>) =>
  resolveSite(
    {
      name: "list",
      start: "https://en.example.org/news",
      listing: { rows: "li" },
      fields: { title: { listing: "a" } },
      accept,
    },
    {},
    "test",
  );
const REASON = { reason: "it is so" };
const FAILED: Walk = {
  ...NOTHING_SEEN,
  outcomes: [
    { url: "https://en.example.org/a", state: "failed", reason: "HTTP 500", listedOn: [] },
    {
      url: "https://en.example.org/b",
      state: "rejected",
      reason: "title: is missing",
      listedOn: [],
    },
    { url: "https://en.example.org/c", state: "written", entry: "0123456789abcdef", listedOn: [] },
  ],
};

describe("what the end of all lists shows", () => {
  test("articles that failed or were rejected are findings with the words that accept them", () => {
    const { open, accepted } = withArticles(FAILED, siteWith([]));
    expect(accepted).toEqual([]);
    expect(open.map(({ finding, place }) => [finding, place])).toEqual([
      ["article-failed", "https://en.example.org/a"],
      ["article-rejected", "https://en.example.org/b"],
    ]);
    const written = open.map((one) => ({ ...JSON.parse(acceptWords(one)), ...REASON }));
    const known = withArticles(FAILED, siteWith(written));
    expect([known.open, known.accepted.length, known.notes]).toEqual([[], 2, []]);
  });

  test.each([
    ["/collect?*", true],
    ["https://en.example.org/coll*", true],
    ["/collect", false],
    ["/other*", false],
  ])("a request that failed with a URL of its own each time is at %s: %s", (place, isAccepted) => {
    const failed = ["1", "2"].map((time) => ({
      ...{ finding: "request-failed", place: `https://en.example.org/collect?t=${time}` },
      ...{ count: null, message: "failed" },
    }));
    const site = siteWith([{ finding: "request-failed", place, ...REASON }]);
    const { accepted: known } = sortFindings(failed, site);
    expect(known).toHaveLength(isAccepted ? 2 : 0);
    expect(unusedAccepts(known, site)).toHaveLength(isAccepted ? 0 : 1);
  });

  test("a star is nothing but a star at the place of another finding", () => {
    const place = "https://en.example.org/a";
    const site = siteWith([{ finding: "article-failed", place: "/*", ...REASON }]);
    const found = { finding: "article-failed", place, count: null, message: "failed" };
    expect(sortFindings([found], site).accepted).toEqual([]);
  });

  test("a run that did not read a language of the site says that an accepted finding may be of it", () => {
    const site = siteWith([{ finding: "article-failed", place: "/fr/a", ...REASON }]);
    const listings = { en: "https://en.example.org/", fr: "https://en.example.org/fr" };
    const note =
      "accept: article-failed at /fr/a was not found in this run; remove it from the site file";
    for (const [languages, more] of [
      [["en"], ", unless it is of a language that this run did not read (fr)"],
      [["en", "fr"], ""],
    ] as const)
      expect(withArticles({ ...NOTHING_SEEN, languages, listings }, site).notes).toEqual([
        note + more,
      ]);
  });

  test("what one language alone has is not called unused, on whichever host its list is", () => {
    const short = { finding: "page-short", count: 9, message: "short" } as const;
    const place = "https://fr.example.org/news?page=2";
    const seen: Walk = { ...NOTHING_SEEN, accepted: [{ ...short, place, ...REASON }] };
    for (const named of [place, "/news?page=2"]) {
      const accept = [{ finding: "page-short", place: named, count: 9, ...REASON }];
      expect(withArticles(seen, siteWith(accept)).notes).toEqual([]);
    }
    const other = [{ finding: "page-short", place: "/news?page=3", count: 9, ...REASON }];
    expect(withArticles(seen, siteWith(other)).notes).toEqual([
      "accept: page-short at /news?page=3 was not found in this run; remove it from the site file",
    ]);
    for (const cut of [{ cutOff: true }, { gaps: ["a page of the list could not be read"] }])
      expect(withArticles({ ...seen, ...cut }, siteWith(other)).notes).toEqual([]);
  });
});
