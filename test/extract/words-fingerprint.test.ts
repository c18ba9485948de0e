import { load } from "cheerio";
import type { AnyNode } from "domhandler";
import { expect, test } from "vitest";
import { wordsFingerprint } from "../../src/extract/words-fingerprint.js";

const PAGE =
  "<nav>Menu</nav><h1>A title</h1><p>In 1999 the <b>old</b> harbour had seven lamps and no keeper.</p><p>A short line</p><div>277 reads</div><ul><li><a href=/x>Other 1</a></li></ul><script>x=1</script>";

function of(html: string, isPage = true): string {
  return wordsFingerprint(load(html).root()[0] as AnyNode, isPage);
}

test.each([
  ["a word of a sentence", "seven", "eight"],
  ["a number in a sentence", "1999", "2001"],
  ["a title", "A title", "Another title"],
  ["a short line without a number", "A short line", "A shorter line"],
])("the fingerprint of words changes with %s", (_, from, to) => {
  expect(of(PAGE.replace(from, to))).not.toBe(of(PAGE));
});

test.each([
  ["a counter of visits", "277 reads", "278 reads"],
  ["a link to another article", "Other 1", "Other 2"],
  ["a menu", "Menu", "New menu"],
  ["a script", "x=1", "x=2"],
  ["the elements around the words", "<b>old</b>", "<em class=x>old</em>"],
])("the fingerprint of words does not change with %s", (_, from, to) => {
  expect(of(PAGE.replace(from, to))).toBe(of(PAGE));
});

test("the fingerprint of a row counts the words of its links", () => {
  expect(of("<a href=/a>One</a>", false)).not.toBe(of("<a href=/a>Two</a>", false));
});
