import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeJson, escapeTerminal } from "../src/text.js";

const ACTIVE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe("text that is shown", () => {
  test.each([
    ["clears the screen", "\u001b[2J"],
    ["names the window", "\u001b]0;x\u0007"],
    ["hides what follows", "\u001b[8m"],
    ["begins an escape with one character", "\u009b31m"],
    ["goes back over the line", "written\rfailed"],
    ["turns the direction of text", "txt.\u202egnp"],
  ])("does not do what %s", (_, text) => {
    expect(escapeTerminal(text)).not.toMatch(ACTIVE);
    expect(
      escapeTerminal(`\u001b[31m${text}\u001b[39m`, true).replace(/\u001b\[3[19]m/g, ""),
    ).not.toMatch(ACTIVE);
  });

  test("has colours of ours alone, and none where there are none", () => {
    expect(escapeTerminal("\u001b[31mred\u001b[39m", true)).toBe("\u001b[31mred\u001b[39m");
    expect(escapeTerminal("\u001b[31mred\u001b[39m")).toBe("\ufffd[31mred\ufffd[39m");
  });

  test("whatever it is, holds nothing active but line feeds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeTerminal(text)).not.toMatch(ACTIVE);
      }),
    );
  });
});

test("JSON that is shown is the same value, and as harmless", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
      const shown = escapeJson({ value, text });
      expect(shown).not.toMatch(ACTIVE);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
