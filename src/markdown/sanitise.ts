/**
 * HTML that stays HTML: what Markdown cannot hold, written anew from an allow-list of elements and
 * attributes. Turndown's `keep` copies elements with all that hangs on them, blank lines included,
 * and a blank line ends an HTML block of CommonMark: the rest would be read as Markdown.
 */
import type { ChildNode, Element } from "domhandler";
import { imageSource, linkAddress, mediaAddress } from "./address.js";
import { isAllowedAttribute, isDropped, mayStandInHtml, nameOf, VOID } from "./elements.js";
import type { Losses } from "./losses.js";
import { isElement, LightElement, traverse } from "./tree.js";

/** Elements that begin and end lines, so that a diff of two versions can be read. */
const OWN_LINE = new Set(
  "table thead tbody tfoot tr caption ul ol li dl dt dd figure figcaption details summary blockquote div p h1 h2 h3 h4 h5 h6 pre hr".split(
    " ",
  ),
);
/** Elements whose white space counts. */
const VERBATIM = new Set(["pre"]);

/**
 * Nodes as clean HTML: one element a line, no blank lines, no comments, no scripts, no presentation.
 *
 * @param base address that relative ones start from
 * @param losses takes what is left out
 */
export function sanitise(
  nodes: readonly ChildNode[],
  base: string | undefined,
  losses?: Losses,
): string {
  const parts: string[] = [];
  let verbatim = 0;
  traverse(
    nodes,
    (node) => {
      if (node.type === "text") {
        parts.push(verbatim > 0 ? escapeVerbatim(node.data) : escapeHtml(collapse(node.data)));
        return false;
      }
      if (!isElement(node)) return false;
      if (node instanceof LightElement && node.html !== null) {
        parts.push(node.html);
        return false;
      }
      const name = nameOf(node);
      if (isDropped(node) && !isPlayed(node)) {
        losses?.drop(node);
        return false;
      }
      if (!isWritten(node, name, base)) {
        if (node.name === "a" && node.attribs.href !== undefined)
          losses?.add("dropped", "unsafe address", node.attribs.href);
        return true;
      }
      if (verbatim === 0 && OWN_LINE.has(name)) parts.push("\n");
      parts.push(openTag(node, name, base));
      if (VERBATIM.has(name)) verbatim++;
      return !VOID.has(name) && name !== "iframe";
    },
    (element) => {
      const name = nameOf(element);
      if (!isWritten(element, name, base) || VOID.has(name)) return;
      if (VERBATIM.has(name)) verbatim--;
      parts.push(`</${name}>`);
      if (verbatim === 0 && OWN_LINE.has(name)) parts.push("\n");
    },
  );
  return parts
    .join("")
    .replace(/<iframe([^>]*)>/g, "<iframe$1></iframe>")
    .replace(/ *\n[\n ]*/g, "\n")
    .replace(/^\n|\n$/g, "");
}

/** A link without an address that may be followed is words. */
function isWritten(
  element: Element,
  name: string | null,
  base: string | undefined,
): name is string {
  if (name === null || !mayStandInHtml(name)) return false;
  if (name !== "a" || element.attribs.id || element.attribs.name) return true;
  return element.attribs.href !== undefined && linkAddress(element.attribs.href, base) !== null;
}

/** Sources and subtitles belong to the player that they stand in; alone they show nothing. */
function isPlayed({ name, parent }: Element): boolean {
  if (name === "col" || name === "colgroup") return true;
  return (
    (name === "source" || name === "track") &&
    parent !== null &&
    "name" in parent &&
    (parent.name === "video" || parent.name === "audio")
  );
}

/** An element's first tag, with the attributes that may stay. */
export function openTag(element: Element, name: string, base: string | undefined): string {
  const attributes = Object.entries(element.attribs)
    .filter(([attribute]) => isAllowedAttribute(name, attribute))
    .map(([attribute, value]) => [attribute, cleanValue(element, attribute, value, base)] as const)
    .concat(lazySource(element, base), named(element))
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

const BOOLEAN = new Set(
  "checked disabled controls loop muted open reversed allowfullscreen autoplay playsinline default".split(
    " ",
  ),
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
      return linkAddress(value, base);
    case "src":
      return mediaAddress(element.name === "img" ? imageSource(element) : value, base);
    case "poster":
    case "data":
      return mediaAddress(value, base);
    case "srcset":
      return null;
    case "class":
      return /(?:^|\s)(lang(?:uage)?-\S+)/.exec(value)?.[1] ?? null;
    default:
      return value;
  }
}

/** An image whose address its scripts would have put in. */
function lazySource(element: Element, base: string | undefined): [string, string | null][] {
  if (element.name !== "img" || element.attribs.src !== undefined) return [];
  return [["src", mediaAddress(imageSource(element), base)]];
}

/** `name` is how anchors were written before `id`. */
function named({ name, attribs }: Element): [string, string | null][] {
  return name === "a" && attribs.name && !attribs.id ? [["id", attribs.name]] : [];
}

function collapse(text: string): string {
  return text.replace(/[ \t\r\n\f]+/g, " ");
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
