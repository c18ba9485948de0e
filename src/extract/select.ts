/**
 * What a selector matches on a page, as Cheerio's `find` gives it, without walking the tree for each: a site file has
 * some hundred selectors, of which a page can match a few. Most are answered by what the page does not hold, the others
 * by the elements that bear the class, id or name that the selector ends in.
 */
import type { CheerioAPI } from "cheerio";
import { compile } from "css-select";
import { parse, type Selector } from "css-what";
import { type AnyNode, Element, type ParentNode } from "domhandler";
import { firstPlace, remembering } from "../text.js";
import { isElement, isInside, parentOf } from "./nodes.js";

/** What a selector needs, read once. */
interface Plan {
  /** One for each part between commas. */
  readonly lists: readonly Selector[][];
  /** Tests of an element, in the order of `lists`; null where Cheerio has to find, since it adds to CSS or needs the scope. */
  readonly tests: readonly ((node: Element) => boolean)[] | null;
  /** The same within the scope that `SCOPE` holds, where every part of a selector is looked for. */
  readonly within: readonly ((node: Element) => boolean)[];
}

/** Selectors are compiled once, and ask for the scope of the moment. One that is the root of a page is none. */
const SCOPE = [new Element("scope", {})];
for (const scope of SCOPE) scope.parent = new Element("root", {}, [scope]);

/** By selector: there are as many as site files hold, and more where one is sought for a site file. */
const plans = new Map<string, Plan>();
const MOST_PLANS = 10_000;
const indexes = new WeakMap<CheerioAPI, Index>();

/**
 * Elements in a scope that a selector matches, in document order; the scope itself is not among them.
 *
 * @param scope null for the whole page
 * @throws Error when Cheerio cannot take the selector
 */
export function select($: CheerioAPI, scope: Element | null, selector: string): Element[] {
  const plan = planOf(selector);
  let index = indexes.get($);
  if (index === undefined) {
    index = new Index($.root()[0] as ParentNode);
    indexes.set($, index);
  }
  const { lists, tests, within } = plan;
  let isPossible = false;
  for (const list of lists) isPossible ||= index.mayMatch(list);
  if (!isPossible) return [];
  if (tests === null || (scope !== null && (!index.knows(scope) || parentOf(scope) === null)))
    return findAll($, scope, selector);
  if (scope !== null) SCOPE[0] = scope;
  const found = lists.map((list, at) => {
    const test = (scope === null ? tests : within)[at];
    if (test === undefined || !index.mayMatch(list)) return [];
    return index.endingIn(list, scope).filter(test);
  });
  return found.length === 1 ? (found[0] ?? []) : index.inOrder(found.flat());
}

/** True when a selector matches an element; it is one that does not need the scope. */
export function matches(node: Element, selector: string): boolean {
  return planOf(selector).tests?.some((test) => test(node)) ?? false;
}

/** The element, or the nearest one around it, that a selector matches. */
export function closest(node: Element, selector: string): Element | null {
  let at: Element | null = node;
  while (at !== null && !matches(at, selector)) at = parentOf(at);
  return at;
}

function findAll($: CheerioAPI, scope: Element | null, selector: string): Element[] {
  return (scope === null ? $(selector) : $(scope).find(selector)).toArray().filter(isElement);
}

/** Says that nodes were cut off from a page. */
export function forget($: CheerioAPI, nodes: readonly AnyNode[]): void {
  indexes.get($)?.drop(nodes);
}

/** Says that a page was changed: what is known of it is read anew. */
export function reindex($: CheerioAPI): void {
  indexes.delete($);
}

function planOf(selector: string): Plan {
  const known = plans.get(selector);
  if (known !== undefined) return known;
  if (plans.size >= MOST_PLANS) plans.clear();
  const lists = parse(selector);
  const tests = lists.some((list) => list.some(isOfCheerio))
    ? null
    : lists.map((list) => compile<AnyNode, Element>([list]));
  const within = (tests ?? []).map((test, at) => {
    const list = lists[at];
    if (!list?.some(isCombinator)) return test;
    return compile<AnyNode, Element>([structuredClone(list)], {
      context: SCOPE,
      cacheResults: false,
    });
  });
  const plan = { lists, tests, within };
  plans.set(selector, plan);
  return plan;
}

/** Positions are Cheerio's own; what begins at the scope, or with a combinator, needs the scope. */
const CHEERIOS = new Set("scope first last eq gt lt nth even odd".split(" "));

function isOfCheerio(part: Selector, at: number): boolean {
  if (part.type !== "pseudo") return at === 0 && isCombinator(part);
  if (CHEERIOS.has(part.name)) return true;
  // In `:has` the scope is the element that it stands at: css-select sees to that.
  if (part.name === "has" || !Array.isArray(part.data)) return false;
  return part.data.flat().some((inner) => isOfCheerio(inner, 1));
}

function isCombinator({ type }: Selector): boolean {
  return /^(?:adjacent|child|descendant|parent|sibling|column-combinator)$/.test(type);
}

/** The elements of a page by what selectors name them by. */
class Index {
  readonly #elements: Element[] = [];
  readonly #byName = new Map<string, Element[]>();
  readonly #byAttribute = new Map<string, Element[]>();
  readonly #byClass = new Map<string, Element[]>();
  readonly #byId = new Map<string, Element[]>();
  /** By the whole of a class attribute. */
  readonly #byClasses = new Map<string, Element[]>();
  /** All class attributes, a line each: most of what is looked for in them is in none. */
  #classes = "";
  /** Of what is asked for again: bearers of a piece of a class, and of one of several alternatives. */
  readonly #found = new Map<string | Selector, readonly Element[]>();
  /** Elements that were cut off. */
  readonly #gone = new Set<AnyNode>();

  constructor(root: ParentNode) {
    const stack: { nodes: readonly AnyNode[]; at: number; element: Element | null }[] = [
      { nodes: root.children, at: 0, element: null },
    ];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const node = top.nodes[top.at++];
      if (node === undefined) {
        stack.pop();
        if (top.element !== null) top.element.endIndex = this.#elements.length - 1;
        continue;
      }
      const element = isElement(node) ? node : null;
      if (element !== null) this.#add(element);
      if ("children" in node) stack.push({ nodes: node.children, at: 0, element });
    }
    this.#classes = [...this.#byClasses.keys()].join("\n");
  }

  #add(element: Element): void {
    // Where it is among the elements of the page, and the last one inside: members that no parser of ours fills.
    element.startIndex = this.#elements.push(element) - 1;
    put(this.#byName, element.name, element);
    for (const name in element.attribs) put(this.#byAttribute, name, element);
    const { id, class: classes } = element.attribs;
    if (id !== undefined) put(this.#byId, id, element);
    if (classes === undefined) return;
    put(this.#byClasses, classes, element);
    for (const name of namesIn(classes)) put(this.#byClass, name, element);
  }

  /** Takes note that nodes were cut off from the page, with all that is in them. */
  drop(nodes: readonly AnyNode[]): void {
    for (const node of nodes) this.#gone.add(node);
  }

  /** Whether what is in an element can be told by its place: what a template holds is a document of its own. */
  knows(element: Element): boolean {
    return this.#elements[placeOf(element)] === element && !this.#byName.has("template");
  }

  /** False when a selector can match nothing on the page. */
  mayMatch(list: readonly Selector[]): boolean {
    for (const part of list) if (!this.#mayHold(part)) return false;
    return true;
  }

  #mayHold(part: Selector): boolean {
    if (part.type !== "pseudo") return this.#listOf(part) !== EMPTY;
    if (!Array.isArray(part.data) || !(ONE_OF.test(part.name) || part.name === "has")) return true;
    for (const list of part.data) if (this.mayMatch(list)) return true;
    return false;
  }

  /** Elements in a scope that bear what a selector ends in: all that it can match, and more. */
  endingIn(list: readonly Selector[], scope: Element | null): readonly Element[] {
    const fewest = this.#fewest(list) ?? this.#elements;
    if (scope === null) return this.#present(fewest);
    const from = firstFrom(fewest, placeOf(scope) + 1);
    const to = firstFrom(fewest, (scope.endIndex ?? 0) + 1);
    return this.#present(fewest.slice(from, to));
  }

  /** The shortest list of what the end of a selector names; null when it names nothing. */
  #fewest(list: readonly Selector[]): readonly Element[] | null {
    let fewest: readonly Element[] | null = null;
    for (const part of list.slice(list.findLastIndex(isCombinator) + 1)) {
      const bearers = this.#listOf(part);
      if (bearers !== null && (fewest === null || bearers.length < fewest.length)) fewest = bearers;
    }
    return fewest;
  }

  /** Elements that are on the page. */
  #present(elements: readonly Element[]): readonly Element[] {
    const gone = this.#gone;
    return gone.size === 0 ? elements : elements.filter((node) => !isInside(node, gone));
  }

  inOrder(elements: readonly Element[]): Element[] {
    return [...new Set(elements)].sort((a, b) => placeOf(a) - placeOf(b));
  }

  /** Elements that bear what a part of a selector names; null when it does not narrow. */
  #listOf(part: Selector): readonly Element[] | null {
    if (part.type === "tag") return this.#byName.get(part.name.toLowerCase()) ?? EMPTY;
    if (part.type === "pseudo" && ONE_OF.test(part.name) && Array.isArray(part.data)) {
      const ways = part.data.map((list) => this.#fewest(list));
      return ways.includes(null) ? null : this.#known(part, () => ways.flatMap((way) => way ?? []));
    }
    if (part.type !== "attribute" || part.action === "not") return null;
    const bearers = this.#byAttribute.get(part.name.toLowerCase()) ?? EMPTY;
    if (part.ignoreCase === true) return bearers;
    if (part.name === "class" && part.action === "element")
      return this.#byClass.get(part.value) ?? EMPTY;
    if (part.name === "class" && part.action === "any" && part.value !== "") {
      if (!this.#classes.includes(part.value)) return EMPTY;
      return this.#known(part.value, () => {
        const found: Element[] = [];
        this.#byClasses.forEach((all, classes) => {
          if (classes.includes(part.value)) for (const element of all) found.push(element);
        });
        return found;
      });
    }
    if (part.name === "id" && part.action === "equals") return this.#byId.get(part.value) ?? EMPTY;
    return bearers;
  }

  #known(what: string | Selector, find: () => readonly Element[]): readonly Element[] {
    const known = this.#found.get(what) ?? this.inOrder(find());
    this.#found.set(what, known);
    return known.length === 0 ? EMPTY : known;
  }
}

function placeOf({ startIndex }: Element): number {
  return startIndex ?? 0;
}

/** Place in a list, which is in document order, of the first element at or after a place. */
function firstFrom(list: readonly Element[], place: number): number {
  return firstPlace(list.length, (at) => placeOf(list[at] as Element) < place);
}

const namesIn = remembering((classes) => classes.split(/\s+/));

/** Pseudo-classes of elements that match one of several selectors. */
const ONE_OF = /^(?:is|matches|where|any)$/;
const EMPTY: readonly Element[] = [];

function put(map: Map<string, Element[]>, key: string, element: Element): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [element]);
  // A class may be named twice.
  else if (list.at(-1) !== element) list.push(element);
}
