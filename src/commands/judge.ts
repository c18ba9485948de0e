/** What a run came to: its exit code, and what a whole list that cannot be read says. */
import type { Walk } from "../crawl/walk.js";
import { EXIT, type ExitCode } from "../error.js";
import { notInList, type RunOutcome, type RunReport } from "../schema/run-report.js";
import type { RunOptions } from "./command-line.js";
import { missedBy } from "./incomplete.js";

/** How much may go wrong before a run has findings. */
type Threshold = { readonly count: number } | { readonly percent: number };

/** The exit code that a run deserves; the gravest finding decides. */
export function judgeRun(report: RunReport, options: RunOptions): ExitCode {
  const { drift, gaps } = report;
  if (drift.length > 0) return EXIT.drift;
  if (gaps.length > 0 || missedBy(report).length > 0) return EXIT.incomplete;
  const isFound =
    report.selectors.thresholds.length > 0 ||
    report.leftBehind.length > 0 ||
    report.fewer.length > 0 ||
    notInList(report).length > 0 ||
    report.outside !== null ||
    report.balance.length > 0 ||
    overLimits(report, options).length > 0;
  return isFound ? EXIT.findings : EXIT.complete;
}

/** Options whose limit what went wrong is over. */
export function overLimits(report: RunReport, options: RunOptions): string[] {
  const { rejected, listed } = report.counts;
  const open = rejected - countOf(report, "article-rejected");
  return [
    ...(isOver(open, listed, options.maxRejected) ? ["--max-rejected"] : []),
    ...(lacksMedia(report, options) ? ["--max-failed-media"] : []),
  ];
}

function countOf({ accepted }: RunReport, name: string): number {
  return accepted.filter(({ finding }) => finding === name).length;
}

function lacksMedia({ archive }: RunReport, { media, maxFailedMedia }: RunOptions): boolean {
  if (archive === null || media === false) return false;
  const { files, failed } = archive.media;
  return isOver(failed.length, files + failed.length, maxFailedMedia);
}

/** @param of what a percentage is taken of; without a threshold nothing may go wrong */
function isOver(found: number, of: number, threshold: Threshold = { count: 0 }): boolean {
  return found > ("count" in threshold ? threshold.count : (threshold.percent / 100) * of);
}

/** A sentence where robots.txt disallows the article of every row; null otherwise. */
export function allForbidden({ outcomes }: Walk): string | null {
  const reasons = new Set(
    outcomes.map(({ state, reason }) => (state === "excluded" ? (reason ?? "") : "")),
  );
  if (outcomes.length === 0 || ![...reasons].every((reason) => reason.startsWith("robots.txt: ")))
    return null;
  return `robots.txt disallows every article of the list (${[...reasons].sort().slice(0, 3).join("; ")})`;
}

/** A sentence where every row links outside the site's origins, so that nothing could be read; null otherwise. */
export function allOutside({ outcomes }: Walk): string | null {
  const isOutside = ({ state, reason }: RunOutcome) =>
    state === "excluded" && reason?.startsWith("scope: ") === true;
  if (outcomes.length === 0 || !outcomes.every(isOutside)) return null;
  const origins = [...new Set(outcomes.map(({ url }) => new URL(url).origin))].sort();
  const some = `${origins.slice(0, 3).join(", ")}${origins.length > 3 ? " and others" : ""}`;
  const rows = outcomes.length === 1 ? "the only row links" : `all ${outcomes.length} rows link`;
  return `${rows} outside the site's origins, to ${some}: nothing was read; add what a crawl may visit to \`origins\` of the site file`;
}
