/** Pages of one thing many times, for the tests of growth and for `npm run bench:growth`. */
import type { Page } from "../src/model.js";
import { resolveSite } from "../src/site/resolve.js";

/** Name, how many of it the test takes, and the HTML of so many. */
type Shape = readonly [name: string, count: number, make: (count: number) => string];

const URL = "https://a.example/news";

/** Reads the shapes: a body in `main`, and a list of one row. */
export const SITE = resolveSite(
  {
    name: "a",
    start: URL,
    listing: { rows: "li.row", next: "a.never" },
    fields: { title: { listing: "a" }, body: { article: "main" } },
  },
  {},
  "a",
);

export function pageOf(body: string): Page {
  const headers = { "content-type": "text/html; charset=utf-8" };
  const html = `<!DOCTYPE html><html><head></head><body>${body}</body></html>`;
  return { url: URL, requestedUrl: URL, status: 200, headers, body: Buffer.from(html) };
}

export const times = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join("");

const inParagraph = (name: string, text: string): Shape => [
  name,
  31_000,
  (count) => `<p>${text.repeat(count)}</p>`,
];

/** Bodies of articles. */
export const ARTICLES: readonly Shape[] = [
  inParagraph("images that do not end", "![]("),
  inParagraph("links that do not end", "[a]("),
  inParagraph("marks of footnotes", "[^1]:"),
  inParagraph("ends of links", "](x"),
  inParagraph("titles that do not end", '[a](b "'),
  [
    "code and images that do not end",
    31_000,
    (count) => `<p><code>x</code>${"![](".repeat(count)}</p>`,
  ],
  inParagraph("parentheses", "(((("),
  inParagraph("pairs of parentheses", "()()"),
  inParagraph("brackets", "[[["),
  inParagraph("pipes", "|||"),
  inParagraph("quotes", "&quot;'"),
  inParagraph("entities", "&amp;amp;"),
  inParagraph("letters of one long word", "abcd"),
  inParagraph("tags as text", "&lt;a "),
  ["attributes", 100_000, (count) => `<p ${times(count, (at) => `a${at}=b `)}>x</p>`],
  ["classes", 30_000, (count) => `<pre class="${times(count, (at) => `c${at} `)}">x</pre>`],
  [
    "styles",
    3_000,
    (count) =>
      `<p>${'<span style="font-weight:bold;text-decoration:underline">'.repeat(count)}x</p>`,
  ],
  ["elements that scripts fill", 12_000, (count) => `${'<div data-href="/x">'.repeat(count)}x`],
  ["hidden parts", 12_000, (count) => `${'<div hidden class="answer">'.repeat(count)}x`],
  [
    "footnotes",
    500,
    (count) => times(count, (at) => `<p>x<a href="#n${at}">1</a></p><p id="n${at}">note</p>`),
  ],
  ["numbered starts", 1_000, (count) => times(count, (at) => `<ol start="${at}"><li>x</li></ol>`)],
  [
    "colspans",
    3_000,
    (count) => `<table><tr>${times(count, (at) => `<td colspan="${at}">x</td>`)}</tr></table>`,
  ],
  ["lines of code", 20_000, (count) => `<pre>${"<div>a</div>".repeat(count)}</pre>`],
];

const list = (name: string, make: (at: number) => string, before = ""): Shape => [
  name,
  8_000,
  (count) => `<li class="row"><a href="/story">x</a></li>${before}${times(count, make)}`,
];

/** Listing pages of a single row and many controls. */
export const LISTINGS: readonly Shape[] = [
  list("numbers", (at) => `<a href="?page=${at}">${at}</a>`),
  list("buttons of forms", (at) => `<form id=f${at}></form><button form=f${at}>Next</button>`),
  list("cells of a table", () => '<td><a href="#" onclick="go(2)">Next</a></td>', "<table><tr>"),
  list("links in boxes", (at) => (at < 300 ? "<div>" : '<a href="#">Next</a>')),
];
