/** The files of a proposal: the site file, a workflow that tests it, and cases. All are made before the first is written. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { newCasesFolder } from "../../cases/folder.js";
import { pageCase, type RecordedCase, scrubbedCase } from "../../cases/record.js";
import { writeDurable } from "../../disk/files.js";
import { STAGING } from "../../disk/layout.js";
import { CliError } from "../../error.js";
import type { Page } from "../../model.js";
import type { Proposal } from "../../propose/proposal.js";
import { siteText } from "../../propose/site-text.js";
import { hasConfigFile, isSiteFile } from "../../site/load.js";
import type { Site } from "../../site/site.js";
import { jsonText } from "../../text.js";
import type { InitOptions } from "../command-line/site.js";

export interface PlannedFile {
  /** Relative to the working folder, with `/` as separator. */
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
}

const NAME_LENGTH = 64;

/** The site files of a folder that have a name, which is that of the archive folder too. They are not run: a file may do anything. */
export function namedAlready(name: string, folder: string): string[] {
  const own = new RegExp(`(?:^|[{,\\s])["']?name["']?\\s*:\\s*["']${name}["']`);
  return readdirSync(folder)
    .filter((file) => isSiteFile(file) && statSync(join(folder, file)).isFile())
    .filter((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return own.test(text) && /\bstart["']?\s*:\s*["'`]https?:/.test(text);
    });
}

/** A name, with a number where another site file of the folder has it. */
export function freeName(name: string, folder: string): string {
  for (let n = 1; ; n++) {
    const end = n === 1 ? "" : `-${n}`;
    const free = `${name.slice(0, NAME_LENGTH - end.length)}${end}`;
    if (namedAlready(free, folder).length === 0) return free;
  }
}

const WORKFLOW = ".github/workflows/sitelift.yml";

/**
 * The site file, and the workflow unless it exists.
 *
 * @throws {CliError} exit code 2, when the site file exists and `force` is not given
 */
export function planFiles(
  proposal: Proposal,
  folder: string,
  { out, force = false }: Pick<InitOptions, "out" | "force">,
): [PlannedFile, ...PlannedFile[]] {
  const own = hasConfigFile(folder) ? `${proposal.site.name}.site.ts` : "sitelift.config.ts";
  const path = sitePath(out ?? own, folder);
  if (existsSync(join(folder, path)) && !force)
    throw new CliError(`${path} exists already, and was not overwritten`, {
      hint: "Name another with --out, or add --force.",
    });
  // JSON holds no comments.
  const text = path.endsWith(".json") ? jsonText(proposal.site) : siteText(proposal);
  const site = { path, text, purpose: "what to read, and where" };
  // A workflow may have been changed by hand, and does not depend on the site.
  if (!force && existsSync(join(folder, WORKFLOW))) return [site];
  const purpose = "runs the extractor tests on GitHub, with the sitelift of package-lock.json";
  return [site, { path: WORKFLOW, text: WORKFLOW_TEXT, purpose }];
}

/** True if commands find a site file without its name. */
export function isDefault(path: string): boolean {
  return path.startsWith("sitelift.config.");
}

function sitePath(out: string, folder: string): string {
  const path = relative(folder, resolve(folder, out)).replaceAll("\\", "/");
  if (path === "" || path.startsWith("..") || isAbsolute(path))
    throw new CliError(`--out ${out} is outside the working folder`, {
      hint: "Run the command in the folder of the project.",
    });
  if (!isSiteFile(path))
    throw new CliError(`--out ${out} is not a name for a site file`, {
      hint: "Expected a name that ends in .ts, .mts, .js, .mjs or .json.",
    });
  const parent = join(folder, dirname(path));
  if (existsSync(parent) && !lstatSync(parent).isDirectory())
    throw new CliError(`${dirname(path)} is not a folder`);
  return path;
}

export async function writeFiles(folder: string, files: readonly PlannedFile[]): Promise<void> {
  for (const { path, text } of files) await writeDurable(folder, path, Buffer.from(text));
  await rmdir(join(folder, STAGING)).catch(() => undefined);
}

/**
 * The first cases of the site: its listing page, and the article that was read.
 *
 * @param siteFile absolute path of the site file, which need not exist yet
 * @returns none if the site has cases already
 */
export async function firstCases(
  site: Site,
  siteFile: string,
  listing: Page,
  article: Page | null,
): Promise<RecordedCase[]> {
  const root = resolve(newCasesFolder(site));
  if (existsSync(root)) return [];
  const common = { site, root, readBy: { site: siteFile }, recorded: new Date().toISOString() };
  const cases = [await scrubbedCase({ ...common, kind: "listing", pages: [listing] })];
  if (article === null) return cases;
  return [...cases, await pageCase({ ...common, kind: "article", pages: [article] }, listing)];
}

/** It runs what the project has installed: a package of this name from a registry could be anybody's. */
const WORKFLOW_TEXT = `# Checks every recorded page against its site file, with the sitelift that package-lock.json names.
# A project without one needs \`npm install --save-dev\` of sitelift first.
name: sitelift
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: npm ci
      - run: npx --no sitelift test --reporter github
`;
