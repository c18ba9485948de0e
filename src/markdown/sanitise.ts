/**
 * HTML that stays HTML: what Markdown cannot hold, written anew from an allow-list of elements and
 * attributes. Turndown's `keep` copies elements with all their attributes, blank lines included,
 * and a blank line ends an HTML block of CommonMark: the rest would be read as Markdown.
 */
import type { ChildNode, Element } from "domhandler";
import { isElement, names, parentOf, singleSpaced, traverse } from "../extract/nodes.js";
import { isLineOfCode } from "./code-block.js";
import {
  isAllowedAttribute,
  isDropped,
  isKeptInHtml,
  nameOf,
  numberStyle,
  VOID,
} from "./elements.js";
import { standIn } from "./embeds.js";
import { annotationOf } from "./formulas.js";
import type { Losses } from "./losses.js";
import { styledMarks } from "./marks.js";
import { LightElement } from "./tree.js";
import { imageUrl, linkUrl, mediaUrl, playerSource } from "./urls.js";

/** Elements that begin and end lines, so that a diff of two versions can be read. */
const OWN_LINE = names(
  "table thead tbody tfoot tr caption ul ol li dl dt dd figure figcaption details summary blockquote div p h1 h2 h3 h4 h5 h6 pre hr",
);

/**
 * Nodes as clean HTML: one element a line, no blank lines, no comments, no scripts, no presentation.
 *
 * @param base URL that relative ones start from
 * @param losses takes what is left out
 */
export function sanitise(
  nodes: readonly ChildNode[],
  base: string | undefined,
  losses?: Losses,
): string {
  const parts: string[] = [];
  /** How many `pre` are open: white space counts in them. */
  let verbatim = 0;
  traverse(nodes, (node) => {
    if (node.type === "text")
      parts.push(verbatim > 0 ? escapeVerbatim(node.data) : escapeHtml(singleSpaced(node.data)));
    if (!isElement(node)) return false;
    if (node instanceof LightElement && node.html !== null) {
      parts.push(node.html);
      return false;
    }
    if (isDropped(node) && !isPlayed(node)) {
      losses?.drop(node);
      return false;
    }
    const other = standIn(node);
    if (other !== null) {
      losses?.standIn(node, other);
      parts.push(sanitise([other], base));
      return false;
    }
    losses?.shown(node);
    const name = nameOf(node);
    const styled = styledMarks(node).map((mark) => mark.name);
    if (!isWritten(node, name, base)) {
      if (node.name === "a" && node.attribs.href !== undefined)
        losses?.add("dropped", "unsafe address", node.attribs.href);
      for (const mark of styled) parts.push(`<${mark}>`);
      return () => {
        for (const mark of styled.toReversed()) parts.push(`</${mark}>`);
      };
    }
    // A line of code that is a block by its style, which does not stay.
    if (verbatim > 0 && isLineOfCode(node) && node.prev !== null && isElement(node.prev))
      if (!OWN_LINE.has(name)) parts.push("&#10;");
    const lineEnd = () => verbatim === 0 && OWN_LINE.has(name) && parts.push("\n");
    lineEnd();
    parts.push(openTag(node, name, base));
    if (name === "iframe") parts.push("</iframe>");
    if (name === "iframe" || VOID.has(name)) return false;
    if (name === "pre") verbatim++;
    for (const mark of styled) parts.push(`<${mark}>`);
    return () => {
      if (name === "pre") verbatim--;
      for (const mark of styled.toReversed()) parts.push(`</${mark}>`);
      parts.push(`</${name}>`);
      lineEnd();
    };
  });
  return parts
    .join("")
    .replace(/ *\n[\n ]*/g, "\n")
    .replace(/^\n|\n$/g, "");
}

/** A link without a URL that may be followed is words. */
function isWritten(
  element: Element,
  name: string | null,
  base: string | undefined,
): name is string {
  if (name === null || !isKeptInHtml(name)) return false;
  if (name !== "a" || element.attribs.id || element.attribs.name) return true;
  return element.attribs.href !== undefined && linkUrl(element.attribs.href, base) !== null;
}

/** Sources and subtitles belong to the player around them; alone they show nothing. */
function isPlayed(element: Element): boolean {
  if (element.name === "col" || element.name === "colgroup") return true;
  const isPart = element.name === "source" || element.name === "track";
  return isPart && /^(video|audio)$/.test(parentOf(element)?.name ?? "");
}

/** An element's first tag, with the attributes that may stay. */
export function openTag(element: Element, name: string, base: string | undefined): string {
  const attributes = Object.entries(element.attribs)
    .filter(([attribute]) => isAllowedAttribute(name, attribute))
    .map(([attribute, value]) => [attribute, cleanValue(element, attribute, value, base)] as const)
    .concat(lazySource(element, base), named(element), lettered(element), annotated(element))
    .filter(([, value]) => value !== null)
    .map(([attribute, value]) =>
      value === "" && BOOLEAN.has(attribute)
        ? ` ${attribute}`
        : ` ${attribute}="${escapeHtml(value ?? "")
            .replaceAll('"', "&quot;")
            .replace(/\s+/g, " ")}"`,
    );
  return `<${name}${attributes.join("")}>`;
}

const BOOLEAN = names(
  "checked disabled controls loop muted open reversed allowfullscreen autoplay playsinline default",
);

function cleanValue(
  element: Element,
  attribute: string,
  value: string,
  base: string | undefined,
): string | null {
  switch (attribute) {
    case "href":
    case "cite":
      return linkUrl(value, base);
    case "src":
      return sourceUrl(element, base);
    case "poster":
    case "data":
      return mediaUrl(value, base);
    case "srcset":
      return null;
    case "class":
      return /(?:^|\s)(lang(?:uage)?-\S+)/.exec(value)?.[1] ?? null;
    default:
      return value;
  }
}

/** An image or a player whose URL a script would put in. */
function lazySource(element: Element, base: string | undefined): [string, string | null][] {
  const { src } = element.attribs;
  if (src !== undefined || !/^(img|iframe|video|audio|source|embed)$/.test(element.name)) return [];
  return [["src", sourceUrl(element, base)]];
}

function sourceUrl(element: Element, base: string | undefined): string | null {
  return element.name === "img" ? imageUrl(element, base) : mediaUrl(playerSource(element), base);
}

/** `name` is how anchors were written before `id`. */
function named({ name, attribs }: Element): [string, string | null][] {
  return name === "a" && attribs.name && !attribs.id ? [["id", attribs.name]] : [];
}

/** The TeX of a formula. */
function annotated(element: Element): [string, string | null][] {
  const tex = element.name === "math" && !element.attribs.alttext ? annotationOf(element) : null;
  return tex === null ? [] : [["alttext", tex]];
}

/** Letters that an `ol` has by its style. */
function lettered(element: Element): [string, string | null][] {
  const style = element.name === "ol" ? numberStyle(element) : null;
  return style === null || element.attribs.type === style ? [] : [["type", style]];
}

/** Text in HTML; braces of template languages are spelled so that none takes them for its own. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\{(?=[{%#])|(?<=\{)\{/g, "&#123;")
    .replaceAll("\u00a0", "&nbsp;");
}

/** A line end would let a blank line through, and the indent of a list item would be added to the text. */
function escapeVerbatim(text: string): string {
  return escapeHtml(text).replace(/\r\n?|\n/g, "&#10;");
}
