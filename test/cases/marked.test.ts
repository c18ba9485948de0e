import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Case } from "../../src/cases/case.js";
import { markedPage } from "../../src/cases/marked-page.js";
import { siteFrom } from "../../src/site/load.js";
import { scratch, sitelift } from "../commands/sitelift.js";

const CASES = resolve(import.meta.dirname, "../../fixtures/cases/demo");
const ARTICLE = "hundred-volunteers-weigh-a-beach";

test("test --reporter html shows the saved page of a failed case with the element marked, and links it", async () => {
  const cwd = scratch();
  cpSync(join(CASES, ARTICLE), join(cwd, "cases", ARTICLE), { recursive: true });
  const file = join(cwd, "cases", ARTICLE, "expected.json");
  const expected = JSON.parse(readFileSync(file, "utf8"));
  const { type, ...rest } = expected;
  expect(type).toBeTypeOf("string");
  writeFileSync(file, JSON.stringify({ ...rest, title: "Another title" }, null, 2));
  const args = ["test", "cases", "--reporter", "html", "--out", "report.html"];
  const { exitCode, stdout } = await sitelift(args, { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`type: missing expectation: expected nothing, found "${type}"`);
  expect(stdout).toMatch(
    /look: sitelift inspect cases\/.*page\.html --url http.* --site demo; .*--update/,
  );
  const report = readFileSync(join(cwd, "report.html"), "utf8");
  expect(report).toContain(`<a href="cases/${ARTICLE}/page.html">saved page</a>`);
  expect(report).toMatch(/<b>title<\/b>: <code>.*?<\/code> matches 1 element/);
  expect(report).toContain('href="report-pages/1.html#sitelift-marked"');
  expect(report).toMatch(/>1 case, 1 failed; \d+ fields, 2 failed</);
  expect(report).toContain("<code>sitelift test --update</code>");
  const page = readFileSync(join(cwd, "report-pages/1.html"), "utf8");
  expect(page).toContain('data-sitelift="title"');
  expect(page).toMatch(/<a id="sitelift-marked"><\/a><[^>]*data-sitelift/);
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<script|<iframe|<base/i);
});

test("the element of a failed field of the site's own is marked as well", () => {
  const url = "https://example.org/a";
  const fields = {
    title: { article: "h1" },
    body: { article: "p" },
    place: { kind: "text" as const, article: ".place" },
  };
  const listing = { rows: "li", link: "a" };
  const site = siteFrom({ name: "harbour", start: url, listing, fields }, "test");
  const body = Buffer.from("<h1>Boats</h1><p class=place>Pier 4</p>");
  const page = { url, requestedUrl: url, status: 200, headers: {}, body };
  const about = { kind: "article" } as Case["about"];
  const marked = markedPage({ saved: { about, pages: [page], listing: null }, site }, [
    "fields.place",
  ]);
  expect(marked?.marks).toEqual([{ field: "fields.place", selector: ".place", matches: 1 }]);
  expect(marked?.html).toContain('data-sitelift="fields.place"');
});
