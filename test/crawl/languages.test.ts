import { describe, expect, test } from "vitest";
import { LISTING_PATHS, ARTICLE_COUNTS as WHOLE } from "../../fixtures/office/articles.js";
import { type ListOptions, walkLists } from "../../src/crawl/lists.js";
import type { Entry, Page, Sink } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { inOtherLanguage } from "../../src/site/site.js";
import {
  FEW_ROWS,
  OFFICE,
  shortOffice as officePage,
  pageSource,
} from "../support/office-source.js";

/** Articles of each language, the English list being short. */
const ARTICLE_COUNTS = { ...WHOLE, en: FEW_ROWS };

const SITE = resolveSite(demo("en"), { drupal7 }, "test");

async function walked(
  languages: ListOptions["languages"],
  more: Partial<ListOptions> & { read?: (url: string) => Page | number | string } = {},
) {
  const entries: Entry[] = [];
  const sink: Sink = {
    entry: async (entry) => {
      entries.push(entry);
    },
  };
  const source = more.source ?? pageSource(more.read ?? officePage);
  const seen = await walkLists({ site: SITE, sinks: [sink], ...more, source, languages });
  return { ...seen, entries };
}

const count = (entries: readonly Entry[]) => {
  const counts: Record<string, number> = {};
  for (const { data } of entries) counts[data.language] = (counts[data.language] ?? 0) + 1;
  return counts;
};

describe("several languages", () => {
  test("a walk reads all languages that the switcher names into one balanced ledger", async () => {
    const {
      entries,
      outcomes,
      listed,
      complete,
      gaps,
      drift,
      languages: lists,
    } = await walked("all");
    expect(count(entries)).toEqual(ARTICLE_COUNTS);
    expect({ complete, gaps, drift, lists }).toEqual({
      complete: true,
      gaps: [],
      drift: [],
      lists: ["en", "ar", "fr"],
    });
    expect(outcomes).toHaveLength(listed);
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(["written"]));
  });

  test("each language is read with its own date formats and text direction", async () => {
    const { entries } = await walked(["en", "ar"]);
    expect(count(entries)).toEqual({ en: ARTICLE_COUNTS.en, ar: ARTICLE_COUNTS.ar });
    for (const { data } of entries) {
      expect(data.direction).toBe(data.language === "ar" ? "rtl" : "ltr");
      if (data.language === "ar") expect(data.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test("the order in which pages of several languages arrive changes nothing", async () => {
    const one = await walked("all");
    const other = await walked("all", {
      source: pageSource(officePage, (requests) => requests.reverse()),
    });
    expect(other.entries).toEqual(one.entries);
    expect(other.outcomes).toEqual(one.outcomes);
  });

  test("a language that the switcher does not name is reported as a gap", async () => {
    const asked: string[] = [];
    const { complete, gaps, entries } = await walked(["en", "es"], {
      read: (url) => {
        asked.push(url);
        return officePage(url);
      },
    });
    expect({ complete, gaps }).toEqual({
      complete: false,
      gaps: ['the start page names no list in "es"'],
    });
    expect(count(entries)).toEqual({ en: ARTICLE_COUNTS.en });
    expect(asked.filter((url) => url.includes("/es"))).toEqual([]);
  });

  test("a list on a host that is not allowed is not visited", async () => {
    const asked: string[] = [];
    const { gaps } = await walked(["en", "fr"], {
      read: (url) => {
        asked.push(url);
        const page = officePage(url);
        if (typeof page === "number") return page;
        const html = Buffer.from(page.body).toString();
        const moved = html.replaceAll(`"${LISTING_PATHS.fr}"`, '"http://fr.office.example/liste"');
        return { ...page, body: Buffer.from(moved) };
      },
    });
    expect(gaps.join()).toContain("languages.fr.origins");
    expect(asked.filter((url) => url.includes("fr.office"))).toEqual([]);
  });

  test("a language list that cannot be read is reported, and the others are read", async () => {
    const { complete, gaps, entries, unreachable } = await walked("all", {
      read: (url) => (url.includes("/fr/bureau") ? 503 : officePage(url)),
    });
    expect({ complete, unreachable }).toEqual({ complete: false, unreachable: null });
    expect(gaps.join()).toContain('the list in "fr" could not be read: status 503');
    expect(count(entries)).toEqual({ en: ARTICLE_COUNTS.en, ar: ARTICLE_COUNTS.ar });
  });

  test("an article named by two language lists is one entry with both places", async () => {
    const row = `<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/news/old-charts-find-a-new-home">Old charts find a new home, and an old burner with them</a></span></div></div>`;
    const { outcomes, entries } = await walked("all", {
      read: (url) => {
        const page = officePage(url);
        if (typeof page === "number" || url !== OFFICE + LISTING_PATHS.fr) return page;
        const html = Buffer.from(page.body).toString();
        const at = html.indexOf('<div class="view-content">', html.indexOf("block-system-main"));
        const start = html.indexOf(">", at) + 1;
        return { ...page, body: Buffer.from(html.slice(0, start) + row + html.slice(start)) };
      },
    });
    const url = `${OFFICE}/news/old-charts-find-a-new-home`;
    const line = outcomes.find((one) => one.url === url);
    expect(line?.listedOn.map((place) => place.split("#")[0]?.includes("/fr/"))).toEqual([
      false,
      true,
    ]);
    expect(entries.filter(({ data }) => data.sourceUrl === url)).toHaveLength(1);
  });

  test("a limit counts over the lists of all languages", async () => {
    const { entries, complete } = await walked("all", { limit: FEW_ROWS + 5 });
    expect(entries).toHaveLength(FEW_ROWS + 5);
    expect(complete).toBe(false);
  });
});

describe("a site in another language", () => {
  const site = resolveSite(
    {
      name: "x",
      preset: "drupal7",
      start: "https://en.x.example/list",
      language: "en",
      fields: { date: { formats: ["M/d/yyyy"] }, type: { values: { News: "news" } } },
      languages: {
        fr: { origins: ["https://fr.x.example"], fields: { date: { formats: ["d/M/yyyy"] } } },
      },
    },
    { drupal7 },
    "test",
  );

  test("a language has its own formats in addition to the shared ones", () => {
    const french = inOtherLanguage(site, "fr", "https://fr.x.example/liste");
    expect(french).toMatchObject({ language: "fr", start: "https://fr.x.example/liste" });
    expect(french.fields.date.formats).toEqual(["d/M/yyyy"]);
    expect(french.fields.type.values).toEqual({ News: "news" });
    expect(site.languages.fr?.origins).toContain("https://fr.x.example");
    expect(site.origins).not.toContain("https://fr.x.example");
  });

  test("a language without settings differs only in its language code", () => {
    const spanish = inOtherLanguage(site, "es", "https://en.x.example/lista");
    expect(spanish.fields).toEqual(site.fields);
    expect(spanish.language).toBe("es");
  });
});
