/** The order of day and month that a list proves: in a crawl and in a build of its capture. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashes } from "../capture/office.js";
import { buildHere, crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

/** Serves a list whose rows are dates and link to their articles. */
function serveDates(pages: readonly (readonly string[])[]) {
  return serveSite((path) => {
    const at = path === "/list" ? 0 : Number(/page=(\d)/.exec(path)?.[1] ?? Number.NaN);
    const rows = pages[at]?.map(
      (date, row) => `<li><a href="/a${at}${row}">Title ${at}${row}</a><i>${date}</i></li>`,
    );
    if (rows === undefined) return path === "/robots.txt" ? 404 : `<p>Words of ${path}.</p>`;
    const next =
      at + 1 < pages.length ? `<a class="next" href="/list?page=${at + 1}">next</a>` : "";
    return `<ul>${rows.join("")}</ul>${next}`;
  });
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
