/** Selectors are judged as Cheerio, which uses them, judges them. */
import { load } from "cheerio";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { selectorProblem } from "../../src/site/selector.js";
import { runs } from "../deep.js";

/** Every element that positions can be counted among, so that Cheerio reads a selector to its end. */
const $ = load("<main><ul><li><a href=x>x</a><a>y</a></li><li><b>z</b></li></ul></main>");

function refusal(selector: string): string | null {
  try {
    $(selector);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a selector", () => {
  test.each([
    "a",
    ":first",
    "> a",
    "a > :first",
    "ul:eq(0) a:not(:last)",
    "a:has(> b)",
    "td:contains('x')",
    "li:nth-child(2n+1)",
    "a[href$='.pdf' i]",
    "a:is(b, c):where(d)",
    "a < b",
    "a:hover",
  ])("the selector %s can be used", (selector) => {
    expect(refusal(selector)).toBeNull();
    expect(selectorProblem(selector)).toBeNull();
  });

  test.each([
    ["a[href", /didn't terminate/],
    ["a:contains('x'", /not matched/],
    ["a,", /Empty sub-selector/],
    ["//div", /Empty sub-selector/],
    [":frst", /Unknown pseudo-class :frst/],
    ["a:has(b:first)", /Unknown pseudo-class :first/],
    ["a::before", /Pseudo-elements/],
    [":not(:eq(1))::before", /Pseudo-elements/],
    ["li:nth-child(x)", /couldn't be parsed/],
    ["svg|a", /Namespaced/],
  ])("the selector %s is refused with the message of Cheerio", (selector, words) => {
    expect(refusal(selector)).toMatch(words);
    expect(selectorProblem(selector)).toBe(refusal(selector));
  });

  test.each(["a >", "a +", ""])(
    "the selector %j, for which Cheerio finds nothing, is refused",
    (selector) => {
      expect(refusal(selector)).toBeNull();
      expect(selectorProblem(selector)).not.toBeNull();
    },
  );

  test.each([":not(> :odd)", "a:not(~ b:not(:first))"])(
    "the relative selector %s is refused",
    (selector) => {
      expect(refusal(selector)).toMatch(/Relative selectors/);
      expect(selectorProblem(selector)).toMatch(/Relative selectors/);
    },
  );

  test("Cheerio accepts every selector that selectorProblem accepts", () => {
    const piece = fc.constantFrom(
      ...'a|li|*|.b|#c|[d]|[e=f|:not(|:has(|:is(|)|:first|:eq(1)|:odd|:nth-child(2)|:frst|::g| |>|,|+|~|\\|"|:'.split(
        "|",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const selector = pieces.join("");
        if (selectorProblem(selector) === null) expect(refusal(selector)).toBeNull();
      }),
      { numRuns: runs(500) },
    );
  });
});
