/** The tables of a fleet on the terminal. */
import type { HostCost } from "../../fleet/estimate.js";
import type { Row } from "../../fleet/rows.js";
import { byteCount, column } from "../../text.js";
import type { Terminal } from "../terminal.js";

type Colours = Terminal["colours"];
const LONGEST = 40;

/** Every site, the ones that were not crawled in grey. */
export function siteLines(rows: readonly Row[], { dim, green, red }: Colours): string[] {
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

export function hostLines(costs: readonly HostCost[]): string[] {
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
export function hoursOf({ requests, delay }: HostCost): number {
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
