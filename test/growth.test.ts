/** Text that is made to take the square of its length to read. */
import { expect, test } from "vitest";
import { anchorsOf } from "../src/archive/links.js";
import { escapeShortcodes } from "../src/exports/hugo/escape.js";
import { destinations } from "../src/markdown/destinations.js";
import { parseFields } from "../src/warc/record.js";
import { DEEP } from "./deep.js";

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
