/** One input and one output for each behaviour, as tables of data: `cases/<construct>.json`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toMarkdown } from "../../src/markdown/to-markdown.js";

interface Case {
  readonly name: string;
  readonly html: string;
  readonly baseUrl?: string;
  readonly footnotes?: boolean;
  readonly markdown: string;
  /** Kind and construct of each loss. */
  readonly losses?: readonly string[];
}

const FOLDER = join(import.meta.dirname, "cases");
const TABLES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test("the tables of HTML and expected Markdown are found", () => {
  expect(TABLES.length).toBeGreaterThan(10);
});

describe.each(TABLES)("%s", (table) => {
  const cases: Case[] = JSON.parse(readFileSync(join(FOLDER, table), "utf8"));
  test.each(cases)(
    "HTML is converted to the expected Markdown: $name",
    ({ html, markdown, losses = [], ...options }) => {
      const converted = toMarkdown(html, options);
      expect(converted.markdown).toBe(markdown);
      expect(converted.losses.map(({ kind, construct }) => `${kind} ${construct}`)).toEqual(losses);
    },
  );
});
