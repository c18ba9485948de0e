/** The documentation site. Links and anchors of its documents are asked by documents.test.ts, with every test run. */
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./commands/sitelift.js";
import { DEEP } from "./deep.js";
import { run } from "./exports/generator.js";

const ROOT = resolve(import.meta.dirname, "..");
const OWN = ["README.md", "docs", "skills", "llms.txt", "site", "package.json"];

// It installs 100 MB and takes 10 s of CPU.
test.skipIf(!DEEP)(
  "the documentation site is built with a page for each document, and a dead link stops it",
  async () => {
    const copy = scratch();
    const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
    for (const name of new Set([...OWN, ...top]))
      cpSync(join(ROOT, name), join(copy, name), {
        recursive: true,
        filter: (path) => !/site.(?:node_modules|dist|pages)$/.test(path),
      });
    const npm = (...args: string[]) => run("npm", ["--prefix", "site", ...args], copy);
    const installed = await npm("ci", "--ignore-scripts", "--no-audit", "--no-fund");
    expect(installed.exitCode, installed.output).toBe(0);
    const built = await npm("run", "build");
    expect(built.exitCode, built.output).toBe(0);
    for (const name of readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"))) {
      const page = `docs/${name === "README.md" ? "index" : name.slice(0, -3)}.html`;
      expect(existsSync(join(copy, "site/dist", page)), page).toBe(true);
    }
    const home = readFileSync(join(copy, "site/dist/index.html"), "utf8");
    expect(home).toContain("What makes it different");
    cpSync(join(ROOT, "CHANGELOG.md"), join(copy, "docs/crawl.md"));
    const dead = await npm("run", "build");
    expect(dead.exitCode).not.toBe(0);
    expect(dead.output).toMatch(/Found dead link .*\/docs\/fields in file docs\/crawl\.md/);
  },
  600_000,
);
