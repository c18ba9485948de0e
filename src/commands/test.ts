/** `sitelift test`: checks every case by the functions that a crawl runs. */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { type CheckedCase, checkCases, type Suite } from "../cases/check.js";
import type { Verdict } from "../cases/compare.js";
import { placeOf } from "../cases/place.js";
import { takeOver, writeActual } from "../cases/update.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { siteFileOf } from "../site/load.js";
import type { Site } from "../site/site.js";
import { Terminal } from "./terminal.js";
import { githubReport } from "./test/github.js";
import { htmlReport } from "./test/html.js";
import { jsonReport } from "./test/json.js";
import { junitReport } from "./test/junit.js";
import { type Teeth, teethLines, teethOf } from "./test/mutation.js";
import { textReport } from "./test/text.js";

type Reporter = "text" | "json" | "junit" | "github" | "html";

export interface TestOptions {
  readonly site?: string;
  readonly language?: string;
  readonly field?: string;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly reporter?: Reporter;
  readonly out?: string;
  readonly mutate?: boolean;
  /** Says of every selector what it did. */
  readonly health?: boolean;
  readonly json?: boolean;
}

/** @param site the site that `--site` names; undefined when each case is read by its own */
export async function test(
  folder: string | undefined,
  site: Site | undefined,
  options: TestOptions,
): Promise<ExitCode> {
  const reporter = options.reporter ?? (options.json ? "json" : "text");
  const terminal = new Terminal({ json: reporter === "json" });
  if (options.update && process.env.CI && !/^(0|false)$/i.test(process.env.CI) && !options.force)
    throw new CliError("--update rewrites what is expected, and this is a run of CI", {
      hint: "Update on your own machine and look at the change, or add --force.",
    });
  const root = folderOf(folder, site);
  let suite = await checkCases(root, { site, field: options.field });
  if (options.update) suite = await update(terminal, suite, site, options);
  await writeActual(suite).catch((error: Error) => {
    terminal.warn(`what came could not be written beside what was expected: ${error.message}`);
  });
  const teeth = options.mutate ? await teethOf(suite, options.field) : null;
  const exitCode = exitCodeOf(suite, teeth);
  report(terminal, suite, teeth, reporter, exitCode, options);
  return exitCode;
}

function folderOf(folder: string | undefined, site: Site | undefined): string {
  const own = site === undefined ? null : resolve(`fixtures/cases/${site.name}`);
  const root = resolve(folder ?? (own !== null && existsSync(own) ? own : "fixtures/cases"));
  if (existsSync(root) && statSync(root).isDirectory()) return root;
  throw new CliError(`there is no folder ${root}`, {
    hint: "`sitelift record` saves a page as a case.",
  });
}

async function update(
  terminal: Terminal,
  suite: Suite,
  site: Site | undefined,
  options: TestOptions,
): Promise<Suite> {
  const taken = await takeOver(suite, options.field);
  const names = new Set(taken.map(({ name }) => name));
  const changed = suite.cases.filter(({ name }) => names.has(name));
  for (const { name, verdicts } of changed)
    terminal.event({ event: "updated", case: name, verdicts });
  if (changed.length > 0) {
    terminal.print(terminal.colours.bold("updated; this is what changed:"));
    const only = { ...suite, cases: changed, health: new Map(), drift: [], thresholds: [] };
    for (const line of textReport(only, terminal.colours).split("\n").slice(0, -2))
      terminal.print(line);
    terminal.print();
  } else terminal.print("nothing to update");
  return checkCases(suite.root, { site, field: options.field });
}

/** The gravest finding decides: a selector that must match, then anything else. */
function exitCodeOf({ drift, thresholds, counts }: Suite, teeth: Teeth | null): ExitCode {
  if (drift.length > 0) return EXIT.drift;
  // A case that nothing can fail proves nothing, and neither do no changes at all.
  const blunt = teeth !== null && (teeth.unnoticed > 0 || teeth.total === 0);
  return counts.failedFields + thresholds.length > 0 || blunt ? EXIT.findings : EXIT.complete;
}

function report(
  terminal: Terminal,
  suite: Suite,
  teeth: Teeth | null,
  reporter: Reporter,
  exitCode: ExitCode,
  { out, site, health }: TestOptions,
): void {
  const siteFile = site === undefined ? null : siteFileOf(site, process.cwd());
  const place = (one: CheckedCase, verdict: Verdict) => placeOf(one, verdict, siteFile);
  const base = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const text = {
    text: () => textReport(suite, out === undefined ? terminal.colours : PLAIN, health),
    json: () => jsonReport(suite, exitCode, teeth === null ? {} : { teeth }),
    junit: () => junitReport(suite, place),
    github: () => githubReport(suite, place, base),
    html: () => htmlReport(suite),
  }[reporter]();
  const lines = (words: string) => words.trimEnd().split("\n");
  if (out !== undefined) {
    writeFileSync(resolve(out), text);
    terminal.print(`report: ${out}`);
    if (reporter !== "text" && reporter !== "json")
      for (const line of lines(textReport(suite, terminal.colours, health))) terminal.print(line);
  } else if (reporter === "text") for (const line of lines(text)) terminal.print(line);
  else process.stdout.write(text);
  if (teeth === null || reporter === "json") return;
  const isData = out === undefined && reporter !== "text";
  for (const line of teethLines(teeth, terminal.colours))
    if (isData) terminal.warn(line);
    else terminal.print(line);
}

const plain = (text: string | number) => String(text);
/** No colours: for a file. */
const PLAIN = new Proxy({} as Terminal["colours"], { get: () => plain });
