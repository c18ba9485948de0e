/** A list that is taken out of the site file: nobody looked whether the site still has what it named. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

test("what a dropped list named is neither gone nor asked for, and is no finding", async () => {
  const [a, b] = ["a", "b"].map((list) => [1, 2, 3, 4, 5].map((n) => `/${list}${n}`)) as [
    string[],
    string[],
  ];
  let asked: string[] = [];
  using served = await serveSite((path) => {
    asked.push(path);
    if (path === "/robots.txt") return 404;
    const rows = path === "/list-a" ? a : path === "/list-b" ? b : null;
    if (rows === null) return `<main><h1>Title of ${path}</h1><p>Words of ${path}.</p></main>`;
    return rows.map((row) => `<li><a href="${row}">Title of ${row}</a></li>`).join("");
  });
  const cwd = scratch();
  const crawl = async (...names: readonly string[]) => {
    asked = [];
    const lists = names.map((name) => ({ name, start: new URL(`/list-${name}`, served.start) }));
    const site = {
      ...{ name: "two", politeness: { delay: 0, concurrency: 2 }, lists },
      listing: { rows: "li", link: "a", next: [] },
      ...{
        remove: ["h1"],
        fields: { title: { listing: "a", article: "h1" }, body: { article: "main" } },
      },
    };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
    return crawlHere(cwd, "out");
  };
  const read = (path: string) => readFileSync(join(cwd, "out", path), "utf8");
  const states = (list: string) => {
    const lines = read("ledger.jsonl").trim().split("\n");
    const found = lines.map((one) => JSON.parse(one)).filter(({ lists }) => lists?.[0] === list);
    return [found.length, ...new Set(found.map(({ state, entry }) => `${state} ${entry?.length}`))];
  };
  expect((await crawl("a", "b")).exitCode).toBe(0);
  for (const _ of ["the first", "a later"]) {
    const { exitCode, stdout } = await crawl("a");
    expect(exitCode, stdout).toBe(0);
    expect(states("a")).toEqual([5, "written 16"]);
    expect(states("b")).toEqual([5, "excluded 16"]);
    expect(read("ledger.jsonl")).toContain(
      "the site file no longer has the list that named it (b)",
    );
    expect(read("changes.atom")).not.toContain("Gone");
    expect(asked.filter((path) => path.includes("b") && path !== "/robots.txt")).toEqual([]);
    expect((await verifyArchive(join(cwd, "out"))).findings).toEqual([]);
  }
  expect((await crawl("a", "b")).exitCode).toBe(0);
  expect(states("b")).toEqual([5, "written 16"]);
  b.pop();
  expect((await crawl("a", "b")).exitCode).toBe(0);
  expect(read("ledger.jsonl").match(/"gone"/g)).toHaveLength(1);
});
