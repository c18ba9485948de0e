/** Places that links of the same text lead to. An id that nobody links to is the template's, and goes. */

import type { ChildNode, Element } from "domhandler";
import { percentDecode } from "../text.js";
import { isElement, LightElement, traverse } from "./tree.js";

/** Names that `#…` links of these nodes ask for. */
export function linkedIds(
  nodes: readonly ChildNode[],
  base: string | undefined,
): ReadonlySet<string> {
  const ids = new Set<string>();
  traverse(nodes, (node) => {
    const href = isElement(node) ? node.attribs.href : undefined;
    const id = href === undefined ? null : fragmentOf(href.trim(), base);
    if (id !== null) ids.add(id);
    return true;
  });
  return ids;
}

function fragmentOf(href: string, base: string | undefined): string | null {
  const hash = href.indexOf("#");
  if (hash === -1 || hash === href.length - 1) return null;
  const page = href.slice(0, hash);
  if (page !== "" && (base === undefined || !isSamePage(page, base))) return null;
  return percentDecode(href.slice(hash + 1));
}

function isSamePage(page: string, base: string): boolean {
  return URL.canParse(page, base) && new URL(page, base).href === base.split("#", 1)[0];
}

/** Name under which links lead to an element: an `<a>` without an address exists for nothing else. */
export function anchorOf(element: Element, linked: ReadonlySet<string>): string | null {
  const id = element.attribs.id?.trim() || (element.name === "a" && element.attribs.name?.trim());
  if (!id) return null;
  const isPlace = element.name === "a" && element.attribs.href === undefined;
  return isPlace || linked.has(id) ? id : null;
}

export function anchor(id: string): LightElement {
  const element = new LightElement("a", { id });
  element.tags = true;
  return element;
}
