/** What a page hides until its reader opens it: answers of a list of questions, tabs, notes, "read more". It is content. */
import type { AnyNode, Element } from "domhandler";
import { elementsOf, isElement, parentOf } from "../extract/nodes.js";

/** Class names of such parts in Bootstrap, jQuery UI, WordPress and Drupal themes. */
const PART =
  /(^|[\s_-])(accordion|collaps(e|ed|ible)|tab-?(pane|panel|content)?|toggle|expand(ed|able|er)?|expandable|faq|answer|spoiler|disclosure|details|read-?more|show-?more|more-?(text|content|link)|slide-?down|drawer)([\s_-]|$)/i;
/** Class names of what opens them. */
const OPENER =
  /(^|[\s_-])(accordion|collaps(e|ed|ible)|toggle[rd]?|toggler|trigger|expand(er)?|opener|question|spoiler|read-?more|show-?more|dropdown)([\s_-]|$)/i;

/** True for a hidden element that a control of the page opens. */
export function isOpened(element: Element): boolean {
  const { attribs } = element;
  if (PART.test(attribs.class ?? "") || attribs.role === "tabpanel") return true;
  if (parentOf(element)?.name === "details" || opensNext(before(element))) return true;
  return attribs.id !== undefined && openedIds(rootOf(element)).has(attribs.id);
}

function before(element: Element): Element | null {
  let node = element.prev;
  while (node !== null && !isElement(node)) node = node.prev;
  return node;
}

/** True for a control, or for an element that holds one and little else. */
function opensNext(element: Element | null): boolean {
  for (let at = element, level = 0; at !== null && level < 4; level++) {
    if (isControl(at)) return true;
    const [first, ...others]: Element[] = at.children.filter(isElement);
    at = others.length > 1 ? null : (first ?? null);
  }
  return false;
}

function isControl({ name, attribs }: Element): boolean {
  if (/^(button|summary|label)$/.test(name) || attribs.role === "button" || attribs.role === "tab")
    return true;
  if (attribs["aria-expanded"] !== undefined || attribs.onclick !== undefined) return true;
  if (name === "a" && /^\s*(#\s*$|javascript:)/i.test(attribs.href ?? "")) return true;
  return OPENER.test(attribs.class ?? "");
}

/** Ids that controls of a tree name. A tree is looked through once, where something in it is hidden. */
const KNOWN = new WeakMap<AnyNode, ReadonlySet<string>>();

function openedIds(root: AnyNode): ReadonlySet<string> {
  const known = KNOWN.get(root);
  if (known !== undefined) return known;
  const ids = new Set<string>();
  for (const { name, attribs } of elementsOf("children" in root ? root.children : [root])) {
    const named = [attribs["aria-controls"], attribs["data-target"], attribs["data-bs-target"]];
    if (name === "a" || attribs["data-toggle"] !== undefined) named.push(attribs.href);
    // A script in the attribute itself: `onclick="show('more')"`.
    for (const [, id] of (attribs.onclick ?? "").matchAll(/["']#?([\w:-]+)["']/g)) named.push(id);
    for (const list of named)
      for (const id of list?.split(/\s+/) ?? []) ids.add(id.replace(/^#/, ""));
  }
  KNOWN.set(root, ids);
  return ids;
}

function rootOf(element: Element): AnyNode {
  let root: AnyNode = element;
  while (root.parent !== null) root = root.parent;
  return root;
}
