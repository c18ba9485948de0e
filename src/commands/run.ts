/** What a crawl and a build have in common: their options, and the exit code that a run deserves. */

import type { Walk } from "../crawl/walk.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { RunOutcome, RunReport } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { RunOptions } from "./command-line.js";

/** How much may go wrong before a run has findings. */
type Threshold = { readonly count: number } | { readonly percent: number };

/** What the command line says goes before what the site file says. */
export function adjust(site: Site, options: RunOptions): Site {
  return {
    ...site,
    origins: originsOf(site, options.languages ?? []),
    article: { ...site.article, follow: site.article.follow && options.articles !== false },
  };
}

/** Origins of the site and of the languages that are walked. @throws {CliError} when that of the start is left out */
function originsOf(site: Site, languages: readonly string[] | "all"): readonly string[] {
  if (languages.length === 0) return site.origins;
  if (languages !== "all" && site.language !== "und" && !languages.includes(site.language))
    throw new CliError(`--languages leaves out ${site.language}, the language of the start page`, {
      hint: `Add ${site.language}, or choose another start with --language.`,
    });
  const chosen = Object.entries(site.languages).filter(
    ([language]) => languages === "all" || languages.includes(language),
  );
  return [...new Set([...site.origins, ...chosen.flatMap(([, { origins }]) => origins)])];
}

/** The exit code that a run deserves; the gravest finding decides. */
export function judgeRun(report: RunReport, options: RunOptions): ExitCode {
  const { counts, gone, drift, gaps, outcomes } = report;
  if (drift.length > 0) return EXIT.drift;
  const isMissed = ({ url, state, reason }: RunOutcome) =>
    state === "not-reached"
      ? reason?.startsWith("limit of ") !== true
      : // That a known article is gone is an answer: another run would bring the same.
        state === "failed" && !gone.has(urlKey(url));
  if (gaps.length > 0 || outcomes.some(isMissed)) return EXIT.incomplete;
  const isFound =
    report.selectors.thresholds.length > 0 ||
    report.outside !== null ||
    report.balance.length > 0 ||
    isOver(counts.rejected, counts.listed, options.maxRejected) ||
    lacksMedia(report, options);
  return isFound ? EXIT.findings : EXIT.complete;
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
