/** The picture of what changed, run by run. A run that changed nothing is not shown: it leaves the report as it is. Pure. */
import { type ChangingRun, changingRuns, type PastRun, whenOf } from "../history.js";
import { escapeHtml, figure, table } from "./html.js";
import { bars, legend, type Series } from "./svg.js";

/** Runs that are shown: the newest. */
const MOST = 36;

const KINDS = [
  ["added", "added", 2],
  ["edited", "edited on the site", 0],
  ["renamed", "renamed", 4],
  ["returned", "returned", 6],
  ["gone", "gone", 3],
  ["reread", "read in another way", 7],
] as const;

export function changesSection(runs: readonly PastRun[]): string[] {
  const all = changingRuns(runs);
  if (all.length === 0) return [];
  const shown = all.slice(-MOST);
  const names = shown.map((run) => escapeHtml(whenOf(run).slice(0, 10)));
  const series: Series[] = KINDS.map(([kind, name, colour]) => {
    return { name, colour, values: shown.map(({ changes }) => changes.counts[kind]) };
  });
  const text =
    "Entries that each run changed. Read in another way: the site file, overrides.yaml or sitelift changed, and not the site. Articles that failed are no change: they never count as gone.";
  return [
    figure(
      bars({ id: "changes-svg", title: "Changes by run", text }, names, series),
      legend(series),
      table(
        text,
        ["run", "entries", ...KINDS.map(([, name]) => name), "failed", "list"],
        shown.map((run, at) => [names[at] ?? "", ...rowOf(run)]),
      ),
      all.length > MOST
        ? `<p>and ${all.length - MOST} earlier ones, in snapshots/history.csv</p>`
        : "",
    ),
  ];
}

function rowOf({ changes, counts, complete }: ChangingRun): (string | number)[] {
  const kinds = KINDS.map(([kind]) => changes.counts[kind]);
  return [changes.entries, ...kinds, counts.failed, complete ? "whole" : "not read to its end"];
}
