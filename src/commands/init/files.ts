/** The files of a proposal: the site file and a workflow that tests it. Planned before anything is written, so that nothing is half written. */
import { existsSync, lstatSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { writeDurable } from "../../disk/files.js";
import { STAGING } from "../../disk/layout.js";
import { CliError } from "../../error.js";
import type { Proposal } from "../../propose/proposal.js";
import { siteJson, siteText } from "../../propose/site-text.js";
import { hasConfigFile } from "../../site/load.js";
import type { InitOptions } from "../command-line.js";
import { VERSION } from "../version.js";

export interface Planned {
  /** Relative to the working folder, with `/` as separator. */
  readonly path: string;
  readonly text: string;
  /** What it is for, in words. */
  readonly does: string;
  readonly isSite: boolean;
  /** True for the site file that need not be named. */
  readonly isDefault: boolean;
}

const WORKFLOW = ".github/workflows/sitelift.yml";
const DEFAULT = /^sitelift\.config\.(?:[mc]?[jt]s|json)$/;

/**
 * @throws {CliError} exit code 2, when a file that is asked for is there already and `force` is not given
 */
export function planFiles(
  proposal: Proposal,
  folder: string,
  { out, force = false }: Pick<InitOptions, "out" | "force">,
): Planned[] {
  const path = sitePath(out ?? defaultPath(proposal, folder), folder);
  if (existsSync(join(folder, path)) && !force)
    throw new CliError(`${path} is there already, and is not overwritten`, {
      hint: "Name another with --out, or add --force.",
    });
  const isDefault = DEFAULT.test(path);
  const text = path.endsWith(".json") ? siteJson(proposal) : siteText(proposal);
  const site = { path, text, does: "what to read, and where", isSite: true, isDefault };
  const workflow = {
    path: WORKFLOW,
    text: workflowText(existsSync(join(folder, "package-lock.json"))),
    does: "runs the extractor tests on GitHub",
    isSite: false,
    isDefault: false,
  };
  // A workflow may have been changed by hand, and does not depend on the site.
  return force || !existsSync(join(folder, WORKFLOW)) ? [site, workflow] : [site];
}

function defaultPath({ site }: Proposal, folder: string): string {
  return hasConfigFile(folder) ? `${site.name}.site.ts` : "sitelift.config.ts";
}

function sitePath(out: string, folder: string): string {
  const path = relative(folder, resolve(folder, out)).replaceAll("\\", "/");
  if (path === "" || path.startsWith("..") || isAbsolute(path))
    throw new CliError(`--out ${out} lies outside the working folder`, {
      hint: "Run the command in the folder of the project.",
    });
  if (!/\.(?:[mc]?ts|m?js|json)$/.test(basename(path)))
    throw new CliError(`--out ${out} is no name for a site file`, {
      hint: "It ends in .ts, .mts, .js, .mjs or .json.",
    });
  const parent = join(folder, dirname(path));
  if (existsSync(parent) && !lstatSync(parent).isDirectory())
    throw new CliError(`${dirname(path)} is not a folder`);
  return path;
}

export async function writeFiles(folder: string, files: readonly Planned[]): Promise<void> {
  for (const { path, text } of files) await writeDurable(folder, path, Buffer.from(text));
  await rmdir(join(folder, STAGING)).catch(() => undefined);
}

/** @param isProject whether the folder locks its packages, sitelift among them */
function workflowText(isProject: boolean): string {
  const setUp = isProject ? "      - run: npm ci\n" : "";
  const command = isProject ? "npx sitelift" : `npx --yes sitelift@${VERSION}`;
  return `# Checks every recorded page against its site file.
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
${setUp}      - run: ${command} test --reporter github
`;
}
