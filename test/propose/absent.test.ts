/** A preset reads more than a list has: what `init` writes of it is not a finding of its own first crawl. */
import { describe, expect, test } from "vitest";
import { HealthCount, unmatchedFields } from "../../src/crawl/health.js";
import { readArticle } from "../../src/extract/article.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Page } from "../../src/model.js";
import type { Proposal } from "../../src/propose/proposal.js";
import { propose } from "../../src/propose/propose.js";
import { listingOf, siteOfProposal } from "../../src/propose/reads.js";
import { siteText } from "../../src/propose/site-text.js";

const ORIGIN = "https://quay.example";
const pageOf = (path: string, text: string, type = "text/html"): Page => ({
  ...{ url: ORIGIN + path, requestedUrl: ORIGIN + path, status: 200 },
  ...{ headers: { "content-type": type }, body: Buffer.from(text) },
});
const html = (generator: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta name="generator" content="${generator}"></head><body>${body}</body></html>`;
const each = (row: (at: number) => string) => [1, 2, 3, 4, 5].map(row).join("");
const TEXT = "<p>A whole sentence about the quay, and one more after it.</p>";

const drupal = {
  list: pageOf(
    "/news",
    html(
      "Drupal 10 (https://www.drupal.org)",
      `<main><div class="view-content">${each((at) => `<div class="views-row"><div class="views-field-title"><a href="/news/${at}">Title number ${at}</a></div><time datetime="2021-0${at}-01T10:00:00Z">0${at}/2021</time></div>`)}</div></main>`,
    ),
  ),
  article: pageOf(
    "/news/1",
    html(
      "Drupal 10 (https://www.drupal.org)",
      `<main><h1>Title number 1</h1><article><time datetime="2021-01-01T10:00:00Z">1</time><div class="field--name-body">${TEXT}</div></article></main>`,
    ),
  ),
};
const wordpress = {
  list: pageOf(
    "/",
    html(
      "WordPress 6.4",
      `<main>${each((at) => `<article class="post"><h2 class="entry-title"><a href="/${at}/">Title number ${at}</a></h2><time class="entry-date published" datetime="2021-0${at}-01">${at}</time></article>`)}</main>`,
    ),
  ),
  article: pageOf(
    "/1/",
    html(
      "WordPress 6.4",
      `<main><article class="post"><h1 class="entry-title">Title number 1</h1><div class="entry-content">${TEXT}</div></article></main>`,
    ),
  ),
};
const undated = {
  ...wordpress,
  list: pageOf("/", wordpress.list.body.toString().replace(/<time.*?<\/time>/g, "")),
};
const feed = {
  list: pageOf(
    "/feed",
    `<rss version="2.0"><channel><title>Q</title>${each((at) => `<item><title>Title number ${at}</title><link>${ORIGIN}/${at}/</link><pubDate>Fri, 01 Jan 2021 10:00:00 +0000</pubDate></item>`)}</channel></rss>`,
    "application/rss+xml",
  ),
  article: wordpress.article,
};
const api = {
  list: pageOf(
    "/wp-json/wp/v2/posts",
    JSON.stringify(
      [1, 2, 3].map((at) => ({
        ...{ id: at, date: "2021-01-01T10:00:00", link: `${ORIGIN}/${at}/`, type: "post" },
        ...{ slug: `${at}`, title: { rendered: `Title ${at}` }, content: { rendered: TEXT } },
        excerpt: { rendered: "" },
      })),
    ),
    "application/json",
  ),
  article: null,
};

/** What the health of a crawl of these pages says of the proposed site file. */
function unmatched({ site: input }: Proposal, list: Page, article: Page | null): readonly string[] {
  const site = siteOfProposal(input);
  const health = new HealthCount(site);
  const page = article && readArticle(parsePage(article, site), site).readings;
  for (const { readings: row } of listingOf(list, site).rows)
    health.see({ row, article: page, chosen: { ...page, ...row } });
  return unmatchedFields(health.health(), site).unmatched;
}

describe("fields that a list does not have", () => {
  test.each([
    ["a Drupal list without teasers and types", drupal, ["type", "summary"]],
    ["a WordPress list without excerpts", wordpress, ["type", "summary"]],
    ["a WordPress list without dates", undated, ["date", "type", "summary"]],
    ["a feed of titles and dates", feed, ["type", "summary"]],
    ["posts of the API of WordPress without terms and excerpts", api, ["type", "summary"]],
  ])("%s: init says that there are none, and a crawl has no finding of it", (_, pages, names) => {
    const { list, article } = pages as { list: Page; article: Page | null };
    const proposal = propose(list, article, { name: "quay" }) as Proposal;
    expect(Object.keys(proposal.site.health ?? {})).toEqual(names);
    for (const name of names)
      expect(proposal.missing.filter((line) => line.startsWith(`${name}: `))).toHaveLength(1);
    expect(siteText(proposal)).toContain(`${names.at(-1)}: 0,`);
    expect(unmatched(proposal, list, article)).toEqual([]);
    const { health, ...without } = proposal.site;
    expect(unmatched({ ...proposal, site: without }, list, article)).toHaveLength(names.length);
  });

  test("a field that the second page of the list has, or another article, is not absent", () => {
    const second = pageOf(
      "/news?page=1",
      drupal.list.body
        .toString()
        .replaceAll("<time", '<div class="views-field-body">Words of a teaser.</div><time'),
    );
    const proposal = propose(drupal.list, drupal.article, { name: "quay", second });
    expect(Object.keys(proposal?.site.health ?? {})).toEqual(["type"]);
    const found = propose(drupal.list, drupal.article, {
      name: "quay",
      others: [
        pageOf(
          "/news/2",
          drupal.article.body
            .toString()
            .replace("<time", '<div class="field--name-field-type">Report</div><time'),
        ),
      ],
    });
    expect(Object.keys(found?.site.health ?? {})).toEqual(["summary"]);
  });

  test("a list of one page whose preset has no other sign of a pager is said to be one page long", () => {
    const page = pageOf(
      "/",
      html(
        "Ghost 5.2",
        each(
          (at) =>
            `<article class="post-card"><a href="/${at}/"><h2 class="post-card-title">Title number ${at}</h2></a></article>`,
        ),
      ),
    );
    const proposal = propose(page, null, { name: "quay" });
    expect(proposal?.site).toMatchObject({ preset: "ghost", listing: { next: [] } });
  });

  test("without an article page it is not known what only that may have", () => {
    const proposal = propose(drupal.list, null, { name: "quay" });
    expect(Object.keys(proposal?.site.health ?? {})).toEqual(["summary"]);
  });

  test("a field that matched nothing and has no least share of 0 is reported as before", () => {
    const site = siteOfProposal({
      name: "a",
      start: ORIGIN,
      preset: "drupal",
      health: { type: 0 },
    });
    const health = new HealthCount(site);
    health.see({ row: {}, article: {}, chosen: {} });
    const { unmatched: said, drift } = unmatchedFields(health.health(), site);
    expect(said.join()).toMatch(/fields\.date .*fields\.summary /);
    expect(said.join()).not.toContain("fields.type");
    expect(drift).toHaveLength(2);
  });
});
