/** Whatever is built of supported constructs comes back from its Markdown, and nothing unsafe does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFragment } from "../../src/extract/tree.js";
import { render } from "../../src/markdown/render.js";
import { sameWords, structureOf, wordsOf } from "../../src/markdown/structure.js";
import { convertNodes } from "../../src/markdown/to-markdown.js";
import { runs } from "../deep.js";
import { wordsAlone } from "./words.js";

/** Words with what Markdown reads: delimiters, numbers, entities, other scripts, blanks. */
const text = fc
  .array(
    fc.constantFrom(
      ..."a b word 1. 1) # - + * ** _ ~~ ` ``` [ ] ( ) ! | > < & \\ : --- === &amp; {{ {% <b> $ “重点” 中文 «да» مهم é".split(
        " ",
      ),
      " ",
      "\u00a0",
      "\n",
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) =>
    pieces.join("").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  );

const { block } = fc.letrec((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.constantFrom("<br>", '<img src="/i.png" alt="a ] b">', "<code>a`b</code>"),
    wrapped("inline", tie, "b", "i", "em", "strong", "del", "sup", "u", "span", "code"),
    fc
      .array(tie("inline"), { maxLength: 3 })
      .map((all) => `<a href="/x?a=(1)">${all.join("")}</a>`),
  ),
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    wrapped("inline", tie, "p", "h2", "h4", "div"),
    text.map((words) => `<pre>${words}</pre>`),
    fc.constant("<hr>"),
    wrapped("block", tie, "blockquote", "div"),
    fc
      .tuple(fc.constantFrom("ul", "ol"), fc.array(wrapped("item", tie, "li"), { maxLength: 3 }))
      .map(([name, items]) => `<${name}>${items.join("")}</${name}>`),
    fc
      .array(fc.array(wrapped("inline", tie, "td"), { minLength: 2, maxLength: 2 }), {
        maxLength: 3,
      })
      .map((rows) => `<table>${rows.map((row) => `<tr>${row.join("")}</tr>`).join("")}</table>`),
  ),
  item: fc.oneof(tie("inline"), tie("block")),
}));

function wrapped(
  part: string,
  tie: (name: string) => fc.Arbitrary<unknown>,
  ...names: readonly string[]
): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...names), fc.array(tie(part), { maxLength: 3 }))
    .map(([name, inside]) => `<${name}>${inside.join("")}</${name}>`);
}

const FACTS = { base: undefined, linked: new Set<string>(), setting: { dir: "ltr", lang: "" } };

test("HTML converted to Markdown and back has the same words, and the same structure unless a loss is reported", () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
      const nodes = parseFragment(blocks.join("")).root()[0]?.children ?? [];
      const { markdown, losses, problem } = convertNodes(nodes);
      expect(problem).toBeNull();
      const rendered = render(markdown);
      const [found, source] = [structureOf(rendered, FACTS), structureOf(nodes, FACTS)];
      expect(wordsOf(found)).toBe(wordsAlone(rendered));
      expect(wordsOf(source)).toBe(wordsAlone(nodes));
      expect(wordsOf(found)).toBe(wordsOf(source));
      if (losses.some(({ kind }) => kind === "flattened")) return;
      expect(found.lines).toEqual(source.lines);
    }),
    { numRuns: runs(150) },
  );
});

test("two texts have the same words exactly where they are equal without their white space", () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom(..."ab \n\t\u00a0\u3000\ufeffé中") }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const [a, b] = [one, other].map((all) => ({ lines: [], texts: all })) as [never, never];
      expect(sameWords(a, b)).toBe(wordsOf(a) === wordsOf(b));
      expect(sameWords(a, a)).toBe(true);
    }),
    { numRuns: runs(150) },
  );
});

test("unsafe HTML never reaches the Markdown, whatever element contains it", () => {
  const unsafe = fc.constantFrom(
    "<script>x()</script>",
    '<a href="javascript:x()">a</a>',
    '<a href=" java\nscript:x()">a</a>',
    '<img src="/i.png" onerror="x()">',
    '<a href="data:text/html,<script>x()</script>">a</a>',
    '<iframe src="javascript:x()"></iframe>',
    '<p style="display:none">hidden</p>',
    "<style>p { color: red }</style>",
    "<!-- comment -->",
    '<svg onload="x()"></svg>',
  );
  const around = fc.constantFrom("p", "li", "dl", "sup", "blockquote", "td", "figure");
  fc.assert(
    fc.property(unsafe, around, (inside, name) => {
      const html = `<table><tr><td><${name}>words ${inside}</${name}></td></tr></table><${name}>${inside}</${name}>`;
      const { markdown } = convertNodes(parseFragment(html).root()[0]?.children ?? []);
      expect(markdown).not.toMatch(/script|onerror|onload|data:|x\(\)|hidden|color|<!--/i);
    }),
  );
});
