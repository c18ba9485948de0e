/**
 * The link destinations in a Markdown text (CommonMark with GFM, raw HTML included): where each is, and
 * the text with some of them replaced. Pure. micromark finds the places, so that code, escapes and
 * what only looks like a link are kept apart from links as in every other reader of Markdown.
 */
import { parse, postprocess, preprocess } from "micromark";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmFootnote } from "micromark-extension-gfm-footnote";
import { gfmTable } from "micromark-extension-gfm-table";
import { decodeString } from "micromark-util-decode-string";
import { type PlainLink, plainLinks } from "./plain-links.js";
import { type Section, sectionsOf } from "./sections.js";

/** An address in a Markdown text. */
export interface Destination {
  /** `definition` is the address of reference links; `bare` an address that is its own text, in angle brackets or without. */
  readonly kind: "link" | "image" | "definition" | "bare" | "html";
  /** Decoded: without escapes and character references. */
  readonly address: string;
  /** Element and attribute in lower case, such as `img` and `src`; null outside HTML. */
  readonly element: string | null;
  readonly attribute: string | null;
  /** Of an image: alternative text, title and caption; null where there is none. */
  readonly alt: string | null;
  readonly title: string | null;
  readonly caption: string | null;
  /** What a replacement takes the place of, in code units. */
  readonly start: number;
  readonly end: number;
}

// Of GFM what changes where a destination is: a strikethrough or a task does not.
const EXTENSIONS = [gfmAutolinkLiteral(), gfmTable()];
/** Footnotes take time that grows with the square of brackets, so they are looked for where a note is. */
const WITH_NOTES = [...EXTENSIONS, gfmFootnote()];
const NOTE = /^[ >]*\[\^[^\]\s]+\]:/m;

/** Without one of these a text holds no address, and parsing it would be in vain. */
const HINT = /\]\(|\]:|https?:\/\/|www\.|<[a-z]/i;
const ADDRESS_ATTRIBUTES = new Set(["href", "src", "poster", "cite", "data"]);

/**
 * Lists within lists beyond this depth, two columns each, are not looked into: the parser's work grows
 * with the square of it (400 within one another: 3 s, 1000: 40 s), and no person wrote them.
 */
const DEEP_LINE = /^[ \t>]{200}/gm;
const MOST_DEEP_LINES = 100;
/** Brackets that end nothing cost micromark some 0.2 ms each. Beyond this number, no person wrote them: the text is read as if it held no code and no HTML. */
const MOST_MISSES = 1_000;

/** Every address of a Markdown text, in the order of the text. Mail addresses that are not links are left out. */
export function destinations(markdown: string): Destination[] {
  if (!HINT.test(markdown) || (markdown.match(DEEP_LINE)?.length ?? 0) > MOST_DEEP_LINES) return [];
  const found: Destination[] = [];
  let misses = 0;
  /** Sections that micromark is to read, together: a parser costs more to make than to run on a line. */
  let unsure: Section | null = null;
  const add = ({ from }: Section, links: readonly (PlainLink | Destination)[]) => {
    for (const { start, end, ...link } of links)
      found.push({ ...NOTHING, ...link, start: from + start, end: from + end });
  };
  const parsePending = () => {
    if (unsure !== null) add(unsure, parsedLinks(markdown.slice(unsure.from, unsure.to)));
    unsure = null;
  };
  for (const section of sectionsOf(markdown)) {
    const text = markdown.slice(section.from, section.to);
    if (!HINT.test(text)) continue;
    const plain = plainLinks(text);
    if (!plain.isSure) misses += plain.misses;
    if (plain.isSure || misses > MOST_MISSES) {
      parsePending();
      add(section, plain.found);
    } else unsure = { from: (unsure ?? section).from, to: section.to };
  }
  parsePending();
  return found;
}

/** The same, by micromark alone, whatever it takes. */
export function parsedLinks(markdown: string): Destination[] {
  const found: { -readonly [Key in keyof Destination]: Destination[Key] }[] = [];
  let owner: "link" | "image" = "link";
  let label = "";
  const chunks = preprocess()(markdown, undefined, true);
  const extensions = NOTE.test(markdown) ? WITH_NOTES : EXTENSIONS;
  const document = parse({ extensions }).document();
  for (const [way, token] of postprocess(document.write(chunks))) {
    const [start, end] = [token.start.offset, token.end.offset];
    // The types of micromark do not know those of its extensions.
    const type: string = token.type;
    const text = () => markdown.slice(start, end);
    const add = (kind: Destination["kind"], address: string) =>
      found.push({ ...NOTHING, kind, address, start, end });
    // A label may hold an image; the link that holds it ends after it, and its own address comes last.
    if (way === "exit" && type === "label") {
      owner = markdown[start] === "!" ? "image" : "link";
      label = text();
    }
    if (way !== "enter") continue;
    if (type === "resourceDestinationString") {
      add(owner, decodeString(text()));
      const last = found.at(-1);
      if (owner === "image" && last) last.alt = decodeString(label.slice(2, -1)) || null;
    } else if (type === "resourceTitleString") {
      const last = found.at(-1);
      if (owner === "image" && last) last.title = decodeString(text()) || null;
    }
    if (type === "definitionDestinationString") add("definition", decodeString(text()));
    else if (type === "autolink" && /^<https?:/i.test(text())) add("bare", text().slice(1, -1));
    else if (type === "literalAutolinkHttp") add("bare", text());
    else if (type === "literalAutolinkWww") add("bare", `http://${text()}`);
    else if (type === "htmlFlow" || type === "htmlText")
      for (const one of attributesOf(text()))
        found.push({ ...one, start: start + one.start, end: start + one.end });
  }
  return found.sort((a, b) => a.start - b.start);
}

const NOTHING = { element: null, attribute: null, alt: null, title: null, caption: null };

const TAG =
  /<([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)/gi;
const ATTRIBUTE = /\s([^\s"'<>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)/g;

/** Addresses in the tags of some HTML; comments are passed over. */
function* attributesOf(html: string): Generator<Destination> {
  const captions = captionsOf(html);
  const visible = html.replace(/<!--.*?(?:-->|$)/gs, (comment) => " ".repeat(comment.length));
  for (const tag of visible.matchAll(TAG)) {
    const [, element = "", attributes = ""] = tag;
    const offset = tag.index + 1 + element.length;
    const image =
      element.toLowerCase() === "img" ? wordsOf(attributes, captions.get(tag.index) ?? "") : {};
    for (const found of attributes.matchAll(ATTRIBUTE)) {
      const [whole, name = "", value = ""] = found;
      const attribute = name.toLowerCase();
      if (!ADDRESS_ATTRIBUTES.has(attribute)) continue;
      const end = offset + found.index + whole.length;
      const place = { element: element.toLowerCase(), attribute, start: end - value.length, end };
      yield { ...NOTHING, ...image, kind: "html", address: attributeValue(value), ...place };
    }
  }
}

const MARK = /<img\b|<\/figure\s*>|<figcaption\b[^<>]*>|<\/figcaption/gi;

/** Captions by the place of the image before them in their figure. One pass, however many images there are. */
function captionsOf(html: string): Map<number, string> {
  const captions = new Map<number, string>();
  let image: number | null = null;
  let begun: number | null = null;
  for (const { 0: mark, index } of html.matchAll(MARK)) {
    const name = mark.toLowerCase();
    if (name === "<img") [image, begun] = [index, null];
    else if (name === "</figcaption") {
      if (image !== null && begun !== null) captions.set(image, html.slice(begun, index));
      [image, begun] = [null, null];
    } else if (name.startsWith("</figure")) [image, begun] = [null, null];
    else begun ??= index + mark.length;
  }
  return captions;
}

/** Alternative text and title of an img element, and the text of its caption. */
function wordsOf(attributes: string, caption: string) {
  const words: { alt?: string; title?: string; caption?: string } = {};
  for (const [, name = "", value = ""] of attributes.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if ((key === "alt" || key === "title") && attributeValue(value) !== "")
      words[key] = attributeValue(value);
  }
  const text = attributeValue(caption.replace(/<[^<>]*>/g, "").replace(/\s+/g, " ")).trim();
  if (text !== "") words.caption = text;
  return words;
}

/** The value of an attribute as it is written; HTML knows no backslash escapes. */
export function attributeValue(value: string): string {
  return decodeString(value.replace(/^(["'])(.*)\1$/s, "$2").replaceAll("\\", "\\\\"));
}

/**
 * A text with addresses replaced; all else stays as it is, to the byte.
 *
 * @param places of the same text, as `destinations` gives them
 * @param give the new address of a place; null leaves it
 */
export function replaceDestinations(
  markdown: string,
  places: readonly Destination[],
  give: (place: Destination) => string | null,
): string {
  let text = "";
  let from = 0;
  for (const place of places) {
    const address = give(place);
    if (address === null || address === place.address) continue;
    text += markdown.slice(from, place.start) + written(place, address);
    from = place.end;
  }
  return text + markdown.slice(from);
}

/** An address as its place wants it written. */
function written(place: Destination, address: string): string {
  if (place.kind === "html")
    return `"${address.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
  const safe = address.replace(/[\s<>()\\`|]/g, (character) =>
    encodeURIComponent(character).replace("(", "%28").replace(")", "%29"),
  );
  if (place.kind !== "bare") return safe.replaceAll("&", "&amp;");
  // An address that was its own text becomes the text of a link.
  return `[${place.address.replace(/[\\`*_[\]<>&|~!]/g, "\\$&")}](${safe})`;
}
