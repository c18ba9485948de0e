/** What a newcomer reads of findings: words to copy are whole, and nothing is said that does not apply. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { micromark } from "micromark";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const NAMES = ["one", "two", "three"];
const cwd = scratch();
const read = (path: string) => readFileSync(join(cwd, path), "utf8");
const PLACE = ".byline > .author";
const SNIPPET = `{ "select": "${PLACE}", "reason": "…" }`;
const asHtml = (text: string) => text.replaceAll('"', "&quot;").replaceAll(">", "&gt;");

function page(path: string): string | number {
  if (path === "/news/")
    return NAMES.map((name) => `<li><a href="/news/${name}">About ${name}</a></li>`).join("");
  const name = path.split("/").at(-1) ?? "";
  if (!NAMES.includes(name)) return 404;
  return `<main><h1>About ${name}</h1><p>Here are the many words of ${name}, a long sentence.</p></main><div class="byline"><p class="author">By the author \` of ${name}, who writes of the sea and of all that lives in it</p></div>`;
}

let served: Awaited<ReturnType<typeof serveSite>>;
function writeSite(rows: string) {
  const site = {
    ...{ name: "news", start: served.start.replace("/list", "/news/") },
    politeness: { delay: 0, concurrency: 2 },
    listing: { rows, link: "a", next: [] },
    remove: ["h1"],
    fields: { title: { listing: "a", article: "h1" }, body: { article: "main" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
}

beforeAll(async () => {
  served = await serveSite(page);
  writeSite("body > li");
});
afterAll(() => served[Symbol.dispose]());

describe("a place of every article in no field", () => {
  let stdout = "";
  beforeAll(async () => {
    const crawled = await crawlHere(cwd, "out");
    expect(crawled.exitCode, crawled.stdout + crawled.stderr).toBe(1);
    ({ stdout } = crawled);
  });

  test("account.md has what to add to the site file in a code span, whole", () => {
    const html = micromark(read("out/account.md"));
    expect(html).toContain(`<code>${asHtml(SNIPPET)}</code>`);
    expect(read("out/account.md")).not.toContain("\\{");
  });

  test("report.html has it whole", () => {
    const text = read("out/report.html").replace(/<[^>]*>/g, "");
    expect(text).toContain(`site file: ${asHtml(SNIPPET)}`);
    expect(text).toContain(asHtml(`"ignore": [{ "select": "${PLACE}", "reason": "…" }]`));
  });

  test("the last line names no limit that nothing is over, and no account.md after a dry run", async () => {
    expect(stdout).toMatch(/^done, with findings: see above and account\.md$/m);
    const dry = await crawlHere(cwd, "dry", { dryRun: true });
    expect(dry.stdout).toMatch(/^done, with findings: see above$/m);
  });
});

test("nothing is offered to accept where the rows of the list match nothing", async () => {
  writeSite(".nothing");
  const { exitCode, stdout } = await crawlHere(cwd, "drift");
  expect(exitCode, stdout).toBe(4);
  expect(stdout).not.toContain("accept");
  writeSite("body > li");
});
