/** What follows a listing page by a rule of the site file, where no link does: a number in its URL, a POST, a form. Pure. */
import type { Element } from "domhandler";
import type { Finding, Listing } from "../model.js";
import { postKey } from "../post.js";
import type { Site } from "../site/site.js";
import { nextCounted } from "./counted.js";
import { nextPosted } from "./posted.js";
import { nextSubmitted } from "./submitted.js";
import type { Tree } from "./tree.js";

export type Way = Pick<Listing, "next" | "nextSelector" | "isCounted" | "post"> & {
  /** Why the next page cannot be asked for. */
  readonly lacks?: Finding;
};

/**
 * The way on from a page, where the site file gives a template, a POST or what submits a form.
 *
 * @param scope the part of the page that holds the list and its pager; null for the whole page
 * @param rows how many there are
 * @param canonical the canonical form of a listing page's URL
 * @returns null where it gives none of them, and where nothing submits a form
 */
export function nextByRule(
  tree: Tree,
  scope: Element | null,
  site: Site,
  rows: number,
  canonical: (url: string) => string,
): Way | null {
  const { counted, cursor } = site.listing;
  const rule = counted ?? (cursor?.post === undefined ? null : cursor);
  if (rule === null) {
    const way = nextSubmitted(tree, scope, site, canonical);
    return typeof way === "string" ? lacking(tree, "a form that cannot be sent", way) : way;
  }
  const nextSelector = "template" in rule ? rule.template : rule.select;
  const way = { next: null, nextSelector, isCounted: counted !== null && counted.until === null };
  // A cursor may pass rows that nobody may see.
  if (rows === 0 && counted !== null) return way;
  if (rule.post === undefined) return { ...way, next: nextCounted(tree.asked, site, canonical) };
  const post = nextPosted(tree, site);
  if (typeof post === "string")
    return { ...way, ...lacking(tree, "a POST that cannot be made", post) };
  return post === null ? way : { ...way, next: postKey(post), post };
}

function lacking({ url }: Tree, what: string, why: string): Way & { readonly lacks: Finding } {
  const message = `listing page ${url} is followed by ${what}: ${why}`;
  const lacks = { finding: "next-unfollowed", place: url, count: null, message };
  return { next: null, nextSelector: null, lacks };
}
