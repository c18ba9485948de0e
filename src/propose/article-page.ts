/** An article given in the place of the list: its related posts, byline or comments repeat as the rows of a list do. Pure. */
import type { Element } from "domhandler";
import { articleCount } from "../extract/json-ld.js";
import { isInside, textOf } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import { urlKey } from "../url/url.js";
import { isChrome } from "./selectors.js";

const ARTICLE_PAGE = "this looks like an article; give the page that lists it";

/** Text of so many characters below one element is an article's; of so many it is one without any mark. */
const [SHORT, LONG] = [150, 1_000];

/**
 * Why a page is not the list but an article; null when nothing says so. No mark is enough by itself where there are several
 * rows: themes print `og:type` of an article on their lists too, and a list may have an introduction.
 *
 * @param rows what is proposed as the rows of the page
 * @param links where they lead
 */
export function articleDoubt(
  tree: Tree,
  url: string,
  rows: readonly Element[],
  links: readonly string[],
): string | null {
  const headings = select(tree.$, null, "h1").filter((node) => textOf([node]) !== "");
  const [heading] = headings;
  const isHeaded = heading !== undefined && headings.length === 1;
  // Where related posts are marked up as the article is, the row with the heading is the article.
  const others = rows.filter((row) => !isHeaded || !isInside(heading, new Set([row])));
  const length = bodyLength(tree, rows.length < 2 ? [] : others);
  const mark = markOf(tree);
  if (rows.length < 2) {
    const itself = links.length > 0 && links.every((link) => urlKey(link) === urlKey(url));
    const whys = [
      mark?.words,
      itself && "its only row leads to the page itself",
      others.length < rows.length && "its only row holds the heading of the page",
      length >= SHORT && headings.length < 2 && "it has one long text, and no list",
    ];
    const why = whys.find(Boolean);
    return why ? `${ARTICLE_PAGE}: ${why}` : null;
  }
  const listed = others.reduce((sum, row) => sum + textOf([row]).length, 0);
  if (mark?.isSure && length >= SHORT) return `${ARTICLE_PAGE}: ${mark.words}`;
  if (mark !== null && isHeaded && length >= SHORT && length > listed / 2)
    return `${ARTICLE_PAGE}: ${mark.words}, and it has one long text`;
  if (isHeaded && length >= LONG && length > 2 * listed)
    return `${ARTICLE_PAGE}: it has one heading and one long text, and what repeats is short`;
  return null;
}

/** What in its markup calls the page one article, the surest first. */
function markOf({ $ }: Tree): { readonly words: string; readonly isSure: boolean } | null {
  if ($("meta[property='article:published_time' i]").length === 1)
    return { words: "it names the time at which it was published", isSure: true };
  // WordPress names the template in the class of the body.
  if ($("body.single, body.single-post").length > 0)
    return { words: "the class of its body says so", isSure: true };
  const scripts = $("script[type='application/ld+json' i]").toArray();
  const described = scripts.reduce((sum, node) => sum + articleCount($(node).text()), 0);
  if (described === 1) return { words: "its JSON-LD describes one article", isSure: false };
  const isTyped = /^article$/i.test($("meta[property='og:type' i]").attr("content")?.trim() ?? "");
  return isTyped ? { words: "its og:type is article", isSure: false } : null;
}

/** Characters of the paragraphs below the element that has most of them, outside the rows. */
function bodyLength(tree: Tree, rows: readonly Element[]): number {
  const among = new Set(rows.filter(({ name }) => name !== "p"));
  const lengths = new Map<unknown, number>();
  for (const node of select(tree.$, null, "p"))
    if (!isChrome(node) && !isInside(node, among))
      lengths.set(node.parent, (lengths.get(node.parent) ?? 0) + textOf([node]).length);
  return Math.max(0, ...lengths.values());
}
