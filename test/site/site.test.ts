import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CliError } from "../../src/error.js";
import { findSite } from "../../src/site/load.js";
import { resolveSite } from "../../src/site/resolve.js";
import { tried } from "../../src/site/selector-words.js";
import { defineSite, type SiteInput } from "../../src/site/site.js";

const SMALL: SiteInput = {
  name: "small",
  start: "https://example.org/news",
  listing: { rows: ".item" },
  fields: { title: { listing: "h2" } },
};

function problems(input: unknown): string {
  try {
    resolveSite(input, {}, "site.ts");
  } catch (error) {
    if (error instanceof CliError) return [error.message, ...error.details, error.hint].join("\n");
    throw error;
  }
  return "";
}

async function failure(promise: Promise<unknown>): Promise<CliError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CliError) return error;
  throw new Error(`expected a CliError, found ${String(error)}`);
}

describe("a site file", () => {
  test("a site file needs little, and the defaults fill the rest", () => {
    const site = resolveSite(SMALL, {}, "site.ts");
    expect(site).toMatchObject({
      origins: ["https://example.org"],
      language: "und",
      politeness: { delay: 250, concurrency: 2 },
      article: { follow: true },
    });
    expect(site.fields.title).toMatchObject({
      listing: [{ select: "h2", attribute: null, read: "text", all: false }],
      prefer: "article",
      required: true,
    });
    expect(site.fields.body).toMatchObject({ listing: [], required: true });
    expect(site.listing.link).toEqual([
      { select: ":scope a[href]", attribute: "href", read: "text", all: false },
    ]);
  });

  test.each<[string, object, string[]]>([
    [
      "an unknown key, with the nearest known one",
      { strat: "x" },
      ["strat: unknown key", 'did you mean "start"?'],
    ],
    [
      "an invalid selector, wherever it is",
      {
        listing: { rows: ["li", "div:frst"], next: { select: "a[rel" } },
        remove: "p::after",
      },
      [
        'listing.rows.1: expected a CSS selector (Unknown pseudo-class :frst), found "div:frst"',
        "listing.next.select: expected a CSS selector (a [ has no ] after it",
        "remove: expected a CSS selector (Pseudo-elements are not supported",
      ],
    ],
    [
      "a date format that reads no date",
      { fields: { date: { formats: ["DD/MM/YYYY", "d de MMMM yyyy", "MMMM yyyy"] } } },
      [
        'fields.date.formats.0: expected a date format such as d MMMM yyyy ("DD" is not a token',
        "fields.date.formats.1: expected a date format such as d MMMM yyyy (it names the day twice",
        "fields.date.formats.2: expected a date format such as d MMMM yyyy (it names no day)",
      ],
    ],
    [
      "a field whose name cannot be one, with that name",
      { fields: { Price: { kind: "number", article: ".p" } } },
      ["fields.Price: expected a name of at most 32 letters", 'found "Price"'],
    ],
    [
      "an unknown key inside, with its path",
      { listing: { row: "x" } },
      ["listing.row: unknown key", '"rows"'],
    ],
    [
      "an unknown key of an alternative",
      { fields: { title: { article: [{ selectr: "h1" }] } } },
      ["fields.title.article.0", "selectr"],
    ],
    ["a key far from any known", { zzzzzzzzzz: 1 }, ["zzzzzzzzzz: unknown key, expected one of"]],
    [
      "a wrong kind of value",
      { politeness: { delay: "fast" } },
      ['politeness.delay: expected a number, without quotes, found "fast"'],
    ],
    ["an invalid URL", { start: "example.org" }, ["start", 'found "example.org"']],
    ["a bad name", { name: "../up" }, ["name", 'found "../up"']],
    [
      "a word that is not one of the choices",
      { fields: { title: { prefer: "listings" } } },
      ["fields.title.prefer", '"listing"'],
    ],
    [
      "a word and a language named __proto__",
      JSON.parse(`{ "fields": { "title": { "listing": "h2" }, "type": { "values": { "__proto__": "news" } } },
        "languages": { "__proto__": {} } }`),
      [
        'fields.type.values.__proto__: expected another key, found "news"',
        "languages.__proto__: expected another key, found {}",
      ],
    ],
    [
      "a word named __proto__ of another language",
      JSON.parse(
        '{ "languages": { "fr": { "fields": { "type": { "values": { "__proto__": null } } } } } }',
      ),
      ["languages.fr.fields.type.values.__proto__: expected another key, found null"],
    ],
    ["an unknown preset", { preset: "drupal" }, ['unknown preset "drupal"']],
    [
      "an empty list, a null and a number where a selector is to be",
      {
        fields: { title: { listing: [] }, date: { listing: null }, x: 7 },
        listing: { rows: 7, next: [] },
        article: null,
      },
      [
        'fields.title.listing: expected a list of at least 1, such as ["…"], found []',
        'fields.date.listing: expected a CSS selector in quotes, such as "h1", or an object in { } with select, attribute, all or read, or a list in [ ], found null',
        'fields.x: expected { kind: "text", article: "…" } for a place on the article\'s page',
        'listing.rows: expected a CSS selector in quotes, such as "h1", or a list in [ ], found 7',
        "article: expected an object in { } with follow, pages, translations or media, found null",
      ],
    ],
    [
      "texts, numbers and choices, in plain words",
      {
        requisites: "lok",
        language: "e n",
        politeness: { delay: -1, concurrency: 1.5 },
        accept: ["", "article-fail"].map((finding) => ({ finding, place: "x", reason: "y" })),
        languages: { "x y": {} },
        sessionParameters: "sid",
      },
      [
        'requisites: expected "none", "look" or "all", or an object in { } with load, files or bytes, found "lok"',
        "language: expected a language tag such as en or zh-Hans",
        "politeness.delay: expected a number of at least 0, found -1",
        "politeness.concurrency: expected a whole number, found 1.5",
        'accept.0.finding: expected the name of a finding, as a run prints it, found ""',
        'accept.1.finding: expected the name of a finding, as a run prints it (did you mean "article-failed"?), found "article-fail"',
        "languages.x y: expected a language tag such as en or zh-Hans",
        'sessionParameters: expected a list in [ ], found "sid"',
      ],
    ],
    [
      "a selector that is cut off, in plain words",
      { listing: { rows: "article.post[", link: "//a" }, remove: "a:contains('x'" },
      [
        'listing.rows: expected a CSS selector (it ends where a name is to follow), found "article.post["',
        "XPath is not read",
        "remove: expected a CSS selector (a ( has no ) after it)",
      ],
    ],
    [
      "to take out what every entry has",
      { fields: { title: null } },
      ["fields.title: expected where it is", "cannot be taken out, found null"],
    ],
    [
      "to take out what is not there",
      { fields: { title: { listing: "h2" }, place: null, type: null }, health: { type: 1 } },
      [
        "fields.place: there is no such field to take out; remove this line",
        "health.type: the field is taken out; remove this line",
      ],
    ],
  ])("resolveSite refuses %s", (_, more, words) => {
    const told = problems({ ...SMALL, ...more });
    expect(told).toContain("site.ts");
    for (const word of words) expect(told).toContain(word);
  });

  test("a field of the preset is taken out with null, also for one list or one language", () => {
    const preset = {
      start: "https://example.org/news",
      listing: { rows: ".item" },
      fields: {
        title: { listing: "h2" },
        date: { listing: ".d" },
        type: { listing: ".t", required: true },
        place: { kind: "text", listing: ".p" },
      },
      health: { type: 0.9, date: 0.5 },
    } as const;
    const presets = { preset };
    const site = (more: object) =>
      resolveSite({ name: "small", preset: "preset", ...more }, presets, "site.ts");
    const out = site({ fields: { type: null, place: null } });
    expect(out.fields.type).toMatchObject({ listing: [], article: [], required: false });
    expect(out.fields.place).toBeUndefined();
    expect(out.own.fields).toEqual({});
    expect(out.health).toEqual({ date: 0.5 });
    const fr = site({ languages: { fr: { fields: { type: null } } } });
    expect(fr.fields.type.listing).toHaveLength(1);
    expect(fr.languages.fr?.fields.type.listing).toEqual([]);
    const lists = resolveSite(
      {
        name: "small",
        fields: { title: { listing: "h2" }, type: null },
        lists: [
          { name: "feed", start: "https://example.org/feed", listing: { kind: "feed" } },
          {
            name: "own",
            start: "https://example.org/a",
            listing: { rows: "li" },
            fields: { type: { listing: "b" } },
          },
        ],
      },
      {},
      "site.ts",
    ).lists;
    expect(lists.map(({ fields }) => fields.type.listing.length)).toEqual([0, 1]);
  });

  test("an unknown preset is told with the nearest known one", () => {
    expect(() => resolveSite({ ...SMALL, preset: "wordpres" }, { wordpress: {} }, "x")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Did you mean "wordpress"?') }),
    );
  });

  test("a selector that a row and a page share is named once", () => {
    expect(tried(["h1", "h1", ".t"])).toBe("(tried h1 | .t)");
    expect(tried([..."abcde"])).toBe("(tried a | b | c | d | e)");
    expect(tried([..."abcdef"])).toBe("(tried a | b | c | d and 2 more)");
  });

  test("resolveSite reports all faults of a site file at once", () => {
    const told = problems({ ...SMALL, nam: 1, start: 7, listing: { rowz: ".a" } });
    for (const key of ["nam:", "start:", "listing.rowz:"]) expect(told).toContain(key);
  });

  test("resolveSite reports what a site without a preset lacks", () => {
    const told = problems({ name: "bare" });
    for (const key of ["start:", "listing.rows:", "fields.title:"]) expect(told).toContain(key);
  });

  test("a site file overrides the keys of its preset, and replaces lists as a whole", () => {
    const base = { ...SMALL, name: undefined, listing: { rows: [".a", ".b"], next: ".n" } };
    const { name: _, ...preset } = base;
    const site = resolveSite(
      { name: "x", preset: "base", listing: { rows: [".c"] } },
      { base: preset },
      "site.ts",
    );
    expect(site.listing.rows).toEqual([".c"]);
    expect(site.listing.next[0]?.select).toBe(".n");
  });
});

describe("findSite", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitelift-site-"));
  writeFileSync(
    join(folder, "own.ts"),
    `import { defineSite } from "sitelift";\nexport default defineSite(${JSON.stringify({ ...SMALL, name: "from-ts" })});\n`,
  );
  writeFileSync(
    join(folder, "own.mjs"),
    `export default ${JSON.stringify({ ...SMALL, name: "from-js" })};\n`,
  );
  writeFileSync(join(folder, "own.json"), JSON.stringify({ ...SMALL, name: "from-json" }));
  writeFileSync(join(folder, "broken.ts"), "export default {{{");
  writeFileSync(join(folder, "broken.json"), '{"name": }');
  writeFileSync(join(folder, "wrong.ts"), 'export default { name: "wrong", strat: 1 };');

  test.each([
    ["own.ts", "from-ts"],
    ["own.mjs", "from-js"],
    ["own.json", "from-json"],
    ["demo", "demo"],
    ["unesco-beijing", "unesco-beijing"],
  ])("findSite finds %s", async (target, name) => {
    expect((await findSite(target, {}, folder)).name).toBe(name);
  });

  test("a UNESCO office in another language has that language's host", async () => {
    const site = await findSite("unesco-beijing", { language: "fr" }, folder);
    expect(site).toMatchObject({
      name: "unesco-beijing-fr",
      language: "fr",
      start: "https://fr.unesco.org/fieldoffice/beijing/articles",
    });
    expect(site.fields.date.formats).toEqual(["M/d/yyyy", "d.M.yyyy"]);
  });

  test("a URL with a preset needs no site file", async () => {
    const site = await findSite(
      "https://en.example.org/fieldoffice/Beijing/articles",
      { preset: "drupal7" },
      folder,
    );
    expect(site.name).toBe("en-example-org-fieldoffice-beijing-articles");
    expect(site.listing.pageParameter).toBe("page");
  });

  test("findSite without a name uses sitelift.config.* of the working folder", async () => {
    const here = mkdtempSync(join(tmpdir(), "sitelift-config-"));
    expect((await failure(findSite(undefined, {}, here))).hint).toContain("site file");
    writeFileSync(join(here, "sitelift.config.json"), JSON.stringify({ ...SMALL, name: "config" }));
    expect((await findSite(undefined, {}, here)).name).toBe("config");
  });

  test.each([
    ["missing.ts", "no site file at"],
    ["broken.ts", "broken.ts could not be loaded"],
    ["broken.json", "broken.json could not be loaded"],
    ["wrong.ts", "wrong.ts is not a valid site file"],
    ["demoo", "neither a built-in site"],
    ["https://example.org/x", "no preset or site file for https://example.org/x"],
    ["unesco-beijing:xx", "neither a built-in site"],
  ])("findSite refuses %s with exit code 2 and a hint", async (target, message) => {
    const error = await failure(findSite(target, {}, folder));
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(2);
    expect(error.hint).not.toBe("");
  });

  test.each([
    [
      "json",
      '{ "name": "a",\n  "start": "https://a.org/b"\n  "listing": {} }',
      "(line 3, column 3)",
    ],
    ["json", '{ "name": "a",\n  "start"', "Unexpected end of JSON input (line 2, column 10)"],
    ["ts", 'export default {\n  name: "a"\n  start: "b",\n};\n', "(line 3, column 3)"],
    ["js", "const a = 1;\nexport default { name: none };\n", "none is not defined (line 2)"],
  ])(
    "a mistake in the syntax of a %s file has a line and a column",
    async (extension, text, place) => {
      const file = join(folder, `syntax.${extension}`);
      writeFileSync(file, text);
      const { message } = await failure(findSite(file, {}, folder));
      expect(message.slice(-place.length)).toBe(place);
      expect(message).not.toContain("\n");
    },
  );

  test("a language that a built-in site does not have is refused", async () => {
    expect((await failure(findSite("demo", { language: "de" }, folder))).hint).toContain(
      "en, fr, ar",
    );
  });
});

test("defineSite returns its argument", () => {
  expect(defineSite(SMALL)).toBe(SMALL);
});
