/** What a fleet will do and what it did: words for people, the last event for programs. */
import { join } from "node:path";
import { EXIT, type ExitCode, wholeWords } from "../../error.js";
import type { HostCost } from "../../fleet/estimate.js";
import { type Row, sumOf } from "../../fleet/rows.js";
import type { FleetSite } from "../../fleet/sites.js";
import { byteCount, column, count } from "../../text.js";
import type { End } from "../end.js";
import { here, type Terminal } from "../terminal.js";

/** Says what would be asked of each host. What is not valid would not be crawled. */
export function showPlan(
  terminal: Terminal,
  plan: readonly { readonly site: FleetSite; readonly due: string | null }[],
  chosen: readonly FleetSite[],
  costs: readonly HostCost[],
): End {
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
  return {
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
  };
}

/** Says what became of every site. */
export function showEnd(
  terminal: Terminal,
  all: readonly Row[],
  /** Names of the sites that the command line means. */
  { shown, exitCode, out }: { shown: ReadonlySet<string>; exitCode: ExitCode; out: string },
): End {
  const rows = all.filter(({ site }) => shown.has(site));
  for (const line of siteLines(rows, terminal.colours)) terminal.print(line);
  terminal.print(`${count(rows.length, "site")}: ${sumOf(rows)}`);
  terminal.print(`all of them: ${here(join(out, "index.html"))}`);
  if (exitCode === EXIT.interrupted)
    terminal.print("interrupted: run the same command again, and it goes on from there");
  return { exitCode, sites: all.map(({ trend: _, ...row }) => row), out };
}

type Colours = Terminal["colours"];
const LONGEST = 40;

/** Every site, the ones that were not crawled in grey. */
function siteLines(rows: readonly Row[], { dim, green, red }: Colours): string[] {
  const cells = rows.map((row) => ({
    row,
    cells: [
      row.site,
      number(row.entries),
      number(row.new),
      number(row.changed),
      number(row.gone),
      row.ran ? row.verdict : row.due === null ? "not begun" : "not due",
      row.ran ? number(row.exitCode) : "",
      (row.ran ? row.todo : row.due) ?? "",
    ],
  }));
  const head = ["site", "entries", "new", "changed", "gone", "verdict", "exit", "what to do"];
  const lines = aligned([head, ...cells.map((one) => one.cells)], [1, 2, 3, 4, 6]);
  return lines.map((line, at) => {
    const row = cells[at - 1]?.row;
    if (row === undefined || !row.ran) return dim(line);
    return row.exitCode === 0 ? green(line) : red(line);
  });
}

function hostLines(costs: readonly HostCost[]): string[] {
  const head = ["host", "sites", "not known", "requests", "bytes", "every", "hours"];
  const cells = costs.map((cost) => {
    const isKnown = cost.requests > 0;
    const atLeast = cost.unknown > 0 && isKnown ? "at least " : "";
    return [
      cost.host,
      String(cost.sites),
      String(cost.unknown),
      isKnown ? `${atLeast}${cost.requests}` : "not known",
      isKnown ? `${atLeast}${byteCount(cost.bytes)}` : "not known",
      `${cost.delay / 1000} s`,
      isKnown ? `${atLeast}${hoursOf(cost).toFixed(1)}` : "not known",
    ];
  });
  return aligned([head, ...cells], [1, 2, 3, 4, 5, 6]);
}

/** Hours at the pace of the host: a host that is slower than its pace takes longer. */
function hoursOf({ requests, delay }: HostCost): number {
  return (requests * delay) / 3_600_000;
}

function number(n: number | null): string {
  return n === null ? "–" : String(n);
}

/** @param right columns that are aligned to the right */
export function aligned(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.min(LONGEST, Math.max(...rows.map((row) => [...(row[at] ?? "")].length))),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => {
        // The last column is as long as its words.
        if (at === row.length - 1 && !right.includes(at)) return cell;
        const width = widths[at] ?? 0;
        return right.includes(at) ? cell.padStart(width) : column(cell, width);
      })
      .join("  ")
      .trimEnd(),
  );
}
