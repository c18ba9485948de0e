/** What a run came to: its exit code, what it lacks, and the words that end it. */
import type { Walk } from "../../crawl/walk.js";
import { EXIT, type ExitCode } from "../../error.js";
import type { Code } from "../../model.js";
import {
  acceptedArticles,
  missingOf,
  notInList,
  type RunOutcome,
  type RunReport,
} from "../../schema/run-report.js";
import { count } from "../../text.js";
import { urlKey } from "../../url/url.js";
import type { CrawlOptions } from "../command-line/crawl.js";

/** How much may go wrong before a run has findings. */
type Threshold = { readonly count: number } | { readonly percent: number };

/** The exit code that a run deserves; the gravest finding decides. */
export function judgeRun(report: RunReport, options: CrawlOptions): ExitCode {
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
export function overLimits(report: RunReport, options: CrawlOptions): string[] {
  const { rejected, listed } = report.counts;
  const open = rejected - acceptedArticles(report, "article-rejected").size;
  return [
    ...(isOver(open, listed, options.maxRejected) ? ["--max-rejected"] : []),
    ...(lacksMedia(report, options) ? ["--max-failed-media"] : []),
  ];
}

function lacksMedia({ archive }: RunReport, { media, maxFailedMedia }: CrawlOptions): boolean {
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

/** What a build has read: running it again changes nothing. */
export interface Offline {
  readonly isDamaged: boolean;
  /** Captures before the last one that ended worse than that. */
  readonly graver: readonly EndedCapture[];
}

/** A capture that was built, and how it ended. */
export interface EndedCapture {
  readonly name: string;
  readonly exitCode: ExitCode;
}

/** Listed articles that are missing, and that the site file does not accept. */
function missedBy({ gone, outcomes, ...report }: RunReport): RunOutcome[] {
  // That a known article is gone is an answer: another run would bring the same.
  return missingOf(outcomes, report).filter(({ url }) => !gone.has(urlKey(url)));
}

/** How a run ended, and what to do. @param over options that would allow more of what went wrong */
export function ending(
  exitCode: ExitCode,
  report: RunReport,
  over: readonly string[],
  offline: Offline | null,
): string {
  const { archive } = report;
  const see = archive === null ? "see above" : "see above and account.md";
  if (offline?.graver.some((one) => one.exitCode === exitCode))
    return earlierWords(offline.graver, exitCode);
  const allow = over.length === 1 ? "allows" : "allow";
  switch (exitCode) {
    case EXIT.complete:
      return "complete: everything asked for is done and the ledger balances";
    case EXIT.findings:
      return `done, with findings: ${see}${over.length === 0 ? "" : ` (${over.join(" and ")} ${allow} some)`}`;
    case EXIT.incomplete:
      return incompleteWords(report, see, offline);
    case EXIT.drift:
      return "template drift: selectors find nothing, or what cannot be right; see above and `sitelift inspect`";
    case EXIT.interrupted:
      return "interrupted: what was read is written; run the same command again to resume";
    default:
      return "";
  }
}

const BEGINNINGS: Readonly<Record<number, string>> = {
  [EXIT.findings]: "done, with findings",
  [EXIT.incomplete]: "incomplete",
  [EXIT.drift]: "template drift",
};

/** What is wrong is in captures before the last one, and another run finds the same. */
function earlierWords(graver: readonly EndedCapture[], exitCode: ExitCode): string {
  const names = graver.filter((one) => one.exitCode === exitCode).map(({ name }) => name);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  const [end, it] = names.length === 1 ? ["ends", "it"] : ["end", "them"];
  return `${BEGINNINGS[exitCode]}: ${names.slice(0, 3).join(", ")}${more} ${end} with exit code ${exitCode}, and the newest capture does not; see above why. Accept that in the site file, or build the other captures without ${it}`;
}

/** @param see where to look @param offline null where the site, or a web archive, was read */
function incompleteWords(report: RunReport, see: string, offline: Offline | null): string {
  const { gaps, listingMementos = [] } = report;
  const missed = missedBy(report);
  const codes = [...report.lasting, ...missed.flatMap(({ code }) => code ?? [])];
  if (offline?.isDamaged)
    return "incomplete: the capture is damaged, see above; restore it from a copy and build again";
  if (offline !== null && listingMementos.length === 0)
    return codes.includes("not-captured")
      ? "incomplete: some pages are in no capture that was given, see above; name every capture of the archive, or crawl again"
      : `incomplete: the capture holds what the crawl lacked as it lacked it, ${see}; crawl again, or accept it in the site file`;
  if (lacksAnswers(report))
    return `incomplete: a web archive did not answer, ${see}; run the same command again: it goes on from what came`;
  if (listingMementos.length > 0)
    return `incomplete: some pages are in no capture that was found, and another run finds the same: ${see} for what to do`;
  const lasting = lastingWords(codes);
  if (lasting.length === 0)
    return `incomplete: some pages could not be read, ${see}; run the same command again`;
  const same = `${lasting.join(", ")}: ${see} for what to do, or accept it in the site file`;
  return codes.length < gaps.length + missed.length
    ? `incomplete: some pages could not be read; run the same command again. It finds the rest the same: ${same}`
    : `incomplete, and another run finds the same: ${same}`;
}

/** What another run finds again, in words. */
function lastingWords(codes: readonly Code[]): string[] {
  const lasting: readonly (readonly [code: Code, one: string, more: string])[] = [
    ["gone", "page is not on the site", "pages are not on the site"],
    ["refused", "page is refused by the site", "pages are refused by the site"],
    ["unusable", "page came and cannot be read", "pages came and cannot be read"],
    ["not-archived", "page is in no web archive", "pages are in no web archive"],
    ["list", "link of the list leads nowhere", "links of the list lead nowhere"],
  ];
  return lasting.flatMap(([code, one, more]) => {
    const n = codes.filter((found) => found === code).length;
    return n === 0 ? [] : [count(n, one, more)];
  });
}
