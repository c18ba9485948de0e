/** The numbers of a pager: the box that holds them, what says which page is shown, and what counts them in a URL. */
import type { Element } from "domhandler";
import { countsOn, shapeOf } from "../extract/counts-on.js";
import type { Way } from "../extract/leads.js";
import { isInside, parentOf, textOf } from "../extract/nodes.js";
import { inCalendar, isNamedPager, nameOf, pagerOf } from "../extract/onward.js";
import { closest, select } from "../extract/select.js";
import { linkTarget, type Tree } from "../extract/tree.js";
import { pageIndex, pagerElement } from "../site/page-urls.js";
import { sameOrigin, urlKey } from "../url/url.js";
import { exactSelector } from "./selectors.js";

export interface Numbered {
  readonly node: Element;
  readonly target: string;
  readonly number: number;
}

export interface PageNumbers {
  readonly container: Element | null;
  /** Number of the page that is shown; 0 where nothing says it. */
  readonly shown: number;
  /** Links to other pages; none where the numbers are years or sizes. */
  readonly links: readonly Numbered[];
  readonly listing: {
    readonly current?: string;
    readonly pageLinks?: string;
    readonly pageParameter?: string;
  };
}

/** Links outside the rows that say a number and lead to another page. */
export function numbersOutside(tree: Tree, rows: ReadonlySet<Element>): Numbered[] {
  return select(tree.$, null, "a[href]").flatMap((node) => {
    // WordPress says "Page" to screen readers in front of the number.
    const number = /^(?:(?:page|seite|página)\s+)?(\d{1,5})$/i.exec(textOf([node]))?.[1];
    if (number === undefined || isInside(node, rows) || !leadsAway(tree, node)) return [];
    if (inCalendar(tree, node)) return [];
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || !sameOrigin(target, tree.url)) return [];
    return { node, target, number: Number(number) };
  });
}

/** @param parameter what counts the pages. @param ways what looks like the way on */
export function pageNumbers(
  tree: Tree,
  rows: ReadonlySet<Element>,
  numbers: readonly Numbered[],
  parameter: string | null,
  ways: readonly Way[],
): PageNumbers {
  const onward = new Set(ways.map(({ node }) => node));
  // Years and sizes are numbers too.
  const isPage = ({ node, target }: Numbered) =>
    onward.has(node) || countsOn(target, tree.url, false, parameter);
  const pages = numbers.filter(isPage);
  const shapes = new Set(pages.map(({ target }) => namesOf(target)));
  // An archive by year is often in the box beside a pager.
  const isAlike = ({ target, number }: Numbered) => number === 1 || shapes.has(namesOf(target));
  const alike = pages.length > 0 ? numbers.filter(isAlike) : numbers;
  const boxes = containersOf(alike);
  const container = boxes[0] ?? namedContainer(tree, rows);
  const places = [boxes, container === null ? [] : [container]].filter(({ length }) => length > 0);
  const place =
    places.map((nodes) => exactSelector(tree, nodes)).find((one) => one !== null) ?? null;
  const current =
    container === null || place === null ? null : currentIn(tree, container, place, onward);
  const links = current !== null || pages.length > 0 ? alike : [];
  return {
    container,
    shown: current?.number ?? 0,
    links,
    listing: {
      ...(place === null || links.length === 0 ? {} : { pageLinks: `${place} a[href]` }),
      ...(parameter === null || links.length === 0 ? {} : { pageParameter: parameter }),
      ...(current === null ? {} : { current: current.selector }),
    },
  };
}

/** The path of a URL without its numbers, and the names of its parameters. */
function namesOf(target: string): string {
  return [shapeOf(target), ...new URL(target).searchParams.keys()].join(" ");
}

/** The innermost element that leads to most of the numbered pages, and its twins: a list may have a pager above it and one below. */
function containersOf(numbers: readonly Numbered[]): Element[] {
  const held = new Map<Element, { targets: Set<string>; depth: number }>();
  for (const { node, target } of numbers) {
    let at = parentOf(node);
    for (let depth = 0; at !== null && at.name !== "body" && depth < 5; depth++) {
      const seen = held.get(at) ?? { targets: new Set(), depth };
      held.set(at, { ...seen, targets: seen.targets.add(target) });
      at = parentOf(at);
    }
  }
  const ranked = [...held].sort(
    ([, one], [, other]) => other.targets.size - one.targets.size || one.depth - other.depth,
  );
  const most = ranked[0]?.[1].targets.size;
  // One number alone, as on page 1 of 2: its list, not its item.
  const lists = ranked
    .filter(([element, { targets }]) => targets.size === most && element.name !== "li")
    .map(([element]) => element);
  const best = lists.find(isNamedPager) ?? lists[0] ?? ranked[0]?.[0];
  const isTwin = (one: Element) => one.name === best?.name && nameOf(one) === nameOf(best);
  return best === undefined ? [] : [best, ...lists.filter((one) => one !== best && isTwin(one))];
}

/** The first pager by its name that is no more than that. */
function namedContainer(tree: Tree, rows: ReadonlySet<Element>): Element | null {
  const found = select(tree.$, null, "a[href]").flatMap((node) => {
    const parent = parentOf(node);
    return (parent && pagerOf(rows, parent)) ?? [];
  });
  return [...new Set(found)].find((one) => select(tree.$, one, "a[href]").length < 20) ?? null;
}

/** The parameter that counts pages from 0: where link `n` has the value `n - 1`, or has it for one of several pagers. */
export function zeroBasedParameter(url: string, numbers: readonly Numbered[]): string | null {
  const targets = numbers.map(({ target }) => target);
  const counting = targets.flatMap((target) =>
    [...new URL(target).searchParams].flatMap(([name, value]) =>
      /^[\d,]+$/.test(value) ? name : [],
    ),
  );
  const isZeroBased = (name: string) => {
    const element = pagerElement(url, targets, name);
    const counted = numbers.filter(({ target }) => new URL(target).searchParams.has(name));
    return counted.every(({ target, number }) => pageIndex(target, name, element) === number - 1);
  };
  return [...new Set(counting)].find(isZeroBased) ?? null;
}

const CURRENT = "[aria-current] .current .active .is-active .pager-current .selected".split(" ");

/** What says which page this is: an item that does not lead to another. */
function currentIn(
  tree: Tree,
  container: Element,
  place: string,
  onward: ReadonlySet<Element>,
): { selector: string; number: number } | null {
  const first = select(tree.$, container, "*").find((node) => {
    const isLink = [...select(tree.$, node, "a[href]"), closest(node, "a[href]") ?? []]
      .flat()
      .some((link) => onward.has(link) || leadsAway(tree, link));
    return (
      /^\D{0,12}\d{1,5}(?:\D{1,12}\d{1,5}\D{0,6})?$/.test(textOf([node])) &&
      !onward.has(node) &&
      (!isLink || node.attribs["aria-current"] !== undefined)
    );
  });
  if (first === undefined) return null;
  const number = Number(/\d+/.exec(textOf([first]))?.[0]);
  const name = CURRENT.find((selector) => {
    const [one, ...others] = select(tree.$, container, selector);
    if (one === undefined || others.length > 0) return false;
    return isInside(first, new Set([one])) || isInside(one, new Set([first]));
  });
  if (name !== undefined) return { selector: `${place} ${name}`, number };
  const own = exactSelector(tree, [first], container) ?? first.name;
  const alone = select(tree.$, container, own).length === 1;
  return alone ? { selector: `${place} ${own}`, number } : null;
}

/** False for a link to the page itself, as pagers print for the page that is shown. */
function leadsAway(tree: Tree, { attribs }: Element): boolean {
  const target = attribs.href?.startsWith("#") ? null : linkTarget(tree, attribs.href);
  return target !== null && urlKey(target) !== urlKey(tree.url);
}
