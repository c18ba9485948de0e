/** Text that is meant for something else than reading, through every command and every export: it stays text. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { load as loadHtml } from "cheerio";
import { parse as parseCsv } from "csv-parse/sync";
import { isTag } from "domhandler";
import { load as parseJsYaml } from "js-yaml";
import MarkdownIt from "markdown-it";
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { type Ended, events, sitelift } from "../commands/sitelift.js";
import type { FaultServer } from "../fault-server.js";
import { siteFile } from "./cli.js";
import { ESCAPES, startTextSite, TEXTS } from "./text-site.js";

/** What a terminal acts on, and what turns the direction of text. */
const ACTIVE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const FORMATS = ["netlify", "nginx", "apache", "drupal", "json"] as const;
const TARGETS =
  "hugo astro eleventy docusaurus jekyll drupal wordpress csv jsonl sqlite bagit".split(" ");
const ANY = ["--max-rejected", "100%", "--max-failed-media", "100%"];

let server: FaultServer & { readonly start: string };
let folder: string;
/** What each command printed, by its words. */
const ended = new Map<string, Ended>();

async function run(...args: string[]): Promise<Ended> {
  const one = await sitelift(args, { cwd: folder, env: { CI: "1" } });
  ended.set(args.join(" "), one);
  return one;
}

beforeAll(async () => {
  server = await startTextSite();
  ({ folder } = await siteFile(server.start));
  await run("crawl", "site.json", "--out", "out", ...ANY);
  await run("crawl", "site.json", "--out", "out", "--json", ...ANY);
  await run("build", "out/captures", "--site", "site.json", "--out", "built", ...ANY);
  await Promise.all([
    ...["office/articles", "news/story-31", "news/escape-0", "news/escape-3"].flatMap((page) => [
      run("inspect", `${server.origin}/${page}`, "--site", "site.json"),
      run("inspect", `${server.origin}/${page}`, "--site", "site.json", "--json"),
    ]),
    ...["header", "redirect", "redirect-escape", "coding"].map((page) =>
      run("inspect", `${server.origin}/news/${page}`, "--site", "site.json"),
    ),
    run("verify", "out"),
    run("diff", "out", "built"),
  ]);
  await Promise.all([
    run("redirects", "out", "--check", server.origin),
    ...FORMATS.map((format) => run("redirects", "out", "--format", format)),
    ...TARGETS.map((target) => run("export", "out", "--to", target, "--out", `ex/${target}`)),
  ]);
  const pages = ["office/articles", "news/escape-0", "news/escape-3", "news/story-31"];
  const urls = pages.map((page) => `${server.origin}/${page}`);
  await run("record", ...urls, "--site", "site.json", "--out", "cases");
  const cases = readdirSync(join(folder, "cases")).filter((name) => !name.startsWith("."));
  for (const name of cases) {
    const file = join(folder, "cases", name, "expected.json");
    writeFileSync(file, read(file).replaceAll("alert(1)", "alert(2)\u202e"));
    const body = join(folder, "cases", name, "expected.md");
    if (name.startsWith("listing")) continue;
    writeFileSync(body, `${read(body)}\n<script>alert(1)</script> \u001b[2J\u009b31m\u202e\n`);
  }
  await Promise.all(
    ["text", "json", "junit", "github", "html"].map((reporter) =>
      run("test", "cases", "--reporter", reporter),
    ),
  );
  for (const name of ["entries.jsonl", "account.md"]) await rm(join(folder, "built", name));
  await run("verify", "built", "--json");
}, 300_000);

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const read = (path: string) => readFileSync(path, "utf8");
const lines = (path: string) =>
  read(join(folder, path))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Files below a folder that end in something. */
function filesIn(path: string, ending: string): string[] {
  return readdirSync(join(folder, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(path, name));
}

/** Everything in a piece of HTML that runs, or loads what may run. */
function live(html: string): string[] {
  const $ = loadHtml(html, null, false);
  return $("*")
    .toArray()
    .filter(isTag)
    .flatMap(({ name, attribs }) => [
      ...(/^(script|style|iframe|object|embed|base|meta|link|form|svg)$/.test(name) ? [name] : []),
      ...Object.entries(attribs)
        .filter(
          ([key, value]) =>
            /^(on|srcdoc|style|formaction)/.test(key) ||
            /^(javascript|vbscript|data):/i.test(value.replace(/[\u0000- ]/g, "")),
        )
        .map(([key, value]) => `${name} ${key}=${value}`),
    ]);
}

test("no command prints text of a site that a terminal acts on", () => {
  expect(filesIn("out/content", ".md")).toHaveLength(TEXTS.length + 2 * ESCAPES.length);
  for (const [words, { exitCode, stdout, stderr }] of ended) {
    const what = `${words}\n${stderr}`;
    expect(stderr, words).not.toContain("defect of sitelift");
    expect(exitCode === 2 ? what : "").toBe("");
    if (/^(export|record|build|diff|redirects out --format) /.test(words))
      // That titles are the whole of their bodies is a finding.
      expect([0, 3, 4], what).toContain(exitCode);
    // CSV ends its lines with both.
    expect(ACTIVE.exec(stdout.replaceAll("\r\n", "\n")), words).toBeNull();
    expect(ACTIVE.exec(stderr), words).toBeNull();
    if (words.includes("--json") && !words.startsWith("inspect"))
      expect(events(stdout).at(-1), words).toMatchObject({ event: "end", exitCode });
  }
  expect(ACTIVE.exec(read(join(folder, "out/account.md")))).toBeNull();
});

test("front matter is read back unchanged by every YAML library", () => {
  const entries = lines("out/entries.jsonl");
  const plain = ESCAPES.map((text) => text.replace(/\p{Cc}/gu, ""));
  for (const name of ["title", "typeText", "summary"]) {
    // A row that is the whole article has no summary.
    const said = entries.flatMap(({ data }) => data[name] ?? []);
    expect(new Set(said)).toEqual(new Set([...TEXTS, ...plain]));
  }
  for (const { path, data } of entries) {
    const text = read(join(folder, "out", path));
    const front = text.slice(4, text.indexOf("\n---\n", 3) + 1);
    expect(parseYaml(front), path).toEqual(data);
    expect(parseJsYaml(front), path).toEqual(data);
    // An unquoted date is a date to readers of YAML 1.1.
    expect({ ...parseYaml(front, { version: "1.1" }), date: data.date }, path).toEqual(data);
  }
  for (const file of filesIn("ex", ".md").filter((name) => /20\d\d/.test(name))) {
    const text = read(join(folder, file));
    const front = text.slice(4, text.indexOf("\n---\n", 3) + 1);
    expect(parseJsYaml(front), file).toEqual(parseYaml(front));
  }
});

test("no cell of an exported table is a formula", () => {
  const files = [...filesIn("out", "redirects.csv"), ...filesIn("ex", ".csv")];
  expect(files.length).toBeGreaterThan(3);
  for (const file of files)
    for (const row of parseCsv(read(join(folder, file))) as string[][])
      for (const cell of row)
        expect(cell, file).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
  const titles = parseCsv(read(join(folder, "ex/csv/articles.csv")), { columns: true }) as {
    title: string;
  }[];
  expect(titles.map(({ title }) => title)).toContain("'-1+1");
  expect(titles.map(({ title }) => title)).toContain("''=1+1");
});

describe("markup of a site is inactive", () => {
  test("markup of a site is inactive in Markdown rendered with HTML allowed", () => {
    const markdown = new MarkdownIt({ html: true });
    for (const root of ["out/content", "ex"])
      for (const file of filesIn(root, ".md")) {
        const text = read(join(folder, file));
        if (text.startsWith("---\n"))
          expect(live(markdown.render(text.slice(text.indexOf("\n---\n", 3) + 5))), file).toEqual(
            [],
          );
      }
  });

  test("markup of a site is inactive in exported HTML", () => {
    const wxr = loadHtml(read(join(folder, "ex/wordpress/articles.xml")), { xml: true });
    const { articles } = JSON.parse(read(join(folder, "ex/drupal/data/articles.json")));
    const bodies = [
      ...lines("ex/jsonl/articles.jsonl").map(({ html }) => html),
      ...articles.map(({ body }: { body: string }) => body),
      ...wxr("content\\:encoded")
        .toArray()
        .map((node) => wxr(node).text()),
    ];
    expect(bodies.length).toBeGreaterThanOrEqual(3 * TEXTS.length);
    for (const body of bodies) expect(live(body)).toEqual([]);
  });

  test("markup of a site is inactive in the reports of cases", () => {
    const html = ended.get("test cases --reporter html")?.stdout ?? "";
    expect(html).toContain("&#60;script&#62;alert(1)");
    const [head = "", body = ""] = html.split("<body>");
    expect(live(body)).toEqual([]);
    expect(head).toContain("default-src 'none'");
    const junit = ended.get("test cases --reporter junit")?.stdout ?? "";
    for (const xml of [junit, read(join(folder, "ex/wordpress/articles.xml"))])
      expect(() => new SaxesParser({ xmlns: true }).write(xml).close()).not.toThrow();
  });
});

test("an old URL never starts a directive in a server configuration", () => {
  const rules = ended.get("redirects out --format apache")?.stdout.trim().split("\n") ?? [];
  const own = /^(#.*|RewriteEngine On|RewriteRule "\^\/\?news\/.*\[R=301,L,NE,QSD\])$/;
  expect(rules.filter((line) => !own.test(line))).toEqual([]);
  expect(rules.filter((line) => line.includes("\\x0d\\x0aRewriteRule"))).toHaveLength(2);
  const maps = ended.get("redirects out --format nginx")?.stdout.trim().split("\n") ?? [];
  expect(
    maps.filter((line) => !/^(#.*|map.*|\}| {2}default .*;| {2}"[^\n]*";)$/.test(line)),
  ).toEqual([]);
});

test("names of JavaScript's built-in properties work as keys and words", async () => {
  const words = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const types = lines("out/entries.jsonl").map(({ data }) => data.type);
  expect(types).toEqual(expect.arrayContaining(words.map((word) => word.toLowerCase())));
  const site = `{"name":"own","preset":"drupal7","start":"${server.start}","politeness":{"delay":0},
    "fields":{"type":{"values":{"constructor":"valueOf","no":"__proto__"},"unknownValues":"null"}}}`;
  writeFileSync(join(folder, "own.json"), site);
  await run("crawl", "own.json", "--out", "own", "--no-articles", ...ANY);
  const named = lines("own/entries.jsonl").map(({ data }) => `${data.typeText}: ${data.type}`);
  expect(named).toEqual(
    expect.arrayContaining([
      "no: __proto__",
      "constructor: valueOf",
      "__proto__: null",
      "toString: null",
      "hasOwnProperty: null",
    ]),
  );
  for (const text of [
    site.replace('"name"', '"__proto__":{"a":1},"name"'),
    site.replace('"type"', '"__proto__":{"listing":["a"]},"type"'),
  ]) {
    writeFileSync(join(folder, "polluted.json"), text);
    expect((await run("crawl", "polluted.json", "--out", "polluted", "--dry-run")).exitCode).toBe(
      2,
    );
  }
});
