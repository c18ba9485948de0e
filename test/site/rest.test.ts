/** `...` in a list of a site file is what would be there without it. */
import { describe, expect, test } from "vitest";
import { CliError } from "../../src/error.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const site = (more: Partial<SiteInput>) =>
  resolveSite({ name: "a", start: "https://a.example/news", ...more }, PRESETS, "site.json");
const plain = site({ preset: "drupal7" });
const selects = (ways: readonly { readonly select: string }[]) => ways.map(({ select }) => select);

describe("the rest of a list", () => {
  test("is what the preset has there, before, after or alone", () => {
    const own = site({
      preset: "drupal7",
      remove: ["...", ".ad"],
      listing: { rows: [".story", "..."], link: ["...", ".more"], next: "..." },
      article: { media: [".lead img", "..."] },
      fields: { title: { article: [".headline", "..."] } },
    });
    expect(own.listing.rows).toEqual([".story", ...plain.listing.rows]);
    expect(selects(own.listing.link)).toEqual([...selects(plain.listing.link), ".more"]);
    expect(own.listing.next).toEqual(plain.listing.next);
    expect(own.remove).toEqual([...plain.remove, ".ad"]);
    expect(own.article.media).toEqual([".lead img", ...plain.article.media]);
    const { title } = own.fields;
    expect(selects(title.article)).toEqual([".headline", ...selects(plain.fields.title.article)]);
    expect(title.listing).toEqual(plain.fields.title.listing);
  });

  test("is for one of several lists what the whole site file has", () => {
    const { lists } = resolveSite(
      {
        name: "a",
        preset: "wordpress",
        listing: { rows: [".top", "..."] },
        lists: [
          { name: "one", start: "https://a.example/1", listing: { rows: [".card", "..."] } },
          { name: "two", start: "https://a.example/2" },
        ],
      },
      PRESETS,
      "site.json",
    );
    expect(lists[1]?.listing.rows[0]).toBe(".top");
    expect(lists[0]?.listing.rows).toEqual([".card", ...(lists[1]?.listing.rows ?? [])]);
  });

  test("is for a kind of list what the kind is read by", () => {
    const feed = site({ listing: { kind: "feed" } });
    const own = site({
      listing: { kind: "feed" },
      fields: {
        summary: { listing: ["...", ":scope > abstract"] },
        date: { formats: ["...", "d.M.yyyy"] },
      },
    });
    expect(selects(own.fields.summary.listing)).toEqual([
      ...selects(feed.fields.summary.listing),
      ":scope > abstract",
    ]);
    expect(own.fields.date.formats).toEqual([...feed.fields.date.formats, "d.M.yyyy"]);
  });

  test.each<[where: string, more: Partial<SiteInput>]>([
    ["listing.rows", { listing: { rows: [".a", "..."] } }],
    ["fields.title.listing", { listing: { rows: ".a" }, fields: { title: { listing: ["..."] } } }],
    ["remove", { listing: { rows: ".a" }, fields: { title: { listing: "h2" } }, remove: ["..."] }],
    [
      "languages.ar.fields.summary.article",
      {
        listing: { rows: ".a" },
        fields: { title: { listing: "h2" } },
        languages: { ar: { fields: { summary: { article: ["..."] } } } },
      },
    ],
  ])("is an error in %s where there is no preset", (where, more) => {
    let details: readonly string[] = [];
    try {
      site(more);
    } catch (error) {
      if (error instanceof CliError) details = error.details ?? [];
    }
    expect(details.join("\n")).toContain(`${where}: "..." is for what a preset has there`);
  });

  test("is in a language what one of several lists has there", () => {
    const { lists } = resolveSite(
      {
        name: "a",
        preset: "wordpress",
        languages: { ar: { fields: { place: { kind: "text", article: [".مكان", "..."] } } } },
        lists: [
          {
            ...{ name: "one", start: "https://a.example/1" },
            fields: { place: { kind: "text", article: ".place" } },
          },
          { name: "two", start: "https://a.example/2" },
        ],
      },
      PRESETS,
      "site.json",
    );
    const [one, two] = lists.map(
      (list) => list.languages.ar?.own.fields.place && list.languages.ar,
    );
    expect(selects(one?.fields.place?.article ?? [])).toEqual([".مكان", ".place"]);
    expect(selects(two?.fields.place?.article ?? [])).toEqual([".مكان"]);
  });

  test("is not a selector where nothing can be below it", () => {
    const next = { submit: "..." };
    expect(() => site({ preset: "drupal7", listing: { next } })).toThrow("not a valid site file");
  });

  test("stays a text among texts of the site", () => {
    expect(
      site({ preset: "drupal7", fields: { type: { empty: ["..."] } } }).fields.type.empty,
    ).toEqual(["..."]);
  });
});
