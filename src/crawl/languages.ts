/**
 * Walks a site in several languages: the list of its start, then that of each other language, found by
 * the language switcher of the start page. One list after the other, so that the order of what is read
 * depends on nothing but the pages; one ledger for all.
 */

import type { Code } from "../model.js";
import type { Walk } from "../schema/run-report.js";
import { inOtherLanguage } from "../site/site.js";
import { byCodeUnits } from "../text.js";
import { isOfOne } from "../url/url.js";
import { DupeFilter } from "./dupefilter.js";
import { type WalkOptions, walk } from "./walk.js";

export interface LanguageOptions extends WalkOptions {
  /** Languages that are wanted beside that of the start; `all` that its switcher names; null for none. */
  readonly languages: readonly string[] | "all" | null;
}

/** Walks every language of one list that is wanted. Rejects only for errors of the run: a source's or a sink's. */
export async function walkLanguages(options: LanguageOptions): Promise<Walk> {
  const { site, languages, known = [] } = options;
  const { dupefilter = new DupeFilter() } = options;
  const isWanted = site.language !== "und" && Object.keys(site.languages).length > 0;
  const ofLanguage = (walked: readonly string[]) =>
    isWanted || languages !== null
      ? known.filter(({ language }) => walked.some((one) => isSame(one, language ?? one)))
      : known;
  if (languages === null) {
    const only = [site.language];
    const seen = await walk({ ...options, isOwnList: true, known: ofLanguage(only) });
    return { ...seen, languages: isWanted ? withLanguages(options, only) : null };
  }
  // What no list names any more is requested when all lists have been read.
  let seen = await walk({
    ...options,
    dupefilter,
    isOwnList: true,
    known: isAlone(site.language, languages) ? known : [],
  });
  const named = Object.keys(seen.listings).filter((language) => !isSame(language, site.language));
  const others = (languages === "all" ? named : languages).filter(
    (language) => !isSame(language, site.language),
  );
  const walked = [site.language];
  if (seen.unreachable !== null) return { ...seen, languages: withLanguages(options, walked) };
  const found = others.toSorted(byCodeUnits).map((language) => ({
    language,
    start: seen.listings[named.find((one) => isSame(one, language)) ?? ""] ?? null,
  }));
  for (const [at, { language, start }] of found.entries()) {
    if (start === null) seen = withGap(seen, `the start page names no list in "${language}"`);
    else if (!isOfOne(start, site.origins))
      seen = withGap(
        seen,
        `the list in "${language}" is at ${start}, outside the site's origins (languages.${language}.origins of the site file allows it)`,
        "list",
      );
    else if (isFull(options, seen)) seen = cutOff(seen);
    else {
      const other = inOtherLanguage(site, language, start);
      const isLast = at === found.length - 1 && seen.complete;
      const lost = isLast ? ofLanguage([...walked, language]) : [];
      seen = await walk({
        ...options,
        site: other,
        dupefilter,
        before: seen,
        isOwnList: false,
        known: lost,
      });
      walked.push(language);
    }
  }
  return { ...seen, languages: withLanguages(options, walked) };
}

/** Languages that were walked, those of the lists before among them. */
function withLanguages({ before }: LanguageOptions, walked: readonly string[]): string[] {
  return [...new Set([...(before?.languages ?? []), ...walked])];
}

function isAlone(own: string, languages: readonly string[] | "all"): boolean {
  return languages !== "all" && languages.every((language) => isSame(language, own));
}

/** True where a limit ended a walk before another list could begin. */
export function isFull({ limit }: WalkOptions, { taken }: Walk): boolean {
  return limit != null && taken >= limit;
}

export function cutOff(seen: Walk): Walk {
  return { ...seen, complete: false, cutOff: true };
}

export function withGap(seen: Walk, gap: string, code?: Code): Walk {
  const lasting = code === undefined ? seen.lasting : [...seen.lasting, code];
  return { ...seen, complete: false, gaps: [...seen.gaps, gap], lasting };
}

/** `fr` and `fr-FR` are one language here, `zh-Hans` and `zh-Hant` are two. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [`${a.toLowerCase()}-`, `${b.toLowerCase()}-`];
  return one.startsWith(other) || other.startsWith(one);
}
