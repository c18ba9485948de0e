/** A plain site of Drupal 7: what its themes print of every node is known, and a first crawl has no findings of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { crawlFrom } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const NAMES = ["Ann", "Ben", "Cleo", "Dan", "Eve"];
const TAGS = ["Ships", "Tides", "Piers"];

const teaser = (at: number) =>
  `<div class="node node-article node-teaser"><h2><a href="/node/${at}">Story number ${at}</a></h2><div class="submitted">Submitted by ${NAMES[at % 5]} on Mon, 05/0${at + 1}/2021 - 10:00</div></div>`;
const node = (at: number) =>
  `<h1 class="title" id="page-title">Story number ${at}</h1><div id="block-system-main"><div class="node node-article">
  <div class="user-picture"><img src="/u${at}.png" alt="${NAMES[at % 5]}'s picture"></div>
  <div class="submitted">Submitted by ${NAMES[at % 5]} on 0${at + 1} May 2021 - 10:00</div>
  <div class="content"><div class="field field-name-body field-type-text-with-summary"><div class="field-items"><div class="field-item even"><p>The text of story ${at}, which is long enough to be one.</p></div></div></div>
  <div class="field field-name-field-tags field-type-taxonomy-term-reference"><div class="field-label">Tags: </div><div class="field-items"><div class="field-item even"><a href="/t/1">${TAGS[at % 3]}</a></div><div class="field-item odd"><a href="/t/2">Harbour ${at}</a></div></div></div>
  <div class="field field-name-field-region field-type-taxonomy-term-reference"><div class="field-items"><div class="field-item even">North ${at}</div></div></div>
  <div class="field field-name-field-plan field-type-file field-label-above"><div class="field-label">Plan ${at}:&nbsp;</div><div class="field-items"><div class="field-item even"><span class="file"><img class="file-icon" alt="" src="/icons/${at}.png"> <a href="/plan-${at}.pdf">plan-${at}.pdf</a></span></div></div></div></div>
  <ul class="links inline"><li class="statistics_counter"><span>${at * 7} reads</span></li></ul></div></div>`;

const page = (path: string) => {
  if (path === "/robots.txt") return 404;
  const [, at] = /^\/node\/(\d)$/.exec(path) ?? [];
  if (at !== undefined) return node(Number(at));
  if (path !== "/list") return 404;
  return `<div id="block-system-main">${[0, 1, 2, 3, 4].map(teaser).join("")}</div>`;
};

async function crawled(more: Partial<SiteInput>) {
  using site = await serveSite(page);
  const out = join(scratch(), "out");
  const given: SiteInput = { name: "plain", preset: "drupal7", start: site.start, ...more };
  const { code, stderr } = await crawlFrom(given, out, { media: false });
  const account = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
  const [entry] = readFileSync(join(out, "entries.jsonl"), "utf8").split("\n");
  return { code, stderr, remains: account.pages, data: JSON.parse(entry ?? "").data };
}

const NEXT = { listing: { next: [] } };

test("a plain Drupal 7 site has no finding for bylines and keywords, and the account names them with the reason", async () => {
  const { code, stderr, remains } = await crawled(NEXT);
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain("matched nothing that was left");
  const ignored = remains.ignored.places as { place: string; articles: number; reason: string }[];
  expect(ignored.map(({ articles }) => articles)).toEqual([5, 5, 5, 5, 5, 5]);
  expect(new Set(ignored.map(({ reason }) => reason))).toEqual(
    new Set([
      "who put the article up",
      "keywords: a field `tags` of the site file keeps them",
      "a count of visits",
      "the label above images and attachments, which are read",
      "an icon of Drupal beside the link to a file",
    ]),
  );
});

test("what a field reads is read, and what the site file ignores itself is said when it matches nothing", async () => {
  const tags = {
    kind: "list",
    article: { select: ".field-name-field-tags a", all: true },
  } as const;
  const ignore = [{ select: ".none", reason: "not there" }];
  const { code, stderr, remains, data } = await crawled({ ...NEXT, fields: { tags }, ignore });
  expect(code, stderr).toBe(0);
  expect(data.fields.tags).toEqual([expect.any(String), expect.stringMatching(/^Harbour \d$/)]);
  // The label that is beside the keywords.
  const places = remains.ignored.places as { place: string; words: number }[];
  expect(places.find(({ place }) => place === ".field-name-field-tags")?.words).toBe(5);
  expect(stderr).toContain("names .none, which matched nothing that was left");
});
