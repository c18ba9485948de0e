/** Anchors that links of the same text lead to. An id that nobody links to belongs to the template, and is removed. */

import type { AnyNode, Element } from "domhandler";
import { elementsOf } from "../extract/nodes.js";
import type { Anchor } from "../model.js";
import { parseUrl, percentDecode } from "../text.js";
import { openTag } from "./sanitise.js";
import { LightElement } from "./tree.js";

/** Names in the `#…` links of these nodes. */
export function linkedIds(
  nodes: readonly AnyNode[],
  base: string | undefined,
): ReadonlySet<string> {
  const hrefs = elementsOf(nodes).map(({ attribs }) => attribs.href?.trim() ?? "");
  return new Set(hrefs.map((href) => fragmentOf(href, base)).filter((id) => id !== null));
}

function fragmentOf(href: string, base: string | undefined): string | null {
  const hash = href.indexOf("#");
  if (hash === -1 || hash === href.length - 1) return null;
  const page = href.slice(0, hash);
  if (page !== "" && (base === undefined || !isSamePage(page, base))) return null;
  return percentDecode(href.slice(hash + 1));
}

function isSamePage(page: string, base: string): boolean {
  return parseUrl(page, base)?.href === base.split("#", 1)[0];
}

/** Name by which links lead to an element: an `<a>` without a URL exists for nothing else. */
export function anchorOf(element: Element, linked: ReadonlySet<string>): string | null {
  const id = element.attribs.id?.trim() || (element.name === "a" && element.attribs.name?.trim());
  if (!id) return null;
  const isAnchor = element.name === "a" && element.attribs.href === undefined;
  return isAnchor || linked.has(id) ? id : null;
}

/** The text with those of its anchors that are wanted; of two with one id, the first. */
export function showAnchors(
  markdown: string,
  anchors: readonly Anchor[],
  wanted: ReadonlySet<string>,
): string {
  const left = new Set(wanted);
  const parts: string[] = [];
  let from = 0;
  for (const { at, id, gap } of anchors) {
    if (!left.delete(id)) continue;
    parts.push(markdown.slice(from, at), openTag(anchor(id), "a", undefined), "</a>", gap);
    from = at;
  }
  return parts.join("") + markdown.slice(from);
}

export function anchor(id: string): LightElement {
  const element = new LightElement("a", { id });
  element.tags = true;
  return element;
}
