/** What becomes of each element of a page: one table, read by the conversion and by the round-trip check alike. */
import type { Element } from "domhandler";
import { names } from "../extract/nodes.js";
import { isOpened } from "./disclosure.js";
import { isFormulaCopy, texOf } from "./formulas.js";

/** Names of elements by the part that they play. */
const PARTS = {
  // Scripts and styles run or repaint; the rest prints nothing in its place.
  drop: "script style template noscript head title meta link base frameset frame noframes noembed svg canvas area source track param wbr datalist xml colgroup col annotation annotation-xml",
  mark: "a strong b em i del s strike sup sub u ins mark kbd abbr q small cite dfn var bdo bdi ruby rt rp rb time",
  code: "code tt samp",
  block:
    "address article aside body center dialog div fieldset figcaption footer form header hgroup html legend main nav option optgroup search section summary tbody td tfoot th thead tr caption dt dd",
  paragraph: "p",
  heading: "h1 h2 h3 h4 h5 h6",
  list: "ul ol menu dir",
  item: "li",
  quote: "blockquote",
  pre: "pre listing xmp plaintext",
  rule: "hr",
  table: "table",
  asHtml: "dl",
  figure: "figure",
  details: "details",
  break: "br",
  image: "img",
  embed: "iframe video audio object embed math",
  input: "input",
};

/** What is in no list is unwrapped: its content stays. */
export type Part = keyof typeof PARTS | "unwrap";

const PART = new Map(
  Object.entries(PARTS).flatMap(([part, list]) =>
    list.split(" ").map((name) => [name, part as Part] as const),
  ),
);

/** Part of an element by its name. */
export function partOf(name: string): Part {
  return PART.get(name) ?? "unwrap";
}

/** Part of an element: a `span` that its style sets as a block is one. */
export function partIn(element: Element): Part {
  const part = partOf(element.name);
  return part === "unwrap" && hasOwnLine(element) ? "block" : part;
}

/** True where the element has lines of its own. */
export function isBlock(name: string): boolean {
  return BLOCKS.has(partOf(name));
}
const BLOCKS = names(
  "block paragraph heading list item quote pre rule table asHtml figure details",
);

/** True where an element begins and ends lines, by its name or its style. */
export function hasOwnLine({ name, attribs }: Element): boolean {
  return (
    isBlock(name) ||
    (attribs.style !== undefined &&
      /(^|;)\s*display\s*:\s*(block|flex|grid|list-item|table|table-row)\s*(!|;|$)/i.test(
        attribs.style,
      ))
  );
}

/** One name for what means the same. */
const ALIASES = new Map(
  "b=strong i=em s=del strike=del tt=code samp=code menu=ul dir=ul listing=pre xmp=pre plaintext=pre"
    .split(" ")
    .map((pair) => pair.split("=", 2) as [string, string]),
);

/**
 * Name under which an element is written; null for bold that is not: Google Docs wraps what it
 * copies in `<b style="font-weight:normal">`.
 */
export function nameOf({ name, attribs }: Element): string | null {
  if (
    (name === "b" || name === "strong") &&
    /(^|;)\s*font-weight\s*:\s*(normal|400)/i.test(attribs.style ?? "")
  )
    return null;
  return ALIASES.get(name) ?? name;
}

/** Kinds of numbers that HTML has a letter for, by their names in CSS. */
const NUMBER_TYPES: Readonly<Record<string, string>> = {
  "lower-alpha": "a",
  "lower-latin": "a",
  "upper-alpha": "A",
  "upper-latin": "A",
  "lower-roman": "i",
  "upper-roman": "I",
};

/**
 * How a numbered list is numbered, where not by digits: `a`, `A`, `i`, `I` or the name of a style of CSS; null for digits.
 * Google Docs writes the style on the items.
 */
export function numberStyle({ attribs, children }: Element): string | null {
  const item = children.find((node): node is Element => node.type === "tag" && node.name === "li");
  const types = [attribs.type, item?.attribs.type].map(
    (type) => /^[aAiI]$/.exec(type?.trim() ?? "")?.[0],
  );
  const styles = [attribs.style, item?.attribs.style].map((style) =>
    /(?:^|;)\s*list-style(?:-type)?\s*:[^;]*?\b((?:lower|upper)-[a-z]+|cjk-[a-z]+|[a-z]+-(?:indic|formal|informal|ideographic)|georgian|hebrew|armenian|hiragana|katakana)\b/i
      .exec(style ?? "")?.[1]
      ?.toLowerCase(),
  );
  const style = styles.find((found) => found !== undefined);
  return (
    types.find((type) => type !== undefined) ?? (style && (NUMBER_TYPES[style] ?? style)) ?? null
  );
}

/** True for a list that holds lists and nothing else: editors indent so. It is not a level of its own. */
export function isListOfLists({ children }: Element): boolean {
  let holds = false;
  for (const node of children) {
    if (node.type === "text" && node.data.trim() !== "") return false;
    if (node.type !== "tag" || partOf(node.name) === "drop") continue;
    if (partOf(node.name) !== "list") return false;
    holds = true;
  }
  return holds;
}

/**
 * True when a page does not show an element, and has nothing that opens it. Drupal's
 * `element-invisible` is not hidden: it is read out, and stays.
 */
export function isHidden(element: Element): boolean {
  const { name, attribs } = element;
  if (name === "input" && attribs.type?.toLowerCase() === "hidden") return true;
  const isUnseen =
    (attribs.hidden !== undefined && attribs.hidden !== "until-found") ||
    (attribs.style !== undefined &&
      /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i.test(
        attribs.style,
      ));
  return isUnseen && !isOpened(element);
}

/** True for what leaves no trace in Markdown. */
export function isDropped(element: Element): boolean {
  if (element.name === "script") return texOf(element) === null;
  return partOf(element.name) === "drop" || isHidden(element) || isFormulaCopy(element);
}

/**
 * Lists and quotations within one another. Deeper ones lose their frame, not their words:
 * markdown-it reads no more than 100 levels and drops the rest, a list being two of them.
 */
export const MAX_CONTAINERS = 24;
/** Formatting within formatting, for the same reason. */
export const MAX_MARKS = 16;

/** Attributes that are kept in HTML, by element; those of `*` on any. All others go. */
const ATTRIBUTES = new Map(
  Object.entries({
    "*": "dir lang title id",
    a: "href hreflang",
    audio: "src controls loop muted preload",
    blockquote: "cite",
    code: "class",
    col: "span",
    colgroup: "span",
    del: "cite datetime",
    details: "open",
    embed: "src type width height",
    iframe: "src width height allow allowfullscreen frameborder loading",
    img: "src alt width height",
    input: "type checked disabled",
    ins: "cite datetime",
    li: "value",
    math: "display xmlns alttext",
    object: "data type width height",
    ol: "start type reversed",
    q: "cite",
    source: "src srcset type media sizes",
    td: "colspan rowspan headers align",
    th: "colspan rowspan headers scope align abbr",
    time: "datetime",
    track: "src kind srclang label default",
    video: "src controls poster width height loop muted preload autoplay playsinline",
  }).map(([name, list]) => [name, names(list)]),
);

export function isAllowedAttribute(element: string, attribute: string): boolean {
  return ["*", element].some((name) => ATTRIBUTES.get(name)?.has(attribute));
}

const MATH =
  "math mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose mfenced semantics mmultiscripts mprescripts";

/** Elements that are kept in HTML; others are unwrapped there. */
const KEPT = names(
  [
    PARTS.mark,
    PARTS.heading,
    "p li blockquote ul ol pre hr br img table caption thead tbody tfoot tr td th colgroup col dl dt dd figure figcaption details summary div code iframe video audio object embed source track span",
    MATH,
  ].join(" "),
);

export function isKeptInHtml(name: string): boolean {
  return KEPT.has(name);
}

export const VOID = names("br hr img input embed source track col");

/** Elements that play something, with their sources and captions inside. */
export const PLAYS = names("video audio object embed iframe");
