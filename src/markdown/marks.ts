/** Formatting that an inline element puts on what it holds. */
import type { Element } from "domhandler";
import { linkAddress } from "./address.js";
import { isAllowedAttribute, nameOf, partOf } from "./elements.js";
import type { Mark } from "./inline.js";
import { languageOf, type Setting } from "./language.js";

const DELIMITED = new Set(["strong", "em", "del", "code"]);

/**
 * Marks of an element: none for one that means nothing in print (`span`, `font`), a link without an
 * address that may be followed, or bold that is not; two for one in another language.
 *
 * @param around what holds in the block
 */
export function marksOf(element: Element, base: string | undefined, around: Setting): Mark[] {
  const marks: Mark[] = [];
  const name = nameOf(element);
  const isMark = name !== null && partOf(element.name) !== "unwrap";
  const language = languageOf(element, around);
  const keepsAttributes = isMark && name !== "a" && !DELIMITED.has(name);
  if (Object.keys(language).length > 0 && !keepsAttributes)
    marks.push(mark("span", language, true));
  if (!isMark) return marks;
  if (name === "a") marks.push(...linkMark(element, base));
  else if (DELIMITED.has(name)) marks.push(mark(name, {}, false));
  else marks.push(mark(name, attributesOf(element, name), true));
  return marks;
}

function linkMark({ attribs }: Element, base: string | undefined): Mark[] {
  if (attribs.href === undefined) return [];
  const href = linkAddress(attribs.href, base);
  if (href === null) return [];
  const title = attribs.title?.replace(/\s+/g, " ").trim();
  return [mark("a", { href, ...(title ? { title } : {}) }, false)];
}

/** Attributes of an element that may be kept; its id is kept as a place of its own. */
export function attributesOf({ attribs }: Element, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attribs).filter(([key]) => key !== "id" && isAllowedAttribute(name, key)),
  );
}

function mark(name: string, attributes: Record<string, string>, tags: boolean): Mark {
  const key = Object.keys(attributes).length === 0 ? name : `${name} ${JSON.stringify(attributes)}`;
  return { name, key, attributes, tags };
}
