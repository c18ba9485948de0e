/** Selectors below the rows of a list that mean the same in most of them: what a field of a row may be read by. */
import type { Element } from "domhandler";
import { classesOf } from "../extract/class-names.js";
import { textOf } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import type { Picks } from "./proposal.js";
import { type Candidate, share } from "./rank.js";

/** A listing page whose rows are found. */
export interface RowsOfPage {
  readonly tree: Tree;
  readonly rows: readonly Element[];
  /** Those that match in at least half of the rows, in the order of the page. */
  readonly candidates: readonly RowCandidate[];
  readonly picks: Picks;
}

export interface RowCandidate extends Candidate {
  /** First match in each row; null where there is none. */
  readonly nodes: readonly (Element | null)[];
  /** Rows in which it matches. */
  readonly found: number;
  /** Rows in which it matches more than once. */
  readonly several: number;
}

const MEANINGFUL = new Set(
  "h1 h2 h3 h4 h5 h6 a time p strong b em small abbr dt dd blockquote".split(" "),
);
/** Elements of a row that are looked at. */
const MOST_ELEMENTS = 300;

/** Candidates that match in at least half of the rows, in the order of the page. */
export function candidatesOf(tree: Tree, rows: readonly Element[]): RowCandidate[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const selector of selectorsIn(tree, row))
      counts.set(selector, (counts.get(selector) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count * 2 >= rows.length)
    .map(([selector]) => candidateOf(tree, rows, selector));
}

export function candidateOf(tree: Tree, rows: readonly Element[], selector: string): RowCandidate {
  const matches = rows.map((row) => select(tree.$, row, selector));
  const nodes = matches.map(([first]) => first ?? null);
  const found = nodes.filter((node) => node !== null).length;
  return {
    value: selector,
    matched: share(found, rows.length),
    texts: nodes.map((node) => (node === null ? null : textOf([node]))),
    nodes,
    found,
    several: matches.filter(({ length }) => length > 1).length,
  };
}

/** Selectors of the elements in a row: by class, by a meaningful tag, by a tag below a class; the cell of a table without classes by its column. */
function selectorsIn(tree: Tree, row: Element): Set<string> {
  const found = new Set<string>();
  for (const element of select(tree.$, row, "*").slice(0, MOST_ELEMENTS)) {
    const { name } = element;
    const classes = classesOf(element);
    for (const one of classes) found.add(`.${one}`);
    if (MEANINGFUL.has(name)) found.add(name);
    const parent = element.parent as Element | null;
    if (classes.length > 0 || parent === null) continue;
    if (parent !== row) for (const one of classesOf(parent)) found.add(`.${one} > ${name}`);
    else if (name === "td") found.add(`td:nth-child(${tree.$(element).index() + 1})`);
    else if (name === "div" || name === "span") found.add(`:scope > ${name}`);
  }
  return found;
}

/** How little a selector says: a class or a meaningful tag says more than a position. */
export function vagueness(selector: string): number {
  return (
    (selector.includes(">") ? 2 : 0) + (/nth-child/.test(selector) ? 3 : 0) + selector.length / 40
  );
}
