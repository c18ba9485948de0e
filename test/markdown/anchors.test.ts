import { expect, test } from "vitest";
import { parseFragment } from "../../src/extract/tree.js";
import { showAnchors } from "../../src/markdown/anchors.js";
import { convertNodes } from "../../src/markdown/to-markdown.js";

const SITE = "https://office.example";

function converted(html: string) {
  return convertNodes(parseFragment(html).root()[0]?.children ?? [], { baseUrl: `${SITE}/a` });
}

const a = (id: string) => `<a id="${id}"></a>`;

/** HTML, its Markdown where no entry links to the ids in it, and where all of them are linked. */
const KEPT: Record<string, readonly [html: string, without: string, withAll: string]> = {
  "of a heading": ['<h2 id="x">Two</h2>', "## Two", `## ${a("x")}Two`],
  "in a heading": ['<h2><span id="x">Two</span></h2>', "## Two", `## ${a("x")}Two`],
  "of a box around": [
    '<section id="x"><div id="y"><p>One</p><p>Two</p></div></section>',
    "One\n\nTwo",
    `${a("x")}${a("y")}One\n\nTwo`,
  ],
  "of a text that looks like a list": ['<p id="x">1. One</p>', "1\\. One", `${a("x")}1\\. One`],
  "of an item": [
    '<ul><li id="x">One</li><li>Two<ul><li id="y">Three</li></ul></li></ul>',
    "- One\n- Two\n  - Three",
    `- ${a("x")}One\n- Two\n  - ${a("y")}Three`,
  ],
  "of a task": [
    '<ul><li id="x"><input type="checkbox"> One</li></ul>',
    "- [ ] One",
    `- [ ] ${a("x")}One`,
  ],
  "in a quotation": ['<blockquote id="x"><p>One</p></blockquote>', "> One", `> ${a("x")}One`],
  "of an image": [
    '<p><img id="x" src="/i.png" alt="I"></p>',
    `![I](${SITE}/i.png)`,
    `${a("x")}![I](${SITE}/i.png)`,
  ],
  "of a table, a row and a cell": [
    '<table id="x"><tr id="y"><td>1</td><td id="z">2</td></tr></table>',
    "|  |  |\n| --- | --- |\n| 1 | 2 |",
    `${a("x")}\n\n|  |  |\n| --- | --- |\n| ${a("y")}1 | ${a("z")}2 |`,
  ],
  "of code": [
    '<p>One</p><pre id="x">c</pre>',
    "One\n\n```\nc\n```",
    `One\n\n${a("x")}\n\n\`\`\`\nc\n\`\`\``,
  ],
  "of code in a quoted item": [
    '<blockquote><ul><li><pre id="x">c</pre></li></ul></blockquote>',
    "> - ```\n>   c\n>   ```",
    `> - ${a("x")}\n>\n>   \`\`\`\n>   c\n>   \`\`\``,
  ],
  "of a rule": ['<p>One</p><hr id="x">', "One\n\n***", `One\n\n${a("x")}\n\n***`],
  "of a box that shows nothing": [
    '<p>One</p><div id="x"></div><p>Two</p><div id="y"></div>',
    "One\n\nTwo",
    `One\n\n${a("x")}${a("y")}Two`,
  ],
  "with what HTML escapes": ['<p id="x&quot;&amp;">One</p>', "One", '<a id="x&quot;&amp;"></a>One'],
  twice: ['<p id="x">One</p><p id="x">Two</p>', "One\n\nTwo", `${a("x")}One\n\nTwo`],
};

test.each(Object.entries(KEPT))(
  "an id that only another text links to has its place: %s",
  (_, [html, without, withAll]) => {
    const { markdown, anchors } = converted(html);
    expect(markdown).toBe(without);
    expect(showAnchors(markdown, anchors, new Set(anchors.map(({ id }) => id)))).toBe(withAll);
  },
);

test("of several ids only those that are wanted are shown", () => {
  const { markdown, anchors } = converted('<p id="x">One</p><pre id="y">c</pre><p id="z">Two</p>');
  expect(showAnchors(markdown, anchors, new Set(["z", "other"]))).toBe(
    `One\n\n\`\`\`\nc\n\`\`\`\n\n${a("z")}Two`,
  );
  expect(showAnchors(markdown, anchors, new Set())).toBe(markdown);
});

test.each([
  ["a table", '<table id="x"><tr><td>1</td></tr></table>'],
  ["a row", '<table><tbody><tr id="x"><td>1</td></tr></tbody></table>'],
  ["a cell", '<table><tr><td>1</td><td id="x">2</td></tr></table>'],
  ["code", '<pre id="x">c</pre>'],
  ["a rule", '<p>One</p><hr id="x">'],
])("an id that a link of the same text leads to is kept: %s", (_, html) => {
  const { markdown, losses } = converted(`${html}<p><a href="#x">there</a></p>`);
  expect(markdown).toContain(a("x"));
  expect(losses).toEqual([]);
});
