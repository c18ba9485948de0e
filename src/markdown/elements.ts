/** What becomes of each element of a page: one table, read by the conversion and by its proof alike. */
import type { Element } from "domhandler";

/** The part that an element plays. What is in no list is unwrapped: its content stays. */
export type Part =
  | "drop"
  | "mark"
  | "code"
  | "block"
  | "paragraph"
  | "heading"
  | "list"
  | "item"
  | "quote"
  | "pre"
  | "rule"
  | "table"
  | "asHtml"
  | "figure"
  | "details"
  | "break"
  | "image"
  | "embed"
  | "input"
  | "unwrap";

const PARTS: Readonly<Record<Exclude<Part, "unwrap">, string>> = {
  // Scripts and styles run or repaint; the rest has nothing that is printed where it stands.
  drop: "script style template noscript head title meta link base frameset frame noframes noembed svg canvas area source track param wbr datalist xml colgroup col",
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

const PART = new Map<string, Part>(
  Object.entries(PARTS).flatMap(([part, names]) =>
    names.split(" ").map((name): [string, Part] => [name, part as Part]),
  ),
);

/** Part of an element by its name. */
export function partOf(name: string): Part {
  return PART.get(name) ?? "unwrap";
}

/** True where the element stands on lines of its own. */
export function isBlock(name: string): boolean {
  return BLOCKS.has(partOf(name));
}
const BLOCKS: ReadonlySet<Part> = new Set<Part>([
  "block",
  "paragraph",
  "heading",
  "list",
  "item",
  "quote",
  "pre",
  "rule",
  "table",
  "asHtml",
  "figure",
  "details",
]);

/** One name for what means the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["b", "strong"],
  ["i", "em"],
  ["s", "del"],
  ["strike", "del"],
  ["tt", "code"],
  ["samp", "code"],
  ["menu", "ul"],
  ["dir", "ul"],
  ["listing", "pre"],
  ["xmp", "pre"],
  ["plaintext", "pre"],
]);

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

/**
 * True when a page does not show an element. Drupal's `element-invisible` is not hidden: it is
 * read out, and stays.
 */
export function isHidden({ name, attribs }: Element): boolean {
  if (attribs.hidden !== undefined && attribs.hidden !== "until-found") return true;
  if (name === "input" && attribs.type?.toLowerCase() === "hidden") return true;
  return (
    attribs.style !== undefined &&
    /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i.test(attribs.style)
  );
}

/** True for what leaves no trace in Markdown. */
export function isDropped(element: Element): boolean {
  return partOf(element.name) === "drop" || isHidden(element);
}

/**
 * Lists and quotations that may stand in one another. Deeper ones lose their frame, not their
 * words: markdown-it reads no more than 100 levels and drops the rest, a list being two of them.
 */
export const MAX_CONTAINERS = 24;
/** Formatting that may stand in one another, for the same reason. */
export const MAX_MARKS = 16;

/** Attributes that are kept in HTML, by element; those of `*` on any. All others go. */
const ATTRIBUTES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
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
    math: "display xmlns",
    object: "data type width height",
    ol: "start type reversed",
    q: "cite",
    source: "src srcset type media sizes",
    td: "colspan rowspan headers align",
    th: "colspan rowspan headers scope align abbr",
    time: "datetime",
    track: "src kind srclang label default",
    video: "src controls poster width height loop muted preload autoplay playsinline",
  }).map(([name, list]) => [name, new Set(list.split(" "))]),
);

export function isAllowedAttribute(element: string, attribute: string): boolean {
  return (
    ATTRIBUTES.get("*")?.has(attribute) === true || ATTRIBUTES.get(element)?.has(attribute) === true
  );
}

const MATH =
  "math mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose mfenced semantics mmultiscripts mprescripts";

/** Elements that may stand in HTML; others are unwrapped there. */
const KEPT = new Set(
  [
    PARTS.mark,
    PARTS.heading,
    "p li blockquote ul ol pre hr br img table caption thead tbody tfoot tr td th colgroup col dl dt dd figure figcaption details summary div code iframe video audio object embed source track span",
    MATH,
  ]
    .join(" ")
    .split(" "),
);

export function mayStandInHtml(name: string): boolean {
  return KEPT.has(name);
}

export const VOID: ReadonlySet<string> = new Set(
  "br hr img input embed source track col".split(" "),
);

/** Elements that play something, inside which their sources and captions stand. */
export const PLAYS: ReadonlySet<string> = new Set(["video", "audio", "object", "embed", "iframe"]);
