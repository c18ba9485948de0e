import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeShortcodes } from "../../src/exports/hugo/escape.js";
import { editMarkdown, relink, renderMarkdown } from "../../src/exports/markdown.js";
import { runs } from "../deep.js";

const moved = (href: string) => (href.startsWith("../") ? "/new/%28x%29/" : null);

describe("relink", () => {
  test.each([
    ["[a](../b.md)", "[a](/new/%28x%29/)"],
    ['[a](<../b c.md> "title")', '[a](</new/%28x%29/> "title")'],
    ["![a](../b.png)", "![a](/new/%28x%29/)"],
    ["[a](../b\\_c.md)", "[a](/new/%28x%29/)"],
    ["[a]\n\n[a]: ../b.md 't'", "[a]\n\n[a]: /new/%28x%29/ 't'"],
    ["> - [a](../b.md)\n>   [c](d)", "> - [a](/new/%28x%29/)\n>   [c](d)"],
    ["| [a](../b.md) |\n| --- |", "| [a](/new/%28x%29/) |\n| --- |"],
    ['<a class=x href="../b">c</a>', '<a class=x href="/new/%28x%29/">c</a>'],
    ["<img src='../b' alt='href=\"../c\"'>", '<img src="/new/%28x%29/" alt=\'href="../c"\'>'],
    ["<div>\n<a href=../b>c</a>\n</div>", '<div>\n<a href="/new/%28x%29/">c</a>\n</div>'],
  ])("relink turns %j into %j", (body, expected) => {
    expect(relink(body, moved)).toBe(expected);
  });

  test.each([
    "`[a](../b.md)`",
    "```\n[a](../b.md)\n```",
    "    [a](../b.md)",
    "\\[a](../b.md)",
    '<p title="href=../b">../b</p>',
    "<!-- [a](../b.md) -->",
    "[a](https://e.example/../b)",
    "text ../b",
  ])("relink leaves %j", (body) => {
    expect(relink(body, moved)).toBe(body);
  });

  test("relink keeps the text of a URL in angle brackets", () => {
    const body = relink("<https://old.example/a_b>", () => "/new/");
    expect(renderMarkdown(body)).toBe('<p><a href="/new/">https://old.example/a_b</a></p>');
  });

  test("editMarkdown and relink change nothing else in any body", () => {
    const pieces = fc.constantFrom(
      ..."[ ] ( ) ` ``` ~~~ > - * _ | --- <a> </a> <pre> \\ & &amp; {{< {{% }} \t \n \n\n a 1.".split(
        " ",
      ),
      " ",
      "\n",
      "    ",
      "[a](../b)",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const body = parts.join("");
        expect(editMarkdown(body, () => undefined)).toBe(body);
        expect(relink(body, () => null)).toBe(body);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe("escapeShortcodes", () => {
  const shortcode = /\{\{[<%]|<!--\s*more/gi;

  test("escapeShortcodes leaves a body without a shortcode", () => {
    expect(escapeShortcodes("{{ x }} `{{ y }}`")).toBe("{{ x }} `{{ y }}`");
  });

  test.each([
    "a {{< b >}} c",
    "`a {{< b >}} *c*`",
    "``a ` {{% b ``",
    '[a](b "{{< c >}}")',
    "{{<b>c</b>",
    "```js\nlet a = `{{< b >}}` & <i>;\n\n  c\n```",
    "> ```\n> {{< b\n> ```\n> after",
    "- a\n\n  ~~~~ md x\n  {{% b %}}\n  ~~~~\n- d",
    "    {{< indented >}}\n      more\n\nafter",
    "```\n{{< open to the end",
    '<p title="{{< a >}}">{{% b %}}</p>',
    "<div>\n{{< a >}}\n</div>",
    "| `{{< a \\| b >}}` |\n| --- |",
    "## {{< a >}}",
    "```\na\n<!--more-->\nb\n```",
    "`<!-- more -->` and \\<!--more-->",
    "    <!--more-->",
  ])("escapeShortcodes leaves no shortcode in %j, and it renders the same", (body) => {
    const result = escapeShortcodes(body);
    expect(result).not.toMatch(shortcode);
    const text = (markdown: string) =>
      renderMarkdown(markdown)
        .replace(/<pre\n>/g, "<pre>")
        .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&")
        .replace(/\n(?=<\/code>|$)/g, "");
    expect(text(result)).toBe(text(body));
  });
});
