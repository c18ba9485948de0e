/** What follows a listing page by a rule of the site file, where no link does: a number in its URL, or a POST. Pure. */
import type { Finding, Listing } from "../model.js";
import { postKey } from "../post.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { urlKey } from "../url.js";
import { nextPosted } from "./posted.js";
import type { Tree } from "./tree.js";

type Way = Pick<Listing, "next" | "nextSelector" | "isCounted" | "post"> & {
  /** Why the next page cannot be asked for. */
  readonly lacks?: Finding;
};

/**
 * The way on from a page, where the site file gives a template or a POST.
 *
 * @param canonical the canonical form of a listing page's URL
 * @returns null where it gives neither
 */
export function nextByRule(
  tree: Tree,
  site: Site,
  rows: number,
  canonical: (url: string) => string,
): Way | null {
  const { counted, cursor } = site.listing;
  const rule = counted ?? (cursor?.post === undefined ? null : cursor);
  if (rule === null) return null;
  const nextSelector = "template" in rule ? rule.template : rule.select;
  const isCounted = counted !== null && counted.until === null;
  const way = { next: null, nextSelector, isCounted };
  // A cursor may pass rows that nobody may see.
  if (rows === 0 && counted !== null) return way;
  if (rule.post === undefined) return { ...way, next: nextCounted(tree.asked, site, canonical) };
  const post = nextPosted(tree, site);
  if (typeof post !== "string") return post === null ? way : { ...way, next: postKey(post), post };
  const message = `listing page ${tree.url} is followed by a POST that cannot be made: ${post}`;
  return { ...way, lacks: { finding: "next-unfollowed", place: tree.url, count: null, message } };
}

/** Stands for the number while a template is made a URL: its digits are as those of any number. */
const SOME = 8_191_131_071;

/**
 * The URL of the page after another one, by the template of the site file.
 *
 * @param asked URL that was requested
 * @param canonical the canonical form of a listing page's URL
 * @returns null after the last page, and where the page is none that the template makes
 */
function nextCounted(asked: string, site: Site, canonical: (url: string) => string): string | null {
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
