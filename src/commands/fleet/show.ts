/** What a fleet will do and what it did: words for people, the last event for programs. */
import { join, relative } from "node:path";
import process from "node:process";
import { EXIT, type ExitCode, wholeWords } from "../../error.js";
import type { HostCost } from "../../fleet/estimate.js";
import { type Row, sumOf } from "../../fleet/rows.js";
import type { FleetSite } from "../../fleet/sites.js";
import { count } from "../../text.js";
import type { End } from "../notify.js";
import type { Terminal } from "../terminal.js";
import { hostLines, hoursOf, siteLines } from "./tables.js";

/** Says what would be asked of each host. @returns the exit code: what is not valid would not be crawled */
export function showPlan(
  terminal: Terminal,
  plan: readonly { readonly site: FleetSite; readonly due: string | null }[],
  chosen: readonly FleetSite[],
  costs: readonly HostCost[],
): ExitCode {
  const isChosen = new Set(chosen);
  const bad = chosen.filter(({ problem }) => problem !== null).length;
  const exitCode = bad > 0 ? EXIT.usage : EXIT.complete;
  for (const { site, due } of plan) {
    const { name, problem } = site;
    if (problem !== null) terminal.warn(`${name}: error: ${wholeWords(problem)}`);
    if (due !== null) terminal.print(`${name}: not due ${due}`);
  }
  if (costs.length > 0) for (const line of hostLines(costs)) terminal.print(line);
  const unknown = costs.reduce((sum, one) => sum + one.unknown, 0);
  const isKnown = costs.some(({ requests }) => requests > 0);
  const hours = Math.max(0, ...costs.map(hoursOf)).toFixed(1);
  const time = isKnown
    ? `; hosts are asked side by side, so the longest decides: ${unknown > 0 ? "at least " : ""}${hours} h`
    : "";
  terminal.print(`${count(chosen.length - bad, "site")} of ${plan.length} would be crawled${time}`);
  if (bad > 0) terminal.print(`${count(bad, "site is", "sites are")} not valid`);
  if (unknown > 0)
    terminal.print(
      `${count(unknown, "site has", "sites have")} no finished run to go by: what ${unknown === 1 ? "it has" : "they have"} is not known, and nothing is asked to find out`,
    );
  terminal.print("dry run: nothing was asked and nothing was written");
  terminal.event({
    event: "end",
    exitCode,
    dryRun: true,
    sites: plan.map(({ site, due }) => ({
      site: site.name,
      host: site.host,
      due,
      crawled: isChosen.has(site) && site.problem === null,
      ...(site.problem === null ? {} : { error: wholeWords(site.problem) }),
    })),
    hosts: costs.map((cost) => {
      const isKnown = cost.requests > 0;
      return { ...cost, hours: isKnown ? hoursOf(cost) : null };
    }),
  });
  return exitCode;
}

/** Says what became of every site. @returns the last event */
export function showEnd(
  terminal: Terminal,
  all: readonly Row[],
  /** Names of the sites that the command line means. */
  { shown, exitCode, out }: { shown: ReadonlySet<string>; exitCode: ExitCode; out: string },
): End {
  const rows = all.filter(({ site }) => shown.has(site));
  const end = {
    event: "end",
    exitCode,
    sites: all.map(({ trend: _, ...row }) => row),
    out,
  };
  terminal.event(end);
  for (const line of siteLines(rows, terminal.colours)) terminal.print(line);
  terminal.print(`${count(rows.length, "site")}: ${sumOf(rows)}`);
  terminal.print(`all of them: ${join(relative(process.cwd(), out) || ".", "index.html")}`);
  if (exitCode === EXIT.interrupted)
    terminal.print("interrupted: run the same command again, and it goes on from there");
  return end;
}
