/** What may be a field of the rows: every selector that means the same part in most of them, with what it gives. */

import type { Element } from "domhandler";
import { isElement, textOf } from "../extract/nodes.js";
import type { Tree } from "../extract/tree.js";
import { classesOf } from "./names.js";

export interface Candidate {
  /** Relative to a row. */
  readonly selector: string;
  /** First match in each row; null where there is none. */
  readonly nodes: readonly (Element | null)[];
  readonly texts: readonly (string | null)[];
  /** Rows in which it matches. */
  readonly found: number;
  /** Rows in which it matches more than once. */
  readonly several: number;
}

const TELLING = new Set(
  "h1 h2 h3 h4 h5 h6 a time p strong b em small abbr dt dd blockquote".split(" "),
);
/** Elements of a row that are looked at. */
const DEEPEST = 300;

/** Candidates that match in at least half of the rows, those of the page's order first. */
export function candidatesOf(tree: Tree, rows: readonly Element[]): Candidate[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const selector of selectorsIn(tree, row))
      counts.set(selector, (counts.get(selector) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count * 2 >= rows.length)
    .map(([selector]) => candidateOf(tree, rows, selector));
}

export function candidateOf(tree: Tree, rows: readonly Element[], selector: string): Candidate {
  const matches = rows.map((row) => tree.$(row).find(selector).toArray().filter(isElement));
  const nodes = matches.map((found) => found[0] ?? null);
  return {
    selector,
    nodes,
    texts: nodes.map((node) => (node === null ? null : textOf([node]))),
    found: nodes.filter((node) => node !== null).length,
    several: matches.filter((found) => found.length > 1).length,
  };
}

/** Selectors of the elements in a row: by class, by a telling tag, by either below a class; the cell of a table without classes by its column. */
function selectorsIn(tree: Tree, row: Element): Set<string> {
  const found = new Set<string>();
  for (const element of tree.$(row).find("*").toArray().filter(isElement).slice(0, DEEPEST)) {
    const classes = classesOf(element);
    for (const name of classes) found.add(`.${name}`);
    if (TELLING.has(element.name)) found.add(element.name);
    const parent = element.parent as Element | null;
    if (classes.length === 0 && parent !== null && parent !== row)
      for (const name of classesOf(parent)) found.add(`.${name} > ${element.name}`);
    if (classes.length === 0 && element.name === "td" && parent === row)
      found.add(`td:nth-child(${tree.$(element).index() + 1})`);
    if (classes.length === 0 && parent === row && ["div", "span"].includes(element.name))
      found.add(`:scope > ${element.name}`);
  }
  return found;
}

/** How much a selector says: a class or a telling tag is worth more than a place. */
export function plainness(selector: string): number {
  return (
    (selector.includes(">") ? 2 : 0) + (/nth-child/.test(selector) ? 3 : 0) + selector.length / 40
  );
}
