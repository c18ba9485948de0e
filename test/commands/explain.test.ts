import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EXIT } from "../../src/error.js";
import { siteSchema } from "../../src/site/schema.js";
import { sitelift } from "./sitelift.js";

const SRC = resolve(import.meta.dirname, "../../src");
const DOCUMENT = resolve(SRC, "../docs/troubleshooting.md");

/** How the source gives a code: as the first argument of what reports it, as a key, or as a constant. */
const GIVEN = [
  /\b(?:warn|found|report|problem|gap)\(\s*"([a-z-]+)"/g,
  /\b(?:code|finding): ["`]([^"`\n]+)["`]/g,
  /(?<=\b(?:code|finding)(?: =|:) [^;,\n]*[?:] )"([a-z-]+)"/g,
  /\breport\(\s*`([^`]+)`/g,
  /(?:checkedLines|jsonOf|orderedKeys)\([^;=]*?"([a-z-]+)"(?:, "path")?,?\s*\)/g,
  /\bcode = "([a-z-]+)"/g,
  /^export const (?:NOT_IN_LIST|CANONICAL_SHARED|UNDECLARED) = "([a-z-]+)"/gm,
  /`warning ([a-z-]+): /g,
];
/** Codes that are made of two parts, and what the second one may be. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  "page-${kind}": ["page-stale", "page-empty"],
  "body-begins-with-${field}": ["title", "date", "type"].map((of) => `body-begins-with-${of}`),
  "${of}-digest": ["block-digest", "payload-digest"],
};
/** What these forms find that is not a code: of zod, of elements and classes, of a name in a selector. */
const OTHER = new Set([
  "custom",
  "invalid_key",
  "code tt samp",
  "class",
  "a",
  "img",
  `#\${fragment}`,
]);

function codesOfSource(): Set<string> {
  const codes = new Set(Object.values(EXIT).map(String));
  for (const name of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const text = readFileSync(join(SRC, name), "utf8");
    for (const form of GIVEN)
      for (const [, code = ""] of text.matchAll(form))
        if (!OTHER.has(code)) for (const one of MADE[code] ?? [code]) codes.add(one);
    if (name === join("commands", "run", "report.ts"))
      for (const [, label = ""] of text.matchAll(/\[(?:red|yellow)\("([a-z ]+)"\), /g))
        codes.add(label.replace(" ", "-"));
  }
  return codes;
}

function codesOfDocument(): string[] {
  const headings = readFileSync(DOCUMENT, "utf8").match(/^### .*$/gm) ?? [];
  return headings.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

describe("the document of codes", () => {
  test("every code that the source gives has a section, and no section is of a code that nothing gives", () => {
    const given = codesOfSource();
    expect(given.size).toBeGreaterThan(100);
    expect(codesOfDocument().sort()).toEqual([...given].sort());
  });

  test("every finding that has a section can be accepted in a site file, and no other name can", () => {
    const [, findings = ""] = readFileSync(DOCUMENT, "utf8").split(
      /^(?=## (?:Findings about the list|Warnings about entries))/m,
    );
    const names = [...findings.matchAll(/^### (.*)$/gm)]
      // The codes of failed articles.
      .filter(([, heading = ""]) => !heading.startsWith("`gone`"))
      .flatMap(([, heading = ""]) => [...heading.matchAll(/`([^`]+)`/g)].map(([, one]) => one));
    const schema = JSON.stringify(z.toJSONSchema(siteSchema, { io: "input" }));
    const [, all = ""] = /"finding":\{"type":"string","enum":\[([^\]]*)\]/.exec(schema) ?? [];
    expect(JSON.parse(`[${all}]`).sort()).toEqual(names.sort());
  });

  test("each section says what, why, an example and what to do", () => {
    const sections = readFileSync(DOCUMENT, "utf8").split(/^### /m).slice(1);
    const wrong = sections.filter(
      (text) =>
        !/^.*\n\n- What: [\s\S]+\n- Why: [\s\S]+\n- Example: [\s\S]+\n- Do: [\s\S]+$/.test(text) ||
        (text.match(/^- /gm) ?? []).length !== 4,
    );
    expect(wrong).toEqual([]);
  });
});

describe("sitelift explain", () => {
  test("explain prints the section of a code, each point on one line", async () => {
    const { exitCode, stdout } = await sitelift(["explain", "page-short"]);
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("page-short (Findings about the list)");
    expect(lines.slice(1).map((line) => line.split(":")[0])).toEqual([
      "- What",
      "- Why",
      "- Example",
      "- Do",
    ]);
  });

  test.each([
    [["3"], "- What: incomplete."],
    [["left", "behind"], "- Do: read it with a field"],
    [["body-begins-with-date"], "body-begins-with-title, body-begins-with-date"],
    [["captures-apart"], "See docs/web-archives.md."],
  ])("explain knows %j", async (words, shown) => {
    const { exitCode, stdout } = await sitelift(["explain", ...words]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(shown);
  });

  test("explain without a code lists every code with what it is", async () => {
    const { exitCode, stdout } = await sitelift(["explain"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Exit codes\n {2}0 +complete\./);
    for (const code of codesOfDocument()) expect(stdout).toContain(code);
  });

  test.each([
    ["date-in-txt", "hint: Did you mean date-in-text"],
    ["pager-short", "page-short"],
    ["zzzzzzzz", "hint: `sitelift explain` lists all codes."],
  ])("explain of the unknown code %s names near ones and exits with 2", async (code, hint) => {
    const { exitCode, stdout, stderr } = await sitelift(["explain", code]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`error: unknown code "${code}"`);
    expect(stderr).toContain(hint);
  });
});
