/** Shapes that make converters run for minutes or overflow the stack: each ends, and keeps its words. */
import { describe, expect, test } from "vitest";
import { SHAPES } from "../../bench/shapes.js";
import { parseFragment } from "../../src/extract/tree.js";
import { convertNodes } from "../../src/markdown/to-markdown.js";

// Five megabytes once are enough for a test; the benchmark measures them in many paragraphs too.
const shapes = Object.entries(SHAPES).filter(([name]) => name !== "5 MB of articles");

describe("hostile HTML", () => {
  test.each(shapes)(
    "hostile HTML is converted in time and keeps its words: %s",
    (_name, make) => {
      const root = parseFragment(make()).root()[0];
      const { markdown, problem } = convertNodes(root?.children ?? []);
      expect(problem).toBeNull();
      expect(markdown).not.toBe("");
    },
    300_000,
  );
});
