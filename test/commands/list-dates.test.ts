/** The order of day and month that a list proves: in a crawl and in a build of its capture. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashes } from "../capture/office.js";
import { buildHere, crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";

/** Serves a list of two pages, whose rows are dates and link to their articles. */
async function serveDates(pages: readonly (readonly string[])[]) {
  const server = createServer(({ url = "/" }, response) => {
    response.setHeader("content-type", "text/html");
    const at = url === "/list" ? 0 : Number(/page=(\d)/.exec(url)?.[1] ?? Number.NaN);
    const rows = pages[at]?.map(
      (date, row) => `<li><a href="/a${at}${row}">Title ${at}${row}</a><i>${date}</i></li>`,
    );
    const next =
      at + 1 < pages.length ? `<a class="next" href="/list?page=${at + 1}">next</a>` : "";
    const words =
      rows === undefined ? `<p>Words of ${url}.</p>` : `<ul>${rows.join("")}</ul>${next}`;
    response.end(`<!DOCTYPE html><html lang="en"><body>${words}</body></html>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { start: `http://127.0.0.1:${port}/list`, [Symbol.dispose]: () => void server.close() };
}

test.each([
  ["proof first", [["12/17/2021"], ["1/2/2021"]], 0, ["2021-12-17", "2021-01-02"]],
  ["proof last", [["1/2/2021"], ["12/17/2021"]], 0, ["2021-01-02", "2021-12-17"]],
  ["no proof", [["1/2/2021"], ["3/4/2021"]], 1, []],
  ["contradicting proofs", [["12/17/2021"], ["17/12/2021"]], 1, []],
])("a crawl and a build read dates alike, %s", async (_, pages, code, dates) => {
  const cwd = scratch();
  using list = await serveDates(pages);
  const site = {
    ...{ name: "dates", start: list.start, politeness: { delay: 0, concurrency: 4 } },
    listing: { rows: "li", link: "a", next: "a.next" },
    fields: { title: { listing: "a" }, date: { listing: "i" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const crawled = await crawlHere(cwd, "one");
  expect(crawled.exitCode, crawled.stderr).toBe(code);
  const lines = readFileSync(join(cwd, "one/entries.jsonl"), "utf8").split("\n").filter(Boolean);
  const read = lines.map((line) => JSON.parse(line).data.date);
  expect(read.toSorted()).toEqual(dates.toSorted());
  const built = await buildHere(cwd, ["one"], "two");
  expect(built.exitCode, built.stderr).toBe(code);
  expect(hashes(join(cwd, "two"))).toEqual(hashes(join(cwd, "one")));
});
