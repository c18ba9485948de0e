/** Text that is made to take the square of its length to read. */
import { expect, test } from "vitest";
import { anchorsOf } from "../src/archive/links.js";
import { escapeShortcodes } from "../src/exports/hugo/escape.js";
import { leadsOn } from "../src/extract/alias-page.js";
import { readArticle } from "../src/extract/article.js";
import { readListing } from "../src/extract/listing.js";
import { quickTree } from "../src/extract/quick-tree.js";
import { requisitesOf } from "../src/extract/requisites.js";
import { select } from "../src/extract/select.js";
import { parsePage } from "../src/extract/tree.js";
import { destinations } from "../src/markdown/destinations.js";
import { toMarkdown } from "../src/markdown/to-markdown.js";
import { proposePager } from "../src/propose/pager.js";
import { parseFields } from "../src/warc/record.js";
import { DEEP } from "./deep.js";
import { ARTICLES, LISTINGS, pageOf, SITE, times } from "./growth-shapes.js";

const MANY = 200_000;

test.each<[string, string, string[]]>([
  ["number signs", `# a${"#".repeat(MANY)}b`, ["ab"]],
  ["number signs and spaces", `# a${" #".repeat(MANY)} b`, [`a-${"-".repeat(MANY)}b`]],
  ["brackets", `# a${"[".repeat(MANY)}`, ["a"]],
])("anchors are found for a heading with a long run of %s", (_, body, names) => {
  expect([...anchorsOf(body)]).toEqual(names);
});

test.each([
  ["# One ##", "one"],
  ["# One ##  ", "one"],
  ["## C# and F#", "c-and-f"],
  ["# [A link](http://x/(y)) here", "a-link-here"],
])("the anchor of heading %j is %j", (body, name) => {
  expect([...anchorsOf(body)]).toEqual([name]);
});

test.each(ARTICLES)(
  "a page with many %s is converted, and its links are found",
  (_, count, make) => {
    const html = make(count);
    const { markdown } = toMarkdown(html);
    expect(markdown).not.toBe("");
    expect(destinations(markdown).length).toBeLessThan(1_001);
    expect(readArticle(parsePage(pageOf(html), SITE), SITE).markup).toMatch(/^[0-9a-f]{16}$/);
  },
);

test("links of a text that no person wrote are read as if it held no code", () => {
  const hostile = `\`x\` [a](b) ${"![](".repeat(31_000)}\n\n[c](d)`;
  expect(destinations(hostile).map(({ address }) => address)).toEqual(["b", "d"]);
});

test("every image of a large HTML block is found with its own caption", () => {
  const figure = (at: number) =>
    `<figure><img src="/${at}.png"><figcaption>No. <b>${at}</b></figcaption></figure>`;
  const count = 20_000;
  const body = Array.from({ length: count }, (_, at) => figure(at)).join("\n");
  const found = destinations(body);
  expect(found).toHaveLength(count);
  expect(found.at(-1)).toMatchObject({
    address: `/${count - 1}.png`,
    caption: `No. ${count - 1}`,
  });
  const bare = destinations(`<div>\n${'<img src="/a.png">'.repeat(count)}\n</div>`);
  expect(bare).toHaveLength(count);
  expect(bare.every(({ caption }) => caption === null)).toBe(true);
});

test.each([
  "<meta ",
  "<meta http-equiv=refresh ",
  "<!-- ",
  "<script ",
  "<noscript>",
  "<link rel=canonical",
])("a page of many %j leads nowhere", (piece) => {
  expect(leadsOn(piece.repeat(MANY), "http://a.example/")).toEqual({
    alias: null,
    canonical: null,
  });
});

test("unclosed HTML comments hide the links after them", () => {
  expect(destinations(`<div>\n${"<!-- ".repeat(MANY)}<a href="/x">x</a>`)).toEqual([]);
});

test("every one of many shortcodes is escaped", () => {
  const count = DEEP ? 20_000 : 8_000;
  const text = escapeShortcodes("{{< a >}} *b* ".repeat(count));
  expect(text).not.toContain("{{");
  expect(text.match(/&#123;/g)).toHaveLength(count);
});

test("a header folded over many lines is parsed as one field", () => {
  const [field] = parseFields(`X-Long: a\r\n${" b\r\n".repeat(MANY)}`);
  expect(field).toEqual(["X-Long", `a${" b".repeat(MANY)}`]);
});

test.each<[string, "page" | "style" | "script", (count: number) => string]>([
  ["tags that do not end", "page", (count) => "<a ".repeat(count)],
  ["quotes", "page", (count) => "<a b='c\" d=\"e' ".repeat(count)],
  ["comments", "page", (count) => "<!-- --".repeat(count)],
  ["ends of scripts", "page", (count) => `<script>${"</scrip".repeat(count)}`],
  ["text areas", "page", (count) => "<textarea></textarea>".repeat(count)],
  ["spaces in a tag", "page", (count) => `<p a${" ".repeat(count)}b>`],
  ["candidates of an image", "page", (count) => `<img srcset="${"a 1x,".repeat(count)}">`],
  ["spaces of a candidate", "page", (count) => `<img srcset="a${" ".repeat(count)}">`],
  ["images", "page", (count) => '<img src="/a">'.repeat(count)],
  ["URLs that do not end", "style", (count) => 'url("'.repeat(count)],
  ["spaces in a URL", "style", (count) => `url(${" ".repeat(count)}x`],
  ["comments of CSS", "style", (count) => "/*".repeat(count)],
  ["image sets", "style", (count) => "image-set(".repeat(count)],
  ["escapes", "style", (count) => `url(${"\\a ".repeat(count)})`],
  ["imports", "script", (count) => "import      ".repeat(count)],
  ["strings", "script", (count) => '"./a\\/'.repeat(count)],
])("what loads is found among many %s", (_, kind, make) => {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  const body = Buffer.from(make(200_000));
  const page = { url: "https://a.example/", requestedUrl: "", status: 200, headers, body };
  let found = 0;
  for (const one of requisitesOf(page, kind, { all: true, encoding: null }))
    found += one.url.length;
  expect(found).toBeLessThan(2 * body.length);
});

test.each<[string, string, boolean]>([
  ["tags that do not end", "<a ", false],
  ["names that do not end", "<a<b", false],
  ["end tags of nothing", "</div>", true],
  ["ends of paragraphs that are not open", "</p>", false],
  ["signs that open nothing", "< <1 ", true],
  ["comments", "<!-- -->", true],
  ["comments that do not end", "<!-- --", false],
  ["ends of comments in another spelling", "<!-- --!>", false],
  ["scripts", "<script>a</script>", true],
  ["scripts that do not end", "<script></scrip", false],
  ["comments in scripts", "<script><!-- </script>", true],
  ["text areas", "<textarea>\n&amp;</textarea>", true],
  ["references", "&amp;&#65;&nosuch;", true],
  ["signs of references", "&&#", true],
  ["quotes in a tag", "<p a='b\" c=\"d' ", false],
  ["items", "<li>a", true],
  ["rows and cells", "<table><tr><td>a<td>b</table>", true],
  ["choices", "<select><option>a<option>b</select>", true],
  ["drawings", '<svg><path d="M0"/></svg>', true],
  ["drawings that do not end", "<svg><g>", false],
  ["paragraphs", "<p>a", true],
  ["bold parts that are left open", "<p><b>a</p>", false],
  ["tags of bodies", "<body a>", false],
  ["ends of bodies", "</body>a", true],
])("a body of many %s is read quickly or left to parse5, in time", (_, piece, isRead) => {
  const begin = "<!DOCTYPE html><html><head></head><body>";
  // What has more elements is left to parse5 in any case.
  const many = piece.repeat(isRead && /<[a-z]/.test(piece) ? 20_000 : MANY);
  expect(quickTree(`${begin}${many}</body></html>`) !== null).toBe(isRead);
  expect(quickTree(`${begin}<p ${many}`)).toBeNull();
});

test("a tag with many attributes and a very long word are read in time", () => {
  const page = (body: string) => `<!DOCTYPE html><html><head></head><body>${body}</body></html>`;
  expect(quickTree(page(`<p ${times(MANY, (at) => `a${at}=b `)}>x</p>`))).toBeNull();
  expect(quickTree(page(`<p a${" ".repeat(MANY)}b>x</p>`))).not.toBeNull();
  expect(quickTree(page("abcd".repeat(MANY)))).not.toBeNull();
  expect(quickTree(page(`<p title="${"&amp;".repeat(MANY)}">x</p>`))).not.toBeNull();
});

test.each(LISTINGS)("what leads on is found among many %s", (_, count, make) => {
  expect(readListing(parsePage(pageOf(make(count)), SITE), SITE).rows).toHaveLength(1);
});

test.each(LISTINGS)("a pager is proposed of many %s", (_, count, make) => {
  const tree = parsePage(pageOf(make(count)), SITE);
  const { choice, problem } = proposePager(tree, select(tree.$, null, ".row"), {});
  expect(choice ?? problem).not.toBeNull();
});
