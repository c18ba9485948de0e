/** The tree of the proof comes from markdown-it's tokens; it must say what the HTML of these tokens says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { expect, test } from "vitest";
import { parse, render } from "../../src/markdown/render.js";
import { structureOf } from "../../src/markdown/structure.js";
import { wordsAlone } from "./words.js";

const FOLDER = join(import.meta.dirname, "cases");
const written = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")))
  .map(({ markdown }) => markdown as string)
  // markdown-it alone leaves tasks as text.
  .filter((markdown) => !/^\s*[-+*\d.]+ \[[ x]\] /m.test(markdown));

/** HTML that reaches beyond its own block, and what CommonMark makes of markup that was not escaped. */
const ACROSS = [
  "a <b>b\n\nc</b> d\n\ne",
  '<div dir="rtl" markdown="1">\n\n> a\n\n</div>\n\n- b',
  "- a\n- b <i>c\n- d\n\ne",
  "<!-- a\n\n**b**\n\n-->\n\nc",
  "</div>\n\n**a**",
  "<p>a\n\n**b**\n\n</p>\n\nc",
  "| a | b |\n| --- | --: |\n| <b>c | d |\n\ne",
  '![a *b* ![c](d)](e "f") [g](h "i")\n# j\n***\n    k\n\n7) l\n   m\\\nn',
  "<textarea>\n\n**a**\n\n</textarea>\n\n**b**",
];

test.each([...new Set([...written, ...ACROSS])])(
  "the rendered tree has the same structure and words as the HTML of markdown-it for %j",
  (markdown) => {
    const base = undefined;
    const options = { base, linked: new Set(["n1", "part"]), setting: { dir: "ltr", lang: "" } };
    const reader = new MarkdownIt({ html: true });
    reader.validateLink = () => true;
    reader.normalizeLink = (url) => url;
    const html = parse(reader.render(markdown));
    const tree = render(markdown);
    expect(structureOf(tree, options).lines).toEqual(structureOf(html, options).lines);
    expect(wordsAlone(tree)).toBe(wordsAlone(html));
  },
);
