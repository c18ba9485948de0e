/** What follows a listing page by a rule of the site file, where no link does: a number in its URL, a POST, a form. Pure. */
import type { Element } from "domhandler";
import type { Finding, Listing, Post } from "../model.js";
import { isStart, pageUrl } from "../site/page-urls.js";
import type { PostRules, Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { postKey } from "../url/post.js";
import { readWords } from "./field.js";
import { countedOn, filled, type Values, valuesIn } from "./post-text.js";
import { select } from "./select.js";
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
 * @returns null where it gives none of them, and where nothing submits a form
 */
export function nextByRule(
  tree: Tree,
  scope: Element | null,
  site: Site,
  rows: number,
): Way | null {
  const { counted, cursor } = site.listing;
  const rule = counted ?? (cursor?.post === undefined ? null : cursor);
  if (rule === null) {
    const way = nextSubmitted(tree, scope, site);
    return typeof way === "string" ? lacking(tree, "a form that cannot be sent", way) : way;
  }
  const nextSelector = "template" in rule ? rule.template : rule.select;
  const way = { next: null, nextSelector, isCounted: counted !== null && counted.until === null };
  // A cursor may pass rows that nobody may see.
  if (rows === 0 && counted !== null) return way;
  if (rule.post === undefined) return { ...way, next: nextCounted(tree.asked, site) };
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

/** Stands for the number while a template is made a URL: its digits are as those of any number. */
const SOME = 8_191_131_071;

/**
 * The URL of the page after another one, by the template of the site file.
 *
 * @param asked URL that was requested
 * @returns null after the last page, and where the page is none that the template makes
 */
function nextCounted(asked: string, site: Site): string | null {
  const { counted } = site.listing;
  if (counted === null || counted.post !== undefined) return null;
  const at = (n: number) =>
    parseUrl(counted.template.replace("{n}", String(n)), site.start)?.href ?? null;
  const { from, step, until } = counted;
  const pattern = at(SOME);
  const number = pattern === null ? null : numberOf(pageUrl(asked, site), pageUrl(pattern, site));
  const following = isStart(asked, site) ? from : number === null ? null : number + step;
  if (following === null || (until !== null && following > until)) return null;
  const next = at(following);
  return next === null ? null : pageUrl(next, site);
}

/** The number that a URL has where another one has `SOME`. */
function numberOf(url: string, pattern: string): number | null {
  const [before = "", after = ""] = pattern.split(String(SOME));
  if (!url.startsWith(before) || !url.endsWith(after)) return null;
  const digits = url.slice(before.length, url.length - after.length);
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** A request for the next page; null after the last one. A text says what is missing to ask for it. */
function nextPosted(tree: Tree, site: Site): Post | string | null {
  const { counted, cursor } = site.listing;
  const rules = counted?.post ?? cursor?.post;
  if (rules === undefined) return null;
  const known = tree.post === undefined ? valuesOf(tree, rules) : valuesIn(tree.post, rules);
  if (known === null || typeof known === "string") return known;
  if (counted !== null) return countedOn(known, rules, site, tree.post === undefined);
  const value = readWords(tree.answer === null ? tree : { ...tree, $: tree.answer }, rules.cursor);
  return value === null ? null : filled(rules, { ...known, cursor: value }, site);
}

/** What the first page gives to be sent along. A text says what it lacks. */
function valuesOf(tree: Tree, { values }: PostRules): Values | string {
  const found: Record<string, string> = {};
  for (const { name, select: selector, attribute, match } of values) {
    const texts = select(tree.$, null, selector).flatMap(
      // Scripts hold such values too, and have no words.
      (node) => (attribute === null ? tree.$(node).text().trim() : node.attribs[attribute]) ?? [],
    );
    const [value] = texts.flatMap((text) => partOf(text, match));
    if (value === undefined)
      return `listing.next.values.${name}, ${selector}${match === null ? "" : ` with ${match}`}, gives nothing on the first page`;
    found[name] = value;
  }
  return found;
}

function partOf(text: string, match: string | null): string[] {
  if (match === null) return [text];
  const [all, part = all] = new RegExp(match, "u").exec(text) ?? [];
  return part === undefined ? [] : [part];
}
