import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { reportPicture } from "../scripts/report-picture.js";
import { EXIT } from "../src/error.js";
import { findSite } from "../src/site/load.js";
import { scratch, sitelift } from "./commands/sitelift.js";

const ROOT = resolve(import.meta.dirname, "..");
const DOCUMENTS = [
  ...readdirSync(ROOT),
  ...(existsSync(join(ROOT, "docs")) ? readdirSync(join(ROOT, "docs")) : []).map(
    (name) => `docs/${name}`,
  ),
]
  .filter((name) => name.endsWith(".md"))
  .concat("llms.txt", "skills/sitelift/SKILL.md");

interface Block {
  readonly language: string;
  readonly text: string;
}

function textOf(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

/** Fenced blocks of a document, outermost fences only. */
function blocksOf(name: string): Block[] {
  const found = textOf(name).matchAll(/^(`{3,})([^\n`]*)\n(.*?)^\1$/gms);
  return [...found].map((match) => ({ language: match[2]?.trim() ?? "", text: match[3] ?? "" }));
}

/** Words of every `sitelift …` that a document shows in its blocks of shell. */
function commandsOf(name: string): string[][] {
  const shell = blocksOf(name).filter(({ language }) => /^(console|sh|bash)$/.test(language));
  return shell.flatMap(({ text }) =>
    [...text.replaceAll("\\\n", " ").matchAll(/\bsitelift ([^\n#|&;>]+)/g)].map((match) =>
      (match[1] ?? "").trim().split(/\s+/),
    ),
  );
}

/** Whether what was printed is what is shown; a line of `…` alone matches any lines, `…` in a line for any words. */
function agrees(printed: string, shown: string): boolean {
  const pattern = shown
    .trimEnd()
    .split("\n")
    .map((line) => (line.trim() === "…" ? "[^]*?" : line.split("…").map(escaped).join("[^\\n]*?")))
    .join("\n");
  return new RegExp(`^${pattern}$`).test(printed.trimEnd());
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The lines of text of docs/demo.svg, which `npm run picture` makes. */
function pictureWords(): string {
  const texts = [...textOf("docs/demo.svg").matchAll(/<text [^>]*>(.*)<\/text>/g)];
  const plain = texts.map(([, text = ""]) => text.replace(/<[^>]*>/g, ""));
  return plain.join("\n").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** Sizes and times differ from run to run. */
function withoutMeasures(text: string): string {
  return text.trimEnd().replace(/[\d.]+ (?=(?:B|kB|MB|s)\b)/g, "# ");
}

/** Headings of a document as GitHub names them in URLs. */
function headingsOf(name: string): string[] {
  return [...textOf(name).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("documents", () => {
  test("the project has the documents a newcomer looks for", () => {
    expect(DOCUMENTS).toEqual(
      expect.arrayContaining(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
    );
  });

  test.each(DOCUMENTS)("%s links to files that exist", (name) => {
    const links = [...textOf(name).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)];
    const dead = links
      .map((match) => match[1] ?? "")
      .filter((link) => !existsSync(resolve(ROOT, dirname(name), link)));
    expect(dead).toEqual([]);
  });

  test.each(DOCUMENTS)("%s links to headings that exist", (name) => {
    const links = [...textOf(name).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
    const dead = links.filter(([, path = "", heading = ""]) => {
      const target = path === "" ? name : relative(ROOT, resolve(ROOT, dirname(name), path));
      return !headingsOf(target).includes(heading);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  test.each(DOCUMENTS)("%s names source files that exist", (name) => {
    const paths = [...textOf(name).matchAll(/`((?:src|test|bench|fixtures)\/[\w./-]+\.[a-z]+)`/g)];
    const rooms = [
      ...textOf(name).matchAll(
        /`((?:crawl|http|archive|capture|extract|schema|convert|markdown|commands)\/[\w./-]+\.ts)`/g,
      ),
    ];
    const missing = [
      ...paths.map((match) => match[1] ?? "").filter((path) => !existsSync(join(ROOT, path))),
      ...rooms.map((match) => `src/${match[1]}`).filter((path) => !existsSync(join(ROOT, path))),
    ];
    expect(missing).toEqual([]);
  });

  test.each(DOCUMENTS)("%s names npm scripts that exist", (name) => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...textOf(name).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe("commands in documents", () => {
  const help = new Map<string, string>();
  beforeAll(async () => {
    const commands = new Set(DOCUMENTS.flatMap(commandsOf).map(([command]) => command ?? ""));
    for (const command of commands) {
      const args = command.startsWith("-") ? ["--help"] : [command, "--help"];
      const { exitCode, stdout } = await sitelift(args);
      expect(exitCode, command).toBe(0);
      help.set(command, stdout);
    }
  });

  test("documents show commands, and the README names every command", async () => {
    expect(help.size).toBeGreaterThan(3);
    const { stdout } = await sitelift(["--help"]);
    const [, list = ""] = stdout.split("Commands:");
    const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? "");
    expect(commands.length).toBeGreaterThan(4);
    const readme = textOf("README.md");
    expect(
      commands.filter(
        (name) =>
          name !== "help" && !readme.includes(`\`${name}`) && !readme.includes(`sitelift ${name}`),
      ),
    ).toEqual([]);
  });

  test.each(DOCUMENTS)("commands shown in %s use options that exist", (name) => {
    const unknown = commandsOf(name).flatMap(([command = "", ...words]) =>
      words
        .filter((word) => /^--[a-z]/.test(word))
        .map((word) => word.split("=")[0] ?? "")
        .filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help.get(command) ?? ""))
        .map((option) => `${command} ${option}`),
    );
    expect(unknown).toEqual([]);
  });

  test("the documents list every option of `crawl`", () => {
    const [, options = ""] = (help.get("crawl") ?? "").split("Options:");
    const own = [...options.matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1] ?? "");
    const text = textOf("docs/crawl.md");
    expect(own.length).toBeGreaterThan(8);
    expect(own.filter((option) => option !== "--help" && !text.includes(option))).toEqual([]);
  });
});

describe("what the documents show", () => {
  test("the output shown in the documents and in the picture is what the commands print, in one folder, the README first", async () => {
    const cwd = scratch();
    const names = ["README.md", ...DOCUMENTS.filter((name) => name.startsWith("docs/")).sort()];
    const console = names.flatMap(blocksOf).filter(({ language }) => language === "console");
    const runs = console.flatMap(({ text }) =>
      text
        .split(/^\$ /m)
        .slice(1)
        .map((part) => {
          const [command = "", ...shown] = part.split("\n");
          return { command, shown: shown.join("\n") };
        }),
    );
    expect(runs.length).toBeGreaterThan(1);
    for (const { command, shown } of runs) {
      const words = command.replace(/^npx sitelift /, "").split(/\s+/);
      expect(command).toMatch(/^npx sitelift /);
      const { stdout, stderr, exitCode } = await sitelift(words, { cwd });
      expect(exitCode, `${command}\n${stderr}`).toBe(0);
      if (shown.trim() !== "" && !agrees(stdout, shown)) expect(stdout).toBe(shown);
      if (command === "npx sitelift demo") {
        expect(withoutMeasures(pictureWords())).toBe(withoutMeasures(`$ ${command}\n${stdout}`));
        const report = readFileSync(join(cwd, "output/demo/report.html"), "utf8");
        expect(textOf("docs/report.svg"), "npm run picture").toBe(reportPicture(report));
      }
    }
  }, 120_000);

  test("the site files shown in the documents are valid", async () => {
    const files = DOCUMENTS.flatMap(blocksOf).filter(
      ({ language, text }) => language === "ts" && text.includes("defineSite("),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const [index, { text }] of files.entries()) {
      const folder = scratch();
      const name = `site-${index}.ts`;
      writeFileSync(join(folder, name), text);
      const site = await findSite(name, {}, folder);
      expect(site.listing.rows.length).toBeGreaterThan(0);
    }
  });

  test("the documents name every key of a site file", async () => {
    const { stdout } = await sitelift(["schema", "site"]);
    const keys = new Set<string>();
    JSON.parse(stdout, (key, value) => {
      if (key === "properties") for (const name of Object.keys(value)) keys.add(name);
      return value;
    });
    const words = new Set(
      DOCUMENTS.filter((name) => name.startsWith("docs/")).flatMap(
        (name) => textOf(name).match(/[$\w]+/g) ?? [],
      ),
    );
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !words.has(key))).toEqual([]);
  });

  test("the documents name every exit code", () => {
    const text = textOf("docs/crawl.md");
    for (const code of Object.values(EXIT)) expect(text).toContain(`\`${code}\``);
  });

  test("the README shows the setup and test commands that continuous integration runs", () => {
    const blocks = blocksOf("README.md").map(({ text }) => text.trim());
    expect(blocks).toContain("npm ci && npm start");
    expect(blocks).toContain("npm ci && npm test");
    expect(readFileSync(join(ROOT, ".ci/run"), "utf8")).toMatch(
      /^npm ci( --[a-z-]+)*$.*^npm test$/ms,
    );
    expect(readFileSync(join(ROOT, ".github/workflows/ci.yml"), "utf8")).toContain(".ci/run");
  });
});

describe("the README", () => {
  test("the README is short, and the lists of documents name every document", () => {
    expect(textOf("README.md").length).toBeLessThan(6_000);
    const docs = DOCUMENTS.filter((name) => /^docs\/(?!README)/.test(name));
    const [list, forAgents] = [textOf("docs/README.md"), textOf("llms.txt")];
    expect(docs.filter((name) => !list.includes(`](${name.slice("docs/".length)})`))).toEqual([]);
    expect(docs.filter((name) => !forAgents.includes(`](${name})`))).toEqual([]);
  });
});

describe("the changelog", () => {
  test("the changelog has a section for unreleased changes", () => {
    const text = textOf("CHANGELOG.md");
    expect(text).toContain("## [Unreleased]");
  });
});
