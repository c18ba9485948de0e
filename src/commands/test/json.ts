/** What came of the cases, as JSON Lines for programs. */
import type { Suite } from "../../cases/check.js";
import type { ExitCode } from "../../error.js";
import { escapeJson } from "../../text.js";

export function jsonReport(suite: Suite, exitCode: ExitCode, more: object = {}): string {
  const { cases, health, drift, thresholds, counts } = suite;
  const events = [
    ...cases.map(({ name, about, verdicts }) => ({
      event: "case",
      case: name,
      kind: about?.kind ?? null,
      site: about?.site ?? null,
      passed: verdicts.every(({ passed }) => passed),
      verdicts,
    })),
    ...[...health].map(([site, fields]) => ({ event: "health", site, fields })),
    { event: "end", exitCode, counts, drift, thresholds, ...more },
  ];
  return events.map((event) => `${escapeJson(event)}\n`).join("");
}
