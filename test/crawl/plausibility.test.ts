import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Theme } from "../../fixtures/office/theme.js";
import { LeftBehind } from "../../src/crawl/left-behind.js";
import { Plausibility } from "../../src/crawl/plausibility.js";
import { walk } from "../../src/crawl/walk.js";
import { repeatsIn } from "../../src/extract/repeats.js";
import { parseFragment } from "../../src/extract/tree.js";
import type { Block, Draft, FieldName, Reading, Readings } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { buildHere, crawlHere } from "../commands/here.js";
import { pageSource, shortOffice } from "../support/office-source.js";

const draft = ({ body = "", ...data }: Record<string, unknown>) =>
  ({ data, body }) as unknown as Draft;

function doubts(articles: readonly Record<string, unknown>[]) {
  const plausibility = new Plausibility();
  for (const [at, data] of articles.entries())
    plausibility.see(draft(data), `/a/${at}`, { repeats: [], content: null });
  return plausibility.doubts(() => false);
}
const many = (count: number, data: (at: number) => Record<string, unknown>) =>
  Array.from({ length: count }, (_, at) => data(at));

test("one title on most pages is a finding, with the count and the title", () => {
  const { findings } = doubts(many(10, (at) => ({ title: at < 3 ? `Own ${at}` : "The Gazette" })));
  expect(findings).toEqual([
    {
      finding: "title-repeated",
      place: "The Gazette",
      count: null,
      message: expect.stringMatching(/^7 of 10 articles have the title "The Gazette"/),
    },
  ]);
});

test("a title that some pages share, and two pages with one title, are not findings", () => {
  expect(
    doubts(many(10, (at) => ({ title: at < 4 ? "Weekly report" : `Own ${at}` }))).findings,
  ).toEqual([]);
  expect(doubts(many(2, () => ({ title: "Weekly report" }))).findings).toEqual([]);
});

test("one date on nearly all pages, and types that are lists of words, are notes", () => {
  const { findings, notes } = doubts(
    many(6, () => ({ date: "2026-11-30", typeText: "sea, boats, salt" })),
  );
  expect(findings).toEqual([]);
  expect(notes).toEqual([
    expect.stringMatching(/^6 of 6 articles have the date 2026-11-30/),
    expect.stringMatching(/list of words on 6 of 6 articles, such as "sea, boats, salt"/),
  ]);
  expect(
    doubts(many(6, (at) => ({ date: `2026-11-0${at}`, typeText: "News, 1" }))).notes,
  ).toHaveLength(1);
  expect(doubts(many(4, () => ({ date: "2026-11-30", typeText: "Press release" }))).notes).toEqual(
    [],
  );
});

test("articles in another script than that of the language of their pages are a note", () => {
  const said = (language: string, body: string) =>
    doubts(many(4, (at) => ({ title: `T ${at}`, language, body: `${at} ${body}` }))).notes;
  const russian = "Паром снова ходит, и гавань открыта с утра до вечера.";
  expect(said("en-US", russian)).toEqual([
    expect.stringMatching(/^4 of 4 articles are said to be in en-US, and are written in another/),
  ]);
  expect(said("ru", russian)).toEqual([]);
  // A name or two show nothing.
  expect(said("en", "Паром и гавань")).toEqual([]);
  expect(said("en", `The ferry, called «Паром» in Russian, is back and runs until noon.`)).toEqual(
    [],
  );
});

test("an image that most articles have is a note, and one of each article or of some is not", () => {
  const media = (...names: string[]) => names.map((name) => ({ sourceUrl: `/i/${name}.png` }));
  const { notes } = doubts(
    many(6, (at) => ({ title: `T ${at}`, media: media(`own-${at}`, "logo") })),
  );
  expect(notes).toEqual([expect.stringMatching(/^6 of 6 articles have \/i\/logo\.png: look/)]);
  expect(doubts(many(6, (at) => ({ title: `T ${at}`, media: media(`own-${at}`) }))).notes).toEqual(
    [],
  );
  const shared = many(12, (at) => ({
    title: `T ${at}`,
    media: media(at < 6 ? "series" : `${at}`),
  }));
  expect(doubts(shared).notes).toEqual([]);
});

test("bodies that begin or end with the same block are noted, with the block and the count", () => {
  const share = "[Share](https://share.example/)";
  const [begin, end] = doubts(
    many(5, (at) => ({ body: `${at < 4 ? share : "Own."}\n\nText ${at}.\n\nImprint\n` })),
  ).notes;
  expect(begin).toContain(`4 of 5 bodies begin with the same words ("${share}")`);
  expect(begin).toContain("add what holds them to `remove`");
  expect(end).toContain('5 of 5 bodies end with the same words ("Imprint")');
  const own = many(5, (at) => ({ body: `${at < 2 ? share : `Own ${at}`}\n\nText ${at}.` }));
  expect(doubts(own).notes).toEqual([]);
  expect(doubts(many(5, () => ({ body: "" }))).notes).toEqual([]);
});

/** Notes on articles of 10 words each, whose pages hold 80 words more in a block. */
function notesOn(articles: number, blockOf: (at: number) => Partial<Block> | null) {
  const [plausibility, leftBehind] = [new Plausibility(), new LeftBehind()];
  for (let at = 0; at < articles; at++) {
    const own = { place: ".more", hash: at, words: 80, images: 0, files: 0, links: 0 };
    const more = blockOf(at);
    const blocks =
      more === null
        ? []
        : [{ ...own, isAround: false, isIgnored: false, leadsTo: [], sample: "", ...more }];
    const content = { base: "https://e.org/", read: 10, removed: 0, blocks };
    leftBehind.see(content);
    const body = `${"word ".repeat(9)}${at}`;
    plausibility.see({ ...draft({}), body }, `/a/${at}`, { repeats: [], content });
  }
  return plausibility.doubts((block) => leftBehind.repeats(block)).notes;
}

test("bodies far shorter than what their pages say are told once, with the count and three samples", () => {
  expect(notesOn(100, (at) => (at % 20 === 0 ? {} : null))).toEqual([
    expect.stringMatching(
      /^5 bodies are far shorter .*seen on \/a\/0 \(10 of 90 words\), \/a\/20 \(.*\), \/a\/40 \(.*\) and 2 more$/,
    ),
  ]);
  expect(notesOn(10, (at) => (at === 3 ? {} : null))).toEqual([
    expect.stringMatching(/^1 body is far shorter/),
  ]);
});

test.each<[string, (at: number) => Partial<Block>]>([
  ["repeats", () => ({ hash: 1 })],
  ["is a menu", () => ({ isAround: true })],
  ["is ignored", () => ({ isIgnored: true })],
  ["leads to other pages", () => ({ leadsTo: ["/b"] })],
  ["is not much more", () => ({ words: 39 })],
])("a body is not too short beside what %s", (_, blockOf) => {
  expect(notesOn(10, blockOf)).toEqual([]);
});

test.each<[string, string, string[]]>([
  [
    "category, title and date",
    '<p class="cat">Sea</p><h1>One</h1><time>3 May 2021</time><p>Text.</p>',
    ["title h1", "date time"],
  ],
  [
    "in boxes of their own",
    '<div><div class="head big"><div class="t">ONE</div></div></div><p>Text.</p>',
    ["title div.t"],
  ],
  ["nothing of its own", "<p>Text of One.</p><h2>Two</h2>", []],
  ["its title far below", `<p>${"Text ".repeat(60)}</p><h2>One</h2>`, []],
  ["a line of a place and a date", "<p>Beijing, 3 May 2021: text.</p>", []],
])("what a body begins with is seen: %s", (_, html, expected) => {
  const reading = (field: FieldName, raw: string, nodes: Reading["nodes"] = null) => ({
    field,
    raw,
    printed: raw,
    nodes,
  });
  const readings = {
    title: reading("title", "One"),
    date: reading("date", "3 May 2021"),
    body: reading("body", "", parseFragment(html).root()[0]?.children ?? []),
  } as unknown as Readings;
  expect(repeatsIn(readings).map(({ field, place }) => `${field} ${place}`)).toEqual(expected);
});

test.each<[language: string, theme: Partial<Theme>]>([
  ["en", {}],
  ["en", { rows: "list", pager: "bootstrap", doctype: "html5" }],
  ["en", { rows: "table", pager: "bem", wrappers: false, dateAttributes: false }],
  ["fr", {}],
  ["ar", {}],
])("nothing in the demonstration is doubted: %s %o", async (language, theme) => {
  const site = resolveSite(demo(language), { drupal7 }, "demo");
  const source = pageSource((url) => shortOffice(url, { theme }));
  const { drift, notes, outcomes } = await walk({ site, source, sinks: [] });
  expect(outcomes.filter(({ state }) => state === "written").length).toBeGreaterThan(5);
  expect({ drift, notes }).toEqual({ drift: [], notes: [] });
});

test.each<[string, string, string, string | { select: string; read: "own" }, number]>([
  ["the date in the link", "<time>2 May 2021</time> Story", "", "a", 1],
  [
    "the date in the link, by own words",
    "<time>2 May 2021</time> Story",
    "",
    { select: "a", read: "own" },
    0,
  ],
  ["the date beside it and as words of it", "2 May 2021: story", "<time>2 May 2021</time>", "a", 0],
])(
  "titles that hold the element of their date are a finding: %s",
  async (_, words, beside, title, found) => {
    const rows = [1, 2, 3, 4].map((n) => `<li><a href="/${n}">${words} ${n}</a>${beside}</li>`);
    const site = resolveSite(
      {
        name: "g",
        start: "https://gazette.example/list",
        listing: { rows: "li", link: "a", next: [] },
        fields: { title: { listing: title }, date: { listing: "time" }, body: { article: "main" } },
      },
      {},
      "test",
    );
    const source = pageSource((url) => {
      const list = `<ul>${rows.join("")}</ul>`;
      const html = url.endsWith("/list") ? list : `<main><p>Text of ${url}.</p></main>`;
      const headers = { "content-type": "text/html; charset=utf-8" };
      return { url, requestedUrl: url, status: 200, headers, body: Buffer.from(html) };
    });
    const { drift, outcomes } = await walk({ site, source, sinks: [] });
    expect(outcomes.map(({ state }) => state)).toEqual(Array(4).fill("written"));
    expect(drift.filter((line) => line.includes("titles hold their own date (`a`)")).length).toBe(
      found,
    );
  },
);

test("a row that redirects to the article of a later one is its duplicate, whatever each row is called", async () => {
  const rows = [1, 2, 3, 4].map((n) => `<li><a href="/${n}">Story ${n}</a></li>`);
  const site = resolveSite(
    {
      name: "g",
      start: "https://gazette.example/list",
      listing: { rows: "li", link: "a", next: [] },
      fields: { title: { listing: "a" }, body: { article: "main" } },
    },
    {},
    "test",
  );
  const source = pageSource((requestedUrl) => {
    const url = requestedUrl.replace(/1$/, "4");
    const html = url.endsWith("/list") ? `<ul>${rows.join("")}</ul>` : `<main>At ${url}.</main>`;
    const headers = { "content-type": "text/html; charset=utf-8" };
    return { url, requestedUrl, status: 200, headers, body: Buffer.from(html) };
  });
  const { outcomes } = await walk({ site, source, sinks: [] });
  expect(outcomes.map(({ state }) => state)).toEqual([
    "duplicate",
    "written",
    "written",
    "written",
  ]);
});

test("pages that name one canonical URL keep their own, and a body that begins with its title ends a crawl and a build with drift", async () => {
  const article = (name: string) =>
    `<!doctype html><html lang="en"><title>${name}</title><link rel="canonical" href="/about.html"><main><h1>${name}</h1><p>Text of ${name}.</p></main></html>`;
  const names = ["one", "two", "three"];
  const list = `<!doctype html><html lang="en"><title>List</title><ul>${names.map((name) => `<li><a href="/${name}">${name}</a></li>`).join("")}</ul></html>`;
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? "";
    const page = name === "list" ? list : names.includes(name) ? article(name) : null;
    response
      .writeHead(page === null ? 404 : 200, { "content-type": "text/html; charset=utf-8" })
      .end(page);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const cwd = await mkdtemp(join(tmpdir(), "sitelift-plausible-"));
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const fields = { title: { article: "h1" }, body: { article: "main" } };
    const site = {
      name: "site",
      start: `${base}/list`,
      listing: { rows: "li", link: "a", next: [] },
      fields,
    };
    await writeFile(join(cwd, "site.json"), JSON.stringify(site));
    const { exitCode, stdout } = await crawlHere(cwd, "out", { delay: 0 });
    expect(stdout).toMatch(/3 of 3 bodies begin with their own title \(`h1`\)/);
    expect(exitCode).toBe(4);
    const entries = async (out: string) =>
      (await readFile(join(cwd, out, "entries.jsonl"), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const crawled = await entries("out");
    expect(crawled.map(({ data }) => data.sourceUrl).sort()).toEqual(
      names.map((name) => `${base}/${name}`).sort(),
    );
    for (const { data } of crawled) {
      expect(data.aliases).not.toContain(`${base}/about.html`);
      expect(data.warnings.join()).toContain("its own URL is used");
    }
    expect(await readFile(join(cwd, "out", "account.md"), "utf8")).toContain(
      "begin with their own title",
    );
    const built = await buildHere(cwd, ["out"], "built");
    expect(built.exitCode).toBe(4);
    expect(await entries("built")).toEqual(crawled);
    const printed = /^ +(\{ "finding": .*\})$/m.exec(stdout)?.[1] ?? "";
    const accept = { ...JSON.parse(printed), reason: "the new site wants them" };
    await writeFile(join(cwd, "site.json"), JSON.stringify({ ...site, accept: [accept] }));
    const known = await crawlHere(cwd, "out", { delay: 0 });
    expect(known.exitCode, known.stdout).toBe(0);
    expect(known.stdout).toMatch(/accepted 3 of 3 bodies begin .*\(the new site wants them\)/);
    const other = { ...accept, place: "h2" };
    await writeFile(join(cwd, "site.json"), JSON.stringify({ ...site, accept: [other] }));
    const changed = await crawlHere(cwd, "out", { delay: 0 });
    expect(changed.exitCode).toBe(4);
    expect(changed.stdout).toContain("body-begins-with-title at h2 was not found in this run");
  } finally {
    server.close();
    await rm(cwd, { recursive: true, force: true });
  }
});
