/**
 * Walks a site in several languages: the list of its start, then that of each other language, found by
 * the language switcher of the start page. One list after the other, so that the order of what is read
 * depends on nothing but the pages; one ledger for all.
 */

import { FIELD_NAMES, type FieldName } from "../model.js";
import { inOtherLanguage } from "../site/resolve.js";
import { sameOrigin } from "../url.js";
import { Books } from "./dupefilter.js";
import { addHealth } from "./health.js";
import { type Walk, type WalkOptions, walk } from "./walk.js";

export interface LanguageOptions extends WalkOptions {
  /** Languages that are wanted beside that of the start; `all` that its switcher names; null for none. */
  readonly languages: readonly string[] | "all" | null;
}

/** What the walks of all languages saw together. */
export interface LanguagesWalk extends Walk {
  /** Languages whose lists were walked; null when the walk was of one list, whatever its language. */
  readonly walked: readonly string[] | null;
}

/** Walks every language that is wanted. Rejects only for errors of the run: a source's or a sink's. */
export async function walkLanguages(options: LanguageOptions): Promise<LanguagesWalk> {
  const { site, languages, known = [] } = options;
  const books = new Books();
  const isWanted = site.language !== "und" && Object.keys(site.languages).length > 0;
  const ofLanguage = (walked: readonly string[]) =>
    isWanted || languages !== null
      ? known.filter(({ language }) => walked.some((one) => isSame(one, language ?? one)))
      : known;
  if (languages === null) {
    const only = [site.language];
    const seen = await walk({ ...options, known: ofLanguage(only) });
    return { ...seen, walked: isWanted ? only : null };
  }
  // What no list names any more is asked for when all lists have been read.
  let seen = await walk({
    ...options,
    books,
    known: isAlone(site.language, languages) ? known : [],
  });
  const named = Object.keys(seen.listings).filter((language) => !isSame(language, site.language));
  const others = (languages === "all" ? named : languages).filter(
    (language) => !isSame(language, site.language),
  );
  const walked = [site.language];
  if (seen.unreachable !== null) return { ...seen, walked };
  const found = others
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((language) => ({
      language,
      start: seen.listings[named.find((one) => isSame(one, language)) ?? ""] ?? null,
    }));
  for (const [at, { language, start }] of found.entries()) {
    const problem = problemOf(language, start, site.origins);
    const limit = options.limit == null ? null : options.limit - seen.taken;
    if (problem !== null || start === null) seen = withGap(seen, problem ?? "");
    else if (limit !== null && limit <= 0) seen = { ...seen, complete: false, cutOff: true };
    else {
      const other = inOtherLanguage(site, language, start);
      const isLast = at === found.length - 1 && seen.complete;
      const lost = isLast ? ofLanguage([...walked, language]) : [];
      const more = await walk({ ...options, site: other, limit, books, known: lost });
      seen = joined(seen, more, language);
      walked.push(language);
    }
  }
  return { ...seen, walked };
}

function isAlone(own: string, languages: readonly string[] | "all"): boolean {
  return languages !== "all" && languages.every((language) => isSame(language, own));
}

function problemOf(
  language: string,
  start: string | null,
  origins: readonly string[],
): string | null {
  if (start === null) return `the start page names no list in "${language}"`;
  if (origins.some((origin) => sameOrigin(origin, start))) return null;
  return `the list in "${language}" is at ${start}, outside the site's origins (languages.${language}.origins of the site file allows it)`;
}

function withGap(seen: Walk, gap: string): Walk {
  return { ...seen, complete: false, gaps: [...seen.gaps, gap] };
}

/** Outcomes and `listed` of the later walk are those of both. */
function joined(before: Walk, after: Walk, language: string): Walk {
  const warnings = new Map(before.warnings);
  for (const [code, { count, first }] of after.warnings) {
    const known = warnings.get(code);
    warnings.set(code, { count: (known?.count ?? 0) + count, first: known?.first ?? first });
  }
  const lost =
    after.unreachable === null
      ? []
      : [`the list in "${language}" could not be read: ${after.unreachable}`];
  return {
    ...after,
    listingPages: before.listingPages + after.listingPages,
    complete: before.complete && after.complete,
    moved: [...before.moved, ...after.moved],
    gaps: [...before.gaps, ...lost, ...after.gaps],
    notes: [...before.notes, ...after.notes.map((line) => `${language}: ${line}`)],
    drift: [...before.drift, ...after.drift.map((line) => `${language}: ${line}`)],
    unreachable: before.unreachable,
    warnings,
    fields: Object.fromEntries(
      FIELD_NAMES.map((name) => [name, before.fields[name] + after.fields[name]]),
    ) as Record<FieldName, number>,
    items: before.items + after.items,
    health: addHealth(before.health, after.health),
    listings: before.listings,
    taken: before.taken + after.taken,
    cutOff: before.cutOff || after.cutOff,
  };
}

/** `fr` and `fr-FR` are one language here, `zh-Hans` and `zh-Hant` are two. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [`${a.toLowerCase()}-`, `${b.toLowerCase()}-`];
  return one.startsWith(other) || other.startsWith(one);
}
