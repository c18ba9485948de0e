/** Checked cases as JSON Lines. */
import type { ExitCode } from "../../error.js";
import { escapeJson } from "../../text.js";
import type { Suite } from "../check.js";
import type { MutationScore } from "../mutate.js";

export function jsonReport(suite: Suite, exitCode: ExitCode, score: MutationScore | null): string {
  const { cases, health, drift, thresholds, counts } = suite;
  const end = { event: "end", exitCode, counts, drift, thresholds };
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
    score === null ? end : { ...end, teeth: scoreJson(score) },
  ];
  return events.map((event) => `${escapeJson(event)}\n`).join("");
}

/** The keys of `--mutate --json`, which are older than the words of the code. */
function scoreJson({ total, killed, equivalent, survived, score, mutants }: MutationScore) {
  const list = mutants.map(({ killed, instead, ...one }) => ({ ...one, noticed: killed, instead }));
  return { total, noticed: killed, madeGood: equivalent, unnoticed: survived, score, list };
}
