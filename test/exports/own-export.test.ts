import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { FEW, officeWithSite } from "../capture/office.js";
import { crawlHere } from "../commands/here.js";
import { events, scratch, sitelift } from "../commands/sitelift.js";

const DOCUMENT = readFileSync(resolve(import.meta.dirname, "../../docs/exports.md"), "utf8");

describe("the export that the documents show", () => {
  const shown = [...DOCUMENT.matchAll(/^```ts\n(.*?)^```/gms)]
    .map((match) => match[1] ?? "")
    .filter((text) => text.includes("satisfies Export"));
  const folder = scratch();

  beforeAll(async () => {
    writeFileSync(join(folder, "my-export.ts"), shown[0] ?? "");
    const office = await officeWithSite(folder);
    expect((await crawlHere(folder, "office")).exitCode).toBe(0);
    await office.close();
  });

  test("the export that the documents show has less than thirty lines", () => {
    expect(shown).toHaveLength(1);
    expect(shown[0]?.trimEnd().split("\n").length).toBeLessThan(30);
  });

  test("the export that the documents show writes a page per article, with its title, date, text and direction", async () => {
    const { exitCode, stdout, stderr } = await sitelift(
      ["export", "office", "--to", "./my-export.ts", "--json"],
      { cwd: folder },
    );
    expect(stderr).toMatch(
      new RegExp(`^office for my-export: ${FEW} articles, .*\\nexport: .*\\n$`),
    );
    expect(exitCode).toBe(0);
    const { counts } = events(stdout).at(-1) as { counts: Record<string, number> };
    const entries = readFileSync(join(folder, "office/entries.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(counts.articles).toBe(entries.length);
    expect(counts.written).toBe(counts.files);
    const root = join(folder, "output/office-my-export");
    const pages = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("index.html"),
    );
    expect(pages).toHaveLength(entries.length);
    const page = readFileSync(join(root, "en/2019/sand-that-walks/index.html"), "utf8");
    expect(page).toContain('<html lang="en" dir="ltr">');
    expect(page).toContain(
      "<h1>The sand that walks: a beach moves house</h1><time>2019-09-24</time>",
    );
    expect(page).toContain("<p>Every autumn the beach of Saltwick packs up");
  });

  test("an export module without a function `files` is refused, and nothing is written", async () => {
    writeFileSync(join(folder, "empty.ts"), "export default {};\n");
    const { exitCode, stderr } = await sitelift(
      ["export", "office", "--to", "./empty.ts", "--out", "nothing"],
      { cwd: folder },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("has no export");
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });
});
