/** Findings: which of them the site file accepts. Pure. */
import type { Finding } from "../model.js";
import { NOT_IN_LIST } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { urlKey } from "../url.js";

/** A finding that the site file accepts, and why. */
export type Accepted = Finding & { readonly reason: string };

/** The finding as the site file accepts it; null when it does not: its name, its place and its count have to be the same. */
export function accepted(finding: Finding, { accept, start }: Site): Accepted | null {
  const key = (place: string) => urlKey(parseUrl(place, start)?.href ?? place);
  const found = accept.find(
    (one) =>
      one.finding === finding.finding &&
      (one.count ?? null) === finding.count &&
      (one.place === finding.place || key(one.place) === key(finding.place)),
  );
  return found === undefined ? null : { ...finding, reason: found.reason };
}

/**
 * What the site file accepts and a whole run did not find, one sentence each.
 *
 * @param isAsked which findings there could have been
 */
export function unusedAccepts(
  used: readonly Accepted[],
  site: Site,
  isAsked: (finding: string) => boolean = (finding) => finding !== NOT_IN_LIST,
): string[] {
  return site.accept
    .filter(
      (one) =>
        // Those of the rule "fewer than before" are found when the walk is over.
        !one.finding.startsWith("fewer-") &&
        isAsked(one.finding) &&
        !used.some((finding) => accepted(finding, { ...site, accept: [one] }) !== null),
    )
    .map(
      ({ finding, place }) =>
        `accept: ${finding} at ${place} was not found in this run; remove it from the site file`,
    );
}
