import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { events, scratch, sitelift } from "../commands/sitelift.js";

const DOCUMENT = readFileSync(resolve(import.meta.dirname, "../../docs/exports.md"), "utf8");

describe("the export that the documents show", () => {
  const shown = [...DOCUMENT.matchAll(/^```ts\n(.*?)^```/gms)]
    .map((match) => match[1] ?? "")
    .filter((text) => text.includes("satisfies Export"));
  const folder = scratch();

  beforeAll(async () => {
    writeFileSync(join(folder, "my-export.ts"), shown[0] ?? "");
    expect((await sitelift(["demo"], { cwd: folder })).exitCode).toBe(0);
  });

  test("the export that the documents show has less than thirty lines", () => {
    expect(shown).toHaveLength(1);
    expect(shown[0]?.trimEnd().split("\n").length).toBeLessThan(30);
  });

  test("the export that the documents show writes a page per article, with its title, date, text and direction", async () => {
    const { exitCode, stdout, stderr } = await sitelift(
      ["export", "output/demo", "--to", "./my-export.ts", "--json"],
      { cwd: folder },
    );
    expect(stderr).toMatch(/^demo for my-export: 70 articles, .*\nexport: .*\n$/);
    expect(exitCode).toBe(0);
    const { counts } = events(stdout).at(-1) as { counts: Record<string, number> };
    const entries = readFileSync(join(folder, "output/demo/entries.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(counts.articles).toBe(entries.length);
    expect(counts.written).toBe(counts.files);
    const root = join(folder, "output/demo-my-export");
    const pages = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("index.html"),
    );
    expect(pages).toHaveLength(entries.length);
    const page = readFileSync(join(root, "en/2019/bridge-of-boats/index.html"), "utf8");
    expect(page).toContain('<html lang="en" dir="ltr">');
    expect(page).toContain("<h1>A bridge of boats for one afternoon</h1><time>2019-08-27</time>");
    expect(page).toContain("<p>Sixty-four boats were tied side by side");
  });

  test("an export module without a function `files` is refused, and nothing is written", async () => {
    writeFileSync(join(folder, "empty.ts"), "export default {};\n");
    const { exitCode, stderr } = await sitelift(
      ["export", "output/demo", "--to", "./empty.ts", "--out", "nothing"],
      { cwd: folder },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("has no export");
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });
});
