/** The loop of a developer: what a change of the site file changes on some articles. */
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { watch } from "../../src/commands/watch.js";
import { Sample } from "../../src/crawl/sample.js";
import type { Page, Row } from "../../src/model.js";
import type { Site } from "../../src/site/site.js";
import { crawlHere, Kept } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

/** 40 articles on two listing pages; the twelfth is an error page, the rest have a day above 12 now and then. */
async function crawled(more: object = {}) {
  using served = await serveSite((path) => {
    if (path === "/robots.txt") return 404;
    const page = path === "/list" ? 0 : 1;
    if (path.startsWith("/list"))
      return `${Array.from({ length: 20 }, (_, at) => `<li><a href="/a${page * 20 + at}">Article ${page * 20 + at}</a> <i>${at + 1}/2/2020</i></li>`).join("")}${page === 0 ? '<nav><a href="/list?page=1">next</a></nav>' : ""}`;
    const name = path.slice(2);
    return `<h1>Article ${name}</h1><div class="text"><p>Words of ${name}.</p><p class="more">And more.</p></div><p class="kind">${name === "0" ? "News" : "Notes"}</p>`;
  });
  const cwd = scratch();
  const site = {
    ...{ name: "watched", start: served.start, politeness: { delay: 0, concurrency: 4 } },
    listing: { rows: "li", link: "a", next: "nav a" },
    fields: {
      title: { listing: "a", article: "h1" },
      date: { listing: "i" },
      type: { article: ".kind", unknownValues: "keep" },
      body: { article: ".text" },
    },
    ...more,
  };
  const file = join(cwd, "site.json");
  writeFileSync(file, JSON.stringify(site));
  expect(await crawlHere(cwd, "archive", { maxRejected: { count: 40 } })).toMatchObject({
    stderr: "",
  });
  return { cwd, file, site };
}

/** Watches, and waits for words. */
function watching(cwd: string, file: string, options: object = {}) {
  const ends = new AbortController();
  const terminal = new Kept(options);
  const captures = [join(cwd, "archive")];
  const done = watch(captures, { site: file, ...options } as never, terminal, ends.signal);
  const says = async (words: string | RegExp) => {
    const text = () => terminal.stdout + terminal.stderr;
    const isSaid = () => (typeof words === "string" ? text().includes(words) : words.test(text()));
    while (!isSaid()) await Promise.race([pause(5), done]);
    const said = text();
    terminal.stdout = terminal.stderr = "";
    return said;
  };
  const end = () => {
    ends.abort();
    return done;
  };
  return { says, end };
}

test("a change of the site file is shown as what changes in fields and Markdown of the articles of the sample", async () => {
  const { cwd, file, site } = await crawled();
  const { says, end } = watching(cwd, file, { sample: 4 });
  const first = await says("watching site.json");
  expect(first).toContain("4 of 40 articles: title 4, date 4, type 4, summary 0, body 4\n");
  const change = (fields: object, more: object = {}) =>
    writeFileSync(
      file,
      JSON.stringify({ ...site, ...more, fields: { ...site.fields, ...fields } }),
    );

  change({}, { remove: [".more"] });
  const removed = await says(/changed, .* s\)/);
  expect(removed).toMatch(
    /Article 0\n {4}http:.*\/a0\n {4}body\n {4}@@ .* @@\n {5}Words of 0\.\n {4}-\n {4}-And more\.\n/,
  );
  expect(removed).toMatch(/\n4 changed, 0 the same \(\d+\.\d s\)\n$/);

  change(
    { type: { article: ".kind", values: { Notes: "note" }, unknownValues: "error" } },
    { remove: [".more"] },
  );
  const typed = await says(/changed, .* s\)/);
  expect(typed).toMatch(
    /Article 0\n.*\n {4}not an entry\n {4}\+ data\.type: expected one of Notes, found "News"\n {4}type\n {4}- news\n {4}\+ null\n/,
  );
  expect(typed).toMatch(/ {4}type\n {4}- notes\n {4}\+ note\n/);
  expect(typed).toContain("4 changed, 0 the same, 1 not an entry");

  // What is not a site file is said with its reason, and the next change is seen.
  writeFileSync(file, "{");
  expect(await says("hint:")).toContain("error: site.json could not be loaded");
  writeFileSync(join(cwd, "next"), JSON.stringify({ ...site, remove: [".more", "h2"] }));
  renameSync(join(cwd, "next"), file);
  expect(await says(/changed, .* s\)/)).toContain("    - note\n    + notes\n");
  writeFileSync(file, JSON.stringify({ ...site, remove: [".more", "h3"] }));
  expect(await says("nothing changes")).toMatch(/^nothing changes on 4 articles \(\d+\.\d s\)\n$/);
  change({}, { listing: { ...site.listing, rows: "b" } });
  expect(await says(/changed, .* s\)/)).toMatch(
    /not read\n.*\n {4}not an entry\n {4}\+ no row of http:.*\/list leads to it\n/,
  );
  expect(await end()).toBe(0);
  expect(readdirSync(cwd).sort()).toEqual(["archive", "site.json"]);
});

test("a watch says the same to programs as JSON Lines", async () => {
  const { cwd, file, site } = await crawled();
  const { says, end } = watching(cwd, file, { sample: 2, json: true });
  const first = (await says("watching"))
    .split("\n")
    .map((line) => line.startsWith("{") && JSON.parse(line));
  expect(first[0]).toEqual({
    event: "sample",
    articles: 2,
    of: 40,
    has: { title: 2, date: 2, type: 2, body: 2 },
    rejected: 0,
  });
  writeFileSync(file, JSON.stringify({ ...site, remove: [".more"] }));
  const [changed] = (await says('"round"')).split("\n");
  expect(JSON.parse(changed ?? "")).toMatchObject({
    event: "changed",
    fields: [],
    body: expect.stringContaining("-And more."),
    problems: null,
  });
  expect(await end()).toBe(0);
});

test("a watch without a site file, or of a capture that the site file reads no article of, says what to do", async () => {
  const { cwd, file, site } = await crawled();
  const { end: first } = watching(cwd, "demo");
  await expect(first()).rejects.toThrow("--watch needs a site file, and demo is none");
  writeFileSync(file, JSON.stringify({ ...site, listing: { ...site.listing, rows: "b" } }));
  await expect(watching(cwd, file).end()).rejects.toThrow(
    /names no article: .*listing\.rows matched nothing/,
  );
});

test.each([0, 1, 3, 4, 5, 9, 40, 1_000])(
  "a sample of four of %i articles is spread over all of them",
  (of) => {
    const sample = new Sample(4);
    for (let at = 0; at < of; at++) sample.add({} as Site, { position: at } as Row, {} as Page);
    const places = sample.articles.map(({ row }) => row.position);
    expect(sample.of).toBe(of);
    expect(places).toHaveLength(Math.min(4, of));
    expect(new Set(places).size).toBe(places.length);
    if (of > 4) expect(places.at(-1)).toBeGreaterThanOrEqual(of / 2);
  },
);
