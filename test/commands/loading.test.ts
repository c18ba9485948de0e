import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { scratch, sitelift, siteliftProcess } from "./sitelift.js";

/** Notes every module that Node is asked for, by ESM and by `require`. */
const PROBE = `
import { appendFileSync } from "node:fs";
import Module, { register } from "node:module";
const note = (name) => appendFileSync(process.env.LOADED, name + "\\n");
const load = Module._load;
Module._load = function (name, ...rest) {
  note(name);
  return load.call(this, name, ...rest);
};
register("data:text/javascript," + encodeURIComponent(\`
  import { appendFileSync } from "node:fs";
  export async function load(url, context, next) {
    appendFileSync(process.env.LOADED, url + "\\\\n");
    return next(url, context);
  }
\`));
`;

/** Runs the program, or what options of Node say, and gives what was noted. */
async function noted(args: string[], more: readonly string[] = [], cwd = scratch()) {
  const folder = scratch();
  const probe = join(folder, "probe.mjs");
  const LOADED = join(folder, "loaded.txt");
  writeFileSync(probe, PROBE);
  const node = ["--import", pathToFileURL(probe).href, ...more];
  const { exitCode, stderr } = await siteliftProcess(args, { cwd, env: { LOADED }, node });
  return { exitCode, stderr, text: existsSync(LOADED) ? readFileSync(LOADED, "utf8") : "" };
}

/** Names of the packages of which something was loaded. */
function packagesIn(text: string): Set<string> {
  const packages = text.split("\n").flatMap((name) => {
    const path = name.split("/node_modules/").at(-1) ?? name;
    return /^(@[^/]+\/[^/]+|[a-z][^/:]*)/.exec(path)?.[1] ?? [];
  });
  return new Set(packages);
}

async function loadedBy(args: string[], cwd = scratch()) {
  const { text, ...ended } = await noted(args, [], cwd);
  return { ...ended, packages: packagesIn(text) };
}

const MAIN = pathToFileURL(resolve(import.meta.dirname, "../../dist/src/commands/main.js")).href;
const HEAVY = ["@crawlee/basic", "@crawlee/core", "cheerio", "parse5", "turndown", "undici"];

describe("loaded packages", () => {
  const site = (text: string) => {
    const folder = scratch();
    writeFileSync(join(folder, "site.json"), text);
    return folder;
  };

  const refused: readonly [string, string[], number, string?][] = [
    ["--help", ["--help"], 0],
    ["the help of a command", ["crawl", "--help"], 0],
    ["--version", ["--version"], 0],
    ["an unknown command", ["crowl"], 2],
    ["a wrong option", ["crawl", "demo", "--limit", "few"], 2],
    ["no site", ["crawl"], 2],
    ["an unknown site", ["crawl", "nowhere"], 2],
    ["a missing site file", ["crawl", "gone.ts"], 2],
    ["a site file with an unknown key", ["crawl", "site.json"], 2, '{"name":"a","strat":1}'],
    [
      "a site file with an invalid selector",
      ["crawl", "site.json"],
      2,
      '{"name":"a","start":"http://127.0.0.1:9/","listing":{"rows":"li:frst"},"fields":{"title":{"listing":"a"}}}',
    ],
    ["a site file that is not JSON", ["crawl", "site.json"], 2, "{"],
  ];

  test("sitelift loads neither Crawlee nor Cheerio for --help, --version and what it refuses", async () => {
    // One process, in which one command after the other is run.
    const runs = refused.map(([, args, , text]) => [args, site(text ?? "{}")]);
    const program = `import { main } from ${JSON.stringify(MAIN)};
      import { appendFileSync } from "node:fs";
      for (const [args, cwd] of ${JSON.stringify(runs)}) {
        process.chdir(cwd);
        appendFileSync(process.env.LOADED, "exit " + (await main(args)) + "\\n");
      }`;
    const { text, stderr } = await noted([], ["--input-type=module", "--eval", program]);
    const parts = text.split(/^exit (\d+)$/m);
    expect(parts, stderr).toHaveLength(2 * refused.length + 1);
    expect([...packagesIn(parts[0] ?? "")]).toContain("commander");
    for (const [at, [what, , exitCode]] of refused.entries()) {
      const loaded = packagesIn(parts[2 * at] ?? "");
      expect(
        HEAVY.filter((name) => loaded.has(name)),
        what,
      ).toEqual([]);
      expect(Number(parts[2 * at + 1]), what).toBe(exitCode);
    }
  });

  test("crawl loads Crawlee and Cheerio, which shows that the probe works", async () => {
    const seen = await loadedBy(["crawl", "demo", "--dry-run", "--limit", "1"]);
    expect(seen.exitCode, seen.stderr).toBe(0);
    expect(HEAVY.filter((name) => !seen.packages.has(name))).toEqual([]);
  });

  test("build and verify do not load Crawlee, nor does a second build load what reads pages", async () => {
    const cwd = scratch();
    const crawled = await sitelift(["crawl", "demo", "--out", "A", "--limit", "3"], { cwd });
    expect(crawled.exitCode, crawled.stderr).toBe(0);
    const packed = await sitelift(["pack", "A"], { cwd });
    expect(packed.exitCode, packed.stderr).toBe(0);
    const built = await loadedBy(["build", "A", "--site", "demo", "--out", "B"], cwd);
    expect(built.exitCode, built.stderr).toBe(0);
    expect([...built.packages]).toContain("cheerio");
    // Cheerio loads undici by itself, for its `fromURL`.
    expect([...built.packages].filter((name) => name.startsWith("@crawlee/"))).toEqual([]);
    // Of a page that is kept nothing is read, and nobody is asked.
    const again = await loadedBy(["build", "A", "--site", "demo", "--out", "B"], cwd);
    expect(again.exitCode, again.stderr).toBe(0);
    expect([...HEAVY, "file-type"].filter((name) => again.packages.has(name))).toEqual([]);
    for (const path of ["A", "A.wacz"]) {
      const verified = await loadedBy(["verify", path], cwd);
      expect(verified.exitCode, verified.stderr).toBe(0);
      expect([...verified.packages]).toContain("yauzl");
      expect(HEAVY.filter((name) => verified.packages.has(name))).toEqual([]);
    }
  });

  test("export loads the writer of SQLite for SQLite alone", async () => {
    const cwd = scratch();
    const crawled = await sitelift(["crawl", "demo", "--out", "A", "--limit", "1"], { cwd });
    expect(crawled.exitCode, crawled.stderr).toBe(0);
    for (const to of ["csv", "sqlite"]) {
      const seen = await loadedBy(["export", "A", "--to", to, "--out", to], cwd);
      expect(seen.exitCode, seen.stderr).toBe(0);
      expect(seen.packages.has("node-sqlite3-wasm")).toBe(to === "sqlite");
      expect(HEAVY.filter((name) => name !== "parse5" && seen.packages.has(name))).toEqual([]);
    }
  });

  // Undici is loaded all the same: the entry of Cheerio that knows parse5 and sniffs charsets imports it
  // for `fromURL`, and `cheerio/slim`, which does not, has neither.
  test("the test command reads every case without loading Crawlee", async () => {
    const seen = await loadedBy(["test", resolve(import.meta.dirname, "../../fixtures/cases")]);
    expect(seen.exitCode, seen.stderr).toBe(0);
    expect([...seen.packages]).toContain("cheerio");
    expect([...seen.packages].filter((name) => name.startsWith("@crawlee/"))).toEqual([]);
  });

  test("record reads a saved page or a capture without loading Crawlee", async () => {
    const cwd = scratch();
    const cases = resolve(import.meta.dirname, "../../fixtures/cases/demo/listing-1");
    const url = "http://office.example/fieldoffice/harbour-islands/articles";
    copyFileSync(join(cases, "page.html"), join(cwd, "page.html"));
    writeFileSync(join(cwd, "pages.json"), JSON.stringify({ "page.html": url }));
    for (const page of ["page.html", "."]) {
      const args = ["record", page, "--url", url, "--site", "demo", "--force"];
      const seen = await loadedBy(args, cwd);
      expect(seen.exitCode, seen.stderr).toBe(0);
      expect([...seen.packages].filter((name) => name.startsWith("@crawlee/"))).toEqual([]);
    }
  });
});
