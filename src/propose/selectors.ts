/** The shortest stable selector that matches certain elements of a page and no others. */

import type { Element } from "domhandler";
import { isElement } from "../extract/nodes.js";
import type { Tree } from "../extract/tree.js";
import { ownSelectors } from "./names.js";

/** How far up an ancestor is looked for that tells the elements from others. */
const LEVELS = 6;

/**
 * A selector for elements of a page: of one name, of a name below an ancestor's, without positions.
 *
 * @param scope where it is to be unique; null for the page
 * @returns null when none matches exactly these
 */
export function exactSelector(
  tree: Tree,
  wanted: readonly Element[],
  scope: Element | null = null,
): string | null {
  const own = shared(wanted);
  const isExact = (selector: string) => matchesExactly(tree, selector, wanted, scope);
  const alone = own.find((selector) => !/^[a-z]+\d?$/.test(selector) && isExact(selector));
  if (alone !== undefined) return alone;
  // A tag alone holds only as long as no other part of the page uses it.
  const tag = own.at(-1) ?? "";
  if (["h1", "main", "article", "time"].includes(tag) && isExact(tag)) return tag;
  const byWeight = [...own].reverse().sort((a, b) => weight(a) - weight(b));
  let level = wanted;
  for (let depth = 0; depth < LEVELS; depth++) {
    level = parentsOf(level, scope);
    if (level.length === 0) break;
    const link = depth === 0 ? " > " : " ";
    for (const name of shared(level).filter(isTelling))
      for (const one of byWeight)
        if (!(link === " > " && one.includes(" ")) && isExact(`${name}${link}${one}`))
          return `${name}${link}${one}`;
  }
  return own.find(isExact) ?? null;
}

/** A class, an id, or a tag that a page has once or twice. */
function isTelling(name: string): boolean {
  return /[.#[]/.test(name) || ["main", "article", "table", "ul", "ol", "nav"].includes(name);
}

function weight(selector: string): number {
  return /^[.#]/.test(selector) ? 0 : /[.[]/.test(selector) ? 2 : 1;
}

/** Own selectors that all of some elements have. */
function shared(elements: readonly Element[]): string[] {
  const [first, ...rest] = elements.map(ownSelectors);
  if (first === undefined) return [];
  const sets = rest.map((one) => new Set(one));
  return first.filter((selector) => sets.every((set) => set.has(selector)));
}

function parentsOf(elements: readonly Element[], scope: Element | null): Element[] {
  const parents = new Set<Element>();
  for (const { parent } of elements)
    if (parent !== null && parent !== scope && parent.type === "tag")
      parents.add(parent as Element);
  return [...parents];
}

function matchesExactly(
  tree: Tree,
  selector: string,
  wanted: readonly Element[],
  scope: Element | null = null,
): boolean {
  const found = (scope === null ? tree.$(selector) : tree.$(scope).find(selector))
    .toArray()
    .filter(isElement);
  const set = new Set(wanted);
  return found.length === set.size && found.every((node) => set.has(node));
}
