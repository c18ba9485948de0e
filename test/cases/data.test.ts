/** Cases of lists that are not web pages: recorded, checked, mutated. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkCases, hasFailed } from "../../src/cases/check.js";
import { mutationScore } from "../../src/cases/mutate.js";
import { readWalk } from "../../src/cases/read.js";
import { recordCase } from "../../src/cases/record.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { inspectHere } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";

const START = "https://example.org/list";
const ORIGIN = "https://example.org";
const rss = `<rss version="2.0"><channel><title>N</title><generator>https://wordpress.org/?v=6.1</generator>${[1, 2].map((n) => `<item><title>Title ${n}</title><link>${ORIGIN}/a/${n}</link><description>Text ${n}</description></item>`).join("")}</channel></rss>`;
const posts = JSON.stringify(
  [1, 2].map((id) => ({
    ...{ id, date: `2021-03-0${id}T10:00:00`, link: `${ORIGIN}/a/${id}/` },
    ...{ title: { rendered: `Title ${id}` }, content: { rendered: `<p>Text ${id}</p>` } },
  })),
);
const sitemap = `<urlset><url><loc>${ORIGIN}/a</loc></url></urlset>`;
const title = { fields: { title: { article: "h1" } } };

describe("a case of", () => {
  test.each<[string, string, Record<string, string>, Partial<SiteInput>, number]>([
    // Its next page is counted, and no element says where it is.
    ["a feed", rss, {}, { listing: { kind: "feed" } }, 24],
    // A header says where its next page is.
    [
      "an answer of WordPress",
      posts,
      { link: `<${START}?page=2>; rel="next"` },
      { listing: { kind: "wp-json" } },
      24,
    ],
    ["a sitemap", sitemap, {}, { listing: { kind: "sitemap" }, ...title }, 0],
  ])(
    "%s passes, and fails where an element is gone that something was read from",
    async (_, body, headers, more, mutants) => {
      const cwd = scratch();
      const input = { name: "list", start: START, ...more };
      const file = join(cwd, "site.json");
      writeFileSync(file, JSON.stringify(input));
      const page = {
        url: START,
        requestedUrl: START,
        status: 200,
        headers,
        body: Buffer.from(body),
      };
      const recorded = await recordCase({
        ...{ kind: "listing", pages: [page], site: resolveSite(input, {}, "test") },
        ...{ readBy: { site: file }, root: join(cwd, "cases"), recorded: "2026-01-01T00:00:00Z" },
      });
      await recorded.write();
      const suite = await checkCases(join(cwd, "cases"), {});
      expect(suite.cases.filter(hasFailed)).toEqual([]);
      expect(await mutationScore(suite)).toMatchObject({ total: mutants, killed: mutants });
    },
  );
});

test.each<[string, string, string, Partial<SiteInput>, string]>([
  [
    "a feed whose pages are counted",
    rss,
    rss.replaceAll("1<", "3<").replaceAll("2<", "4<"),
    { listing: { kind: "feed" } },
    "?paged=2",
  ],
  [
    "a list whose pages are counted",
    '<article><h2><a href="/a/1">A</a></h2></article>',
    '<article><h2><a href="/a/2">B</a></h2></article>',
    {
      listing: { rows: "article", next: { template: "?page={n}" } },
      fields: { title: { listing: "h2" }, body: { required: false } },
    },
    "?page=2",
  ],
])("a case of a walk through %s ends after its last page", async (_, first, second, more, next) => {
  const input = { name: "list", start: START, ...more };
  const pages = [START, START + next].map((url, at) => ({
    ...{ url, requestedUrl: url, status: 200, headers: {} },
    body: Buffer.from([first, second][at] ?? ""),
  }));
  const { problems, fields } = await readWalk(pages, resolveSite(input, {}, "test"));
  expect(problems).toEqual([]);
  expect(fields.complete).toBe(true);
});

test("inspect of an index of sitemaps says where the rows are", async () => {
  const cwd = scratch();
  const site = join(cwd, "site.json");
  const page = join(cwd, "index.xml");
  writeFileSync(
    site,
    JSON.stringify({ name: "list", start: START, listing: { kind: "sitemap" }, ...title }),
  );
  writeFileSync(
    page,
    `<sitemapindex><sitemap><loc>${ORIGIN}/posts.xml</loc></sitemap></sitemapindex>`,
  );
  const { exitCode, stdout } = await inspectHere(page, { site, url: START });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    `it is an index of 1 sitemap, which a crawl reads: look at one of them, such as ${ORIGIN}/posts.xml`,
  );
});
