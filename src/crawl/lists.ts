/**
 * Walks the lists of a site, one after the other, so that the order of what is read depends on nothing but the pages:
 * each with its languages, and with the further first pages that its own first page prints. One ledger for all: an
 * article that several lists name is read once, by the rules of the first.
 */
import type { ListWalk, Walk } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { isOfOne } from "../url/url.js";
import { DupeFilter } from "./dupefilter.js";
import { cutOff, isFull, type LanguageOptions, walkLanguages, withGap } from "./languages.js";

/** Walks every list of a site. Rejects only for errors of the run: a source's or a sink's. */
export async function walkLists(options: LanguageOptions): Promise<Walk> {
  const { site, known = [] } = options;
  if (site.lists.length === 0) return walkLanguages(options);
  const dupefilter = new DupeFilter();
  const lists: ListWalk[] = [];
  const lost: string[] = [];
  let seen: Walk | undefined;
  for (const [at, list] of site.lists.entries()) {
    if (seen !== undefined && isFull(options, seen)) {
      seen = cutOff(seen);
      const { start } = list;
      lists.push({ name: list.list ?? "", start, listingPages: 0, listed: 0, complete: false });
      continue;
    }
    const before: Walk | undefined = seen && { ...seen, complete: true, unreachable: null };
    const isLast = at === site.lists.length - 1;
    const walked = await walkList({
      ...options,
      dupefilter,
      ...(before && { before }),
      site: { ...list, lists: [] },
      // What no list names any more is requested when all lists have been read.
      known: isLast && lists.every(({ complete }) => complete) ? known : [],
    });
    const { listingPages, listed, complete, unreachable } = walked;
    lists.push({
      name: list.list ?? "",
      start: list.start,
      listingPages: listingPages - (seen?.listingPages ?? 0),
      listed: listed - (seen?.listed ?? 0),
      complete: complete && unreachable === null,
    });
    if (unreachable !== null) lost.push(unreachable);
    seen = walked;
  }
  return ended(seen as Walk, lists, lost);
}

/** A list that cannot be read does not hide the others; a site is unreachable where none can. */
function ended(seen: Walk, lists: readonly ListWalk[], lost: readonly string[]): Walk {
  const complete = lists.every((list) => list.complete);
  const isNone = seen.listed === 0 && lists.every(({ listingPages }) => listingPages <= 1);
  const unreachable = lost.length === lists.length && isNone ? (lost[0] ?? null) : null;
  return { ...seen, lists, complete, unreachable };
}

/** A list from each of its first pages. */
async function walkList(options: LanguageOptions & { dupefilter: DupeFilter }): Promise<Walk> {
  const { site, known = [] } = options;
  const { dupefilter } = options;
  const listed = dupefilter.ledger.listed;
  let seen = await walkLanguages({ ...options, known: site.starts === null ? known : [] });
  const starts = seen.starts ?? [];
  if (site.starts === null) return seen;
  if (starts.length === 0)
    return withGap(seen, `the list "${site.list}": starts.select matched nothing on ${site.start}`);
  for (const [at, start] of starts.entries()) {
    if (!isOfOne(start, site.origins))
      seen = withGap(
        seen,
        `the list "${site.list}" goes on at ${start}, outside the site's origins`,
        "list",
      );
    else if (isFull(options, seen)) seen = cutOff(seen);
    else {
      const one: Site = { ...site, start, starts: null, isOneOfStarts: true };
      const lostOnes = at === starts.length - 1 && seen.complete ? known : [];
      const { unreachable } = seen;
      const before = { ...seen, unreachable: null };
      const walked = await walkLanguages({ ...options, site: one, before, known: lostOnes });
      // One that cannot be read is a gap.
      seen = { ...walked, unreachable };
    }
  }
  const drift = `${site.list}: listing.rows matched nothing on any of ${starts.length} first pages of the list`;
  return dupefilter.ledger.listed > listed ? seen : { ...seen, drift: [...seen.drift, drift] };
}
