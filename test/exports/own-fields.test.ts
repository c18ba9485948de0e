import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { load as parseYaml } from "js-yaml";
import sqlite3 from "node-sqlite3-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import type { OwnShape } from "../../src/schema/fields.js";
import { entry } from "../archive/samples.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { archiveOf, TRAP_MEDIA, trapArchive } from "./trap-archive.js";

const PLACE = 'Bay: "west" {{ x }}';
const OTHER = "/en/2020/other/";
const LOST = "https://old.example/files/lost.pdf";
const NEWS = "https://old.example/news/none";

let archive = "";
beforeAll(async () => {
  archive = await trapArchive();
});

async function exported(target: string, from = archive): Promise<string> {
  const out = join(scratch(), "out");
  const { exitCode, stderr } = await sitelift(
    ["export", from, "--to", target, "--out", out, "--json"],
    {},
  );
  expect(exitCode, stderr).toBe(0);
  return out;
}

const textOf = (...path: string[]) => readFileSync(join(...path), "utf8");
const frontOf = (...path: string[]) =>
  parseYaml(textOf(...path).split("---\n")[1] ?? "") as Record<string, unknown>;

/** Under one key, as most generators have them. */
const UNDER_ONE_KEY = {
  place: PLACE,
  topic: "sea",
  day: "2013-10-22",
  begins: "2013-10-22T09:30+08:00",
  when: { start: "2013-10-22", end: "2013-10-25" },
  more: "https://e.example/x?y=1#z",
  seats: 1250.5,
  free: true,
  intro: `See [the other](${OTHER}).`,
  lead: `/${TRAP_MEDIA}`,
  files: [`/${TRAP_MEDIA}`, LOST],
  related: [OTHER, NEWS],
  tags: ["=Sea", "Small boats", "yes"],
  authors: ["Ann O’Hara", "Bo"],
  address: "12: Quay",
};

describe("fields of a site's own", () => {
  test("hugo has terms as taxonomies, and the rest in params", async () => {
    const out = await exported("hugo");
    const { params, ...front } = frontOf(out, "content/en/2021/links.md");
    const { tags, authors, topic, ...others } = UNDER_ONE_KEY;
    expect(front).toMatchObject({ tags, authors, topic: [topic] });
    expect(params).toMatchObject(others);
    expect(parseYaml(textOf(out, "hugo.yaml"))).toMatchObject({
      taxonomies: { category: "categories", tags: "tags", authors: "authors", topic: "topic" },
    });
    expect(frontOf(out, "content/en/undated/undated.md").params).not.toHaveProperty("place");
  });

  test("astro has them in its front matter, and in a strict schema", async () => {
    const out = await exported("astro");
    expect(frontOf(out, "src/content/articles/en/2021/links.md").fields).toEqual(UNDER_ONE_KEY);
    const schema = textOf(out, "src/content.config.ts");
    expect(schema).toContain('"topic": z.enum(["sea","land"]).nullable(),');
    expect(schema).toContain('"files": z.array(z.string()),');
  });

  test("eleventy has them as data, and terms as collections", async () => {
    const front = frontOf(await exported("eleventy"), "src/articles/en/2021/links.md");
    expect(front.fields).toEqual(UNDER_ONE_KEY);
    expect(front.tags).toEqual(["articles", "sea", ...UNDER_ONE_KEY.tags]);
  });

  test("docusaurus has tags, authors and an image", async () => {
    const front = frontOf(await exported("docusaurus"), "blog/en/2021/links.md");
    expect(front).toMatchObject({
      tags: ["news", "sea", ...UNDER_ONE_KEY.tags],
      authors: [{ name: "Ann O’Hara" }, { name: "Bo" }],
      image: `/${TRAP_MEDIA}`,
    });
  });

  test("jekyll has tags and authors", async () => {
    const front = frontOf(await exported("jekyll"), "_posts/en/2021/2021-12-15-links.md");
    expect(front).toMatchObject({
      tags: ["sea", ...UNDER_ONE_KEY.tags],
      author: UNDER_ONE_KEY.authors,
      fields: { when: UNDER_ONE_KEY.when },
    });
  });

  test("csv has a column for each, two for a range, and no formula", async () => {
    const text = textOf(await exported("csv"), "articles.csv");
    const rows: Record<string, string>[] = parseCsv(text, { columns: true });
    expect(rows.find(({ place }) => place !== "")).toMatchObject({
      place: PLACE,
      when_start: "2013-10-22",
      when_end: "2013-10-25",
      seats: "1250.5",
      free: "true",
      tags: "'=Sea\nSmall boats\nyes",
      field_address: "12: Quay",
      address: "/en/2021/links/",
    });
  });

  test("sqlite has a column for each value, and a table for each list", async () => {
    const file = join(await exported("sqlite"), "articles.db");
    const database = new sqlite3.Database(file, { readOnly: true });
    try {
      const all = (sql: string) => database.all(sql);
      expect(
        all(
          "SELECT place, seats, free, when_start, when_end, field_address FROM articles WHERE place IS NOT NULL",
        ),
      ).toEqual([
        {
          place: PLACE,
          seats: 1250.5,
          free: 1,
          when_start: "2013-10-22",
          when_end: "2013-10-25",
          field_address: "12: Quay",
        },
      ]);
      expect(all("SELECT value FROM tags ORDER BY position")).toEqual(
        UNDER_ONE_KEY.tags.map((value) => ({ value })),
      );
    } finally {
      database.close();
    }
  });

  test("jsonl names other entries by id and address", async () => {
    const lines = textOf(await exported("jsonl"), "articles.jsonl")
      .trimEnd()
      .split("\n");
    const line = lines.map((one) => JSON.parse(one)).find(({ fields }) => fields.place !== null);
    const [other] = line.fields.related;
    expect(line.fields).toMatchObject({ when: UNDER_ONE_KEY.when, files: UNDER_ONE_KEY.files });
    expect(other).toEqual({ id: expect.stringMatching(/^other0+$/), address: OTHER });
    expect(line.fields.related[1]).toEqual({ id: null, address: NEWS });
    expect(line.fields.intro.html).toContain(`<a href="${OTHER}">the other</a>`);
  });

  test("wordpress has tags, and post meta for the rest", async () => {
    const text = textOf(await exported("wordpress"), "articles.xml");
    expect(text).toContain(
      '<category domain="post_tag" nicename="small-boats"><![CDATA[Small boats]]></category>',
    );
    expect(text).toContain("<wp:tag_name><![CDATA[Small boats]]></wp:tag_name>");
    for (const [key, value] of [
      ["when_start", "2013-10-22"],
      ["when_end", "2013-10-25"],
      ["place", PLACE],
      ["authors", "Bo"],
    ])
      expect(text).toContain(
        `<wp:meta_key><![CDATA[${key}]]></wp:meta_key><wp:meta_value><![CDATA[${value}]]></wp:meta_value>`,
      );
  });

  test("drupal has a field for each, a vocabulary for terms, and a migration that fills them", async () => {
    const out = await exported("drupal");
    const yaml = (path: string) => parseYaml(textOf(out, path)) as Record<string, unknown>;
    const storage = yaml("config/optional/field.storage.node.field_when.yml");
    expect(storage).toMatchObject({ type: "daterange", cardinality: 1 });
    expect(yaml("config/optional/field.storage.node.field_files.yml")).toMatchObject({
      type: "file",
      cardinality: -1,
    });
    expect(yaml("config/optional/taxonomy.vocabulary.sitelift_tags.yml")).toMatchObject({
      vid: "sitelift_tags",
    });
    const migration = yaml("config/install/migrate_plus.migration.sitelift_office_articles.yml");
    expect(migration.process).toMatchObject({
      field_tags: [
        { plugin: "get", source: "field_tags" },
        { plugin: "migration_lookup", migration: expect.stringMatching(/_terms$/) },
      ],
      field_place: "field_place",
    });
    const { articles } = JSON.parse(textOf(out, "data/articles.json"));
    const record = articles.find((one: { field_place: string[] }) => one.field_place.length > 0);
    expect(record).toMatchObject({
      field_when: [{ value: "2013-10-22", end_value: "2013-10-25" }],
      field_begins: ["2013-10-22T01:30:00"],
      field_tags: ["tags/=Sea", "tags/Small boats", "tags/yes"],
      field_files: [TRAP_MEDIA],
      field_related: [expect.stringMatching(/^other/)],
    });
    const { terms } = JSON.parse(textOf(out, "data/terms.json"));
    expect(terms).toContainEqual({ id: "tags/yes", vocabulary: "sitelift_tags", name: "yes" });
  });
});

describe("a field of categories", () => {
  let filed = "";
  beforeAll(async () => {
    const one = entry("one", {}, { body: "Words." });
    const fields = { categories: ["News", "News of the port"], tags: ["quay"] };
    filed = await archiveOf(
      [
        {
          ...one,
          data: { ...one.data, date: "2021-05-03", type: "news", typeText: "News", fields },
        },
      ],
      { fields: { categories: { kind: "list", of: "text" }, tags: { kind: "list", of: "text" } } },
    );
  });

  test("wordpress has as categories beside the type, each once, and not as tags", async () => {
    const text = textOf(await exported("wordpress", filed), "articles.xml");
    expect(text.match(/<category domain="(?:category|post_tag)".*/g)).toEqual([
      '<category domain="category" nicename="news"><![CDATA[News]]></category>',
      '<category domain="category" nicename="news-of-the-port"><![CDATA[News of the port]]></category>',
      '<category domain="post_tag" nicename="quay"><![CDATA[quay]]></category>',
    ]);
    expect(text.match(/<wp:category_nicename>.*?<\/wp:category_nicename>/g)).toHaveLength(2);
    expect(text.match(/<wp:tag_slug>/g)).toHaveLength(1);
  });

  test.each([
    ["hugo", "content/en/2021/one.md"],
    ["jekyll", "_posts/en/2021/2021-05-03-one.md"],
  ])("%s has as categories, and not as another taxonomy or tags", async (target, path) => {
    const front = frontOf(await exported(target, filed), path);
    expect(front).toMatchObject({ categories: ["News", "News of the port"], tags: ["quay"] });
    expect(front).not.toHaveProperty("field_categories");
  });
});

describe("names of fields that a target does not tell apart", () => {
  const own: OwnShape = {
    fields: {
      event: { kind: "range" },
      event_start: { kind: "date" },
      placeName: { kind: "text" },
      place_name: { kind: "text" },
      placename: { kind: "number" },
      aVeryLongNameOfAFieldThatIsA: { kind: "text" },
      aVeryLongNameOfAFieldThatIsB: { kind: "text" },
      search_data: { kind: "list", of: "text" },
      articles_by_date: { kind: "list", of: "text" },
      sqlite_x: { kind: "list", of: "text" },
      price: { kind: "choice", choices: ["$1", "$$", "$&"] },
      skills: { kind: "list", of: "text" },
    },
  };
  const values = {
    event: { start: "2020-01-01", end: "2020-01-02" },
    event_start: "2021-01-01",
    placeName: "one",
    place_name: "two",
    placename: 16777217,
    aVeryLongNameOfAFieldThatIsA: "A",
    aVeryLongNameOfAFieldThatIsB: "B",
    search_data: ["s"],
    articles_by_date: ["d"],
    sqlite_x: ["x"],
    price: "$$",
    skills: ["C++", "C", "C#"],
  };
  let likeNames = "";
  beforeAll(async () => {
    const one = entry("one", {}, { body: "Words." });
    likeNames = await archiveOf([{ ...one, data: { ...one.data, fields: values } }], own);
  });

  test("csv has a column for each", async () => {
    const [names = [], row = []] = parseCsv(
      textOf(await exported("csv", likeNames), "articles.csv"),
    ) as string[][];
    const lower = names.map((name) => name.toLowerCase());
    expect(new Set(lower).size).toBe(lower.length);
    expect(row).toEqual(expect.arrayContaining(["2020-01-01", "2021-01-01", "one", "16777217"]));
  });

  test("sqlite has a column or a table for each", async () => {
    const file = join(await exported("sqlite", likeNames), "articles.db");
    const database = new sqlite3.Database(file, { readOnly: true });
    try {
      expect(
        database.all(
          "SELECT event_start, field_event_start, placeName, field_placename FROM articles",
        ),
      ).toEqual([
        {
          event_start: "2020-01-01",
          field_event_start: "2021-01-01",
          placeName: "one",
          field_placename: 16777217,
        },
      ]);
      for (const table of ["field_search_data", "field_articles_by_date", "field_sqlite_x"])
        expect(database.all(`SELECT value FROM ${table}`)).toHaveLength(1);
    } finally {
      database.close();
    }
  });

  test("drupal numbers them, and keeps numbers whole", async () => {
    const out = await exported("drupal", likeNames);
    const [record] = JSON.parse(textOf(out, "data/articles.json")).articles;
    expect(record).toMatchObject({
      ...{ field_place_name: ["one"], field_place_name_2: ["two"] },
      ...{ field_a_very_long_name_of_a_fiel: ["A"], field_a_very_long_name_of_a_fi_2: ["B"] },
    });
    const storage = textOf(out, "config/optional/field.storage.node.field_placename.yml");
    expect(parseYaml(storage)).toMatchObject({ type: "decimal", settings: { scale: 10 } });
  });

  test("hugo does not tell A from a", async () => {
    const { params } = frontOf(await exported("hugo", likeNames), "content/en/2021/one.md");
    expect(params).toMatchObject({ placeName: "one", field_placename: 16777217 });
  });

  test("astro has choices as they are, and entries may have no fields", async () => {
    const schema = textOf(await exported("astro", likeNames), "src/content.config.ts");
    expect(schema).toContain('"price": z.enum(["$1","$$","$&"]).nullable(),');
    expect(schema).toContain("}).strict().optional(),");
  });

  test("wordpress has a tag for each term, and a key for each field", async () => {
    const text = textOf(await exported("wordpress", likeNames), "articles.xml");
    for (const [slug, words] of [
      ["c", "C"],
      ["c-2", "C#"],
      ["c-3", "C++"],
    ]) {
      expect(text).toContain(
        `<category domain="post_tag" nicename="${slug}"><![CDATA[${words}]]></category>`,
      );
      expect(text).toContain(
        `<wp:tag_slug><![CDATA[${slug}]]></wp:tag_slug><wp:tag_name><![CDATA[${words}]]></wp:tag_name>`,
      );
    }
    expect(text).toContain("<wp:meta_key><![CDATA[field_event_start]]></wp:meta_key>");
  });
});
