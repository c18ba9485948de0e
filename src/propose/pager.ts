/** The pager of a listing page: what leads to the next page, by markup; words only where nothing else tells, and then said to be unsure. */

import type { Element } from "domhandler";
import { isElement, isInside, textOf } from "../extract/nodes.js";
import { linkTarget, type Tree } from "../extract/tree.js";
import { sameOrigin } from "../url.js";
import { type Link, nextOf, saysNext } from "./next.js";
import type { Choice, Picks } from "./proposal.js";
import { exactSelector } from "./selectors.js";

export interface PagerProposal {
  /** Null when there is no pager. */
  readonly choice: Choice | null;
  readonly listing: {
    readonly next?: string;
    readonly current?: string;
    readonly pageLinks?: string;
    readonly pageParameter?: string;
  };
  /** Address of the first page, where this is another; null where it is not, or cannot be told. */
  readonly first: string | null;
  /** Why the next page cannot be told; null when it can, or when there is no pager. */
  readonly problem: string | null;
}

const PAGER_NAME =
  /pag(?:er|ers|ination|inator|ing|enav)|page-?numbers|nav-?links|(?:^|[-_ ])pages(?:$|[-_ ])/i;

/** Proposes the pager; links in rows are none of it. */
export function proposePager(tree: Tree, rows: readonly Element[], picks: Picks): PagerProposal {
  const links = linksOutside(tree, new Set(rows));
  const numbered = links.filter(({ words }) => /^\d{1,5}$/.test(words));
  const container = containerOf(numbered) ?? namedContainer(tree, links);
  const zeroBased = parameterOf(numbered, 1);
  const listing: { -readonly [key in keyof PagerProposal["listing"]]?: string } = {};
  const place = container === null ? null : exactSelector(tree, [container]);
  if (place !== null && numbered.length > 0) listing.pageLinks = `${place} a[href]`;
  if (zeroBased !== null) listing.pageParameter = zeroBased;
  const current = container === null || place === null ? null : currentIn(tree, container, place);
  if (current !== null) listing.current = current.selector;
  const found = nextOf(tree, links, container);
  const number = current?.number ?? null;
  const isLater = number !== null && number > 1;
  const first = isLater ? (numbered.find(({ words }) => words === "1")?.target ?? null) : null;
  const wanted =
    number === null ? undefined : numbered.find(({ words }) => Number(words) === number + 1);
  if (found !== null) {
    listing.next = picks.next || found.selector;
    const agrees = wanted === undefined || wanted.target === found.target;
    return {
      listing,
      first,
      problem: agrees
        ? null
        : `${found.selector} leads to ${found.target}, but number ${wanted?.words} to ${wanted?.target}`,
      choice: choiceOf(
        listing.next,
        found.target,
        found.reason,
        (found.sure && agrees) || picks.next !== undefined,
      ),
    };
  }
  if (wanted !== undefined && listing.current !== undefined)
    return {
      listing,
      first,
      problem: null,
      choice: choiceOf(
        listing.pageLinks ?? "",
        wanted.target,
        "the number after that of this page",
        true,
      ),
    };
  const said = links.find(saysNext);
  if (said === undefined && numbered.length === 0)
    return { choice: null, listing: {}, first, problem: null };
  return {
    choice: null,
    listing,
    first,
    problem: said
      ? `a link says "${said.words}", and neither a class nor rel="next" tells it from others: name it in listing.next`
      : "there are numbered links, and nothing tells which page this is: name it in listing.current",
  };
}

function choiceOf(value: string, target: string, reason: string, sure: boolean): Choice {
  return { part: "next", value, matched: "1 link", samples: [target], reason, sure, options: [] };
}

function linksOutside(tree: Tree, rows: ReadonlySet<Element>): Link[] {
  return tree
    .$("a[href], link[rel~='next'][href]")
    .toArray()
    .filter(isElement)
    .flatMap((node) => {
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
        tree.$(at).find("a[href]").length < 20
      )
        return at;
  return null;
}

function nameOf({ attribs }: Element): string {
  return `${attribs.class ?? ""} ${attribs.id ?? ""}`;
}

/** The parameter that counts pages from 0: where link `n` has the value `n - 1`. */
function parameterOf(numbered: readonly Link[], from: number): string | null {
  const names = new Set(numbered.flatMap(({ target }) => [...new URL(target).searchParams.keys()]));
  for (const name of names) {
    const agreeing = numbered.filter(
      ({ target, words }) =>
        Number(new URL(target).searchParams.get(name) ?? "0") === Number(words) - from,
    );
    if (agreeing.length === numbered.length) return name;
  }
  return null;
}

const CURRENT = [
  "[aria-current]",
  ".current",
  ".active",
  ".is-active",
  ".pager-current",
  ".selected",
];

/** What says which page this is: an item that is no link. */
function currentIn(
  tree: Tree,
  container: Element,
  place: string,
): { selector: string; number: number } | null {
  const inside = tree.$(container).find("*").toArray().filter(isElement);
  const items = inside.filter((node) => {
    const words = textOf([node]);
    const isLink =
      node.name === "a" ||
      tree.$(node).find("a[href]").length > 0 ||
      tree.$(node).closest("a[href]").length > 0;
    return (
      /^\D{0,12}\d{1,5}(?:\D{1,12}\d{1,5}\D{0,6})?$/.test(words) &&
      (!isLink || node.attribs["aria-current"] !== undefined)
    );
  });
  const [first] = items;
  if (first === undefined) return null;
  const number = Number(/\d+/.exec(textOf([first]))?.[0]);
  for (const name of CURRENT) {
    const found = tree.$(container).find(name).toArray().filter(isElement);
    if (
      found.length === 1 &&
      found[0] &&
      (found[0] === first ||
        isInside(first, new Set(found)) ||
        isInside(found[0], new Set([first])))
    )
      return { selector: `${place} ${name}`, number };
  }
  const own = exactSelector(tree, [first], container) ?? first.name;
  const alone = tree.$(container).find(own).length === 1;
  return alone ? { selector: `${place} ${own}`, number } : null;
}
