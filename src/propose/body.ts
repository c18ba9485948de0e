/** The text of an article page: the element that holds most of its paragraphs. */
import type { Element } from "domhandler";
import { fold, isInside, textOf } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import type { Choice, Picks } from "./proposal.js";
import { choiceOf, rank } from "./rank.js";
import { exactSelector, isChrome } from "./selectors.js";

/** Paragraphs shorter than this are captions and buttons. */
const SHORTEST = 25;

/** Proposes the body; null when the page has no paragraphs. */
export function proposeBody(tree: Tree, picks: Picks): Choice | null {
  const weights = new Map<Element, number>();
  const add = (element: Element | null, weight: number) => {
    if (element !== null && element.type === "tag" && !["html", "body"].includes(element.name))
      weights.set(element, (weights.get(element) ?? 0) + weight);
  };
  for (const node of select(tree.$, null, "p, li, blockquote, pre, td")) {
    const length = textOf([node]).length;
    if (length < SHORTEST || isChrome(node)) continue;
    // A list or a table is part of the text as a whole.
    const block = node.name === "p" || node.name === "pre" || node.name === "blockquote";
    const parent = (block ? node.parent : node.parent?.parent) as Element | null;
    add(parent, block ? length : length / 3);
    add((parent?.parent ?? null) as Element | null, length / 3);
  }
  const heaviest = [...weights].sort(([, one], [, other]) => other - one);
  const candidates = heaviest.slice(0, 4).flatMap(([element, weight]) => {
    const value = exactSelector(tree, [element]);
    const text = textOf([element]);
    return value === null
      ? []
      : [{ value, matched: `${text.length} characters`, texts: [text], weight }];
  });
  const ranking = rank(
    candidates,
    ({ weight }) => ({ "letters of paragraphs": weight }),
    picks.body,
  );
  if (ranking === null) return null;
  // An element without a selector of its own is a rival too.
  const [top = 0, next = 0] = heaviest.map(([, weight]) => weight);
  const sure = top > 1.2 * next || !ranking.hasRival;
  return choiceOf("body", ranking, "it holds most of the paragraphs", sure);
}

/**
 * Selector of the article's own title; null when the page has not one `h1`, and no heading has the words of the row.
 * What says the same on another article is the site's title, not the article's.
 *
 * @param others pages of other articles
 */
export function articleTitle(
  tree: Tree,
  listed: string | null,
  others: readonly Tree[],
): string | null {
  const headings = select(tree.$, null, "h1");
  const isOwn = (node: Element, selector: string) =>
    others.every((other) => textOf(select(other.$, null, selector).slice(0, 1)) !== textOf([node]));
  const [first] = headings;
  if (headings.length === 1 && first !== undefined && isOwn(first, "h1")) return "h1";
  const same = select(tree.$, null, "h1, h2, h3").find(
    (node) => listed !== null && fold(textOf([node])) === fold(listed),
  );
  return same === undefined ? null : exactSelector(tree, [same]);
}

/** What may be before the title in the text: the name of a section. */
const BEFORE_TITLE = 60;

/**
 * Selector of the title where it is at the beginning of the text of every article, so that it would be there twice; null
 * where it is not, or where a row has or is in the like.
 *
 * @param title selector of the title on an article page
 * @param body selector of the text
 */
export function titleInBody(
  listing: Tree,
  rows: readonly Element[],
  articles: readonly Tree[],
  title: string,
  body: string,
): string | null {
  const begins = (tree: Tree, selector: string) => {
    const [text, ...texts] = select(tree.$, null, body);
    const [heading, ...headings] = select(tree.$, null, selector);
    if (text === undefined || heading === undefined || texts.length + headings.length > 0)
      return false;
    // Headings that are not closed hold the text; it would go with them.
    if (isInside(text, new Set([heading]))) return false;
    const at = textOf([text]).indexOf(textOf([heading]));
    return isInside(heading, new Set([text])) && at >= 0 && at < BEFORE_TITLE;
  };
  const inRows = new Set(rows);
  const touchesRows = (selector: string) => {
    const nodes = select(listing.$, null, selector);
    const removed = new Set(nodes);
    return (
      nodes.some((node) => isInside(node, inRows)) || rows.some((row) => isInside(row, removed))
    );
  };
  const selectors = [`${body} ${title}`, title].filter(
    (one) => !touchesRows(one) && articles.every((tree) => begins(tree, one)),
  );
  return articles.length === 0 ? null : (selectors[0] ?? null);
}

/** A date for machines: where it is, and what it says. */
export interface ArticleDate {
  readonly select: string;
  readonly attribute: string;
  /** `2021-05-03` */
  readonly date: string;
}

/** The day on which the article says, to machines, that it was published; null when it does not. */
export function articleDate(tree: Tree): ArticleDate | null {
  const places = [
    ["meta[property='article:published_time']", "content"],
    ["[itemprop='datePublished']", "datetime"],
    ["[itemprop='datePublished']", "content"],
    ["time[datetime]", "datetime"],
  ] as const;
  for (const [place, attribute] of places) {
    const nodes = select(tree.$, null, place).filter(
      (node) => node.name === "meta" || !isChrome(node),
    );
    const dates = new Set(nodes.map((node) => node.attribs[attribute]?.slice(0, 10) ?? ""));
    const [date = ""] = dates;
    if (dates.size === 1 && /^\d{4}-\d{2}-\d{2}$/.test(date))
      return { select: place, attribute, date };
  }
  return null;
}
