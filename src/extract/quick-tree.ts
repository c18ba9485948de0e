/**
 * Reads the body of a page whose tags say by themselves what the tree is: elements that are closed in order, ends that
 * HTML leaves out in one way only, end tags of nothing. On such a page the rules of HTML
 * (https://html.spec.whatwg.org/#parsing-main-inbody) come to a stack, and reading takes a third of the time of parse5.
 * As soon as anything else is met, such as misnested formatting or text in a table, the page is left to parse5. The
 * head is left to it on every page, so is each character reference.
 */
import { Comment, type Document, type Element, isTag } from "domhandler";
import { html, type Token } from "parse5";
import { leanTree, parseDocument, parseParts } from "./bounded-parser.js";
import { names } from "./nodes.js";
import { copied, decoded, type Kind, OTHERS, type Tag, Tags } from "./quick-tags.js";

/** Ends of these are implied by the ends of what is around them. */
const IMPLIED = names("dd dt li optgroup option p rb rp rt rtc");
/** What an end tag of a part of a table closes besides. */
const WITHIN: ReadonlyMap<Kind, readonly Kind[]> = new Map([
  ["row", ["cell"]],
  ["rows", ["row", "cell"]],
  ["table", ["rows", "row", "cell", "caption", "columns"]],
]);
/** In these stand only some elements. */
const STRICT: ReadonlySet<Kind> = new Set(["table", "columns", "rows", "row", "select", "option"]);
const STARTS: ReadonlyMap<Kind, readonly Kind[]> = new Map([
  ["table", ["rows", "caption", "columns"]],
  ["rows", ["row"]],
  ["row", ["cell"]],
]);
const TABLE_PARTS: ReadonlySet<Kind> = new Set([
  ...(["caption", "columns", "column", "rows", "row", "cell"] as const),
]);

/** What is open around an element: a paragraph that a block would close, a link, a button, a form, a border of scopes. */
const PARAGRAPH = 1;
const LINK = 2;
const BUTTON = 4;
const FORM = 8;
const BORDER = 16;
/** Formatting, counted. */
const FORMAT = 32;

const MOST_DEPTH = 500;
const MOST_ELEMENTS = 100_000;

const SPECIAL = html.SPECIAL_ELEMENTS[html.NS.HTML];
const OPENING = /<body(?=[\t\n\f />])/i;
const SPACE = /^[\t\n\f ]*$/;
/** The tree that parse5 makes of a page; null where it has to be asked. */
export function quickTree(source: string): Document | null {
  const text = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  const begin = text.search(OPENING);
  if (begin < 0 || text.includes("\0")) return null;
  try {
    return treeOf(text, begin);
  } catch (error) {
    if (error === OTHERS) return null;
    throw error;
  }
}

/** @param begin where its body seems to begin */
function treeOf(text: string, begin: number): Document | null {
  const tags = new Tags(text);
  tags.read(begin);
  const head = text.slice(0, tags.end);
  // The mark shows where parse5 is: in a body that is empty, and not in a comment or a script.
  const document = parseDocument(`${head}<i>`);
  const root = document.children.findLast(isTag);
  const page = root?.children.findLast(isTag);
  const mark = page?.children[0];
  if (page?.name !== "body" || page.children.length !== 1 || mark === undefined) return null;
  if (!isTag(mark) || mark.name !== "i" || mark.children.length > 0) return null;
  page.children = [];
  new Reader(text, head.length, document, root as Element, page).read();
  return document;
}

class Reader {
  readonly #text: string;
  readonly #tags: Tags;
  readonly #document: Document;
  readonly #root: Element;
  readonly #open: Element[];
  readonly #kinds: Kind[] = ["page"];
  readonly #around: number[] = [0];
  #at: number;
  /** Where the tag at hand begins. */
  #begun = 0;
  #elements = 0;
  /** Where a comment is put: past the end of the body in the page, past that of the page in the document. */
  #past: "body" | "html" | null = null;

  constructor(text: string, at: number, document: Document, root: Element, body: Element) {
    this.#text = text;
    this.#tags = new Tags(text);
    this.#at = at;
    this.#document = document;
    this.#root = root;
    this.#open = [body];
  }

  read(): void {
    const text = this.#text;
    for (;;) {
      const next = this.#tags.next(this.#at);
      if (next > this.#at) this.#words(decoded(text.slice(this.#at, next)));
      if (next === text.length) return;
      this.#at = next;
      if (text.charCodeAt(next + 1) === 0x21) this.#comment();
      else this.#tag();
    }
  }

  #words(data: string): void {
    const kind = this.#kinds.at(-1) as Kind;
    const isStrict = STRICT.has(kind) && kind !== "select" && kind !== "option";
    if ((isStrict || this.#past !== null) && !SPACE.test(data)) {
      if (isStrict) throw OTHERS;
      this.#past = null;
    }
    leanTree.insertText(this.#open.at(-1) as Element, data);
  }

  #comment(): void {
    const from = this.#at + 4;
    const to = this.#tags.commentEnd(this.#at);
    const here = this.#open.at(-1) as Element;
    const parent = this.#past === null ? here : this.#past === "body" ? this.#root : this.#document;
    leanTree.appendChild(parent, new Comment(copied(this.#text.slice(from, to))));
    this.#at = to + 3;
  }

  #tag(): void {
    const tag = this.#tags.read(this.#at);
    this.#begun = this.#at;
    this.#at = this.#tags.end;
    if (tag.kind !== "page") this.#past = null;
    if (tag.isEnd) this.#close(tag);
    else this.#start(tag);
  }

  /** Adds an element, and opens it unless it is empty. */
  #insert({ name, kind, attributes }: Tag, isEmpty = false): void {
    if (++this.#elements > MOST_ELEMENTS) throw OTHERS;
    const element = leanTree.createElement(name, html.NS.HTML, attributes as Token.Attribute[]);
    leanTree.appendChild(this.#open.at(-1) as Element, element);
    if (isEmpty) return;
    if (this.#open.length > MOST_DEPTH) throw OTHERS;
    this.#around.push(within(this.#around.at(-1) as number, name, kind));
    this.#open.push(element);
    this.#kinds.push(kind);
  }

  /** Closes the open elements from a place on. */
  #pop(to = this.#open.length - 1): void {
    if (to < 1) throw OTHERS;
    this.#open.length = to;
    this.#kinds.length = to;
    this.#around.length = to;
  }

  #start(tag: Tag): void {
    const { kind } = tag;
    const here = this.#kinds.at(-1) as Kind;
    if (STRICT.has(here)) this.#startStrictly(tag, here);
    else if (TABLE_PARTS.has(kind)) {
      // It ends the cell before it.
      this.#pop(this.#implied((at) => this.#kinds[at] === "cell"));
      this.#start(tag);
    } else if (kind === "raw" || kind === "text") this.#insertText(tag);
    else if (kind === "drawing") this.#draw();
    else {
      this.#prepare(tag);
      this.#insert(tag, kind === "void" || kind === "rule");
      if (kind === "pre") this.#skipLine();
    }
  }

  /** Closes what ends before an element. */
  #prepare({ name, kind }: Tag): void {
    const around = this.#around.at(-1) as number;
    switch (kind) {
      case "void":
      case "plain":
      case "object":
      case "select":
        return;
      case "link":
      case "format":
        if ((kind === "link" && around & LINK) || this.#isManifold(name, around)) throw OTHERS;
        return;
      case "button":
        if (around & BUTTON) throw OTHERS;
        return;
      case "form":
        if (around & FORM) throw OTHERS;
        break;
      case "item":
        this.#closeItem(name);
        break;
      case "table":
        // In quirks mode it goes into the paragraph.
        if (around & PARAGRAPH && this.#document["x-mode"] === html.DOCUMENT_MODE.QUIRKS)
          throw OTHERS;
        break;
      case "rule":
      case "block":
      case "heading":
      case "pre":
        break;
      default:
        throw OTHERS;
    }
    this.#closeParagraph();
    if (kind === "heading" && this.#kinds.at(-1) === "heading") throw OTHERS;
  }

  /** In a table or a choice, where few elements may be. */
  #startStrictly(tag: Tag, here: Kind): void {
    const { name, kind } = tag;
    const isText = name === "script" || name === "style";
    if (here === "select" || here === "option") this.#startChoice(tag);
    else if (isText && here !== "columns") this.#insertText(tag);
    else if (here === "columns" && kind === "column") this.#insert(tag, true);
    else if (here === "columns" && TABLE_PARTS.has(kind)) {
      this.#pop();
      this.#start(tag);
    } else {
      const isRow = kind === "row";
      if (here === "table" && isRow) this.#insert(ROWS);
      else if (kind === here && (isRow || kind === "rows")) this.#pop();
      else if (!STARTS.get(here)?.includes(kind)) throw OTHERS;
      this.#insert(tag);
    }
  }

  #startChoice(tag: Tag): void {
    if (tag.kind !== "option") throw OTHERS;
    if (this.#open.at(-1)?.name === "option") this.#pop();
    if (tag.name === "optgroup" && this.#open.at(-1)?.name === "optgroup") this.#pop();
    this.#insert(tag);
  }

  #closeParagraph(): void {
    if (((this.#around.at(-1) as number) & PARAGRAPH) === 0) return;
    if (this.#open.at(-1)?.name !== "p") throw OTHERS;
    this.#pop();
  }

  /** An item ends the one before it. */
  #closeItem(name: string): void {
    for (let at = this.#open.length - 1; at > 0; at--) {
      const open = this.#open[at]?.name ?? "";
      if (name === "li" ? open === "li" : open === "dd" || open === "dt") {
        this.#pop(this.#implied((one) => one === at));
        return;
      }
      if (!/^(?:address|div|p)$/.test(open) && SPECIAL.has(html.getTagID(open))) return;
    }
  }

  /** True where so many of one name are open that HTML forgets the first of them. */
  #isManifold(name: string, around: number): boolean {
    if (around < 3 * FORMAT) return false;
    return this.#open.filter((element) => element.name === name).length >= 3;
  }

  /** An element that has text and no tags in it. */
  #insertText(tag: Tag): void {
    const { name, kind } = tag;
    this.#insert(tag);
    if (name === "textarea") this.#skipLine();
    const to = this.#tags.textEnd(name, this.#at);
    const text = this.#text.slice(this.#at, to);
    const data = kind === "raw" ? copied(text) : decoded(text);
    if (data !== "") leanTree.insertText(this.#open.at(-1) as Element, data);
    this.#tags.read(to);
    this.#at = this.#tags.end;
    this.#pop();
  }

  /** A drawing, up to its end; parse5 makes its elements. */
  #draw(): void {
    const [end, made] = this.#tags.drawing(this.#begun, MOST_DEPTH);
    this.#elements += made;
    if (this.#elements > MOST_ELEMENTS) throw OTHERS;
    this.#at = end;
    const piece = `${this.#text.slice(this.#begun, end)}<x>`;
    const [drawing, mark, more] = parseParts(piece, leanTree).children;
    // The mark is beside it where parse5 saw the same end.
    if (drawing === undefined || mark === undefined || more !== undefined) throw OTHERS;
    if (!isTag(drawing) || !isTag(mark) || mark.name !== "x") throw OTHERS;
    drawing.next = null;
    leanTree.appendChild(this.#open.at(-1) as Element, drawing);
  }

  /** A line end after some tags is not text. */
  #skipLine(): void {
    const next = this.#text[this.#at];
    if (next === "&") throw OTHERS;
    if (next === "\n") this.#at++;
  }

  /** Place of an open element that only elements with implied ends are in. */
  #implied(isIt: (at: number) => boolean, also: readonly Kind[] = []): number {
    for (let at = this.#open.length - 1; at > 0; at--) {
      if (isIt(at)) return at;
      const kind = this.#kinds[at] as Kind;
      if (!IMPLIED.has(this.#open[at]?.name ?? "") && !also.includes(kind)) break;
    }
    return -1;
  }

  #close(tag: Tag): void {
    const { name, kind } = tag;
    const here = this.#kinds.at(-1) as Kind;
    if (kind === "page") this.#closePage(name);
    else if (this.#open.at(-1)?.name === name) this.#pop();
    else if (here === "select" || here === "option") this.#closeChoice(name);
    else {
      const isAlone = kind === "plain" || kind === "format" || kind === "link";
      const place = isAlone
        ? -1
        : this.#implied((at) => this.#open[at]?.name === name, WITHIN.get(kind));
      if (place > 0) this.#pop(place);
      else this.#closeNothing(tag, STRICT.has(here));
    }
  }

  /** An end tag of nothing is none, except that of a paragraph. */
  #closeNothing({ name, kind }: Tag, isStrict: boolean): void {
    const around = this.#around.at(-1) as number;
    if (kind === "hard" || name === "br") throw OTHERS;
    if ((TABLE_PARTS.has(kind) || kind === "table") && around & BORDER) throw OTHERS;
    if (name === "p") {
      if (around & PARAGRAPH || isStrict) throw OTHERS;
      this.#insert(EMPTY_PARAGRAPH, true);
      return;
    }
    const isIt = (at: number) =>
      kind === "heading" ? this.#kinds[at] === kind : this.#open[at]?.name === name;
    for (let at = this.#open.length - 1; at > 0; at--) if (isIt(at)) throw OTHERS;
  }

  #closeChoice(name: string): void {
    if (name !== "select" && name !== "optgroup") throw OTHERS;
    const place = this.#implied((at) => this.#open[at]?.name === name);
    if (place < 0) throw OTHERS;
    this.#pop(place);
  }

  #closePage(name: string): void {
    const here = this.#kinds.at(-1) as Kind;
    if ((this.#around.at(-1) as number) & BORDER || STRICT.has(here)) throw OTHERS;
    this.#past = name === "html" ? "html" : "body";
  }
}

const ROWS: Tag = { name: "tbody", kind: "rows", isEnd: false, attributes: [] };
const EMPTY_PARAGRAPH: Tag = { name: "p", kind: "block", isEnd: false, attributes: [] };

/** What is open in an element that is opened. */
function within(around: number, name: string, kind: Kind): number {
  switch (kind) {
    case "block":
      return name === "p" ? around | PARAGRAPH : around;
    case "link":
      return (around | LINK) + FORMAT;
    case "format":
      return around + FORMAT;
    case "button":
      return (around | BUTTON) & ~PARAGRAPH;
    case "form":
      return around | FORM;
    case "table":
      return (around | BORDER) & ~(PARAGRAPH | BUTTON);
    case "object":
    case "cell":
    case "caption":
      return (around & FORM) | BORDER;
    default:
      return around;
  }
}
