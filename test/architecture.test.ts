import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");
const PURE = [
  "destinations",
  "languages",
  "extract",
  "convert",
  "validate",
  "propose",
  "article",
  "frontier",
  "sought",
  "ledger",
  "books",
  "reader",
  "look",
  "rows",
  "paging",
  "pipeline",
  "url",
  "model",
  "moment",
  "selector",
  "identity",
  "compare",
];

/** What each room may import: other rooms, and the packages that it owns. The same table stands in ARCHITECTURE.md. */
const TABLE: Record<string, { rooms: string[]; packages: string[] }> = {
  model: { rooms: [], packages: ["domhandler"] },
  error: { rooms: [], packages: [] },
  explain: { rooms: [], packages: ["zod"] },
  url: { rooms: [], packages: ["node:crypto"] },
  identity: { rooms: ["url"], packages: [] },
  compare: { rooms: ["destinations", "identity", "model", "url"], packages: ["diff"] },
  selector: { rooms: [], packages: ["css-select", "css-what"] },
  "site-schema": { rooms: ["convert", "selector"], packages: ["zod"] },
  "site-defaults": { rooms: ["model", "site", "site-schema", "url"], packages: [] },
  site: { rooms: ["error", "explain", "model", "site-defaults", "site-schema"], packages: [] },
  presets: { rooms: ["site"], packages: [] },
  "site-file": {
    rooms: ["error", "explain", "presets", "site", "url"],
    packages: ["node:fs", "node:path", "node:url", "jiti"],
  },
  extract: {
    rooms: ["model", "site", "url"],
    packages: ["cheerio", "domhandler", "node:crypto", "parse5-htmlparser2-tree-adapter"],
  },
  destinations: { rooms: [], packages: ["micromark", "micromark-*"] },
  convert: {
    rooms: ["destinations", "model", "site", "url"],
    packages: [
      "turndown",
      "domhandler",
      "markdown-it",
      "parse5",
      "parse5-htmlparser2-tree-adapter",
    ],
  },
  validate: { rooms: ["explain", "model", "url"], packages: ["zod"] },
  propose: {
    rooms: ["extract", "convert", "model", "presets", "site", "url"],
    packages: ["domhandler"],
  },
  markdown: { rooms: ["extract", "convert", "model"], packages: [] },
  article: { rooms: ["model", "site", "extract", "convert", "validate"], packages: [] },
  isolation: {
    rooms: ["article", "extract", "model", "site"],
    packages: ["domhandler", "node:child_process", "node:fs", "node:process", "node:url"],
  },
  overrides: {
    rooms: ["article", "convert", "model", "site", "url", "validate"],
    packages: ["zod"],
  },
  "overrides-file": {
    rooms: ["error", "explain", "overrides", "validate"],
    packages: ["yaml"],
  },
  frontier: { rooms: ["model"], packages: [] },
  ledger: { rooms: ["model", "url"], packages: [] },
  books: { rooms: ["article", "extract", "ledger", "model", "url"], packages: [] },
  reader: { rooms: ["article", "extract", "isolation", "model", "site"], packages: [] },
  languages: { rooms: ["books", "health", "model", "pipeline", "site", "url"], packages: [] },
  media: { rooms: ["model"], packages: ["p-limit"] },
  rows: { rooms: ["model", "url"], packages: [] },
  look: { rooms: ["model", "rows", "url"], packages: [] },
  sought: { rooms: ["url"], packages: [] },
  paging: { rooms: ["look", "model", "rows", "site", "url"], packages: [] },
  pipeline: {
    rooms: [
      "model",
      "site",
      "url",
      "article",
      "books",
      "frontier",
      "overrides",
      "ledger",
      "paging",
      "reader",
      "rows",
      "sought",
      "health",
    ],
    packages: [],
  },
  moment: { rooms: [], packages: [] },
  warc: { rooms: [], packages: ["node:*"] },
  sources: {
    rooms: ["model", "moment", "site", "url", "error", "warc"],
    packages: ["@crawlee/basic", "undici", "yauzl", "node:*"],
  },
  sinks: {
    rooms: [
      "destinations",
      "model",
      "moment",
      "url",
      "error",
      "validate",
      "compare",
      "identity",
      "warc",
    ],
    packages: ["file-type", "p-limit", "yaml", "yauzl", "yazl", "zod", "node:*"],
  },
  archive: { rooms: ["error", "sinks", "validate"], packages: ["node:path"] },
  exports: {
    rooms: ["archive", "destinations", "error", "explain", "model", "url", "validate"],
    packages: ["jiti", "micromark", "micromark-*", "node:*", "node-sqlite3-wasm", "yaml"],
  },
  health: { rooms: ["model", "site"], packages: [] },
  cases: {
    rooms: [
      "convert",
      "error",
      "explain",
      "extract",
      "health",
      "model",
      "pipeline",
      "sinks",
      "site",
      "site-file",
      "url",
      "validate",
    ],
    packages: ["diff", "domhandler", "node:fs", "node:path", "zod"],
  },
  index: {
    rooms: ["archive", "error", "exports", "markdown", "model", "pipeline", "presets", "site"],
    packages: [],
  },
  vitest: {
    rooms: ["cases", "site", "site-file"],
    packages: ["node:fs", "node:path", "node:process", "vitest"],
  },
  commands: { rooms: ["*"], packages: ["@clack/prompts", "node:*", "picocolors", "zod"] },
  cli: { rooms: ["commands", "error"], packages: ["commander", "node:*"] },
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function roomOf(path: string): string {
  return (
    relative(SRC, path)
      .split("/")[0]
      ?.replace(/\.[jt]s$/, "") ?? ""
  );
}

function imports(): Import[] {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  return files.flatMap((name) => {
    const file = join(SRC, name);
    // Files that an export writes stand in constants: what those import is not imported here.
    const text = readFileSync(file, "utf8").replace(/^const [A-Z_]+ = `(?:\\.|[^`\\])*`;$/gm, "");
    const found = text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;"]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
    );
    return [...found].map((match) => {
      const target = match[1] ?? match[2] ?? match[3] ?? "";
      return {
        file: name,
        room: roomOf(file),
        target: target.startsWith(".") ? resolve(dirname(file), target) : target,
      };
    });
  });
}

function isAllowed({ room, target }: Import): boolean {
  const row = TABLE[room];
  if (row === undefined) return false;
  if (target.startsWith("/")) {
    const other = roomOf(target);
    if (!target.startsWith(SRC)) return room === "commands" && target.includes("/fixtures/office/");
    return other === room || row.rooms.includes(other) || row.rooms.includes("*");
  }
  return row.packages.some((name) =>
    name.endsWith("*")
      ? target.startsWith(name.slice(0, -1))
      : target === name || target.startsWith(`${name}/`),
  );
}

describe("the house", () => {
  const seen = imports();

  test("the check sees the modules", () => {
    expect(new Set(seen.map(({ file }) => file)).size).toBeGreaterThan(20);
    expect(seen.length).toBeGreaterThan(80);
  });

  test("every room imports only what the table allows", () => {
    const offences = seen
      .filter((one) => !isAllowed(one))
      .map(
        ({ file, target }) =>
          `${file} -> ${relative(SRC, target).startsWith("..") ? target : relative(SRC, target)}`,
      );
    expect(offences).toEqual([]);
  });

  test("the middle knows no clock, chance, locale or process", () => {
    const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && PURE.includes(roomOf(join(SRC, name))),
    );
    expect(files.length).toBeGreaterThan(10);
    const offences = files.filter((name) =>
      /\bnew Date\b|\bDate\.|Math\.random|toLocale|\bIntl\.|\bprocess\.|\bconsole\./.test(
        readFileSync(join(SRC, name), "utf8"),
      ),
    );
    expect(offences).toEqual([]);
  });

  test("the table in ARCHITECTURE.md is this table", () => {
    const text = readFileSync(resolve(SRC, "../ARCHITECTURE.md"), "utf8");
    for (const [room, { rooms, packages }] of Object.entries(TABLE)) {
      const cell = (names: string[]) =>
        names.length === 0
          ? "–"
          : names.map((name) => (name === "*" ? "all" : `\`${name}\``)).join(", ");
      expect(text).toContain(`| \`${room}\` | ${cell(rooms)} | ${cell(packages)} |`);
    }
  });
});
