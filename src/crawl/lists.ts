/**
 * Walks the lists of a site, one after the other, so that the order of what is read depends on nothing but the pages:
 * each from its start, in the other languages that the switcher of its first page names, and from the further first pages
 * that this prints. One ledger for all: an article that several lists name is read once, by the rules of the first.
 */
import type { Code } from "../model.js";
import type { ListWalk, Walk } from "../schema/run-report.js";
import { inOtherLanguage, type Site } from "../site/site.js";
import { byCodeUnits } from "../text.js";
import { isOfOne } from "../url/url.js";
import { DupeFilter } from "./dupefilter.js";
import { type WalkOptions, walk } from "./walk.js";

export interface ListOptions extends WalkOptions {
  /** Languages that are wanted beside that of the start; `all` that its switcher names; null for none. */
  readonly languages: readonly string[] | "all" | null;
}

/** A gap, and why another run would find it again. */
type Gap = readonly [message: string, code?: Code];

/** From where a list is walked: its start, another language, a further first page; or why it is not. */
type Leg = { readonly gap: Gap } | { readonly site: Site; readonly isOwn: boolean };

/** Walks every list of a site. Rejects only for errors of the run: a source's or a sink's. */
export async function walkLists(options: ListOptions): Promise<Walk> {
  const { site, known = [], dupefilter = new DupeFilter() } = options;
  if (site.lists.length === 0) return walkList({ ...options, dupefilter });
  const lists: ListWalk[] = [];
  const lost: string[] = [];
  let seen: Walk | undefined;
  for (const [at, list] of site.lists.entries()) {
    const { start } = list;
    const name = list.list ?? "";
    if (seen !== undefined && isFull(options, seen)) {
      seen = cutOff(seen);
      lists.push({ name, start, listingPages: 0, listed: 0, complete: false });
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
    const { unreachable } = walked;
    lists.push({
      ...{ name, start },
      listingPages: walked.listingPages - (seen?.listingPages ?? 0),
      listed: walked.listed - (seen?.listed ?? 0),
      complete: walked.complete && unreachable === null,
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

/** One list, from all of its first pages and in every language that is wanted. */
async function walkList(options: ListOptions & { dupefilter: DupeFilter }): Promise<Walk> {
  const { site: list, languages, dupefilter, known = [] } = options;
  const listed = dupefilter.ledger.listed;
  const hasLanguages = list.language !== "und" && Object.keys(list.languages).length > 0;
  const isAlone = languages === null || !hasOthers(list.language, languages);
  const walked = new Set<string>();
  let seen = options.before;
  let starts: readonly string[] = [];
  const legs: Leg[] = [{ site: list, isOwn: true }];
  for (let leg = legs.shift(); leg !== undefined; leg = legs.shift()) {
    if (seen !== undefined && "gap" in leg) seen = withGap(seen, leg.gap);
    if ("gap" in leg) continue;
    const isFirst = leg.site === list;
    if (!isFirst && seen !== undefined && isFull(options, seen)) {
      seen = cutOff(seen);
      continue;
    }
    const { site, isOwn } = leg;
    walked.add(site.language);
    const leadsOn = legs.length > 0 || (isFirst && list.starts !== null) || (isOwn && !isAlone);
    // What no list names any more is requested when all have been read.
    const gone = leadsOn || seen?.complete === false ? [] : known;
    const { unreachable = null } = (isFirst ? undefined : seen) ?? {};
    const came: Walk = await walk({
      ...options,
      site,
      ...(seen && { before: isOwn ? { ...seen, unreachable: null } : seen }),
      isOwnList: isOwn,
      known:
        hasLanguages || languages !== null
          ? gone.filter(({ language }) => [...walked].some((one) => isSame(one, language ?? one)))
          : gone,
    });
    if (isOwn && came.unreachable === null && languages !== null)
      legs.unshift(...languageLegs(site, came.listings, languages));
    if (isFirst && list.starts !== null) {
      starts = came.starts ?? [];
      legs.push(...startLegs(list, starts));
    }
    // Only where the start of the list cannot be read, it cannot: any other is a gap.
    seen = isFirst ? came : { ...came, unreachable };
  }
  const all = [...new Set([...(options.before?.languages ?? []), ...walked])];
  const end = { ...(seen as Walk), languages: languages === null && !hasLanguages ? null : all };
  if (starts.length === 0 || dupefilter.ledger.listed > listed) return end;
  const drift = `${list.list}: listing.rows matched nothing on any of ${starts.length} first pages of the list`;
  return { ...end, drift: [...end.drift, drift] };
}

/** The list in each other language, by the switcher of its first page. */
function languageLegs(
  site: Site,
  listings: Walk["listings"],
  languages: readonly string[] | "all",
) {
  const isOther = (language: string) => !isSame(language, site.language);
  const named = Object.keys(listings).filter(isOther);
  const wanted = languages === "all" ? named : languages.filter(isOther);
  return wanted.toSorted(byCodeUnits).map((language): Leg => {
    const start = listings[named.find((one) => isSame(one, language)) ?? ""];
    if (start === undefined) return { gap: [`the start page names no list in "${language}"`] };
    const outside = `the list in "${language}" is at ${start}, outside the site's origins (languages.${language}.origins of the site file allows it)`;
    return isOfOne(start, site.origins)
      ? { site: inOtherLanguage(site, language, start), isOwn: false }
      : { gap: [outside, "list"] };
  });
}

/** The list from each further first page that its first page prints. */
function startLegs(site: Site, starts: readonly string[]): Leg[] {
  if (starts.length === 0)
    return [{ gap: [`the list "${site.list}": starts.select matched nothing on ${site.start}`] }];
  return starts.map((start) =>
    isOfOne(start, site.origins)
      ? { site: { ...site, start, starts: null, isOneOfStarts: true }, isOwn: true }
      : {
          gap: [`the list "${site.list}" goes on at ${start}, outside the site's origins`, "list"],
        },
  );
}

function hasOthers(own: string, languages: readonly string[] | "all"): boolean {
  return languages === "all" || languages.some((language) => !isSame(language, own));
}

/** True where a limit ended a walk before another list could begin. */
function isFull({ limit }: WalkOptions, { taken }: Walk): boolean {
  return limit != null && taken >= limit;
}

function cutOff(seen: Walk): Walk {
  return { ...seen, complete: false, cutOff: true };
}

function withGap(seen: Walk, [gap, code]: Gap): Walk {
  const lasting = code === undefined ? seen.lasting : [...seen.lasting, code];
  return { ...seen, complete: false, gaps: [...seen.gaps, gap], lasting };
}

/** `fr` and `fr-FR` are one language here, `zh-Hans` and `zh-Hant` are two. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [`${a.toLowerCase()}-`, `${b.toLowerCase()}-`];
  return one.startsWith(other) || other.startsWith(one);
}
