/** How a site file accepts a finding. Pure. */
import type { Finding } from "../model.js";
import type { Walk } from "./run-report.js";

/** What to add to `accept` of a site file, as JSON and TypeScript read it. */
export function acceptWords({ finding, place, count }: Omit<Finding, "message">): string {
  const counted = count === null ? "" : `, "count": ${count}`;
  return `{ "finding": "${finding}", "place": ${JSON.stringify(place)}${counted}, "reason": "…" }`;
}

/**
 * Findings that a site file may accept. On template drift those of the drift alone: the others may come from it, and to
 * accept them would hide it.
 */
export function acceptable({ open, drift }: Pick<Walk, "open" | "drift">): readonly Finding[] {
  return drift.length === 0 ? open : open.filter((one) => drift.some((line) => isOf(line, one)));
}

/** True for the finding that a line of drift, which may begin with the name of its list, is about. */
export function isOf(line: string, { message }: Finding): boolean {
  return line.endsWith(message);
}
