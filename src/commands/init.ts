/** `sitelift init`: proposes a site file from a listing page and an article, and writes it with what a project needs to test it. */
import { relative, resolve } from "node:path";
import process from "node:process";
import type { RecordedCase } from "../cases/record.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { Page } from "../model.js";
import type { Choice, Picks, Proposal } from "../propose/proposal.js";
import { propose } from "../propose/propose.js";
import { siteOfProposal } from "../propose/reads.js";
import { siteNameOf } from "../site/load.js";
import type { InitOptions } from "./command-line.js";
import { ask, confirmed } from "./init/ask.js";
import { firstCases } from "./init/cases.js";
import { type Planned, planFiles, writeFiles } from "./init/files.js";
import { articlePage, listingPage } from "./init/pages.js";
import { showProposal } from "./init/show.js";
import { Terminal } from "./terminal.js";

export async function init(target: string, options: InitOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const listing = await listingPage(target, options.url);
  const first = proposed(listing, null, options.name ?? "site", {});
  const name = options.name ?? siteNameOf(first.site.start ?? listing.url);
  const { page: article, problem } = await articlePage(options.article, target, first, listing.url);
  if (problem !== null) terminal.warn(problem);
  const asks = isInteractive(options);
  const proposal = asks
    ? await settled(listing, article, name)
    : proposed(listing, article, name, {});
  if (proposal === null) return EXIT.interrupted;
  const files = planFiles(proposal, process.cwd(), options);
  showProposal(terminal, proposal, files);
  const open = proposal.choices.filter(({ sure }) => !sure);
  if (options.dryRun) return ended(terminal, proposal, [], EXIT.complete);
  if (open.length > 0 && !options.yes && !asks) {
    terminal.warn(needs(open));
    return ended(terminal, proposal, [], EXIT.usage);
  }
  if (asks && !(await confirmed(files.map(({ path }) => path)))) return EXIT.interrupted;
  const cases = await casesOf(proposal, files, listing, article);
  await writeFiles(process.cwd(), files);
  for (const one of cases) await one.write({ force: false });
  for (const { path, does } of files)
    terminal.print(`wrote ${path}  ${terminal.colours.dim(does)}`);
  for (const { name, folder } of cases)
    terminal.print(
      `wrote ${relative(process.cwd(), folder)}  ${terminal.colours.dim(`case ${name}`)}`,
    );
  if (open.length > 0)
    terminal.print(
      `taken without asking: ${open.map(({ part, value }) => `${part} (${value || "none"})`).join(", ")}`,
    );
  const [site] = files;
  terminal.print(
    `next: npx sitelift inspect ${target}${site?.isDefault ? "" : ` --site ${site?.path}`}`,
  );
  return ended(terminal, proposal, files, EXIT.complete, cases);
}

function casesOf(
  proposal: Proposal,
  files: readonly Planned[],
  listing: Page,
  article: Page | null,
): Promise<RecordedCase[]> {
  const path = resolve(process.cwd(), files.find(({ isSite }) => isSite)?.path ?? "");
  return firstCases(process.cwd(), siteOfProposal(proposal.site), path, listing, article);
}

function proposed(listing: Page, article: Page | null, name: string, picks: Picks): Proposal {
  const proposal = propose(listing, article, { name, picks });
  if (proposal !== null) return proposal;
  throw new CliError(`nothing on ${listing.url} repeats as the rows of a list do`, {
    exitCode: EXIT.findings,
    hint: "Expected a listing page: several articles one below the other, each with a link. A list that is made by a script in the browser cannot be read.",
  });
}

/** Proposes, and asks what is not sure, until all is; null when the person leaves. */
async function settled(
  listing: Page,
  article: Page | null,
  name: string,
): Promise<Proposal | null> {
  let picks: Picks = {};
  for (;;) {
    const proposal = proposed(listing, article, name, picks);
    const open = proposal.choices.find(
      ({ part, sure, options }) => !sure && options.length > 1 && picks[part] === undefined,
    );
    if (open === undefined) return proposal;
    const answer = await ask(open);
    if (answer === null) return null;
    picks = { ...picks, [open.part]: answer };
  }
}

/** Questions are asked on a terminal, and where neither a program reads the answer nor all were answered beforehand. */
function isInteractive({ yes, json, dryRun }: InitOptions): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return isTerminal && !yes && !json && !dryRun && !process.env.CI;
}

function needs(open: readonly Choice[]): string {
  const lines = open.map(
    ({ part, value, reason, options }) =>
      `  ${part}: ${value || "none"} (${reason})${options.length > 1 ? `; or ${options.flatMap((one) => (one.value === value ? [] : one.value || "none")).join(", ")}` : ""}`,
  );
  return [
    "nothing was written: there is no terminal to ask on, and this is not sure:",
    ...lines,
    "--yes takes what is proposed; or write the file by hand from the proposal above.",
  ].join("\n");
}

function ended(
  terminal: Terminal,
  proposal: Proposal,
  files: readonly Planned[],
  exitCode: ExitCode,
  cases: readonly RecordedCase[] = [],
): ExitCode {
  const { rows, titles, links, dates } = proposal.reads;
  const unsure = proposal.choices.filter(({ sure }) => !sure).length;
  for (const { path } of files) terminal.event({ event: "written", path });
  for (const { folder } of cases)
    terminal.event({
      event: "written",
      path: relative(process.cwd(), folder).replaceAll("\\", "/"),
    });
  const counts = {
    rows,
    titles,
    links,
    dates,
    unsure,
    missing: proposal.missing.length,
    files: files.length,
    cases: cases.length,
  };
  terminal.event({ event: "end", exitCode, counts });
  return exitCode;
}
