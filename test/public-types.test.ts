import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { scratch } from "./commands/sitelift.js";

const ROOT = resolve(import.meta.dirname, "..");

/** What a project that depends on the package writes: a site file, a source, a sink, a walk. */
const CONSUMER = `
import {
  type PageResponse, CliError, defineSite, drupal7, type Entry, EXIT, type Frontier, type Page,
  resolveSite, type Sink, type Site, type SiteInput, type Source, unesco, type Walk, walk,
} from "sitelift";

const input: SiteInput = defineSite({
  name: "gazette",
  preset: "drupal7",
  start: "https://gazette.example/news",
  fields: { date: { formats: ["d MMMM yyyy"] }, type: { values: { News: "news", "-": null } } },
});
const site: Site = resolveSite(input, { drupal7, unesco }, "gazette");

const source: Source = {
  async run(frontier: Frontier, onResponse: (response: PageResponse) => Promise<void>) {
    const request = frontier.next();
    if (request === null) return;
    const page: Page = {
      url: request.url, requestedUrl: request.url, status: 200, headers: {}, body: new Uint8Array(),
    };
    await onResponse({ request, page });
  },
};
const titles: string[] = [];
const sink: Sink = {
  async entry(entry: Entry) {
    titles.push(entry.data.title);
    const date: string | null = entry.data.date;
    void date;
  },
};
export const seen: Promise<Walk> = walk({ site, source, sinks: [sink] });
export const code: 0 = EXIT.complete;
const office = defineSite({
  name: "office",
  preset: "drupal7",
  start: "https://office.example/events",
  fields: {
    when: { kind: "range", article: ".when" },
    seats: { kind: "number", article: ".seats", required: true },
    topic: { kind: "choice", article: ".topic", values: { Sea: "sea", Land: "land", "-": null } },
    tags: { kind: "list", article: [".tag", { select: ".keyword", attribute: "content" }] },
    files: { kind: "list", of: "file", article: ".file a" },
  },
  types: { event: { required: ["when"] } },
});
export function shown({ data }: Entry<typeof office>): string {
  const { when, seats, topic, tags, files } = data.fields;
  const day: string | undefined = when?.start;
  const least: number = seats;
  const kind: "sea" | "land" | null = topic;
  const all: readonly string[] = [...tags, ...files];
  // @ts-expect-error an entry may have no range
  const first: string = when.start;
  // @ts-expect-error there is no such field
  data.fields.place;
  return [data.title, day, least, kind, first, ...all].join();
}
/** An event has a range. */
export const begins = ({ data }: Entry<typeof office, "event">): string => data.fields.when.start;

const listed = defineSite({
  name: "listed",
  fields: { title: { article: "h1" }, author: { kind: "text", article: ".by" } },
  lists: [
    { name: "news", start: "https://a.example/news", listing: { rows: ".r" } },
    {
      name: "events",
      start: "https://a.example/events",
      listing: { rows: ".r" },
      fields: { when: { kind: "range", article: ".when" } },
    },
  ],
});
export function place({ data }: Entry<typeof listed>): string | undefined {
  const { author, when } = data.fields;
  const by: string | null = author;
  void by;
  return when?.end;
}

// @ts-expect-error a kind that is not known
defineSite({ name: "a", fields: { x: { kind: "colour", article: "p" } } });
// @ts-expect-error an unknown key of a field
defineSite({ name: "a", fields: { title: { listing: "a", artcle: "p" } } });
export const error: Error = new CliError("none", { exitCode: 2 });

// @ts-expect-error an unknown key
defineSite({ name: "a", strat: "https://a.example/" });
// @ts-expect-error nothing unchecked is an entry
export const forged: Entry = { id: "a", slug: "a", data: {}, body: "" };
`;

const packed = scratch();
const [list] = JSON.parse(
  execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", packed], {
    cwd: ROOT,
    encoding: "utf8",
  }),
) as { filename: string; files: { path: string }[] }[];
const files = new Set(list?.files.map(({ path }) => path));

/**
 * An empty project into which the packed package is installed, as npm does it and without a registry: of all packages
 * here, it finds those that the package names as its dependencies, and no others.
 */
function project(): string {
  const folder = scratch();
  const modules = join(folder, "node_modules");
  const own = join(modules, "sitelift");
  mkdirSync(own, { recursive: true });
  const tarball = join(packed, list?.filename ?? "");
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", own]);
  const { bin, dependencies } = JSON.parse(readFileSync(join(own, "package.json"), "utf8")) as {
    bin: { sitelift: string };
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "dir");
  }
  mkdirSync(join(modules, ".bin"));
  chmodSync(join(own, bin.sitelift), 0o755);
  symlinkSync(join("../sitelift", bin.sitelift), join(modules, ".bin/sitelift"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}

/** Type-checks a project that has the package as its only dependency. @returns what the compiler said */
function compile(text: string): string {
  const folder = project();
  writeFileSync(join(folder, "consumer.ts"), text);
  const options = { module: "nodenext", target: "es2023", strict: true, noEmit: true };
  const more = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, types: [] };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { ...options, ...more, skipLibCheck: true },
      files: ["consumer.ts"],
    }),
  );
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    return execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return String((error as { stdout?: string }).stdout || error);
  }
}

describe("the published types", () => {
  test("a project that uses the published types compiles", () => {
    expect(compile(CONSUMER)).toBe("");
  });

  test("the published types reject what the model forbids", () => {
    const wrong = CONSUMER.replace("titles.push(entry.data.title)", "titles.push(entry.data.date)");
    expect(compile(wrong)).toContain("TS2345");
  });
});

describe("the package", () => {
  test.each([
    "dist/src/cli.js",
    "dist/src/index.js",
    "dist/src/index.d.ts",
    "dist/schemas/site.schema.json",
    "dist/schemas/entry.schema.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "docs/README.md",
    "llms.txt",
    "skills/sitelift/SKILL.md",
  ])("the npm package contains %s", (path) => {
    expect([...files]).toContain(path);
  });

  test("the installed package runs by npx in a project of its own, and reads a site file in TypeScript there", () => {
    const cwd = project();
    const npx = (...args: string[]) =>
      execFileSync("npx", ["--no", "--", "sitelift", ...args], { cwd, encoding: "utf8" });
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(npx("--version")).toBe(`${version}\n`);
    expect(npx("explain", "page-short")).toContain("- What: a listing page");
    const site = 'defineSite({ name: "a", preset: "drupal7", start: "https://a.example/" })';
    writeFileSync(
      join(cwd, "a.ts"),
      `import { defineSite } from "sitelift";\nexport default ${site};\n`,
    );
    expect(npx("schema", "entry", "--site", "a.ts")).toContain("urn:sitelift:entry");
  });

  test("the npm package contains every export template", () => {
    const sources = readdirSync(join(ROOT, "src/exports"), { recursive: true, encoding: "utf8" })
      .map((name) => `src/exports/${name.replaceAll("\\", "/")}`)
      .filter((path) => path.includes("/templates/") && statSync(join(ROOT, path)).isFile());
    expect(sources.length).toBeGreaterThan(20);
    const packaged = [...files].filter((path) => path.includes("/templates/"));
    expect(packaged.sort()).toEqual(sources.map((path) => `dist/${path}`).sort());
  });

  test("the npm package contains no tests, sources or archives", () => {
    const odd = [...files].filter((path) => /^(src|test|output|fixtures)\//.test(path));
    expect(odd).toEqual([]);
  });
});
