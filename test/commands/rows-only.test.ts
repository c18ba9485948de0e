/** What a crawl without its articles writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { buildHere, crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

test("crawl --no-articles demands nothing that only articles have, and the account says so", async () => {
  const list = '<li><a href="/a">One</a></li><li><a href="/b">Two</a></li>';
  using served = await serveSite((path) => (path === "/list" ? list : 404));
  const { start } = served;
  const site = {
    ...{ name: "rows", start, politeness: { delay: 0, concurrency: 2 }, health: { date: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: {
      title: { listing: "a" },
      body: { article: ".story", required: true },
      date: { article: "time", required: true },
    },
  };
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const crawled = await crawlHere(cwd, "one", { articles: false });
  expect(crawled.exitCode, crawled.stderr).toBe(0);
  const entries = () =>
    readFileSync(join(cwd, "one/entries.jsonl"), "utf8").match(/"title":"\w+"/g);
  expect(entries()).toEqual(expect.arrayContaining(['"title":"One"', '"title":"Two"']));
  const account = readFileSync(join(cwd, "one/account.md"), "utf8");
  expect(account).toMatch(/--no-articles: .* rows of the list alone, without .*date.*body/);
  expect(account).not.toContain("drift");
  const built = await buildHere(cwd, ["one"], "two");
  expect(built.exitCode, built.stderr).toBe(0);
  expect(readFileSync(join(cwd, "two/entries.jsonl"))).toEqual(
    readFileSync(join(cwd, "one/entries.jsonl")),
  );
});

test("crawl --no-articles leaves what an archive has of articles, adds rows that are new, and says what stays", async () => {
  let rows = ["a", "b"];
  using served = await serveSite((path) => {
    if (path === "/list")
      return rows.map((name) => `<li><a href="/${name}">New ${name}</a></li>`).join("");
    return rows.includes(path.slice(1)) ? `<div class="story"><p>Story of ${path}.</p></div>` : 404;
  });
  const site = {
    ...{ name: "rows", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: ".story", required: true } },
  };
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  const entries = () =>
    readFileSync(join(cwd, "one/entries.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ data, body }) => `${data.title}: ${body.trim()}`)
      .sort();
  const full = ["New a: Story of /a.", "New b: Story of /b."];
  expect(entries()).toEqual(full);

  rows = ["a", "b", "c"];
  const rowsAlone = await crawlHere(cwd, "one", { articles: false });
  expect(rowsAlone.exitCode, rowsAlone.stderr).toBe(0);
  expect(entries()).toEqual([...full, "New c: "]);
  expect(readFileSync(join(cwd, "one/account.md"), "utf8")).toContain(
    "2 entries of the archive stay as they are",
  );
  expect((await verifyArchive(join(cwd, "one"))).findings).toEqual([]);

  const again = await crawlHere(cwd, "one");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(entries()).toEqual([...full, "New c: Story of /c."]);
});

test("a site file without articles leaves what an archive has of them, too", async () => {
  using served = await serveSite((path) =>
    path === "/list"
      ? '<li><a href="/a">One</a><p>Short.</p></li>'
      : '<div class="story"><p>Story.</p></div>',
  );
  const site = (follow: boolean) => ({
    ...{ name: "rows", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    ...{ listing: { rows: "li", link: "a", next: [] }, article: { follow } },
    fields: { title: { listing: "a" }, body: { article: ".story", listing: "p" } },
  });
  const cwd = scratch();
  for (const follow of [true, false]) {
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site(follow)));
    await crawlHere(cwd, "one");
  }
  expect(readFileSync(join(cwd, "one/entries.jsonl"), "utf8")).toContain("Story.");
  expect(readFileSync(join(cwd, "one/account.md"), "utf8")).toContain(
    "1 entry of the archive stays",
  );
});

test("crawl --no-articles demands of no type and in no language what only articles have", async () => {
  using served = await serveSite((path) => {
    if (path === "/list")
      return '<html lang="en"><link rel="alternate" hreflang="fr" href="/fr"><li class="event"><a href="/a">One</a><i>event</i></li></html>';
    return path === "/fr" ? '<html lang="fr"><li><a href="/b">Deux</a></li></html>' : 404;
  });
  const site = {
    ...{ name: "rows", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    ...{ listing: { rows: "li", link: "a", next: [] }, languages: { fr: {} } },
    fields: {
      title: { listing: "a" },
      type: { listing: "i" },
      body: { article: ".story", required: true },
      date: { article: "time", required: true },
      place: { kind: "text", article: ".place", required: true },
      seats: { kind: "number", article: ".seats" },
    },
    types: { event: { required: ["seats", "place"] } },
  };
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const run = await crawlHere(cwd, "one", { articles: false, languages: "all" });
  expect(run.exitCode, run.stderr).toBe(0);
  const entries = readFileSync(join(cwd, "one/entries.jsonl"), "utf8");
  expect(entries.match(/"title":"\w+"/g)?.sort()).toEqual(['"title":"Deux"', '"title":"One"']);
  expect((await verifyArchive(join(cwd, "one"))).findings).toEqual([]);
});
