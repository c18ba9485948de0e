/** `sitelift test`: checks every case by the functions that a crawl runs. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { checkCases, type Suite } from "../cases/check.js";
import { casesFolder } from "../cases/folder.js";
import { type MutationScore, mutationScore } from "../cases/mutate.js";
import { type PlaceOf, placeOf } from "../cases/place.js";
import { githubReport } from "../cases/reporters/github.js";
import { htmlReport, type ReportPlace } from "../cases/reporters/html.js";
import { jsonReport } from "../cases/reporters/json.js";
import { junitReport } from "../cases/reporters/junit.js";
import { casesReport, mutationReport, PLAIN, textReport } from "../cases/reporters/text.js";
import { updateExpectations, writeActual } from "../cases/update.js";
import { explained, realDisk } from "../disk/disk.js";
import { makeFolder, writeNamed } from "../disk/folders.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { siteFileOf } from "../site/load.js";
import type { Site } from "../site/site.js";
import type { TestOptions } from "./command-line/cases.js";
import { Terminal } from "./terminal.js";

/** @param site the site that `--site` names; undefined when each case is read by its own */
export async function test(
  folder: string | undefined,
  site: Site | undefined,
  options: TestOptions,
): Promise<ExitCode> {
  const reporter = options.reporter ?? (options.json ? "json" : "text");
  const terminal = new Terminal({ json: reporter === "json" });
  if (options.update && process.env.CI && !/^(0|false)$/i.test(process.env.CI) && !options.force)
    throw new CliError("--update is off in CI, because it rewrites what is expected", {
      hint: "Update on your own machine and look at the change, or add --force.",
    });
  const root = casesFolder(folder, site);
  let suite = await checkCases(root, { site, field: options.field });
  if (options.update) {
    await update(terminal, suite, options.field);
    suite = await checkCases(root, { site, field: options.field });
  }
  await writeActual(suite).catch((error: Error) => {
    terminal.warn(`could not write actual.json: ${error.message}`);
  });
  const score = options.mutate ? await mutationScore(suite, options.field) : null;
  const exitCode = exitCodeOf(suite, score);
  await report(terminal, suite, score, reporter, exitCode, options);
  return exitCode;
}

async function update(terminal: Terminal, suite: Suite, field: string | undefined): Promise<void> {
  const changed = await updateExpectations(suite, field);
  for (const { name, verdicts } of changed)
    terminal.event({ event: "updated", case: name, verdicts });
  if (changed.length === 0) return terminal.print("nothing to update");
  terminal.print(terminal.colours.bold("updated; this is what changed:"));
  terminal.print(casesReport(changed, terminal.colours));
  terminal.print();
}

/** The gravest finding decides: a selector that must match, then anything else. */
function exitCodeOf({ drift, thresholds, counts }: Suite, score: MutationScore | null): ExitCode {
  if (drift.length > 0) return EXIT.drift;
  // A case that nothing can fail proves nothing, and neither do no mutants at all.
  const isWeak = score !== null && (score.survived > 0 || score.total === 0);
  return counts.failedFields + thresholds.length > 0 || isWeak ? EXIT.findings : EXIT.complete;
}

/** Pages with marked elements go into a folder beside the report. */
function reportPlace(out: string | undefined): ReportPlace {
  if (out === undefined) return { from: process.cwd(), keep: () => null };
  const file = resolve(out);
  const folder = `${file.replace(/\.html?$/i, "")}-pages`;
  let kept = 0;
  const keep = (html: string) => {
    if (!existsSync(folder)) mkdirSync(folder);
    const name = `${++kept}.html`;
    writeFileSync(join(folder, name), html);
    return `${encodeURIComponent(basename(folder))}/${name}`;
  };
  return { from: dirname(file), keep };
}

async function report(
  terminal: Terminal,
  suite: Suite,
  score: MutationScore | null,
  reporter: NonNullable<TestOptions["reporter"]>,
  exitCode: ExitCode,
  { out, site, health }: TestOptions,
): Promise<void> {
  const siteFile = site === undefined ? null : siteFileOf(site);
  const place: PlaceOf = (one, verdict) => placeOf(one, verdict, siteFile);
  const base = process.env.GITHUB_WORKSPACE ?? process.cwd();
  if (out !== undefined) await explained(makeFolder(dirname(resolve(out)), realDisk), out);
  const text = {
    text: () => textReport(suite, out === undefined ? terminal.colours : PLAIN, health),
    json: () => jsonReport(suite, exitCode, score),
    junit: () => junitReport(suite, place),
    github: () => githubReport(suite, place, base),
    html: () => htmlReport(suite, reportPlace(out)),
  }[reporter]();
  const isData = out === undefined && reporter !== "text";
  if (out !== undefined) {
    await writeNamed(out, text);
    terminal.print(`report: ${out}`);
    if (reporter !== "text" && reporter !== "json")
      terminal.print(textReport(suite, terminal.colours, health).trimEnd());
  } else if (isData) process.stdout.write(text);
  else terminal.print(text.trimEnd());
  if (score === null || reporter === "json") return;
  const mutation = mutationReport(score, terminal.colours);
  if (isData) terminal.warn(mutation);
  else terminal.print(mutation);
}
