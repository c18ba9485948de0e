import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");
const PURE = [
  "model",
  "url",
  "text",
  "rows",
  "dates",
  "schema",
  "extract",
  "markdown",
  "convert",
  "propose",
  "crawl/walk",
  "crawl/languages",
  "crawl/health",
  "crawl/paging",
  "crawl/pass",
  "crawl/row-keys",
  "crawl/frontier",
  "crawl/ledger",
  "crawl/dupefilter",
  "crawl/relocated",
  "crawl/listing-mementos",
  "crawl/article",
  "crawl/reader",
  "archive/match",
  "archive/diff/changes",
  "archive/report",
];

/**
 * What each room may import, from the top of the house to the ground: rooms below it, and the packages that it owns.
 * The same table is in ARCHITECTURE.md.
 */
const TABLE: Record<string, { rooms: string[]; packages: string[] }> = {
  cli: {
    rooms: ["commands", "text", "error"],
    packages: ["node:*"],
  },
  commands: {
    rooms: ["*"],
    packages: [
      "@clack/prompts",
      "@commander-js/extra-typings",
      "commander",
      "node:*",
      "picocolors",
      "zod",
    ],
  },
  vitest: {
    rooms: ["cases", "site"],
    packages: ["node:process", "vitest"],
  },
  index: {
    rooms: ["exports", "crawl", "archive", "markdown", "site", "model", "error"],
    packages: [],
  },
  fleet: {
    rooms: [
      "archive",
      "capture",
      "http",
      "site",
      "schema",
      "disk",
      "warc",
      "dates",
      "url",
      "text",
      "error",
    ],
    packages: ["bullmq", "ioredis", "node:*", "undici", "yaml", "zod"],
  },
  cases: {
    rooms: [
      "crawl",
      "archive",
      "convert",
      "extract",
      "site",
      "schema",
      "disk",
      "url",
      "model",
      "text",
      "error",
    ],
    packages: ["diff", "domhandler", "node:fs", "node:path", "node:util", "zod"],
  },
  exports: {
    rooms: ["archive", "markdown", "schema", "disk", "url", "model", "text", "error"],
    packages: ["jiti", "micromark", "micromark-*", "node:*", "node-sqlite3-wasm", "yaml", "zod"],
  },
  propose: {
    rooms: ["convert", "extract", "site", "dates", "url", "model", "text"],
    packages: ["domhandler"],
  },
  crawl: {
    rooms: [
      "convert",
      "extract",
      "site",
      "schema",
      "dates",
      "url",
      "model",
      "rows",
      "text",
      "error",
    ],
    packages: [
      "domhandler",
      "node:child_process",
      "node:fs",
      "node:process",
      "node:url",
      "p-limit",
      "yaml",
      "zod",
    ],
  },
  mementos: {
    rooms: ["capture", "http", "site", "schema", "warc", "url", "model", "text", "error"],
    packages: [],
  },
  archive: {
    rooms: [
      "capture",
      "markdown",
      "schema",
      "disk",
      "warc",
      "url",
      "model",
      "rows",
      "text",
      "error",
    ],
    packages: ["diff", "file-type", "node:*", "yaml", "yazl", "zod"],
  },
  convert: {
    rooms: ["markdown", "extract", "site", "dates", "url", "model"],
    packages: ["domhandler"],
  },
  capture: {
    rooms: ["http", "site", "schema", "disk", "warc", "url", "model", "rows", "text", "error"],
    packages: ["node:*", "zod"],
  },
  markdown: {
    rooms: ["extract", "model", "text"],
    packages: [
      "domhandler",
      "markdown-it",
      "micromark",
      "micromark-*",
      "parse5",
      "parse5-htmlparser2-tree-adapter",
      "turndown",
    ],
  },
  extract: {
    rooms: ["site", "schema", "dates", "url", "model", "text"],
    packages: [
      "cheerio",
      "css-select",
      "css-what",
      "domhandler",
      "encoding-sniffer",
      "node:crypto",
      "parse5",
      "parse5-htmlparser2-tree-adapter",
    ],
  },
  http: {
    rooms: ["site", "schema", "warc", "url", "model", "text", "error"],
    packages: [
      "@crawlee/core",
      "@crawlee/playwright",
      "node:*",
      "playwright-core",
      "tough-cookie",
      "undici",
    ],
  },
  site: {
    rooms: ["schema", "dates", "url", "model", "text", "error"],
    packages: ["css-select", "css-what", "jiti", "node:fs", "node:path", "node:url", "zod"],
  },
  schema: { rooms: ["dates", "model", "text"], packages: ["zod"] },
  disk: { rooms: ["rows", "text", "error"], packages: ["node:*", "zod"] },
  warc: { rooms: ["model", "text"], packages: ["node:*", "yauzl"] },
  dates: { rooms: [], packages: [] },
  url: { rooms: ["model", "text"], packages: ["node:crypto"] },
  model: { rooms: [], packages: ["domhandler"] },
  rows: { rooms: [], packages: [] },
  text: { rooms: [], packages: [] },
  error: { rooms: [], packages: [] },
};

/** Inside the large rooms: what each folder may import of the others. `.` is the room's own files, which all may. */
const INSIDE: Record<string, Record<string, string[]>> = {
  archive: {
    ".": [],
    read: ["."],
    write: [".", "write/media", "report", "diff"],
    report: ["."],
    "write/media": ["."],
    verify: ["."],
    diff: ["."],
    pack: ["."],
    prune: ["."],
  },
  capture: { ".": [], read: ["."], write: ["."], reuse: [".", "read"] },
  http: { ".": ["polite", "wire"], polite: [".", "wire"], wire: ["."] },
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
  // Templates are the files of an exported site, not modules of ours.
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/[/\\]templates[/\\]/.test(name),
  );
  return files.flatMap((name) => {
    const file = join(SRC, name);
    const text = readFileSync(file, "utf8");
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

/** The folder of a file inside its room. */
function folderOf(file: string): string {
  return dirname(file).split("/").slice(1).join("/") || ".";
}

/** Groups of files that reach each other (Tarjan 1972). */
function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { file, target } of imports)
    if (target.startsWith(SRC))
      next.set(file, [...(next.get(file) ?? []), relative(SRC, target).replace(/\.js$/, ".ts")]);
  const [number, low] = [new Map<string, number>(), new Map<string, number>()];
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string) => {
    number.set(file, number.size);
    low.set(file, number.get(file) ?? 0);
    stack.push(file);
    for (const other of next.get(file) ?? []) {
      if (!number.has(other)) visit(other);
      if (stack.includes(other))
        low.set(file, Math.min(low.get(file) ?? 0, low.get(other) ?? 0, number.get(other) ?? 0));
    }
    if (low.get(file) !== number.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group);
  };
  for (const file of next.keys()) if (!number.has(file)) visit(file);
  return found;
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

describe("architecture", () => {
  const seen = imports();

  test("the architecture check finds the source modules", () => {
    expect(new Set(seen.map(({ file }) => file)).size).toBeGreaterThan(20);
    expect(seen.length).toBeGreaterThan(80);
  });

  test("src itself holds at most eight files", () => {
    expect(readdirSync(SRC).filter((name) => name.endsWith(".ts")).length).toBeLessThan(9);
  });

  test("each room imports only the rooms that the table allows", () => {
    const offences = seen
      .filter((one) => !isAllowed(one))
      .map(
        ({ file, target }) =>
          `${file} -> ${relative(SRC, target).startsWith("..") ? target : relative(SRC, target)}`,
      );
    expect(offences).toEqual([]);
  });

  test("no room imports a room above it", () => {
    const order = Object.keys(TABLE);
    for (const [room, { rooms }] of Object.entries(TABLE))
      for (const other of rooms.filter((name) => name !== "*"))
        expect(order.indexOf(other), `${room} imports ${other}`).toBeGreaterThan(
          order.indexOf(room),
        );
  });

  test("no source files import each other in a circle, types included", () => {
    expect(circles(seen)).toEqual([]);
  });

  test("folders inside the large rooms import only what the inner table allows", () => {
    const offences = seen.flatMap(({ file, room, target }) => {
      const inner = INSIDE[room];
      if (inner === undefined || !target.startsWith("/") || roomOf(target) !== room) return [];
      const [from, to] = [folderOf(file), folderOf(relative(SRC, target))];
      return from === to || inner[from]?.includes(to) ? [] : [`${file} -> ${to}`];
    });
    expect(offences).toEqual([]);
  });

  test("the pure middle uses no clock, randomness, locale or process", () => {
    const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
      (name) =>
        name.endsWith(".ts") && PURE.some((pure) => `${name.slice(0, -3)}/`.startsWith(`${pure}/`)),
    );
    expect(files.length).toBeGreaterThan(10);
    const offences = files.filter((name) =>
      /\bnew Date\b|\bDate\.|Math\.random|toLocale|\bIntl\.|\bprocess\.|\bconsole\./.test(
        readFileSync(join(SRC, name), "utf8"),
      ),
    );
    expect(offences).toEqual([]);
  });

  test("no file calls URL.canParse, which is wrong about hosts with umlauts once it is optimised", () => {
    const files = readdirSync(SRC, { recursive: true, encoding: "utf8" });
    const offences = files.filter(
      (name) =>
        name.endsWith(".ts") && /URL\.canParse\(/.test(readFileSync(join(SRC, name), "utf8")),
    );
    expect(offences).toEqual([]);
  });

  test("ARCHITECTURE.md gives a reason for each package that is installed with sitelift, and for no other", () => {
    const text = readFileSync(resolve(SRC, "../ARCHITECTURE.md"), "utf8");
    const [, reasons = ""] = text.split("## Why these libraries");
    const rows = [...reasons.matchAll(/^\| (`[^|]+) \| (.+) \|$/gm)];
    const named = rows.flatMap(([, names = ""]) => [...names.matchAll(/`([^`]+)`/g)]);
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(resolve(SRC, "../package.json"), "utf8"),
    );
    const packages = Object.keys({ ...dependencies, ...peerDependencies });
    expect(packages.length).toBeGreaterThan(20);
    expect(named.map(([, name]) => name).sort()).toEqual(packages.sort());
  });

  test("the table in ARCHITECTURE.md matches the table in the test", () => {
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
