import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
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

/** A command, and the folder it is run in. */
type Run = readonly [args: readonly string[], cwd: string];

/** Runs one command after the other in one process. @returns what each ended with, and loaded besides those before it */
async function loadedBy(runs: readonly Run[]) {
  const folder = scratch();
  const probe = join(folder, "probe.mjs");
  const LOADED = join(folder, "loaded.txt");
  writeFileSync(probe, PROBE);
  const program = `import { main } from ${JSON.stringify(MAIN)};
    import { appendFileSync } from "node:fs";
    for (const [args, cwd] of ${JSON.stringify(runs)}) {
      process.chdir(cwd);
      appendFileSync(process.env.LOADED, "exit " + (await main(args)) + "\\n");
    }`;
  const node = ["--import", pathToFileURL(probe).href, "--input-type=module", "--eval", program];
  const { stderr } = await siteliftProcess([], { env: { LOADED }, node });
  const parts = readFileSync(LOADED, "utf8").split(/^exit (\d+)$/m);
  expect(parts, stderr).toHaveLength(2 * runs.length + 1);
  return runs.map(([args], at) => ({
    args: args.join(" "),
    exitCode: Number(parts[2 * at + 1]),
    packages: packagesIn(parts[2 * at] ?? ""),
    own: [...(parts[2 * at] ?? "").matchAll(/\/dist\/src\/([\w/-]+)\.js$/gm)].map(
      ([, name]) => name,
    ),
    stderr,
  }));
}

/** Names of the packages of which something was loaded. */
function packagesIn(text: string): Set<string> {
  const packages = text.split("\n").flatMap((name) => {
    const path = name.split("/node_modules/").at(-1) ?? name;
    return /^(@[^/]+\/[^/]+|[a-z][^/:]*)/.exec(path)?.[1] ?? [];
  });
  return new Set(packages);
}

const MAIN = pathToFileURL(resolve(import.meta.dirname, "../../dist/src/commands/main.js")).href;
const CASES = resolve(import.meta.dirname, "../../fixtures/cases");
const URL_OF_PAGE = "http://office.example/fieldoffice/harbour-islands/articles";
const HEAVY = ["@crawlee/core", "cheerio", "parse5", "turndown", "undici"];
const READERS = ["cheerio", "parse5", "turndown", "undici", "file-type"];
const SQLITE = "node-sqlite3-wasm";

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
    const runs = await loadedBy(refused.map(([, args, , text]) => [args, site(text ?? "{}")]));
    expect([...(runs[0]?.packages ?? [])]).toContain("commander");
    expect([...(runs[0]?.packages ?? [])]).not.toContain("@commander-js/extra-typings");
    // The list of commands, and none of their options: each module costs most of a millisecond.
    const light = ["command-line/command", "commands", "end", "main"].map(
      (one) => `commands/${one}`,
    );
    expect(runs[0]?.own.toSorted(), "--help").toEqual([...light, "error", "text"]);
    expect(runs[1]?.own).toContain("commands/command-line/crawl");
    expect(runs[1]?.own).not.toContain("commands/crawl");
    for (const [at, [what, , exitCode]] of refused.entries()) {
      expect(
        HEAVY.filter((name) => runs[at]?.packages.has(name)),
        what,
      ).toEqual([]);
      expect(runs[at]?.exitCode, what).toBe(exitCode);
    }
  });

  /** What a command may load of the first list, and has to load of the second. Each knows what those before it loaded. */
  const COMMANDS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["verify A", [], ["yauzl"]],
    ["verify A.wacz", [], []],
    ["export A --to csv --out csv", ["parse5"], []],
    ["export A --to sqlite --out sqlite", ["parse5", SQLITE], [SQLITE]],
    // Of a page that is kept nothing is read, and nobody is asked.
    ["build A --site demo --out B", ["parse5", SQLITE], []],
    // Cheerio loads undici by itself, for its `fromURL`.
    ["build A --site demo --out C", READERS, ["cheerio"]],
    [`test ${CASES}`, READERS, []],
    [`record page.html --url ${URL_OF_PAGE} --site demo --force`, READERS, []],
    [`record . --url ${URL_OF_PAGE} --site demo --force`, READERS, []],
    // It shows that the probe works.
    ["crawl demo --dry-run --limit 1", HEAVY, ["@crawlee/core"]],
  ];

  test("each command loads what it needs: Crawlee for a crawl alone, what reads pages for those that read pages, SQLite for its export", async () => {
    const cwd = scratch();
    // The last by the built program: what another one has read is read again.
    for (const [run, command] of [
      [sitelift, "crawl demo --out A --limit 3"],
      [sitelift, "pack A"],
      [siteliftProcess, "build A --site demo --out B"],
    ] as const) {
      const { exitCode, stderr } = await run(command.split(" "), { cwd });
      expect(exitCode, stderr).toBe(0);
    }
    copyFileSync(join(CASES, "demo/listing-1/page.html"), join(cwd, "page.html"));
    writeFileSync(join(cwd, "pages.json"), JSON.stringify({ "page.html": URL_OF_PAGE }));
    const runs = await loadedBy(COMMANDS.map(([command]) => [command.split(" "), cwd]));
    for (const [at, { args, exitCode, packages, stderr }] of runs.entries()) {
      const [, may = [], must = []] = COMMANDS[at] ?? [];
      expect(exitCode, `${args}\n${stderr}`).toBe(0);
      const loaded = [...HEAVY, SQLITE, "file-type"].filter((name) => packages.has(name));
      expect(
        loaded.filter((name) => !may.includes(name)),
        args,
      ).toEqual([]);
      expect(
        must.filter((name) => !packages.has(name)),
        args,
      ).toEqual([]);
    }
  });
});
