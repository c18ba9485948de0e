/** How a link, a button or a box of a page says that it leads on, or is a pager, a menu, a calendar. Pure. */

import type { AnyNode, Element } from "domhandler";
import { countsOn } from "./counts-on.js";
import { collapse, isElement, parentOf, traverse } from "./nodes.js";
import { type Saying, sayingOf } from "./onward-words.js";
import { closest, matches, select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

/** What a pager prints in the place of a link that leads nowhere, though it may have a URL. */
const DEAD =
  ".disabled, .aspNetDisabled, .unavailable, .inactive, .is-disabled, [aria-disabled=true], [disabled], [hidden], template";
const PAGER_NAME =
  /pag(?:er|ers|ination|inator|inacion|inacao|ing|enav|inas)|page-?numbers|nav-?links|(?:^|[-_ ])pages(?:$|[-_ ])|load-?more/i;
/** `next`, `pager__item--next`, `older-posts`; not `next-event`. WordPress calls the link to older posts `nav-previous`. */
const NEXT_CLASS =
  /^(?:[a-z]+[-_]{1,2}){0,4}(?:next|older|nav-previous)(?:[-_](?:page|posts?|link|entries|button|btn))*$/i;
const ICON_CLASS = /(?:arrow|chevron|angle|caret|icon)[-_](?:circle[-_])?(?:right|next|forward)/i;

/** Parts of a page that have links of their own, whatever they say. */
const FURNITURE =
  /(?:^|[-_ ])(?:navbar|menus?|footer|header|masthead|breadcrumbs?|language|lang|languages|share|sharing|social|comments?|related|cookies?|banner|toolbar|newsletter|tabs?|search|skip)(?:$|[-_ ])/i;
/** Those that may have a pager of their own. */
const OWN_PAGER =
  /(?:^|[-_ ])(?:calendar|calendrier|kalender|datepicker|carousel|slider|slideshow|swiper|slick|gallery|sidebar|aside|lightbox|player|video)(?:$|[-_ ])/i;

const PARTS = "main, section, article, [role=main]";

/** True when an element that was taken for a row is a pager: by its name, or because all of its links count pages. */
export function isPager(tree: Tree, row: Element, url: string, parameter: string | null): boolean {
  const [child, ...others] = row.children.filter(isElement);
  const isNamed = [row, ...(others.length === 0 && child ? [child] : [])].some((one) =>
    PAGER_NAME.test(nameOf(one)),
  );
  const links = select(tree.$, row, "a[href]");
  const counts = links.filter(
    (link) => /^\d{1,4}$/.test(labelOf(link)) || saysOf(link) !== null || isNamedNext(link),
  );
  if (isNamed) return links.length === 0 || counts.length > 0;
  const isNumbered = (link: Element) => {
    const target = linkTarget(tree, link.attribs.href);
    return target !== null && countsOn(target, url, true, parameter);
  };
  return links.length > 0 && counts.length === links.length && links.some(isNumbered);
}

/** Elements that hold all of some others, the innermost first. */
export function holdersOf([first, ...rest]: readonly Element[]): ReadonlySet<AnyNode> {
  if (first === undefined) return new Set();
  const chain: AnyNode[] = [];
  for (let at = parentOf(first); at !== null; at = parentOf(at)) chain.push(at);
  const places = new Map(chain.map((node, index) => [node, index]));
  let from = 0;
  for (const row of rest) {
    let at = parentOf(row);
    while (at !== null && !places.has(at)) at = parentOf(at);
    from = Math.max(from, at === null ? chain.length : (places.get(at) ?? 0));
  }
  return new Set(chain.slice(from));
}

/** True for a link that a pager prints where there is nothing to go to. */
export function isDead(node: Element): boolean {
  if (/display\s*:\s*none/i.test(node.attribs.style ?? "") && node.name !== "a") return true;
  return isOff(node);
}

/** What is known of elements and of those around them, so that what holds many controls is looked at once. */
const off = new WeakMap<Element, boolean>();
const calendars = new WeakMap<Element, boolean>();

/** True in what is switched off. */
export function isOff(node: Element): boolean {
  const path: Element[] = [];
  let at: Element | null = node;
  for (; at !== null && !off.has(at); at = parentOf(at)) path.push(at);
  let found = at !== null && off.get(at) === true;
  for (const one of path.reverse()) {
    found ||= matches(one, DEAD);
    off.set(one, found);
  }
  return found;
}

/** True in menus, headers, side blocks and the like: in what holds the node and not the rows. */
export function isFurniture(around: ReadonlySet<AnyNode>, node: Element): boolean {
  let inPager = false;
  for (let at: Element | null = node; at !== null && !around.has(at); at = parentOf(at)) {
    const name = nameOf(at);
    const { role = "" } = at.attribs;
    if (at.name === "body" || at.name === "html") break;
    if (OWN_PAGER.test(name) || at.name === "aside" || role === "complementary") return true;
    inPager ||= PAGER_NAME.test(name);
    // A link may be called by what it leads to, a form is what it is called.
    if (inPager || (at === node && node.name !== "form")) continue;
    if (FURNITURE.test(name) || (/^(?:header|footer)$/.test(at.name) && !isOfList(around, at)))
      return true;
    if (/^(?:banner|contentinfo|search)$/.test(role)) return true;
  }
  return false;
}

/** True for the head and the foot of the list itself, as they are in the part of a page that is about it. */
function isOfList(around: ReadonlySet<AnyNode>, node: Element): boolean {
  const parent = parentOf(node);
  return parent !== null && around.has(parent) && closest(parent, PARTS) !== null;
}

/** True after the rows, in a box that holds little else. */
export function isBeside(
  around: ReadonlySet<AnyNode>,
  lastRow: Element | null,
  node: Element,
  most: number,
): boolean {
  let box: AnyNode = node;
  while (box.parent !== null && !around.has(box.parent)) box = box.parent;
  const level = box.parent;
  if (level === null || lastRow === null || labelUpTo([box], 81).length > most) return false;
  // The branch of the rows below the level at which the box is.
  let row: AnyNode = lastRow;
  while (row.parent !== null && row.parent !== level) row = row.parent;
  return level.children.indexOf(box as never) > level.children.indexOf(row as never);
}

/** A month, day by day: four to six weeks of at most seven days. A pager has its numbers in a row or two, a list of rows one in each. */
export function inCalendar({ $ }: Tree, node: Element): boolean {
  const table = closest(node, "table");
  if (table === null) return false;
  const known = calendars.get(table);
  if (known !== undefined) return known;
  const days = select($, table, "td")
    .slice(0, 60)
    .filter((day) => /^\d{1,2}$/.test(labelUpTo([day], 4)));
  const weeks = new Set(days.map(parentOf));
  const found = days.length > 20 && weeks.size >= 4 && weeks.size <= 6;
  calendars.set(table, found);
  return found;
}

/** What screen readers say of a pager, and not of a page, in the languages of Latin letters. */
const PAGER_LABEL = /pagin|\bpag(?:es|er)\b|\bpage (?:links|nav)/i;

export function isNamedPager(node: Element): boolean {
  return PAGER_NAME.test(nameOf(node)) || PAGER_LABEL.test(node.attribs["aria-label"] ?? "");
}

/** The pager that an element is in; null where it is in none, or in a row. */
export function pagerOf(rows: ReadonlySet<AnyNode>, node: Element): Element | null {
  for (let at: Element | null = node; at !== null && at.name !== "body"; at = parentOf(at)) {
    if (isNamedPager(at)) return at;
    if (rows.has(at)) return null;
  }
  return null;
}

/** The name that says of an element that it leads on, and what has it: itself, or an item that leads nowhere else. */
export function nextName(
  node: Element,
): { readonly holder: Element; readonly name: string } | null {
  const parent = parentOf(node);
  // A pager may have thousands of links, an item has few.
  const beside = parent !== null && parent.children.length < 8 ? parent.children : [];
  const isItem = beside.every((one) => one === node || !isElement(one) || !LEADS.test(one.name));
  for (const holder of parent !== null && beside.length > 0 && isItem ? [node, parent] : [node]) {
    const name = nameOf(holder)
      .split(/\s+/)
      .find((one) => NEXT_CLASS.test(one));
    if (name !== undefined) return { holder, name };
  }
  return null;
}

const LEADS = /^(?:a|button|input|li)$/;

export function isNamedNext(node: Element): boolean {
  return nextName(node) !== null || (iconOf(node) !== null && labelUpTo([node], 2) === "");
}

/** The class of an arrow that is drawn in an element; null when there is none. */
export function iconOf({ children }: Element): string | null {
  for (const one of children)
    for (const name of isElement(one) ? (one.attribs.class ?? "").split(/\s+/) : [])
      if (ICON_CLASS.test(name)) return name;
  return null;
}

export function isRelNext({ attribs }: Element): boolean {
  return /(?:^|\s)next(?:\s|$)/i.test(attribs.rel ?? "");
}

/** True for a link that says that it leads to the next page, by its words, its class or its relation. */
export function saysOnward(node: Element): boolean {
  const saying = saysOf(node);
  return isRelNext(node) || saying === "next" || saying === "arrow" || isNamedNext(node);
}

export function saysOf(node: Element): Saying {
  const { title = "", value = "", alt = "", ...attribs } = node.attribs;
  for (const label of [labelUpTo([node], 61), attribs["aria-label"] ?? "", title, value, alt]) {
    const saying = sayingOf(label);
    if (saying !== null) return saying;
  }
  return null;
}

export function labelOf(node: Element): string {
  const { title, value, alt, ...attribs } = node.attribs;
  return labelUpTo([node], 61) || collapse(attribs["aria-label"] ?? title ?? value ?? alt ?? "");
}

/** The text of nodes, or its beginning: what is longer is not a label, and elements nest deep. */
export function labelUpTo(nodes: readonly AnyNode[], most: number): string {
  const parts: string[] = [];
  let [length, seen] = [0, 0];
  traverse(nodes, (node) => {
    if (length > most || ++seen > 100) return false;
    if (node.type === "text") {
      const text = node.data.slice(0, 200);
      if (text.trim() !== "") length += text.trim().length;
      parts.push(text);
    } else if (isElement(node)) {
      if (/^(?:script|style|template|noscript|svg)$/.test(node.name)) return false;
      if (node.name === "img") parts.push(` ${node.attribs.alt ?? ""} `);
      if (/^(?:li|p|div|td|br|h\d)$/.test(node.name)) parts.push(" ");
    }
    return true;
  });
  return collapse(parts.join(""));
}

export function nameOf({ attribs }: Element): string {
  return `${attribs.class ?? ""} ${attribs.id ?? ""}`;
}
