/** Selectors that last: the shortest that matches certain elements of a page and no others, of names that a site's author gave. */
import type { Element } from "domhandler";
import { classesOf, isStable } from "../extract/class-names.js";
import { isElement, parentOf, textOf, traverse } from "../extract/nodes.js";
import { nameOf } from "../extract/onward.js";
import { closest, select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";

/** How many ancestors are tried, to set the elements apart from others. */
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
  scope: Element | null,
): boolean {
  const found = select(tree.$, scope, selector);
  const set = new Set(wanted);
  return found.length === set.size && found.every((node) => set.has(node));
}

/** Selectors of an element by itself, the shortest and most telling first. */
function ownSelectors(element: Element): string[] {
  const { name, attribs } = element;
  const classes = classesOf(element).map((one) => `.${one}`);
  const property = attribs.itemprop ?? attribs.property;
  return [
    ...(attribs.id !== undefined && isStable(attribs.id) ? [`#${attribs.id}`] : []),
    ...classes,
    ...classes.map((one) => name + one),
    ...classes.slice(1).map((one) => (classes[0] ?? "") + one),
    ...(property !== undefined && /^[\w:]+$/.test(property)
      ? [`[${attribs.itemprop === undefined ? "property" : "itemprop"}='${property}']`]
      : []),
    // Without the head of the table.
    ...(name === "tr" ? ["tbody > tr"] : []),
    name,
  ];
}

/** What a menu, a footer or a side block is called. */
const CHROME =
  /(?:^|[-_ ])(?:nav|navbar|navigation|menu|menus|footer|header|masthead|sidebar|aside|breadcrumbs?|pager|pagination|paging|language|switcher|share|social|comments?|related|widgets?|cookies?|banner|toolbar|search|newsletter|skip)(?:$|[-_ ])/i;
const CHROME_TAGS = new Set(["nav", "footer", "header", "aside"]);

/** True when an element or one around it is a menu, footer or side block of the page. */
export function isChrome(element: Element): boolean {
  for (let at: Element | null = element; at !== null; at = parentOf(at)) {
    if (at.name === "body" || at.name === "main") return false;
    // An article may have a header of its own.
    if (CHROME_TAGS.has(at.name) && !(at.name === "header" && closest(at, "article"))) return true;
    if ((at.name === "form" || CHROME.test(nameOf(at))) && !isFrame(at)) return true;
  }
  return false;
}

/**
 * True for what holds most of the page's words beside its links, whatever it is called: themes name the box around
 * everything `has-sidebar` or `menu-left`, and ASP.NET puts every page into one form.
 */
function isFrame(element: Element): boolean {
  let whole = element;
  for (let at: Element | null = element; at !== null; at = parentOf(at)) whole = at;
  return ownWords(element) * 2 > ownWords(whole);
}

/** By element: a page may have a thousand boxes that are called after a menu, and each is compared with the page. */
const counted = new WeakMap<Element, number>();

/** Characters of an element that are in no link. */
function ownWords(element: Element): number {
  const known = counted.get(element);
  if (known !== undefined) return known;
  let linked = 0;
  traverse([element], (node) => {
    if (!isElement(node) || node.name !== "a") return true;
    linked += textOf([node]).length;
    return false;
  });
  const words = textOf([element]).length - linked;
  counted.set(element, words);
  return words;
}
