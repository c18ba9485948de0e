/** What a crawl without its articles writes. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildHere, crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";

test("crawl --no-articles demands nothing that only articles have, and the account says so", async () => {
  const server = createServer(({ url }, response) => {
    response.setHeader("content-type", "text/html");
    response.statusCode = url === "/list" ? 200 : 404;
    response.end(
      '<!DOCTYPE html><html lang="en"><li><a href="/a">One</a></li><li><a href="/b">Two</a></li></html>',
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
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
  server.close();
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
