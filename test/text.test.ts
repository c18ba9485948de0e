import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  escapeJson,
  escapeTerminal,
  gather,
  parseUrl,
  remembering,
  resolvedUrl,
  withOrigin,
  withoutPasswords,
} from "../src/text.js";
import { runs } from "./deep.js";

const ACTIVE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe("text output", () => {
  test.each([
    ["clears the screen", "\u001b[2J"],
    ["sets the window title", "\u001b]0;x\u0007"],
    ["hides what follows", "\u001b[8m"],
    ["starts an escape sequence with a C1 control", "\u009b31m"],
    ["overwrites the line", "written\rfailed"],
    ["reverses the direction of text", "txt.\u202egnp"],
  ])("escaped text no longer %s", (_, text) => {
    expect(escapeTerminal(text)).not.toMatch(ACTIVE);
    expect(
      escapeTerminal(`\u001b[31m${text}\u001b[39m`, true).replace(/\u001b\[3[19]m/g, ""),
    ).not.toMatch(ACTIVE);
  });

  test("only sitelift's own colours are printed, and none when colours are off", () => {
    expect(escapeTerminal("\u001b[31mred\u001b[39m", true)).toBe("\u001b[31mred\u001b[39m");
    expect(escapeTerminal("\u001b[31mred\u001b[39m")).toBe("\ufffd[31mred\ufffd[39m");
  });

  test("any printed text contains no control characters except line feeds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeTerminal(text)).not.toMatch(ACTIVE);
      }),
    );
  });
});

test("printed JSON parses to the same value and contains no control characters", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
      const shown = escapeJson({ value, text });
      expect(shown).not.toMatch(ACTIVE);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});

test.each([
  [
    "http://user:pw@a.example/x and https://pw@b.example",
    "http://a.example/x and https://b.example",
  ],
  ["see HTTP:\\\\user:p@w@a.example/", "see HTTP:\\\\a.example/"],
  ["mail a@b.example, http://a.example/@user", "mail a@b.example, http://a.example/@user"],
])("withoutPasswords(%j) leaves what is public", (text, expected) => {
  expect(withoutPasswords(text)).toBe(expected);
});

test("a link that means the same without its base leads to the same URL as with it", () => {
  const piece = fc.constantFrom(
    ..."/ \\ . .. : @ ? # http: https: HTTP:// ftp: javascript: a b.example 8080 %41 é [ ] | \t \n".split(
      " ",
    ),
    " ",
    "\t",
    "\u0000",
  );
  const written = fc.array(piece, { maxLength: 6 }).map((all) => all.join(""));
  const base = fc.constantFrom(
    ..."http://a.example/b/c?d=/e@f#g https://A.example:443 http://u:p@a.example/ http://a.example:81?x ftp://a.example/b file:///b http:a.example blob:http://a.example/1 about:blank b".split(
      " ",
    ),
  );
  const parsed = (href: string, from?: string) => parseUrl(href, from)?.href ?? null;
  fc.assert(
    fc.property(written, fc.boolean(), base, (path, isRooted, from) => {
      const href = isRooted ? `/${path}` : path;
      const whole = withOrigin(href, from);
      if (whole !== null) expect(parsed(whole)).toBe(parsed(href, from));
      expect(resolvedUrl(href, from)).toBe(parsed(href, from));
    }),
    { numRuns: runs(300) },
  );
});

test("a function that remembers gives what it would give anew, however many it is asked for", () => {
  let asked = 0;
  const find = remembering((text) => (text === "nothing" ? null : { text, asked: ++asked }));
  expect(find("a")).toBe(find("a"));
  expect(find("nothing")).toBeNull();
  for (let at = 0; at < 3_000; at++) find(`${at}`);
  expect(find("a")).toEqual({ text: "a", asked: asked });
  // A long text is not held.
  expect(find("b".repeat(1_000))).not.toBe(find("b".repeat(1_000)));
});

test("a list of a map takes 200,000 items in their order, and is not copied for each", () => {
  const lists = new Map<string, number[]>();
  gather(lists, "a", 0);
  const [first] = lists.values();
  for (let item = 1; item < 200_000; item++) gather(lists, item % 2 === 0 ? "a" : "b", item);
  expect(lists.get("a")).toBe(first);
  expect(lists.get("a")?.length).toBe(100_000);
  expect(lists.get("b")?.slice(0, 3)).toEqual([1, 3, 5]);
});
