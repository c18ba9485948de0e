/** What a crawl and a build have in common: what they may be told, and the exit code that they deserve. */

import type { Archive } from "../archive/write/archive.js";
import type { Account } from "../archive/write/run-account.js";
import type { Walk } from "../crawl/walk.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { RunOptions } from "./command-line.js";
import type { SelectorFindings } from "./health.js";
import { lacksMedia } from "./media.js";
import { isOver } from "./threshold.js";

/** Closes what was opened before an error is passed on. */
export function closing(archive: Archive): (error: unknown) => Promise<never> {
  return async (error) => {
    await archive.close();
    throw error;
  };
}

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
export function judgeRun(
  seen: Walk,
  account: Account,
  options: RunOptions,
  { thresholds }: SelectorFindings,
): ExitCode {
  const { counts, gone } = account;
  if (seen.drift.length > 0) return EXIT.drift;
  const isMissed = ({ url, state, reason }: Walk["outcomes"][number]) =>
    state === "not-reached"
      ? reason?.startsWith("limit of ") !== true
      : // That a known article is gone is an answer: another run would bring the same.
        state === "failed" && !gone.has(urlKey(url));
  if (seen.gaps.length > 0 || seen.outcomes.some(isMissed)) return EXIT.incomplete;
  const isFound =
    thresholds.length > 0 ||
    allOutside(seen) !== null ||
    account.balance.length > 0 ||
    isOver(counts.rejected, account.listed, options.maxRejected) ||
    lacksMedia(account, options);
  return isFound ? EXIT.findings : EXIT.complete;
}

/** A sentence where robots.txt forbids the article of every row; null otherwise. */
export function allForbidden({ outcomes }: Walk): string | null {
  const reasons = new Set(
    outcomes.map(({ state, reason }) => (state === "excluded" ? (reason ?? "") : "")),
  );
  if (outcomes.length === 0 || ![...reasons].every((reason) => reason.startsWith("robots.txt: ")))
    return null;
  return `robots.txt forbids every article that it lists (${[...reasons].sort().slice(0, 3).join("; ")})`;
}

/** A sentence where every row leads outside the site's origins, so that nothing could be read; null otherwise. */
export function allOutside({ outcomes }: Walk): string | null {
  const isOutside = ({ state, reason }: Walk["outcomes"][number]) =>
    state === "excluded" && reason?.startsWith("scope: ") === true;
  if (outcomes.length === 0 || !outcomes.every(isOutside)) return null;
  const origins = [...new Set(outcomes.map(({ url }) => new URL(url).origin))].sort();
  const some = `${origins.slice(0, 3).join(", ")}${origins.length > 3 ? " and others" : ""}`;
  const rows = outcomes.length === 1 ? "the only row leads" : `all ${outcomes.length} rows lead`;
  return `${rows} outside the site's origins, to ${some}: nothing was read; \`origins\` of the site file says where a crawl may go`;
}
