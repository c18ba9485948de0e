import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "cheerio";
import { parse as parseCsv } from "csv-parse/sync";
import { load as parseYaml } from "js-yaml";
import sqlite3 from "node-sqlite3-wasm";
import { SaxesParser } from "saxes";
import { beforeAll, describe, expect, test } from "vitest";
import { events, scratch, sitelift, siteliftProcess } from "../commands/sitelift.js";
import { TRAP_MEDIA, trapArchive } from "./trap-archive.js";

interface Line {
  readonly id: string;
  readonly path: string;
  readonly data: Record<string, unknown> & { title: string; date: string | null; language: string };
  readonly body: string;
}

let archive = "";
let lines: readonly Line[] = [];
beforeAll(async () => {
  archive = await trapArchive();
  lines = readFileSync(join(archive, "entries.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
});

/** Exports to a new folder; gives the folder and the warnings. */
async function exported(target: string, ...more: string[]) {
  const folder = join(scratch(), "out");
  const { exitCode, stdout, stderr } = await sitelift(
    ["export", archive, "--to", target, "--out", folder, "--json", ...more],
    {},
  );
  expect(exitCode, stderr).toBe(0);
  const warnings = events(stdout).filter(({ event }) => event === "warning");
  return { folder, warnings, end: events(stdout).at(-1) };
}

const textOf = (...path: string[]) => readFileSync(join(...path), "utf8");

describe("csv", () => {
  test("the csv export gives back every value to an independent parser, and no cell is a formula", async () => {
    const { folder } = await exported("csv");
    const text = textOf(folder, "articles.csv");
    const rows: Record<string, string>[] = parseCsv(text, {
      columns: true,
      record_delimiter: "\r\n",
    });
    expect(rows.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    for (const [index, row] of rows.entries()) {
      expect(row.title?.replace(/^'/, "")).toBe(lines[index]?.data.title);
      expect(row.date).toBe(lines[index]?.data.date ?? "");
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
    expect(rows.find(({ title }) => title === "'=1+1")).toBeDefined();
    expect(existsSync(join(folder, TRAP_MEDIA))).toBe(true);
  });
});

describe("jsonl", () => {
  test("the jsonl export has an object a line, with URL, Markdown and HTML whose links lead to the new site", async () => {
    const { folder } = await exported("jsonl", "--base", "archive");
    const found = textOf(folder, "articles.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    const links = found.find(({ id }) => id.startsWith("links"));
    expect(links.address).toBe("/archive/en/2021/links/");
    expect(links.body).toContain("[the other](/archive/en/2020/other/#part)");
    expect(links.body).toContain("[the old address](/archive/en/2020/other/)");
    expect(links.body).toContain("[a node](/archive/en/2020/other/#f)");
    expect(links.body).toContain("[elsewhere](https://e.example/x)");
    const $ = load(links.html);
    expect($("figure img").attr("src")).toBe(`/archive/${TRAP_MEDIA}`);
    expect($("figure a").attr("href")).toBe("/archive/en/2020/other/");
    const other = found.find(({ id }) => id.startsWith("other"));
    expect(Object.keys(other.translations)).toEqual(["ar", "fr"]);
    expect(found.find(({ id }) => id.startsWith("undated")).date).toBeNull();
  });
});

/** The program of the system, where there is one. */
const SQLITE = "sqlite3";

describe("sqlite", () => {
  test("the sqlite export is intact, holds every entry, and finds words and parts of words", async () => {
    const { folder } = await exported("sqlite");
    const file = join(folder, "articles.db");
    const database = new sqlite3.Database(file, { readOnly: true });
    const all = (sql: string) => database.all(sql) as Record<string, unknown>[];
    expect(all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(all("PRAGMA foreign_key_check")).toEqual([]);
    expect(
      all("SELECT id, title, date, body IS NOT NULL AS has FROM articles ORDER BY id"),
    ).toEqual(lines.map(({ id, data }) => ({ id, title: data.title, date: data.date, has: 1 })));
    const found = (table: string, words: string) =>
      all(
        `SELECT id FROM ${table} JOIN articles ON articles.rowid = ${table}.rowid WHERE ${table} MATCH '${words}'`,
      ).map(({ id }) => id);
    expect(found("search", "autre")).toEqual(["french000000"]);
    expect(found("search", "النص")).toEqual(["arabic000000"]);
    expect(found("search_parts", "عربي")).toEqual(["arabic000000"]);
    expect(found("search", "nowhere")).toEqual([]);
    expect(all("SELECT target FROM redirects WHERE path = '/node/7'")).toEqual([
      { target: "/en/2020/other/" },
    ]);
    expect(all("SELECT path, in_text FROM media WHERE path LIKE 'media/dot-%'")).toEqual([
      { path: TRAP_MEDIA, in_text: 1 },
    ]);
    database.close();
  });

  test.skipIf(spawnSync(SQLITE, ["--version"]).error !== undefined)(
    "the sqlite3 of the system reads the sqlite export (skipped where it is not installed)",
    async () => {
      const { folder } = await exported("sqlite");
      const sql =
        "SELECT count(*) FROM articles; SELECT count(*) FROM search WHERE search MATCH 'other';";
      const { stdout, stderr } = spawnSync(SQLITE, [join(folder, "articles.db"), sql], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      expect(stdout).toMatch(new RegExp(`^${lines.length}\n[1-9]`));
    },
  );
});

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** A strict, namespace-aware reading: what is not well-formed throws. */
function parseXml(text: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const element = { name, attributes: Object.fromEntries(values), children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  for (const kind of ["text", "cdata"] as const)
    parser.on(kind, (words) => {
      const last = open.at(-1);
      if (last !== undefined) last.text += words;
    });
  parser.write(text).close();
  return root;
}

const child = (element: Element | undefined, name: string) =>
  element?.children.find((one) => one.name === name);
const words = (element: Element | undefined, name: string) => child(element, name)?.text;

describe("wordpress", () => {
  let channel: Element | undefined;
  let items: Element[] = [];
  let warnings: Record<string, unknown>[] = [];
  const named = (id: string) =>
    items.find((item) => words(item, "guid") === `urn:sitelift:${id.padEnd(12, "0")}`);

  beforeAll(async () => {
    const made = await exported("wordpress");
    warnings = made.warnings;
    channel = child(child(parseXml(textOf(made.folder, "articles.xml")), "rss"), "channel");
    items = channel?.children.filter(({ name }) => name === "item") ?? [];
  });

  test("the wordpress export is WXR 1.2, with a post per entry and an attachment per file", () => {
    expect(words(channel, "wp:wxr_version")).toBe("1.2");
    const types = items.map((item) => words(item, "wp:post_type"));
    expect(types.filter((type) => type === "post")).toHaveLength(lines.length);
    expect(types.filter((type) => type === "attachment")).toHaveLength(4);
    const ids = items.map((item) => words(item, "wp:post_id"));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, data } of lines) expect(words(named(id), "title")).toBe(data.title);
  });

  test("the wordpress export has the dates of the archive, and entries without a date are drafts", () => {
    expect(words(named("other"), "wp:post_date")).toBe("2020-02-29 00:00:00");
    expect(words(named("other"), "pubDate")).toBe("Sat, 29 Feb 2020 00:00:00 +0000");
    expect(words(named("other"), "wp:status")).toBe("publish");
    expect(words(named("undated"), "wp:status")).toBe("draft");
    expect(words(named("undated"), "wp:post_date")).toBe("0000-00-00 00:00:00");
    expect(words(named("undated"), "pubDate")).toBeUndefined();
  });

  test("bodies of the wordpress export are HTML that keeps `]]>`, with inert shortcodes and no line break that wpautop would change", () => {
    const other = load(words(named("other"), "content:encoded") ?? "");
    expect(other("p").text()).toBe("A fence: ]]> ends");
    const links = words(named("links"), "content:encoded") ?? "";
    expect(links).not.toMatch(/\n/);
    expect(load(links)("table td").first().text()).toBe("a | b");
    expect(load(links)("img").first().attr("src")).toBe("https://old.example/files/dot.png");
    const templates = words(named("templates"), "content:encoded") ?? "";
    expect(load(templates)("pre").first().text()).toContain("\n\n  second &amp; <b>line</b>");
    expect(words(named("arabic"), "content:encoded")).toMatch(/^<div dir="rtl">/);
  });

  test("an attachment of the wordpress export names the URL of its file, and belongs to its post", () => {
    const file = items.find(
      (item) => words(item, "wp:attachment_url") === "https://old.example/files/dot.png",
    );
    expect(words(file, "wp:post_type")).toBe("attachment");
    expect(words(file, "wp:post_parent")).toBe(words(named("links"), "wp:post_id"));
    const alt = file?.children.find(({ name }) => name === "wp:postmeta");
    expect([words(alt, "wp:meta_key"), words(alt, "wp:meta_value")]).toEqual([
      "_wp_attachment_image_alt",
      "a dot",
    ]);
  });

  test("translations of the wordpress export are Polylang's: a language each, and one term for the group", () => {
    const terms = (id: string, domain: string) =>
      named(id)
        ?.children.filter(
          ({ name, attributes }) => name === "category" && attributes.domain === domain,
        )
        .map(({ attributes }) => attributes.nicename);
    expect(terms("arabic", "language")).toEqual(["ar"]);
    const [group] = terms("other", "post_translations") ?? [];
    expect(group).toMatch(/^pll_/);
    expect(terms("arabic", "post_translations")).toEqual([group]);
    expect(terms("french", "post_translations")).toEqual([group]);
    expect(terms("links", "post_translations")).toEqual([]);
    const term = channel?.children.find((one) => words(one, "wp:term_slug") === group);
    for (const [language, id] of [
      ["ar", "arabic"],
      ["en", "other"],
      ["fr", "french"],
    ] as const)
      expect(words(term, "wp:term_description")).toContain(
        `s:2:"${language}";i:${words(named(id), "wp:post_id")};`,
      );
  });

  test("the wordpress export warns of what the importer would do without a message", () => {
    const codes = warnings.map(({ code }) => code);
    expect(codes.filter((code) => code === "same-title-and-date")).toHaveLength(1);
    expect(codes.filter((code) => code === "undated-draft")).toHaveLength(1);
  });
});

interface Migration {
  id: string;
  source: {
    urls: string[];
    item_selector: string;
    fields: { name: string; selector: string }[];
    ids: Record<string, unknown>;
    constants: Record<string, string>;
  };
  process: Record<string, unknown>;
  migration_dependencies?: { required: string[] };
}

describe("drupal", () => {
  let folder = "";
  const migrations = new Map<string, Migration>();
  const records = (name: string) => JSON.parse(textOf(folder, `data/${name}.json`))[name];

  beforeAll(async () => {
    folder = (await exported("drupal")).folder;
    for (const name of readdirSync(join(folder, "config/install")))
      if (name.startsWith("migrate_plus.migration.")) {
        const migration = parseYaml(textOf(folder, "config/install", name)) as Migration;
        expect(name).toBe(`migrate_plus.migration.${migration.id}.yml`);
        migrations.set(migration.id, migration);
      }
  });

  test("js-yaml reads every configuration file of the drupal export", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const yaml = files.filter((name) => name.endsWith(".yml"));
    expect(yaml.length).toBeGreaterThan(8);
    for (const name of yaml) expect(parseYaml(textOf(folder, name)), name).toBeTypeOf("object");
    expect(yaml).toContain("sitelift_office.info.yml");
  });

  test("migrations of the drupal export read files that exist, by fields that exist", () => {
    expect([...migrations.keys()].sort()).toEqual([
      "sitelift_office_articles",
      "sitelift_office_files",
      "sitelift_office_terms",
      "sitelift_office_translations",
    ]);
    for (const { source, process, migration_dependencies: needs } of migrations.values()) {
      expect(source.urls).toEqual([
        `modules/custom/sitelift_office/data/${source.item_selector}.json`,
      ]);
      const fields = source.fields.map(({ selector }) => selector).sort();
      for (const record of records(source.item_selector))
        expect(Object.keys(record).sort()).toEqual(fields);
      for (const name of sourcesOf(process)) {
        if (name.startsWith("@")) expect(Object.keys(process)).toContain(name.slice(1));
        else if (name.startsWith("constants/"))
          expect(Object.keys(source.constants)).toContain(name.slice("constants/".length));
        else expect(fields).toContain(name);
      }
      for (const needed of needs?.required ?? []) expect(migrations.has(needed)).toBe(true);
    }
  });

  test("the drupal export has every entry once, as a node or as the translation of one", () => {
    const ids = ["articles", "translations"].flatMap((name) =>
      records(name).map(({ id }: { id: string }) => id),
    );
    expect(ids.sort()).toEqual(lines.map(({ id }) => id));
    const nodes = new Set(records("articles").map(({ id }: { id: string }) => id));
    for (const { original, langcode, original_langcode } of records("translations")) {
      expect(nodes.has(original)).toBe(true);
      expect(langcode).not.toBe(original_langcode);
    }
  });

  test("the drupal export dates nodes at noon UTC, and does not publish nodes without a date", () => {
    const byId = (id: string) => records("articles").find((one: Line) => one.id.startsWith(id));
    expect(byId("other")).toMatchObject({ date: "2020-02-29", created: 1582977600, published: 1 });
    expect(new Date(1582977600000).toISOString()).toBe("2020-02-29T12:00:00.000Z");
    expect(byId("undated")).toMatchObject({ date: null, created: null, published: 0 });
  });

  test("bodies of the drupal export are HTML, and only aliases in the language of the site begin with a language", () => {
    const [arabic] = records("translations").filter(({ id }: Line) => id.startsWith("arabic"));
    expect(arabic.alias).toBe("/2021/arabic");
    const links = records("articles").find(({ id }: Line) => id.startsWith("links"));
    expect(links.alias).toBe("/en/2021/links");
    const $ = load(links.body);
    expect($("a").first().attr("href")).toBe("/en/2020/other#part");
    expect($("img").first().attr("src")).toBe(
      TRAP_MEDIA.replace("media", "/sites/default/files/sitelift"),
    );
  });

  test("the drupal export copies files from the module to where the bodies link them", () => {
    expect(records("files")).toHaveLength(4);
    const file = records("files").find(({ path }: { path: string }) => path === TRAP_MEDIA);
    expect(file.uri).toBe(TRAP_MEDIA.replace("media", "public://sitelift"));
    const sum = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
    expect(sum(join(folder, "data", file.path))).toBe(sum(join(archive, TRAP_MEDIA)));
  });
});

/** Names of source fields that a process pipeline reads. */
function sourcesOf(process: Readonly<Record<string, unknown>>): string[] {
  return Object.values(process).flatMap((step): string[] => {
    if (typeof step === "string") return [step];
    const plugins = (Array.isArray(step) ? step : [step]) as { source?: string | string[] }[];
    return plugins.flatMap(({ source }) => source ?? []);
  });
}

/** Front matter as js-yaml reads it, and the body. */
function contentOf(...path: string[]) {
  const [, front = "", body = ""] = /^---\n(.*?)^---\n\n(.*)$/ms.exec(textOf(...path)) ?? [];
  return { data: parseYaml(front) as Record<string, unknown>, body };
}

describe("docusaurus", () => {
  let folder = "";
  const site = () => JSON.parse(textOf(folder, "site.json"));
  beforeAll(async () => {
    folder = (await exported("docusaurus")).folder;
  });

  test("the docusaurus export has a blog for each language, with its posts at their URLs", () => {
    expect(site().languages.map(({ tag, route }: Record<string, string>) => [tag, route])).toEqual([
      ["en", "/en"],
      ["ar", "/ar"],
      ["fr", "/fr"],
    ]);
    const other = contentOf(folder, "blog/en/2020/other.md").data;
    expect(other).toMatchObject({ slug: "/2020/other/", tags: ["news"], title: "About other" });
    expect(String(other.date)).toMatch(/^2020-02-29|^Sat Feb 29 2020/);
    const arabic = contentOf(folder, "blog/ar/2021/arabic.md");
    expect(arabic.data.slug).toBe("/2021/arabic/");
    expect(arabic.body).toMatch(/^<div lang="ar" dir="rtl">\n\n/);
  });

  test("the docusaurus export makes an article without a date a page with its title and no date", () => {
    const { data, body } = contentOf(folder, "src/pages/en/undated/undated.md");
    expect(data).not.toHaveProperty("date");
    expect(data).not.toHaveProperty("slug");
    expect(body).toMatch(/^<h1>Undated<\/h1>\n\nWords/);
  });

  test("the docusaurus export escapes directives in text, and leaves URLs", async () => {
    const { body } = contentOf(folder, "blog/en/2021/links.md");
    expect(body).toContain("(https://e.example/x)");
    expect(contentOf(folder, "blog/en/2021/templates.md").body).toContain(
      "\\:\\:\\:tip Note\\:text",
    );
  });

  test("the docusaurus export refuses a permalink that does not begin with the language", async () => {
    const args = ["export", archive, "--to", "docusaurus", "--out", join(scratch(), "x")];
    const { exitCode, stderr } = await sitelift([...args, "--permalink", "/:slug/"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("begin with /:language/");
  });
});

describe("jekyll", () => {
  test("the jekyll export makes dated articles posts named by date, others pages, and turns Liquid off", async () => {
    const { folder } = await exported("jekyll");
    const { data } = contentOf(folder, "_posts/en/2020/2020-02-29-other.md");
    expect(data).toMatchObject({ permalink: "/en/2020/other/", render_with_liquid: false });
    const undated = contentOf(folder, "articles/en/undated/undated.md").data;
    expect(undated).not.toHaveProperty("date");
    expect(undated).toMatchObject({ article_date: null, render_with_liquid: false });
    expect(parseYaml(textOf(folder, "_config.yml"))).toMatchObject({
      future: true,
      timezone: "UTC",
    });
  });
});

describe("the folder of an export", () => {
  const run = (folder: string, ...more: string[]) =>
    sitelift(["export", archive, "--to", "hugo", "--out", folder, "--json", ...more]);

  test("a second export writes nothing, and the bytes are the same in another time zone and locale", async () => {
    const one = (await exported("hugo")).folder;
    const { stdout } = await run(one);
    expect(events(stdout).at(-1)).toMatchObject({ counts: { written: 0, removed: 0, kept: 0 } });
    const two = join(scratch(), "two");
    const args = ["export", archive, "--to", "hugo", "--out", two];
    await siteliftProcess(args, { env: { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8" } });
    const files = (folder: string) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name))
        .map((file) => [file.slice(folder.length), readFileSync(file, "base64")])
        .sort();
    expect(files(two)).toEqual(files(one));
  });

  test("an export keeps and names a file that a person changed, and --force writes over it", async () => {
    const { folder } = await exported("hugo");
    writeFileSync(join(folder, "hugo.yaml"), "mine: true\n");
    writeFileSync(join(folder, "mine.txt"), "mine\n");
    const kept = await run(folder);
    expect(events(kept.stdout).at(-1)).toMatchObject({ counts: { kept: 1, written: 0 } });
    expect(kept.stdout).toContain("changed-by-hand");
    expect(textOf(folder, "hugo.yaml")).toBe("mine: true\n");
    const forced = await run(folder, "--force");
    expect(events(forced.stdout).at(-1)).toMatchObject({ counts: { kept: 0, written: 1 } });
    expect(textOf(folder, "mine.txt")).toBe("mine\n");
  });

  test("an export removes files that its entries no longer have", async () => {
    const { folder } = await exported("hugo");
    const { stdout } = await run(folder, "--path", ":language/:slug");
    const { counts } = events(stdout).at(-1) as { counts: Record<string, number> };
    expect(counts.removed).toBe(lines.length);
    expect(existsSync(join(folder, "content/en/2020"))).toBe(false);
    expect(existsSync(join(folder, "content/en/other.md"))).toBe(true);
  });

  test("an export refuses a folder that holds something else or an export for another target", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "thesis.tex"), "mine");
    const refused = await run(folder);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("is not empty");
    expect(readdirSync(folder)).toEqual(["thesis.tex"]);
    const other = (await exported("csv")).folder;
    expect((await run(other)).exitCode).toBe(2);
  });

  test("an export refuses a folder within the archive, and leaves the archive intact", async () => {
    const refused = await run(join(archive, "site"), "--force");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("is part of the archive");
    expect((await sitelift(["verify", archive])).exitCode).toBe(0);
  });

  test("export --dry-run reports what would be written, and writes nothing", async () => {
    const folder = join(scratch(), "none");
    const { stdout, exitCode } = await run(folder, "--dry-run");
    expect(exitCode).toBe(0);
    const { counts } = events(stdout).at(-1) as { counts: Record<string, number> };
    expect(counts.written).toBe(counts.files);
    expect(existsSync(folder)).toBe(false);
    // An export that would change nothing says so, streams included.
    const standing = (await exported("jsonl")).folder;
    const again = await sitelift([
      "export",
      archive,
      "--to",
      "jsonl",
      "--out",
      standing,
      "--dry-run",
      "--json",
    ]);
    expect(events(again.stdout).at(-1)).toMatchObject({ counts: { written: 0, unchanged: 5 } });
  });

  test.each([
    [["--permalink", "/:year/"], "gives several articles the same URL"],
    [["--permalink", "/:slg/"], 'Did you mean ":slug"?'],
    [["--permalink", "/../:slug/"], "is not a path"],
    [["--to", "hugu"], 'Did you mean "hugo"?'],
  ])("export refuses the options %j", async (options, words) => {
    const args = ["export", archive, "--to", "hugo", "--out", join(scratch(), "x"), ...options];
    const { exitCode, stderr } = await sitelift(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe("patterns", () => {
  test("export --permalink /:old/ keeps the old URLs, and links follow", async () => {
    const { folder } = await exported("jsonl", "--permalink", "/:old/");
    const found = textOf(folder, "articles.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const byId = (id: string) => found.find((one) => one.id.startsWith(id));
    expect(byId("other").address).toBe("/news/other/");
    expect(byId("arabic").address).toBe("/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/");
    expect(byId("links").body).toContain("[the other](/news/other/#part)");
  });
});
