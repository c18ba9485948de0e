/** Shapes that make converters run for minutes or overflow the stack: each ends, and keeps its words. */
import { describe, expect, test } from "vitest";
import { SHAPES } from "../../bench/shapes.js";
import { parseFragment } from "../../src/extract/tree.js";
import { convertNodes } from "../../src/markdown/to-markdown.js";
import { DEEP } from "../deep.js";

// One megabyte is enough for a test; the benchmark measures five too.
const shapes = Object.entries(SHAPES).filter(([name]) => DEEP || !name.startsWith("5 MB"));

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
