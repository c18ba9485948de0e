import fc from "fast-check";
import { micromark } from "micromark";
import {
  gfmAutolinkLiteral,
  gfmAutolinkLiteralHtml,
} from "micromark-extension-gfm-autolink-literal";
import { describe, expect, it } from "vitest";
import { destinations, parsedLinks, replaceDestinations } from "../../src/markdown/destinations.js";
import { plainLinks } from "../../src/markdown/plain-links.js";
import { runs } from "../deep.js";

const found = (markdown: string) =>
  destinations(markdown).map(({ kind, address }) => `${kind} ${address}`);

describe("destinations", () => {
  it.each([
    [
      "inline links and images",
      '[a](b.md "t") ![c [x](y)](<d e.png>)',
      ["link b.md", "link y", "image d e.png"],
    ],
    ["an image in a link", "[![t](thumb.png)](full.png)", ["image thumb.png", "link full.png"]],
    ["a link after an image", "![t](a.png) [b](c)", ["image a.png", "link c"]],
    [
      "escapes and references",
      "[a](b\\)c) [d](e&amp;f) [g](h%20i)",
      ["link b)c", "link e&f", "link h%20i"],
    ],
    ["definitions", "[a][b]\n\n[b]: /c 'd'", ["definition /c"]],
    [
      "bare URLs",
      "<http://x.example/a> http://y.example/b_c. www.z.example",
      ["bare http://x.example/a", "bare http://y.example/b_c", "bare http://www.z.example"],
    ],
    [
      "an email address",
      "<a@x.example> b@x.example [c](mailto:d@x.example)",
      ["link mailto:d@x.example"],
    ],
    ["code", "`[a](b)`\n\n    [a](b)\n\n```\n[a](b)\n```\n\n\\[a](b)", []],
    [
      "table cells",
      "| a | b |\n|---|---|\n| [x](y\\|z) | ![](m.png) |",
      ["link y|z", "image m.png"],
    ],
    [
      "a block of HTML",
      "<figure>\n<img alt='1 > 0' src=\"a&amp;b.png\"><figcaption><a href=c>d</a></figcaption>\n</figure>",
      ["html a&b.png", "html c"],
    ],
    [
      "HTML in a line",
      'x <video poster="p.png" src=\'v.mp4\'></video> <!-- <img src="no.png"> -->',
      ["html p.png", "html v.mp4"],
    ],
    ["a list in a quotation", "> - [a](b)\n>   ![c](d)", ["link b", "image d"]],
    ["a footnote", "a[^1]\n\n[^1]: word [b](c)", ["link c"]],
    ["empty text", "", []],
  ])("destinations finds the URLs of %s", (_, markdown, expected) => {
    expect(found(markdown)).toEqual(expected);
  });

  it("destinations reads lists nested as deep as people write them, and none nested by a machine", () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }, (_, level) => `${"  ".repeat(level)}- [x](y)`).join("\n");
    expect(destinations(nested(60))).toHaveLength(60);
    expect(destinations(nested(3000))).toEqual([]);
    const wide = `[x](y)\n\n\`\`\`\n${`${" ".repeat(300)}picture of letters\n`.repeat(90)}\`\`\``;
    expect(destinations(wide)).toHaveLength(1);
  });

  it("destinations finds what micromark finds, with the same places and words", () => {
    const text = fc.array(
      fc.constantFrom(
        ..."[ ] ( ) ! ]( [a](b) ![c](d) \\ \\[ \\] < a b.c ` > - # | ** ' \" <b> <!-- <div> *".split(
          " ",
        ),
        ...[" ", "\n", "\n\n", "  ", "    ", "```\n", "> ", "- ", "[r]: /u\n", "[^1]: ", "|---|\n"],
        ...["[x](y 't')", "[x](<y z>)", "http://x.y", "www.z.q", '<a id="i"></a>', "===\n", "\t"],
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const markdown = parts.join("");
        const plain = plainLinks(markdown);
        const expected = parsedLinks(markdown);
        expect(destinations(markdown)).toEqual(expected);
        if (plain.isSure)
          expect(plain.found).toMatchObject(expected.map(({ start, end }) => ({ start, end })));
      }),
      { numRuns: runs(500) },
    );
  });

  it("destinations of HTML include the element and the attribute", () => {
    expect(destinations('<IMG\nSRC="a.png">')).toMatchObject([
      { element: "img", attribute: "src" },
    ]);
  });
});

describe("replaceDestinations", () => {
  const replaced = (markdown: string, to: string) =>
    replaceDestinations(markdown, destinations(markdown), () => to);

  it.each([
    ['[a](b.md "t") `[a](b.md)`', '[a](../x.md "t") `[a](b.md)`'],
    ["![c](<d e.png>)", "![c](<../x.md>)"],
    ["[a][b]\n\n[b]: /c 'd'", "[a][b]\n\n[b]: ../x.md 'd'"],
    ["see <http://x.example/a_b>.", "see [http://x.example/a\\_b](../x.md)."],
    ["see http://x.example/a.", "see [http://x.example/a](../x.md)."],
    ["<img src=a.png alt=b>", '<img src="../x.md" alt=b>'],
  ])("replaceDestinations writes the new URL into %j", (before, after) => {
    expect(replaced(before, "../x.md")).toBe(after);
  });

  it("replaceDestinations escapes a URL for the place it is written to", () => {
    const address = 'a (b) <c> | `d` "e" & f';
    for (const markdown of [
      "[x](y)",
      "![x](<y>)",
      '<a href="y">x</a>',
      "| a |\n|---|\n| [x](y) |",
    ]) {
      const [place] = destinations(replaced(markdown, address));
      expect(decodeURIComponent(place?.address ?? "")).toBe(address);
    }
  });

  it("replaceDestinations leaves every other character unchanged", () => {
    const text = fc.array(
      fc.constantFrom(
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        "a",
        "b.md",
        " ",
        "\n",
        "`",
        "\\",
        "|",
        "---",
        '<img src="',
        '"',
        "http://x.example/",
        "> ",
        "- ",
        "[x](y)",
        "![x](z)",
      ),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const markdown = parts.join("");
        const places = destinations(markdown);
        expect(replaceDestinations(markdown, places, ({ address }) => address)).toBe(markdown);
        for (const [at, place] of places.entries())
          expect(place.start).toBeGreaterThanOrEqual(places[at - 1]?.end ?? 0);
      }),
      { numRuns: runs(150) },
    );
  });

  it("destinations finds every URL that a renderer links to", () => {
    const text = fc.array(
      fc.constantFrom(
        "[x](y)",
        "![x](z)",
        "<http://y.example>",
        "`[x](y)`",
        "\\",
        "> ",
        "- ",
        "\n",
        "\n\n",
        "*",
        "w",
        " ",
        "    ",
        "<b>",
        "[x][r]",
        "\n\n[r]: y\n\n",
      ),
      { maxLength: 16 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const markdown = parts.join("");
        const marked = replaceDestinations(markdown, destinations(markdown), () => "NEW");
        const html = micromark(marked, {
          extensions: [gfmAutolinkLiteral()],
          htmlExtensions: [gfmAutolinkLiteralHtml()],
          allowDangerousHtml: true,
        });
        expect(html).not.toMatch(/(?:href|src)="(?!NEW)/);
      }),
      { numRuns: runs(150) },
    );
  });
});
