/** `select` gives what Cheerio's `find` gives, for every selector of the preset and for odd ones, on whole pages and in their parts. */
import type { Element } from "domhandler";
import { expect, test } from "vitest";
import { LISTING_PATHS } from "../../fixtures/office/articles.js";
import { renderPage } from "../../fixtures/office/site.js";
import type { Theme } from "../../fixtures/office/theme.js";
import { forget, reindex, select } from "../../src/extract/select.js";
import { parsePage } from "../../src/extract/tree.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { selectorProblem } from "../../src/site/selector.js";

const ODD = [
  "*",
  "LI",
  "li:first, a:last",
  "li:not(.views-row) a",
  ":scope > div a",
  "> div",
  "li, > div",
  "a[HREF]",
  "[class='']",
  "[class~=views-row], [id=main], #main",
  "[lang|=en]",
  "[dir=LTR i]",
  "div.views-row ~ div.views-row a",
  "body div, html body div",
  ":is(ul, ol) > li, :has(> a) > a",
  "template *, svg path, foreignObject",
  "a:not([href])",
  "[title!=x]",
];

function selectorsIn(value: unknown): string[] {
  if (typeof value === "string") return selectorProblem(value) === null ? [value] : [];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(selectorsIn)
    : [];
}

const SELECTORS = [...new Set([...selectorsIn(drupal7), ...ODD])];
const MADE = `<html lang=en-GB dir=ltr><body class="a  b"><svg><foreignObject><path/></foreignObject></svg>
<template><ul><li class="views-row">in a template</li></ul></template><ul><li>1<li class="">2<li><a href=x>3</a><ol><li><a>4</a></ol></ul>`;

function drawn(path: string, theme: Partial<Theme>): string {
  return Buffer.from(renderPage(path, { theme }).body).toString();
}

const TABLE = { pager: "core", rows: "table", wrappers: true } as const;
const BARE = { pager: "bootstrap", rows: "list", wrappers: false } as const;

test.each([
  ["a listing page with a table", drawn(LISTING_PATHS.en, TABLE)],
  ["a listing page without wrappers", drawn(LISTING_PATHS.ar, BARE)],
  ["an article page", drawn("/news/words-of-welcome", TABLE)],
  ["a made page with a template, a picture and elements left open", MADE],
])("on %s select gives what Cheerio finds, in the page and in its parts", (_, html) => {
  const url = "http://127.0.0.1/";
  const body = Buffer.from(html);
  const { $ } = parsePage({ url, requestedUrl: url, status: 200, headers: {}, body });
  const parts = $("main, tr, li, .views-row, .view, svg").toArray().slice(0, 8);
  for (const scope of [null, ...parts] as (Element | null)[])
    for (const selector of SELECTORS) {
      const theirs = scope === null ? $(selector) : $(scope).find(selector);
      const own = select($, scope, selector);
      expect(own.length, selector).toBe(theirs.length);
      expect(
        own.every((node, at) => node === theirs[at]),
        selector,
      ).toBe(true);
    }
});

test("a page that was changed is read anew when that is said", () => {
  const url = "http://127.0.0.1/";
  const body = Buffer.from("<p class=a>one</p>");
  const { $ } = parsePage({ url, requestedUrl: url, status: 200, headers: {}, body });
  expect(select($, null, ".b")).toHaveLength(0);
  $("p").attr("class", "b");
  reindex($);
  expect(select($, null, ".b")).toHaveLength(1);
  expect(select($, null, ".a")).toHaveLength(0);
});

test("what was cut off from a page is matched no more, and neither is what was in it", () => {
  const url = "http://127.0.0.1/";
  const body = Buffer.from("<div class=menu><p>one</p></div><p>two</p>");
  const { $ } = parsePage({ url, requestedUrl: url, status: 200, headers: {}, body });
  const [menu] = select($, null, ".menu");
  expect(select($, null, "p")).toHaveLength(2);
  $(menu as Element).remove();
  forget($, [menu as Element]);
  expect(select($, null, "p")).toHaveLength(1);
  expect(select($, null, ".menu")).toHaveLength(0);
});
