/** The tags and the text of a page, read as HTML reads them where nothing in them is wrong; parse5 is asked for the rest. */
import { type AnyNode, isTag } from "domhandler";
import { parseFragment, type Token } from "parse5";
import { remembering } from "../text.js";
import { leanTree } from "./bounded-parser.js";

/** Names of elements by how the rules treat them. */
const NAMES = {
  block:
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup main menu nav ol p search section summary ul",
  heading: "h1 h2 h3 h4 h5 h6",
  pre: "pre listing",
  item: "li dd dt",
  form: "form",
  button: "button",
  link: "a",
  format: "b big code em font i s small strike strong tt u",
  void: "area base basefont bgsound br embed img input keygen link meta param source track wbr",
  rule: "hr",
  raw: "iframe noembed noframes noscript script style",
  text: "textarea title",
  object: "applet marquee object",
  table: "table",
  caption: "caption",
  columns: "colgroup",
  column: "col",
  rows: "tbody tfoot thead",
  row: "tr",
  cell: "td th",
  select: "select",
  option: "optgroup option",
  page: "body html",
  drawing: "svg",
  hard: "frame frameset head image math nobr plaintext rb rp rt rtc template xmp",
};

/** How the rules treat an element. */
export type Kind = keyof typeof NAMES | "plain";

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(NAMES).flatMap(([kind, list]) =>
    list.split(" ").map((name) => [name, kind as Kind] as const),
  ),
);

/** A tag, as its text says. */
export interface Tag {
  readonly name: string;
  readonly kind: Kind;
  readonly isEnd: boolean;
  readonly attributes: readonly Token.Attribute[];
}

const NAME = /<(\/?)([a-z][a-z\d:_.-]*)(?=[\t\n\f />])/iy;
const ATTRIBUTE =
  /[\t\n\f /]*([!#-&(-.0-;?-~]+)(?:[\t\n\f ]*=[\t\n\f ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f "'=<>`]+)))?/y;
const CLOSING = /[\t\n\f /]*>/y;
/** Such as `&amp;`; the sign of equality says in an attribute what a reference is. */
const REFERENCE = /&(?:#[xX]?[\da-fA-F]+|[a-zA-Z\d]+);?=?/g;

/** By their text: the pages of a site have the same ones. */
const tags = new Map<string, Tag>();
const MOST_KNOWN = 4_000;
const LONGEST_KNOWN = 200;
const MOST_ATTRIBUTES = 200;

/** Why a page is left to parse5. Without its stack, which would keep the walk in memory that loaded this file. */
export const OTHERS = Object.assign(new Error("this page needs parse5"), { stack: "" });

export class Tags {
  readonly #text: string;
  /** Where the tag that was read last ends. */
  end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The tag at a place. */
  read(at: number): Tag {
    const to = this.#text.indexOf(">", at) + 1;
    const isShort = to - at <= LONGEST_KNOWN;
    const piece = isShort ? this.#text.slice(at, to) : "";
    const known = tags.get(piece);
    if (known !== undefined) {
      this.end = to;
      return known;
    }
    const tag = this.#parse(at);
    if (isShort && this.end === to) {
      if (tags.size >= MOST_KNOWN) tags.clear();
      tags.set(copied(piece), tag);
    }
    return tag;
  }

  #parse(from: number): Tag {
    const text = this.#text;
    NAME.lastIndex = from;
    const [, slash, spelt = ""] = NAME.exec(text) ?? [];
    if (spelt === "") throw OTHERS;
    const attributes: Token.Attribute[] = [];
    for (let at = NAME.lastIndex; ; at = ATTRIBUTE.lastIndex) {
      CLOSING.lastIndex = at;
      if (CLOSING.test(text)) break;
      ATTRIBUTE.lastIndex = at;
      const found = ATTRIBUTE.exec(text);
      // Each is compared with those before it.
      if (found === null || attributes.length > MOST_ATTRIBUTES) throw OTHERS;
      const name = copied((found[1] ?? "").toLowerCase());
      const value = copied(found[2] ?? found[3] ?? found[4] ?? "");
      if (attributes.some((one) => one.name === name)) continue;
      attributes.push({ name, value: value.replace(REFERENCE, (one) => attributeOf(copied(one))) });
    }
    this.end = CLOSING.lastIndex;
    const name = copied(spelt.toLowerCase());
    return { name, kind: KINDS.get(name) ?? "plain", isEnd: slash === "/", attributes };
  }

  /** Where the next tag or comment begins; the end of the page where none does. */
  next(from: number): number {
    const text = this.#text;
    for (let at = text.indexOf("<", from); at >= 0; at = text.indexOf("<", at + 1)) {
      const code = text.charCodeAt(at + 1);
      // A letter, a slash, an exclamation or a question mark.
      if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) return at;
      if (code === 0x2f || code === 0x21 || code === 0x3f) return at;
    }
    return text.length;
  }

  /** Where the sign of a comment's end begins. */
  commentEnd(from: number): number {
    const text = this.#text;
    const to = text.indexOf("-->", from + 4);
    const isPlain = text.startsWith("<!--", from) && !/^-?>/.test(text.slice(from + 4, from + 6));
    if (!isPlain || to < 0 || text.slice(from, to).includes("--!>")) throw OTHERS;
    return to;
  }

  /** Where the end tag begins of an element that has text and no tags in it. */
  textEnd(name: string, from: number): number {
    const end = new RegExp(`</${name}(?=[\\t\\n\\f />])`, "gi");
    end.lastIndex = from;
    const to = end.exec(this.#text)?.index;
    if (to === undefined) throw OTHERS;
    // A script within a comment in a script may end later.
    const text = this.#text.slice(from, to);
    const hidden = name === "script" ? text.indexOf("<!--") : -1;
    if (hidden >= 0 && /<script/i.test(text.slice(hidden))) throw OTHERS;
    return to;
  }

  /** Where a drawing ends whose elements are closed in order, and how many tags it has. */
  drawing(from: number, mostDeep: number): readonly [end: number, tags: number] {
    const inside: string[] = [];
    let count = 0;
    for (let at = from; ; at = this.next(this.end)) {
      if (this.#text[at + 1] === "!") {
        this.end = this.commentEnd(at) + 3;
        continue;
      }
      const { name, isEnd } = this.read(at);
      const top = inside.at(-1);
      const isText = top === "title" || top === "desc";
      if (!DRAWN.test(name) || (isEnd ? name !== top : isText)) throw OTHERS;
      if (isEnd) inside.pop();
      else if (this.#text[this.end - 2] !== "/") inside.push(name);
      count++;
      if (inside.length > mostDeep) throw OTHERS;
      if (inside.length === 0) return [this.end, count];
    }
  }
}

/** Elements of drawings that are like all others. */
const DRAWN =
  /^(?:svg|g|path|circle|rect|line|polyline|polygon|ellipse|use|defs|symbol|lineargradient|radialgradient|stop|clippath|mask|pattern|marker|text|tspan|filter|fe[a-z]+|animate[a-z]*|set|title|desc)$/;

/** A piece of a page as a string of its own: who keeps it does not keep the page. */
export function copied(piece: string): string {
  // V8 copies so short ones.
  if (piece.length < 13) return piece;
  const coding = /[^\0-\xff]/.test(piece) ? "utf16le" : "latin1";
  return Buffer.from(piece, coding).toString(coding);
}

/** By what is written: the pages of a site have the same menus. */
const texts = new Map<string, string>();

/** Text with its character references resolved. */
export function decoded(piece: string): string {
  if (piece.length > LONGEST_KNOWN) return resolved(copied(piece));
  let text = texts.get(piece);
  if (text === undefined) {
    const written = copied(piece);
    text = resolved(written);
    if (texts.size >= MOST_KNOWN) texts.clear();
    texts.set(written, text);
  }
  return text;
}

function resolved(text: string): string {
  return text.includes("&") ? text.replace(REFERENCE, (one) => textOf(copied(one))) : text;
}

/** What references stand for, by parse5. */
const textOf = remembering((reference) =>
  (parseFragment(reference, { treeAdapter: leanTree }).children as AnyNode[])
    .map((node) => (node.type === "text" ? node.data : ""))
    .join(""),
);

const attributeOf = remembering((reference) => {
  const [node] = parseFragment(`<i a="${reference}">`, { treeAdapter: leanTree }).children;
  return node !== undefined && isTag(node) ? (node.attribs.a ?? "") : "";
});
