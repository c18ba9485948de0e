/** What an incomplete run lacks, and the words that end it: by what helps, and not by what failed alone. */
import { isWithheld } from "../schema/holdings.js";
import { type Remedy, remedyOf, remedyOfGap } from "../schema/remedy.js";
import type { RunOutcome, RunReport } from "../schema/run-report.js";
import { count } from "../text.js";
import { urlKey } from "../url.js";
import { lacksAnswers } from "./archive-failures.js";

/** What a build has read: running it again changes nothing. */
export interface Offline {
  readonly isDamaged: boolean;
}

/** Listed articles that are missing, and that the site file does not accept. */
export function missedBy({ gone, accepted, outcomes }: RunReport): RunOutcome[] {
  const known = new Set(accepted.map(({ finding, place }) => `${finding} ${place}`));
  return outcomes.filter(({ url, state, reason }) =>
    state === "not-reached"
      ? reason?.startsWith("limit of ") !== true
      : // That a known article is gone is an answer: another run would bring the same.
        (state === "failed" || isWithheld({ state, reason })) &&
        !gone.has(urlKey(url)) &&
        !known.has(`article-failed ${url}`),
  );
}

/** @param see where to look @param offline null where the site, or a web archive, was read */
export function incompleteWords(report: RunReport, see: string, offline: Offline | null): string {
  const { gaps, listingMementos = [] } = report;
  const remedies = [
    ...gaps.map(remedyOfGap),
    ...missedBy(report).map(({ reason = "" }) => remedyOf(reason)),
  ];
  if (offline?.isDamaged)
    return "incomplete: the capture is damaged, see above; restore it from a copy and build again";
  if (offline !== null && listingMementos.length === 0)
    return remedies.includes("capture")
      ? "incomplete: some pages are in no capture that was given, see above; name every capture of the archive, or crawl again"
      : `incomplete: the capture holds what the crawl lacked as it lacked it, ${see}; crawl again, or accept it in the site file`;
  if (lacksAnswers(report))
    return `incomplete: a web archive did not answer, ${see}; run the same command again: it goes on from what came`;
  if (listingMementos.length > 0)
    return `incomplete: some pages are in no capture that was found, and another run finds the same: ${see} for what to do`;
  const lasting = lastingWords(remedies);
  if (lasting.length === 0)
    return `incomplete: some pages could not be read, ${see}; run the same command again`;
  const same = `${lasting.join(", ")}: ${see} for what to do, or accept it in the site file`;
  return remedies.includes("again")
    ? `incomplete: some pages could not be read; run the same command again. It finds the rest the same: ${same}`
    : `incomplete, and another run finds the same: ${same}`;
}

/** What another run finds again, in words. */
function lastingWords(remedies: readonly Remedy[]): string[] {
  const lasting: readonly (readonly [remedy: Remedy, one: string, more: string])[] = [
    ["gone", "page is not on the site", "pages are not on the site"],
    ["refused", "page is refused by the site", "pages are refused by the site"],
    ["page", "page came and cannot be read", "pages came and cannot be read"],
    ["archives", "page is in no web archive", "pages are in no web archive"],
    ["list", "link of the list leads nowhere", "links of the list lead nowhere"],
  ];
  return lasting.flatMap(([remedy, one, more]) => {
    const n = remedies.filter((found) => found === remedy).length;
    return n === 0 ? [] : [count(n, one, more)];
  });
}
