/** The text of an article page: the element that holds most of its paragraphs. */

import type { Element } from "domhandler";
import { fold, isElement, textOf } from "../extract/nodes.js";
import type { Tree } from "../extract/tree.js";
import { isChrome } from "./names.js";
import type { Choice, Option, Picks } from "./proposal.js";
import { exactSelector } from "./selectors.js";
import { samplesOf } from "./words.js";

/** Paragraphs shorter than this are captions and buttons. */
const SHORTEST = 25;

/** Proposes the body; null when the page has no paragraphs. */
export function proposeBody(tree: Tree, picks: Picks): Choice | null {
  const weights = new Map<Element, number>();
  const add = (element: Element | null, weight: number) => {
    if (element !== null && element.type === "tag" && !["html", "body"].includes(element.name))
      weights.set(element, (weights.get(element) ?? 0) + weight);
  };
  for (const node of tree.$("p, li, blockquote, pre, td").toArray().filter(isElement)) {
    const length = textOf([node]).length;
    if (length < SHORTEST || isChrome(node)) continue;
    // A list or a table is part of the text as a whole.
    const block = node.name === "p" || node.name === "pre" || node.name === "blockquote";
    const parent = (block ? node.parent : node.parent?.parent) as Element | null;
    add(parent, block ? length : length / 3);
    add((parent?.parent ?? null) as Element | null, length / 3);
  }
  const ranked = [...weights].sort(([, one], [, other]) => other - one);
  const options = ranked.slice(0, 4).flatMap(([element]): Option[] => {
    const selector = exactSelector(tree, [element]);
    if (selector === null) return [];
    const words = textOf([element]);
    return [
      { value: selector, matched: `${words.length} characters`, samples: samplesOf([words]) },
    ];
  });
  const best = options.find(({ value }) => value === picks.body) ?? options[0];
  if (best === undefined) return null;
  const [top = 0, next = 0] = ranked.map(([, weight]) => weight);
  return {
    part: "body",
    ...best,
    reason: picks.body === best.value ? "chosen by you" : "it holds most of the paragraphs",
    sure: picks.body === best.value || top > 1.2 * next || options.length === 1,
    options: options.length > 1 ? options : [],
  };
}

/** Selector of the article's own title; null when no heading of the page has the words of its row, nor is alone. */
export function articleTitle(tree: Tree, listed: string | null): string | null {
  const headings = tree.$("h1").toArray().filter(isElement);
  if (headings.length === 1) return "h1";
  const same = tree
    .$("h1, h2")
    .toArray()
    .filter(isElement)
    .find((node) => listed !== null && fold(textOf([node])) === fold(listed));
  return same === undefined ? null : exactSelector(tree, [same]);
}

/** The day on which the article says, to machines, that it was published; null when it does not. */
export function articleDate(
  tree: Tree,
): { select: string; attribute: string; date: string } | null {
  const places = [
    ["meta[property='article:published_time']", "content"],
    ["[itemprop='datePublished']", "datetime"],
    ["[itemprop='datePublished']", "content"],
    ["time[datetime]", "datetime"],
  ] as const;
  for (const [select, attribute] of places) {
    const nodes = tree
      .$(select)
      .toArray()
      .filter(isElement)
      .filter((node) => node.name === "meta" || !isChrome(node));
    const dates = new Set(nodes.map((node) => node.attribs[attribute]?.slice(0, 10) ?? ""));
    const [date = ""] = dates;
    if (dates.size === 1 && /^\d{4}-\d{2}-\d{2}$/.test(date)) return { select, attribute, date };
  }
  return null;
}
