/** Web archives that did not answer: another run may get more. Apart from what asks them, which every report would load. */
import type { RunReport } from "../schema/run-report.js";

/** What begins the reason where an archive did not answer: another run may get more. */
const FAILED = "the archive failed: ";

export function isArchiveFailure(reason: string): boolean {
  return reason.includes(FAILED);
}

/** True when a run lacks something because a web archive did not answer. */
export function lacksAnswers({ outcomes, gaps, archive }: RunReport): boolean {
  return (
    outcomes.some(({ reason = "" }) => isArchiveFailure(reason)) ||
    gaps.some(isArchiveFailure) ||
    (archive?.links.dead ?? []).some(({ without = "" }) => isArchiveFailure(without)) ||
    (archive?.media.failed ?? []).some(({ reason }) => isArchiveFailure(reason))
  );
}
