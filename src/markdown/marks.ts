/** What an element puts on the text that it holds: formatting, direction and language. */
import type { Element } from "domhandler";
import { isElement, names, parentOf } from "../extract/nodes.js";
import { isAllowedAttribute, isBlock, nameOf, partOf } from "./elements.js";
import { linkUrl } from "./urls.js";

/** Formatting that holds on a piece of text. Two marks with one key are one formatting. */
export interface Mark {
  /** `strong`, `em`, `del`, `a`, `code`, or the name of an element that is kept as tags. */
  readonly name: string;
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Kept as tags, white space at its edges included: a blank may be underlined on purpose. */
  readonly tags: boolean;
}

/** Direction and BCP 47 tag that hold in a place, which Markdown cannot say; "" for an unknown language. */
export interface Setting {
  readonly dir: string;
  readonly lang: string;
}

const DELIMITED = new Set(["strong", "em", "del", "code"]);

/**
 * Marks of an element: none for one that means nothing in print (`span`, `font`), a link without a
 * URL that may be followed, or bold that is not; two for one in another language.
 *
 * @param around direction and language of the block
 */
export function marksOf(
  element: Element,
  base: string | undefined,
  around: Setting,
): readonly Mark[] {
  const name = nameOf(element);
  const { style, lang, dir } = element.attribs;
  if (style === undefined && lang === undefined && dir === undefined) {
    const alone = ALONE.get(name ?? "");
    if (alone !== undefined) return alone;
  }
  const marks: Mark[] = [];
  const isMark = name !== null && partOf(element.name) !== "unwrap";
  const language = languageOf(element, around);
  const styled = styledMarks(element);
  const keepsAttributes = isMark && name !== "a" && !DELIMITED.has(name);
  if (language !== null && !keepsAttributes) marks.push(mark("span", { ...language }, true));
  if (!isMark) return [...marks, ...styled];
  if (name === "a") marks.push(...linkMark(element, base));
  else if (DELIMITED.has(name)) marks.push(mark(name, {}, false));
  else marks.push(mark(name, attributesOf(element, name), true));
  return [...marks, ...styled.filter(({ key }) => key !== name)];
}

/** Styles that mean what an element means. A decoration is read by its words, since it may have several. */
const STYLES: readonly (readonly [name: string, style: RegExp])[] = [
  ["strong", /(?:^|;)\s*font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b/i],
  ["strong", /(?:^|;)\s*font\s*:[^;]*\b(?:bold|bolder|[6-9]00)\b/i],
  ["em", /(?:^|;)\s*font(?:-style)?\s*:[^;]*\b(?:italic|oblique)\b/i],
  ["del", /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*\bline-through\b/i],
  ["u", /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*\bunderline\b/i],
  ["sup", /(?:^|;)\s*vertical-align\s*:\s*super\b/i],
  ["sub", /(?:^|;)\s*vertical-align\s*:\s*sub\b/i],
];

/** Containers whose style is that of each of their parts: a tag of formatting cannot be in them. */
const PASSES_ON = names("table thead tbody tfoot tr ul ol menu dir dl");
const PARTS = names("td th li dt dd caption");

/**
 * Formatting that an element has by its `style`: editors write `<span style="font-weight:bold">` for bold. A heading and a
 * head cell are bold, and a link is underlined, without being marked.
 */
export function styledMarks(element: Element): Mark[] {
  if (PASSES_ON.has(element.name)) return [];
  let style = element.attribs.style ?? "";
  if (PARTS.has(element.name))
    for (let up = parentOf(element); up !== null && PASSES_ON.has(up.name); up = parentOf(up))
      if (up.attribs.style !== undefined) style += `;${up.attribs.style}`;
  if (style === "") return [];
  const found = STYLES.filter(([, pattern]) => pattern.test(style)).map(([name]) => name);
  return [...new Set(found)]
    .filter((name) => name !== "strong" || !/^(h[1-6]|th)$/.test(element.name))
    .filter((name) => name !== "u" || !touchesLink(element))
    .map((name) => mark(name, {}, !DELIMITED.has(name)));
}

function touchesLink(element: Element): boolean {
  let up: Element | null = element;
  for (let level = 0; level < 8 && up !== null && !isBlock(up.name); level++) {
    if (up.name === "a") return true;
    up = parentOf(up);
  }
  return element.children.some((node) => isElement(node) && node.name === "a");
}

function linkMark({ attribs }: Element, base: string | undefined): Mark[] {
  const href = attribs.href === undefined ? null : linkUrl(attribs.href, base);
  if (href === null) return [];
  const title = attribs.title?.replace(/\s+/g, " ").trim();
  return [mark("a", { href, ...(title ? { title } : {}) }, false)];
}

/** Attributes of an element that may be kept; its id is kept as an anchor of its own. */
export function attributesOf({ attribs }: Element, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attribs).filter(([key]) => key !== "id" && isAllowedAttribute(name, key)),
  );
}

function mark(name: string, attributes: Record<string, string>, tags: boolean): Mark {
  const key = Object.keys(attributes).length === 0 ? name : `${name} ${JSON.stringify(attributes)}`;
  return { name, key, attributes, tags };
}

/** Marks of elements that put nothing else on their text. */
const ALONE = new Map([...DELIMITED].map((name) => [name, [mark(name, {}, false)]]));

/**
 * Attributes by which an element differs from what holds around it. Word and Google Docs name both
 * on every paragraph, in vain: `lang="EN-US"` on an English page, `dir="ltr"` anywhere.
 *
 * @returns null when it differs in none
 */
export function languageOf({ attribs }: Element, around: Setting): Partial<Setting> | null {
  const dir = attribs.dir?.trim().toLowerCase() ?? "";
  const lang = attribs.lang?.trim() ?? "";
  const isTurned = /^(ltr|rtl|auto)$/.test(dir) && dir !== around.dir;
  const isForeign = lang !== "" && primary(lang) !== primary(around.lang);
  if (!isTurned && !isForeign) return null;
  return { ...(isTurned ? { dir } : {}), ...(isForeign ? { lang } : {}) };
}

function primary(tag: string): string {
  return tag.split(/[-_]/, 1)[0]?.toLowerCase() ?? "";
}
