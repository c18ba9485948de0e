import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeJson, escapeTerminal, withoutPasswords } from "../src/text.js";

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
