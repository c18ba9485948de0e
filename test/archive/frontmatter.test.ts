import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  bareDate,
  readContent,
  renderContent,
  withoutFinalNewlines,
  yamlText,
} from "../../src/archive/frontmatter.js";
import { judge } from "../../src/schema/entry.js";
import { runs } from "../deep.js";
import { draft, entry } from "./samples.js";

const HOSTILE = [
  "2021 IYF: Special",
  "# x",
  "012",
  "1:20",
  "yes",
  "~",
  "null",
  "- a",
  "? b",
  "!!js/function 'x'",
  "&a *a",
  "{{ x }} {% y %}",
  "'",
  '"',
  "\\",
  '\\"',
  "---",
  "...",
  "| x",
  "> x",
  "%TAG ! x",
  "@x `y`",
  "a #b",
  "key: value",
  "[x](y)",
  " padded ",
  "\u00a0no-break\u00a0",
  "\u2028line\u2029separators",
  "\ufeffbyte order mark",
  "\ufffe\uffff",
  "\u{1fffe}\u{10ffff}",
  "\u202eright to left",
  "\u{1f600}",
  "=cmd()",
  "<<",
  "__proto__",
  "x".repeat(5000),
];

/** A second YAML reader, where one is installed. */
const other: { load(text: string): unknown } | null = await import(["js", "yaml"].join("-")).catch(
  () => null,
);

function frontOf(title: string): string {
  const { data, body } = entry("x", { title, summary: `${title}\n${title}`, warnings: [title] });
  return renderContent(data, body).split("\n---\n")[0]?.slice(4) ?? "";
}

describe("front matter", () => {
  it("an ordinary mapping is written as the library writes it", () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(...HOSTILE),
    );
    const leaf = fc.oneof(
      word,
      fc.constantFrom(null, true, false, 0, 7, -1, 1.5, 2e21, undefined, bareDate("2021-12-03")),
    );
    const key = fc.oneof(
      fc.constantFrom("a", "zh-hans", "sourceUrl", "no", "y", "e1", "es-419"),
      word,
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.boolean(), (value, isNested) => {
        const whole = {
          ...(isNested ? { a: value, b: [value, { c: value }] } : { a: value }),
          z: 1,
        };
        // A key that must have quotes leaves the whole of it to the library.
        expect(`${yamlText(whole)}"no": 1\n`).toBe(yamlText({ ...whole, no: 1 }));
      }),
      { numRuns: runs(300) },
    );
  });

  it.each(HOSTILE)("front matter gives back %j", (title) => {
    const { data, body } = entry("x", { title, summary: `${title}\n\t${title}`, typeText: title });
    expect(readContent(renderContent(data, body))).toEqual({ data, body });
  });

  it.each(HOSTILE)("front matter gives %j to readers of YAML 1.1", (title) => {
    const data = parse(frontOf(title), { version: "1.1" });
    expect([data.title, data.summary, data.warnings]).toEqual([
      title,
      `${title}\n${title}`,
      [title],
    ]);
    // Its readers take these for line breaks or refuse them, so all must be escaped.
    expect(frontOf(title)).not.toMatch(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/);
  });

  it.skipIf(other === null).each(HOSTILE)(
    "front matter gives %j to js-yaml (skipped where js-yaml is not installed)",
    (title) => {
      expect(other?.load(frontOf(title))).toMatchObject({
        title,
        summary: `${title}\n${title}`,
        warnings: [title],
      });
    },
  );

  it("front matter prints a text of several lines on one, so that its change is one line", () => {
    expect(
      frontOf("a long title of many words ".repeat(10)).match(/^summary: .*\\n.*"$/m),
    ).not.toBe(null);
  });

  it("front matter keeps language tags that YAML reads as booleans", () => {
    const translations = { no: "https://x.example/no", "zh-Hans": "https://x.example/zh" };
    const { data, body } = entry("x", { language: "no", translations });
    const front = renderContent(data, body).split("\n---\n")[0]?.slice(4) ?? "";
    expect(parse(front, { version: "1.1" })).toMatchObject({ language: "no", translations });
    expect(readContent(renderContent(data, body)).data).toEqual(data);
  });

  it("front matter and body give back any title and body that judge accepts", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const lines = fc.string({ unit: fc.constantFrom("-", "\n", "\r", " ", "a", ":", "\u2028") });
    let judgedRight = 0;
    fc.assert(
      fc.property(fc.oneof(text, lines), fc.oneof(text, lines), (title, body) => {
        const judged = judge(draft("x", { title, summary: body }, { body }));
        if ("issues" in judged) return;
        judgedRight++;
        expect(readContent(renderContent(judged.data, judged.body))).toEqual({
          data: judged.data,
          body: withoutFinalNewlines(body),
        });
      }),
      { numRuns: runs(150) },
    );
    // About two of five pass: the others hold what no title may.
    expect(judgedRight).toBeGreaterThan(runs(150) / 6);
  });

  it.each([
    ["no front matter", "words"],
    ["front matter that does not end", "---\ntitle: x\n"],
    ["a key twice", "---\na: 1\na: 2\n---\n\nx\n"],
    ["an alias", "---\na: &x [1]\nb: *x\n---\n\nx\n"],
    ["a tag", '---\na: !!js/function "x"\n---\n\nx\n'],
  ])("readContent refuses %s", (_, text) => {
    expect(() => readContent(text)).toThrow();
  });
});
