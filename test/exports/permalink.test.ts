import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  distinctPaths,
  encodePath,
  type PatternFields,
  readPattern,
} from "../../src/exports/permalink.js";

const ENTRY: PatternFields = {
  id: "0123456789abcdef",
  slug: "bridge-of-boats",
  language: "en",
  date: "2019-08-27",
  type: "Letter to the editor",
  sourceUrl: "https://old.example/news/Bridge%20of%20boats.html?x=1",
};

describe("readPattern", () => {
  test.each([
    ["/:language/:year/:slug/", {}, "en/2019/bridge-of-boats"],
    ["/:year/:month/:day/:slug/", {}, "2019/08/27/bridge-of-boats"],
    ["/:year/:month/:day/:slug/", { date: null }, "undated/bridge-of-boats"],
    ["/:type/:id/", {}, "letter-to-the-editor/0123456789abcdef"],
    ["/:type/:slug/", { type: null }, "other/bridge-of-boats"],
    ["/:old/", {}, "news/Bridge of boats"],
    ["/:old/", { sourceUrl: "https://old.example/list#row-3" }, "bridge-of-boats"],
    ["/:old/", { sourceUrl: "https://old.example/a%2Fb/%7B%7Bx%7D%7D/%E0%A4" }, "a-b/x/e0-a4"],
    ["/:old/", { sourceUrl: "https://old.example/%D8%B9/" }, "ع"],
    ["blog/:slug", {}, "blog/bridge-of-boats"],
  ])("the permalink pattern %s of %j gives %s", (pattern, changes, path) => {
    expect(readPattern(pattern, "--permalink")({ ...ENTRY, ...changes })).toBe(path);
  });

  test.each([
    ["/:language/:year/", "gives several articles the same URL"],
    ["/:slog/", "unknown token :slog"],
    ["/a/../:slug/", "is not a path"],
    ["/:slug/?x", "is not a path"],
  ])("the permalink pattern %s is refused", (pattern, message) => {
    expect(() => readPattern(pattern, "--permalink")).toThrow(message);
  });
});

describe("distinctPaths and encodePath", () => {
  const slug = (entry: PatternFields) => entry.slug;

  test("paths of entries that share one all get a suffix, whatever their order", () => {
    const entries = [
      { ...ENTRY, id: "aaaaaa", slug: "One" },
      { ...ENTRY, id: "bbbbbb", slug: "one" },
      { ...ENTRY, id: "cccccc", slug: "two" },
      { ...ENTRY, id: "dddddd", slug: "media" },
    ];
    const expected = [
      ["aaaaaa", "One-aaaaaa"],
      ["bbbbbb", "one-bbbbbb"],
      ["cccccc", "two"],
      ["dddddd", "media-dddddd"],
    ];
    const { paths, suffixed } = distinctPaths(entries, slug, ["media"]);
    expect([...paths].sort()).toEqual(expected);
    expect([...suffixed].sort()).toEqual(["aaaaaa", "bbbbbb", "dddddd"]);
    const reversed = distinctPaths([...entries].reverse(), slug, ["media"]);
    expect([...reversed.paths].sort()).toEqual(expected);
  });

  test("encoded paths end no link, attribute or rule, and decode to themselves", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const path = `/${text.replaceAll("/", "")}/`;
        const encoded = encodePath(path);
        expect(encoded).toMatch(/^[A-Za-z0-9\-_.~%/]*$/);
        expect(decodeURIComponent(encoded)).toBe(path);
      }),
    );
  });
});
