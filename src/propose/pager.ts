/** The pager of a listing page: what leads to the next page. Markup decides; words are the last resort, and then the choice is not sure. */
import type { Element } from "domhandler";
import { isInside, textOf } from "../extract/nodes.js";
import { NEXT_CLASS, nameOf, PAGER_NAME } from "../extract/onward.js";
import { sayingOf } from "../extract/onward-words.js";
import { linkTarget, type Tree } from "../extract/tree.js";
import { sameOrigin, urlKey } from "../url/url.js";
import { type FormPager, proposeForm } from "./form-pager.js";
import type { Choice, Picks } from "./proposal.js";
import { nextChoice } from "./rank.js";
import { elementsOf, exactSelector } from "./selectors.js";

/** How the reason begins where only words say that a link leads on. */
export const SAYS = "it says";

export interface PagerProposal {
  /** Null when there is no pager. */
  readonly choice: Choice | null;
  readonly listing: {
    readonly next?: string | FormPager["next"];
    readonly current?: string;
    readonly pageLinks?: string;
    readonly pageParameter?: string;
  };
  /** URL of the first page; null if this is the first, or if it is not known. */
  readonly first: string | null;
  /** Why the next page is not known; null when it is, or when there is no pager. */
  readonly problem: string | null;
}

/** Proposes the pager; links in rows are not part of it. */
export function proposePager(tree: Tree, rows: readonly Element[], picks: Picks): PagerProposal {
  const links = linksOutside(tree, new Set(rows));
  const numbered = links.filter(({ words }) => /^\d{1,5}$/.test(words));
  const container = containerOf(numbered) ?? namedContainer(tree, links);
  const place = container === null ? null : exactSelector(tree, [container]);
  const current = container === null || place === null ? null : currentIn(tree, container, place);
  const pageParameter = zeroBasedParameter(numbered);
  const listing = {
    ...(place === null || numbered.length === 0 ? {} : { pageLinks: `${place} a[href]` }),
    ...(pageParameter === null ? {} : { pageParameter }),
    ...(current === null ? {} : { current: current.selector }),
  };
  const number = current?.number ?? 0;
  const linkOf = (page: number) => numbered.find(({ words }) => Number(words) === page);
  const first = number > 1 ? (linkOf(1)?.target ?? null) : null;
  const following = current === null ? undefined : linkOf(number + 1);
  const found = nextOf(tree, links, container);
  if (found !== null) {
    const { selector, target, reason, sure } = found;
    const next = picks.next || selector;
    const choice = nextChoice(next, "1 link", target, reason);
    const agrees = following === undefined || following.target === target;
    return {
      listing: { ...listing, next },
      first,
      problem: agrees
        ? null
        : `${selector} leads to ${target}, but number ${following.words} to ${following.target}`,
      choice: { ...choice, sure: (sure && agrees) || picks.next !== undefined },
    };
  }
  if (following !== undefined) {
    const reason = "the number after that of this page";
    const choice = nextChoice(listing.pageLinks ?? "", "1 link", following.target, reason);
    return { listing, first, problem: null, choice };
  }
  const said = links.find(saysNext);
  if (said === undefined && numbered.length === 0) {
    const form = proposeForm(tree, new Set(rows), picks);
    const listing = form?.next === undefined ? {} : { next: form.next };
    return { choice: form?.choice ?? null, listing, first, problem: form?.problem ?? null };
  }
  const problem = said
    ? `a link says "${said.words}", and neither a class nor rel="next" sets it apart: name it in listing.next`
    : "there are numbered links, and nothing says which page this is: name it in listing.current";
  return { choice: null, listing, first, problem };
}

function linksOutside(tree: Tree, rows: ReadonlySet<Element>): Link[] {
  return elementsOf(tree, "a[href], link[rel~='next'][href]").flatMap((node) => {
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || !sameOrigin(target, tree.url) || isInside(node, rows)) return [];
    // WordPress says "Page" to screen readers in front of the number.
    const words = textOf([node]).replace(/^(?:page|seite|página)\s+(?=\d+$)/i, "");
    return [{ node, target, words }];
  });
}

/** The innermost element that holds most of the numbered links. */
function containerOf(numbered: readonly Link[]): Element | null {
  if (numbered.length === 0) return null;
  const counts = new Map<Element, { count: number; depth: number }>();
  for (const { node } of numbered) {
    let depth = 0;
    for (let at = node.parent as Element | null; at !== null && depth < 5; depth++) {
      if (at.type !== "tag" || at.name === "body") break;
      const seen = counts.get(at) ?? { count: 0, depth };
      counts.set(at, { count: seen.count + 1, depth });
      at = at.parent as Element | null;
    }
  }
  const ranked = [...counts].sort(
    ([, one], [, other]) => other.count - one.count || one.depth - other.depth,
  );
  const best = ranked[0];
  if (best === undefined) return null;
  // One number alone, as on page 1 of 2: its list, not its item.
  const lists = ranked.filter(
    ([element, { count }]) => count === best[1].count && element.name !== "li",
  );
  return (lists.find(([element]) => PAGER_NAME.test(nameOf(element))) ?? lists[0] ?? best)[0];
}

function namedContainer(tree: Tree, links: readonly Link[]): Element | null {
  for (const { node } of links)
    for (
      let at = node.parent as Element | null;
      at?.type === "tag";
      at = at.parent as Element | null
    )
      if (
        at.name !== "body" &&
        at.name !== "a" &&
        PAGER_NAME.test(nameOf(at)) &&
        elementsOf(tree, "a[href]", at).length < 20
      )
        return at;
  return null;
}

/** The parameter that counts pages from 0: where link `n` has the value `n - 1`. */
function zeroBasedParameter(numbered: readonly Link[]): string | null {
  const names = new Set(numbered.flatMap(({ target }) => [...new URL(target).searchParams.keys()]));
  const isZeroBased = (name: string) =>
    numbered.every(
      ({ target, words }) =>
        Number(new URL(target).searchParams.get(name) ?? "0") === Number(words) - 1,
    );
  return [...names].find(isZeroBased) ?? null;
}

const CURRENT = "[aria-current] .current .active .is-active .pager-current .selected".split(" ");

/** What says which page this is: an item that does not lead to another. */
function currentIn(
  tree: Tree,
  container: Element,
  place: string,
): { selector: string; number: number } | null {
  const first = elementsOf(tree, "*", container).find((node) => {
    const isLink = [
      ...elementsOf(tree, "a[href]", node),
      ...tree.$(node).closest("a[href]").toArray(),
    ].some((link) => leadsAway(tree, link as Element));
    return (
      /^\D{0,12}\d{1,5}(?:\D{1,12}\d{1,5}\D{0,6})?$/.test(textOf([node])) &&
      (!isLink || node.attribs["aria-current"] !== undefined)
    );
  });
  if (first === undefined) return null;
  const number = Number(/\d+/.exec(textOf([first]))?.[0]);
  const name = CURRENT.find((selector) => {
    const [one, ...others] = elementsOf(tree, selector, container);
    if (one === undefined || others.length > 0) return false;
    return isInside(first, new Set([one])) || isInside(one, new Set([first]));
  });
  if (name !== undefined) return { selector: `${place} ${name}`, number };
  const own = exactSelector(tree, [first], container) ?? first.name;
  const alone = elementsOf(tree, own, container).length === 1;
  return alone ? { selector: `${place} ${own}`, number } : null;
}

/** False for a link to the page itself, as pagers print for the page that is shown. */
function leadsAway(tree: Tree, { attribs }: Element): boolean {
  const target = attribs.href?.startsWith("#") ? null : linkTarget(tree, attribs.href);
  return target !== null && urlKey(target) !== urlKey(tree.url);
}

interface Link {
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

/** @param container the pager; null when none was found */
function nextOf(tree: Tree, links: readonly Link[], container: Element | null): Next | null {
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
function saysNext({ words }: Link): boolean {
  const saying = sayingOf(words);
  return saying === "next" || saying === "arrow";
}

function byClass(
  tree: Tree,
  links: readonly Link[],
  pager: ReadonlySet<Element> | null,
): Next | null {
  const named = links.filter((link) => {
    const name = nextClass(link.node) ?? nextClass(link.node.parent as Element | null);
    if (name === undefined || link.node.attribs.href?.startsWith("#") === true) return false;
    // WordPress calls the older posts so, others the page before.
    return !/previous/i.test(name) || saysNext(link);
  });
  const inside = named.filter(({ node }) => pager !== null && isInside(node, pager));
  const [best] = inside.length > 0 ? inside : named;
  if (best === undefined) return null;
  const same = named.filter(({ target }) => target === best.target).map(({ node }) => node);
  const selector = classSelector(tree, best.node) ?? exactSelector(tree, same);
  if (selector === null) return null;
  // Outside a pager the class may be a carousel's; a page of this list has the same path.
  const isHere = new URL(best.target).pathname === new URL(tree.url).pathname;
  const isOne = named.every(({ target }) => target === best.target);
  const sure = inside.length > 0 || (isOne && (saysNext(best) || (isHere && named.length === 1)));
  return { selector, target: best.target, reason: "its class says so", sure };
}

function nextClass(element: Element | null): string | undefined {
  return element?.attribs?.class?.split(/\s+/).find((name) => NEXT_CLASS.test(name));
}

/** The class that says "next", on the link or on its item. */
function classSelector(tree: Tree, node: Element): string | null {
  const parent = node.parent as Element;
  const [own, item] = [nextClass(node), nextClass(parent)];
  const ways = [
    ...(own === undefined ? [] : [`a.${own}`]),
    ...(item === undefined ? [] : [`.${item} > a`, `${parent.name}.${item} > a`]),
  ];
  const leadsThere = (one: Element) => one.attribs.href === node.attribs.href;
  return ways.find((way) => elementsOf(tree, way).every(leadsThere)) ?? null;
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
  if (said === undefined) return null;
  const exact = exactSelector(tree, [said.node]);
  // A class that nothing else has is a name; a path or a class of buttons is at other links of other pages.
  const isName = exact !== null && /^\.[\w-]+$/.test(exact);
  const selector = isName ? exact : (bySaying(tree, said) ?? exact);
  // A selector of all links of the pager is right on the first page only.
  if (selector === null || /(?:^|[ >])a$/.test(selector)) return null;
  const reason = `${SAYS} "${said.words}"`;
  return { selector, target: said.target, reason, sure: false };
}

/** A link by what it says, where that is in no other link; an arrow is in many. */
function bySaying(tree: Tree, { node, words }: Link): string | null {
  if (sayingOf(words) !== "next" || node.name !== "a") return null;
  const selector = `a:contains(${JSON.stringify(words)})`;
  const found = elementsOf(tree, selector);
  const leadsThere = (one: Element) => one.attribs.href === node.attribs.href;
  return found.length > 0 && found.every(leadsThere) ? selector : null;
}
