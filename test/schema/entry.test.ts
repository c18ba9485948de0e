import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isCalendarDate } from "../../src/dates/calendar.js";
import { ENTRY_KEYS, entryData, entryLine, judge } from "../../src/schema/entry.js";
import { outcomeLine } from "../../src/schema/ledger.js";
import { manifest } from "../../src/schema/manifest.js";
import { isPortableName, LANGUAGE_TAG } from "../../src/schema/words.js";
import { draft } from "../archive/samples.js";

const media = {
  sourceUrl: "https://x.example/a.png",
  path: "media/a.png",
  sha256: "0".repeat(64),
  bytes: 1,
  mediaType: "image/png",
  alt: null,
};

describe("judge", () => {
  it("judge makes an entry of a valid draft, word for word", () => {
    const right = draft("x", { media: [media], translations: { fr: "https://x.example/fr" } });
    const { issues, ...rest } = right;
    expect(issues).toEqual([]);
    expect(judge(right)).toEqual(rest);
  });

  it.each<[path: string, value: unknown, message: RegExp]>([
    ["data.title", "", /is empty/],
    ["data.title", " \u00a0", /is empty/],
    ["data.title", null, /expected string/],
    ["data.title", "a\u0007", /control character/],
    ["data.title", "a\nb", /control character/],
    ["data.title", "\ud800", /half of a character/],
    ["data.date", "2021-02-29", /calendar date/],
    ["data.date", "12/23/2021", /calendar date/],
    ["data.date", "2021-12-15T00:00:00Z", /calendar date/],
    ["data.date", undefined, /expected string/],
    ["data.type", "", /is empty/],
    ["data.language", "en_US", /BCP 47/],
    ["data.language", "", /BCP 47/],
    ["data.sourceUrl", "ftp://x.example/", /http/],
    ["data.sourceUrl", "/news/x", /http/],
    ["data.sourceUrl", "javascript:alert(1)", /http/],
    ["data.aliases.1", ["https://x.example/", "x"], /http/],
    ["data.media.0.path", [{ ...media, path: "../x" }], /media/],
    ["data.media.0.sha256", [{ ...media, sha256: "x" }], /SHA-256/],
    ["data.direction", "up", /ltr/],
    ["data.summary", "a\0", /NUL/],
    ["data.translations.constructor", { constructor: "https://x.example/" }, /key/],
    ["data.titel", "x", /unknown key/],
  ])("judge refuses %s: %j", (path, value, message) => {
    const key = path.split(".")[1] ?? "";
    const judged = judge(draft("x", { [key]: value }));
    expect(judged).toMatchObject({ issues: [{ path, message: expect.stringMatching(message) }] });
  });

  it.each<[path: string, more: object, message: RegExp]>([
    ["body", { body: "" }, /body is empty/],
    ["body", { body: " \n" }, /body is empty/],
    ["body", { body: "a\0b" }, /NUL/],
    ["slug", { slug: "a/b" }, /portable/],
    ["id", { id: "../../x" }, /not an id/],
  ])("judge refuses the %s of %j", (path, more, message) => {
    expect(judge(draft("x", {}, more))).toMatchObject({
      issues: [{ path, message: expect.stringMatching(message) }],
    });
  });

  it("judge gives every issue at once, each with the printed text, its selector and a hint", () => {
    const issue = {
      path: "data.date",
      message: "no such month",
      raw: "13/32/2021",
      selector: ".date",
      hint: "x",
    };
    const judged = judge(
      draft("x", { title: "", date: "x", language: "?" }, { body: "", issues: [issue] }),
    );
    expect(judged).toEqual({
      issues: [
        issue,
        {
          path: "data.title",
          message: "is empty",
          raw: "About x",
          selector: "h1",
          hint: expect.stringContaining("fields.title"),
        },
        {
          path: "data.language",
          message: expect.stringContaining("BCP 47"),
          raw: "?",
          selector: null,
          hint: expect.stringContaining("language"),
        },
        {
          path: "body",
          message: expect.stringContaining("empty"),
          raw: null,
          selector: ".body",
          hint: expect.stringContaining("fields.body"),
        },
      ],
    });
  });

  it("judge accepts an empty body where the site requires none", () => {
    const listed = draft("x", {}, { body: "", provenance: { fields: {}, losses: [] } });
    expect(judge(listed)).not.toHaveProperty("issues");
    const issue = { path: "body", message: "missing", raw: null, selector: ".body", hint: "x" };
    expect(judge({ ...listed, issues: [issue] })).toEqual({ issues: [issue] });
  });

  it("judge names the nearest key for an unknown one", () => {
    expect(judge(draft("x", { sourceURL: "x" } as never))).toMatchObject({
      issues: [{ path: "data.sourceURL", hint: 'Did you mean "sourceUrl"?' }],
    });
  });

  it("judge never throws, whatever a draft holds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything()),
        fc.string({ unit: "binary" }),
        (data, body) => {
          const judged = judge(draft("x", data, { body }));
          if ("issues" in judged) expect(judged.issues.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe("formats of values", () => {
  it("isCalendarDate accepts every day of the calendar and no other", () => {
    const lengths = { 1900: 365, 2000: 366, 2021: 365, 2024: 366 };
    for (const [year, days] of Object.entries(lengths)) {
      let found = 0;
      for (let month = 0; month < 100; month++)
        for (let day = 0; day < 100; day++) {
          const two = (n: number) => String(n).padStart(2, "0");
          if (isCalendarDate(`${year}-${two(month)}-${two(day)}`)) found++;
        }
      expect(found, year).toBe(days);
    }
  });

  it.each(["0000-01-01", "21-01-01", "2021-1-1", " 2021-01-01", "2021-01-01\n", "٢٠٢١-٠١-٠١"])(
    "%j is not a calendar date",
    (text) => {
      expect(isCalendarDate(text)).toBe(false);
    },
  );

  it.each([
    "en",
    "und",
    "zh-Hans",
    "pt-BR",
    "uz-Latn-UZ",
    "es-419",
    "sl-rozaj",
    "de-x-office",
    "en-u-ca-gregory",
  ])("%s is a language tag", (tag) => {
    expect(tag).toMatch(LANGUAGE_TAG);
  });

  it.each(["e", "en_US", "en-", "-en", "english language", "../en", "en\n", "123"])(
    "%j is not a language tag",
    (tag) => {
      expect(tag).not.toMatch(LANGUAGE_TAG);
    },
  );

  it.each([
    "a",
    "third-national-forum",
    "\u043d\u043e\u0432\u043e\u0441\u0442\u044c",
    "a.b",
    "con-x",
    "x".repeat(180),
  ])("%s is a portable name", (name) => {
    expect(isPortableName(name)).toBe(true);
  });

  it.each([
    "",
    ".",
    "..",
    ".a",
    "a.",
    "a ",
    " a",
    "-a",
    "~a",
    "a/b",
    "a\\b",
    "a:b",
    "a?",
    "a*",
    "CON",
    "nul.txt",
    "com1",
    "a\0",
    "a\n",
    "\u202ea",
    "e\u0301",
    "\ud800",
    "x".repeat(181),
    "\u{1f600}".repeat(46),
  ])("%j is not a portable name", (name) => {
    expect(isPortableName(name)).toBe(false);
  });
});

const SCHEMAS = Object.entries({ entryData, entryLine, outcomeLine, manifest }).map(
  ([name, schema]) => [name, z.toJSONSchema(schema)] as const,
);

describe("JSON Schemas", () => {
  it("the JSON Schemas describe every key", () => {
    const bare: string[] = [];
    const look = (schema: unknown, path: string) => {
      if (typeof schema !== "object" || schema === null) return;
      const { properties, items, description } = schema as Record<string, unknown>;
      if (description === undefined && path !== "" && !path.endsWith("[]")) bare.push(path);
      for (const [key, value] of Object.entries(properties ?? {})) look(value, `${path}.${key}`);
      look(items, `${path}[]`);
    };
    for (const [, schema] of SCHEMAS) look(schema, "");
    expect(bare).toEqual([]);
  });

  it.each(SCHEMAS)("the JSON Schema %s has a name and names its dialect", (_, schema) => {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: expect.stringMatching(/^urn:sitelift:[a-z-]+:1$/),
      title: expect.any(String),
      description: expect.any(String),
      additionalProperties: false,
    });
  });

  it("a reader of the JSON Schema takes the tags of languages that the archive has", () => {
    const { properties } = z.toJSONSchema(entryData) as {
      properties: Record<string, { pattern: string }>;
    };
    expect("zh-Hans").toMatch(new RegExp(properties.language?.pattern ?? "-"));
  });

  it("the schema of an entry keeps the order of its keys", () => {
    expect(ENTRY_KEYS.slice(0, 9)).toEqual([
      "id",
      "title",
      "date",
      "type",
      "language",
      "sourceUrl",
      "summary",
      "aliases",
      "media",
    ]);
    const { data } = draft("x");
    const turned = Object.fromEntries(Object.entries(data).reverse());
    // A site without fields of its own has no key for them.
    expect([...Object.keys(entryData.parse(turned)), "fields"]).toEqual(ENTRY_KEYS);
  });
});
