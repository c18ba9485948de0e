/** Findings: which of them the site file accepts. Pure. */
import type { Finding } from "../model.js";
import { isWithheld } from "../schema/holdings.js";
import { NOT_IN_LIST, type Walk } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { urlKey } from "../url/url.js";

/** A finding that the site file accepts, and why. */
export type Accepted = Finding & { readonly reason: string };

/** The finding as the site file accepts it; null when it does not: its name, its place and its count have to be the same. */
export function accepted(finding: Finding, { accept, start }: Site): Accepted | null {
  const key = (place: string) => urlKey(parseUrl(place, start)?.href ?? place);
  const found = accept.find(
    (one) =>
      one.finding === finding.finding &&
      (one.count ?? null) === finding.count &&
      (one.place === finding.place ||
        key(one.place) === key(finding.place) ||
        beginsAs(parseUrl(one.place, start)?.href, finding)),
  );
  return found === undefined ? null : { ...finding, reason: found.reason };
}

/** A request of a script often has the time in its URL: a place that ends in `*` is any that begins so. */
function beginsAs(given: string | undefined, { finding, place }: Finding): boolean {
  return (
    finding === "request-failed" &&
    given?.endsWith("*") === true &&
    place.startsWith(given.slice(0, -1))
  );
}

/** Findings apart: those that the site file accepts, and the others. */
export function sortFindings(
  findings: readonly Finding[],
  site: Site,
): { readonly accepted: Accepted[]; readonly open: Finding[] } {
  const known = findings.map((one) => accepted(one, site));
  return {
    accepted: known.filter((one) => one !== null),
    open: findings.filter((_, at) => known[at] === null),
  };
}

/**
 * Walks of all lists and languages with what only their end shows: the articles that could not be read or were rejected,
 * as findings, and what the site file accepts and nothing of the run was.
 */
export function withArticles(seen: Walk, site: Site): Walk {
  const failed = sortFindings(seen.outcomes.flatMap(failureOf), site);
  const used = [...seen.accepted, ...failed.accepted];
  const isWhole = seen.ended && !seen.cutOff && seen.unreachable === null;
  // Of a list that could not be read, nobody knows what else is found: only that a number is another one now.
  const isCounted = (one: Site["accept"][number]) =>
    seen.open.some(
      (found) =>
        accepted({ ...found, count: one.count ?? null }, { ...site, accept: [one] }) !== null,
    );
  const accept = seen.gaps.length === 0 ? site.accept : site.accept.filter(isCounted);
  return {
    ...seen,
    open: [...seen.open, ...failed.open],
    accepted: used,
    notes: [
      ...seen.notes,
      ...(isWhole ? unusedAccepts(used, { ...site, accept }) : []).map(
        (note) => note + unlessUnread(seen),
      ),
    ],
  };
}

/** What is accepted may be of a language that the site has, and this run did not read. */
function unlessUnread({ languages, listings }: Walk): string {
  const unread = Object.keys(listings).filter((tag) => languages?.includes(tag) !== true);
  return unread.length === 0
    ? ""
    : `, unless it is of a language that this run did not read (${unread.join(", ")})`;
}

/** An article that could not be read, or was rejected, as a finding. */
function failureOf({ url, state, reason = "", code }: Walk["outcomes"][number]): Finding[] {
  if (state !== "failed" && state !== "rejected" && !isWithheld({ state, code })) return [];
  const finding = state === "rejected" ? "article-rejected" : "article-failed";
  return [{ finding, place: url, count: null, message: `${url}: ${reason}` }];
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
  // A place may be a path, and be found on the host of another list or language.
  const keyOf = (place: string) => {
    const url = parseUrl(place, site.start);
    return url === null ? place : urlKey(`http://_${url.pathname}${url.search}${url.hash}`);
  };
  return (
    site.accept
      // Those of the rule "fewer than before" are found when the walk is over.
      .filter((one) => isAsked(one.finding) && !one.finding.startsWith("fewer-"))
      .filter(
        (one) =>
          !used.some(
            (found) =>
              found.finding === one.finding &&
              found.count === (one.count ?? null) &&
              (keyOf(found.place) === keyOf(one.place) ||
                beginsAs(parseUrl(one.place, found.place)?.href, found)),
          ),
      )
      .map(
        ({ finding, place }) =>
          `accept: ${finding} at ${place} was not found in this run; remove it from the site file`,
      )
  );
}
