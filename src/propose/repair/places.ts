/** Where known words are on the pages of a changed template: selectors to be tried, the likeliest first. */
import type { Element } from "domhandler";
import { classesOf } from "../../extract/class-names.js";
import { ownTexts } from "../../extract/field.js";
import { isElement, isInside, parentOf, textOf } from "../../extract/nodes.js";
import { select } from "../../extract/select.js";
import { linkTarget, type Tree } from "../../extract/tree.js";
import type { Alternative, FieldRules, Site } from "../../site/site.js";
import { gather } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { candidatesOf, vagueness } from "../candidates.js";
import { exactSelector } from "../selectors.js";
import { holdsWords, type Wanted } from "./wanted.js";

/** Attributes that hold a date for machines. */
const DATED = ["datetime", "content"];
/** Selectors that are tried. Each is proved on every page. */
const MOST = 12;

type Way = Pick<Alternative, "select" | "attribute" | "read" | "all">;

/** Links to known articles, by their keys. */
export function knownLinks(tree: Tree, isKnown: (key: string) => boolean): Map<string, Element[]> {
  const found = new Map<string, Element[]>();
  for (const link of select(tree.$, null, "a[href]")) {
    const target = linkTarget(tree, link.attribs.href);
    const key = target === null ? null : urlKey(target);
    if (key !== null && isKnown(key)) gather(found, key, link);
  }
  return found;
}

/** Selectors of the elements that hold one known article each: the outermost first, which hold the most of it. */
export function rowPlaces(
  tree: Tree,
  links: ReadonlyMap<string, readonly Element[]>,
  scope: Element | null,
): string[] {
  const keyOf = new Map(
    [...links].flatMap(([key, all]) => all.map((link) => [link, key] as const)),
  );
  const held = new Map<Element, Set<string>>();
  for (const [link, key] of keyOf)
    for (let at: Element | null = link; at !== null; at = parentOf(at))
      held.set(at, (held.get(at) ?? new Set()).add(key));
  const groups = new Map<string, { elements: Set<Element>; depth: number }>();
  for (const [element, keys] of held) {
    if (keys.size !== 1 || element === scope || element.name === "body") continue;
    const above = element.parent as Element;
    const name = `${above.name}.${classesOf(above).sort().join(".")} ${element.name}`;
    const group = groups.get(name) ?? { elements: new Set(), depth: depthOf(element) };
    group.elements.add(element);
    groups.set(name, group);
  }
  const places = [...groups.values()]
    .sort((a, b) => b.elements.size - a.elements.size || a.depth - b.depth)
    .flatMap(({ elements }) => likeThese(tree, [...elements], scope) ?? []);
  return [...new Set(places)].slice(0, MOST);
}

/** A selector of some elements and their like: an article that is not known is a row too. */
function likeThese(tree: Tree, elements: readonly Element[], scope: Element | null): string | null {
  const [first, ...rest] = elements;
  if (first === undefined) return null;
  const parents = new Set(elements.map(({ parent }) => parent as Element));
  const common = classesOf(first).filter((one) =>
    rest.every((other) => classesOf(other).includes(one)),
  );
  const like = [...parents].flatMap(({ children }) =>
    children
      .filter(isElement)
      .filter(
        (child) =>
          child.name === first.name && common.every((one) => classesOf(child).includes(one)),
      ),
  );
  return exactSelector(tree, like, scope);
}

function depthOf(element: Element): number {
  let depth = 0;
  for (let at = element.parent; at !== null; at = at.parent) depth++;
  return depth;
}

/** Selectors below the rows of a listing page. @param wanted what each row says; undefined for a row that is not known */
export function fieldPlaces(
  tree: Tree,
  rows: readonly Element[],
  wanted: readonly (Wanted | undefined)[],
  rules: FieldRules,
  site: Site,
): Way[] {
  const read = rules.of === "html" ? "html" : "text";
  const weighed = candidatesOf(tree, rows).flatMap((candidate) => {
    const { value, nodes, several } = candidate;
    const count = (says: (node: Element, one: Wanted) => boolean) =>
      nodes.filter((node, at) => {
        const one = wanted[at];
        return node !== null && one !== undefined && says(node, one);
      }).length;
    const way = { select: value, attribute: null, read, all: false } as const;
    const ways: [Way, number][] = [
      [way, count((node, one) => holdsWords(node, one, site))],
      ...(read === "html"
        ? []
        : ([
            [
              { ...way, read: "own" },
              count((node, one) => one.words.includes(textOf(ownTexts([node])))),
            ],
            ...attributesOf(rules).map((name): [Way, number] => [
              { ...way, attribute: name },
              count((node, one) => says(node.attribs[name], one)),
            ]),
          ] satisfies [Way, number][])),
    ];
    return ways.map(([one, hits]) => ({ way: one, hits, several }));
  });
  return weighed
    .filter(({ hits }) => hits > 0)
    .sort(
      (a, b) =>
        b.hits - a.hits ||
        a.several - b.several ||
        rankOf(a.way) - rankOf(b.way) ||
        vagueness(a.way.select) - vagueness(b.way.select),
    )
    .map(({ way }) => way)
    .slice(0, MOST);
}

/** Words before an attribute, and what has a name before a tag that may be anything. */
function rankOf({ select, read, attribute }: Way): number {
  const isBare = /^(?:a|p|b|em|strong|small|span|div)$/.test(select);
  return (read === "own" ? 1 : 0) + (attribute === null ? 0 : 1) + (isBare ? 1 : 0);
}

/** Attributes that the field is read from, and those of dates. */
function attributesOf({ kind, listing, article }: FieldRules): string[] {
  const own = [...listing, ...article].flatMap(({ attribute }) => attribute ?? []);
  return [...new Set([...own, ...(/^date/.test(kind) ? DATED : [])])];
}

function says(value: string | undefined, { words, date }: Wanted): boolean {
  if (value === undefined) return false;
  return words.includes(value.trim()) || (date !== null && value.startsWith(date));
}

/** Selectors on pages of articles: those that are right on the most pages first. */
export function articlePlaces(
  pages: readonly { readonly tree: Tree; readonly wanted: Wanted | undefined }[],
  rules: FieldRules,
  site: Site,
): Way[] {
  const read = rules.of === "html" ? "html" : "text";
  const isList = rules.kind === "list";
  const votes = new Map<string, { way: Way; pages: number }>();
  for (const { tree, wanted } of pages) {
    if (wanted === undefined) continue;
    const found = new Map<string, Way>();
    const add = (elements: readonly Element[], attribute: string | null) => {
      const select = elements.length === 0 ? null : exactSelector(tree, elements);
      const way = select === null ? null : ({ select, attribute, read, all: false } as const);
      if (way !== null) found.set(JSON.stringify(way), way);
    };
    const all = select(tree.$, null, "*").filter(
      ({ name }) => !/^(?:html|head|body|title)$/.test(name),
    );
    const holding = all.filter((element) => holdsWords(element, wanted, site));
    if (isList) add(innermost(holding), null);
    else for (const element of holding.slice(0, MOST)) add([element], null);
    for (const name of read === "html" ? [] : attributesOf(rules))
      for (const element of all.filter(({ attribs }) => says(attribs[name], wanted)))
        add([element], name);
    for (const [key, way] of found)
      votes.set(key, { way, pages: (votes.get(key)?.pages ?? 0) + 1 });
  }
  return [...votes.values()]
    .sort(
      (a, b) =>
        b.pages - a.pages ||
        rankOf(a.way) - rankOf(b.way) ||
        vagueness(a.way.select) - vagueness(b.way.select),
    )
    .map(({ way }) => way)
    .slice(0, MOST);
}

/** Elements that hold no other one of them. */
function innermost(elements: readonly Element[]): Element[] {
  return elements.filter(
    (one) => !elements.some((other) => other !== one && isInside(other, new Set([one]))),
  );
}
