/** Shapes that make converters run for minutes or overflow the stack: each ends, and keeps its words. */
import { describe, expect, test } from "vitest";
import { SHAPES } from "../../../bench/shapes.js";
import { convertNodes } from "../../../src/convert/markdown/markdown.js";
import { parseFragment } from "../../../src/extract/tree.js";

describe("hostile shapes", () => {
  test.each(Object.entries(SHAPES))(
    "%s",
    (_name, make) => {
      const root = parseFragment(make()).root()[0];
      const { markdown, problem } = convertNodes(root?.children ?? []);
      expect(problem).toBeNull();
      expect(markdown).not.toBe("");
    },
    300_000,
  );
});
