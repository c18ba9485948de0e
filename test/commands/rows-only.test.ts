/** What a crawl without its articles writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
