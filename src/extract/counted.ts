/** Listing pages that are counted: the number of one in its URL, and the URL of the next one. Pure. */
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { urlKey } from "../url.js";

/** Stands for the number while a template is made a URL: its digits are as those of any number. */
const SOME = 8_191_131_071;

/**
 * The URL of the page after another one, by the template of the site file.
 *
 * @param asked URL that was requested
 * @param canonical the canonical form of a listing page's URL
 * @returns null after the last page, and where the page is none that the template makes
 */
export function nextCounted(
  asked: string,
  site: Site,
  canonical: (url: string) => string,
): string | null {
  const { counted } = site.listing;
  if (counted === null || counted.post !== undefined) return null;
  const at = (n: number) =>
    parseUrl(counted.template.replace("{n}", String(n)), site.start)?.href ?? null;
  const { from, step, until } = counted;
  const pattern = at(SOME);
  const number = pattern === null ? null : numberOf(canonical(asked), canonical(pattern));
  const isStart = urlKey(canonical(asked)) === urlKey(canonical(site.start));
  const following = isStart ? from : number === null ? null : number + step;
  if (following === null || (until !== null && following > until)) return null;
  const next = at(following);
  return next === null ? null : canonical(next);
}

/** The number that a URL has where another one has `SOME`. */
function numberOf(url: string, pattern: string): number | null {
  const [before = "", after = ""] = pattern.split(String(SOME));
  if (!url.startsWith(before) || !url.endsWith(after)) return null;
  const digits = url.slice(before.length, url.length - after.length);
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}
