/** Which link leads to the next page: by its class or that of its item, by `rel`, by its words as the last resort. */

import type { Element } from "domhandler";
import { isElement, isInside } from "../extract/nodes.js";
import type { Tree } from "../extract/tree.js";
import { exactSelector } from "./selectors.js";

/** A link outside the rows. */
export interface Link {
  readonly node: Element;
  readonly target: string;
  readonly words: string;
}

interface Next {
  readonly selector: string;
  readonly target: string;
  readonly reason: string;
  readonly sure: boolean;
}

/** `next`, `pager__item--next`, `older-posts`; not `next-event`. What needs escaping in a selector is left out. */
const NAME =
  /^(?:[a-z]+[-_]{1,2}){0,3}(?:next|older)(?:[-_](?:page|posts?|link|entries|button))*$/i;
const WORDS =
  /^[‹›«»<>→\s]*(?:next|older|more|suivant|plus ancien|siguiente|pr[oó]xim|seguinte|weiter|nächste|след|далее|التالي|下一|keyingi)|^(?:›|»|>|→|>>)$/iu;

/** @param container the pager; null when none was found */
export function nextOf(tree: Tree, links: readonly Link[], container: Element | null): Next | null {
  const pager = container === null ? null : new Set([container]);
  return (
    byClass(tree, links, pager) ??
    byRelation(links) ??
    byWords(
      tree,
      links.filter(({ node }) => pager === null || isInside(node, pager)),
    )
  );
}

/** True when a link's words are "next page" in one of the languages that are read, or an arrow. */
export function saysNext({ words }: Link): boolean {
  return WORDS.test(words);
}

function byClass(
  tree: Tree,
  links: readonly Link[],
  pager: ReadonlySet<Element> | null,
): Next | null {
  const named = links.filter(
    ({ node }) =>
      node.attribs.href?.startsWith("#") !== true &&
      (nameOf(node) ?? nameOf(node.parent as Element | null)) !== undefined,
  );
  const inside = named.filter(({ node }) => pager !== null && isInside(node, pager));
  const [best] = inside.length > 0 ? inside : named;
  if (best === undefined) return null;
  const same = named.filter(({ target }) => target === best.target).map(({ node }) => node);
  const selector = classSelector(tree, best.node) ?? exactSelector(tree, same);
  if (selector === null) return null;
  // Outside a pager the class may be a carousel's; a page of this list stands at the same path.
  const isHere = new URL(best.target).pathname === new URL(tree.url).pathname;
  const sure = inside.length > 0 || (named.length === 1 && isHere);
  return { selector, target: best.target, reason: "its class says so", sure };
}

function nameOf(element: Element | null): string | undefined {
  return element?.attribs?.class?.split(/\s+/).find((name) => NAME.test(name));
}

/** The class that says "next", on the link or on its item. */
function classSelector(tree: Tree, node: Element): string | null {
  const parent = node.parent as Element;
  const [own, item] = [nameOf(node), nameOf(parent)];
  const ways = [
    ...(own === undefined ? [] : [`a.${own}`]),
    ...(item === undefined ? [] : [`.${item} > a`, `${parent.name}.${item} > a`]),
  ];
  const leadsThere = (one: unknown) => (one as Element).attribs.href === node.attribs.href;
  return ways.find((way) => tree.$(way).toArray().filter(isElement).every(leadsThere)) ?? null;
}

function byRelation(links: readonly Link[]): Next | null {
  const found = links.find(({ node }) => /(?:^| )next(?: |$)/i.test(node.attribs.rel ?? ""));
  if (found === undefined) return null;
  const name = found.node.name === "link" ? "link" : "a";
  const selector = `${name}[rel~='next']`;
  return { selector, target: found.target, reason: 'rel="next"', sure: true };
}

function byWords(tree: Tree, links: readonly Link[]): Next | null {
  const said = links.find(saysNext);
  const selector = said === undefined ? null : exactSelector(tree, [said.node]);
  // A selector of all links of the pager is right on the first page only.
  if (said === undefined || selector === null || /(?:^|[ >])a$/.test(selector)) return null;
  const reason = `it says "${said.words}": look at the second page too`;
  return { selector, target: said.target, reason, sure: false };
}
