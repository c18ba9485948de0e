/**
 * What a reader gets from HTML, in a form that two trees can be compared by. Its words alone; and
 * its structure: every block with the lists, items and quotations around it, its words with the
 * formatting and the links on them, its breaks, images and players; code, cells by row and column;
 * anchors that links lead to.
 */
import type { AnyNode, Element } from "domhandler";
import { isElement, names, parentOf, singleBlanks, traverse } from "../extract/nodes.js";
import { anchorOf } from "./anchors.js";
import { preText } from "./code-block.js";
import {
  isBlock,
  isDropped,
  isListOfLists,
  MAX_MARKS,
  nameOf,
  numberStyle,
  partIn,
} from "./elements.js";
import { standIn } from "./embeds.js";
import { escapeBrackets, escapeDestination } from "./escape.js";
import { languageOf, type Mark, marksOf, type Setting, styledMarks } from "./marks.js";
import type { Context } from "./run.js";
import { imageUrl, mediaUrl, playerSource } from "./urls.js";

export interface Structure {
  /** A line for each block, in the order of the text, and one for each anchor. */
  readonly lines: readonly string[];
  /** All texts that are shown, in the same order, whatever the markup. */
  readonly texts: readonly string[];
}

/** Characters of texts without their white space. */
export function wordsOf({ texts }: Structure): string {
  return texts.join("").replace(/\s+/g, "");
}

/** True where the words of two trees are the same. Most are, and their texts need not be written anew to see it. */
export function sameWords(a: Structure, b: Structure): boolean {
  const [one, other] = [a.texts.join(""), b.texts.join("")];
  for (let at = 0, to = 0; ; at++, to++) {
    while (isBlank(one.charCodeAt(at))) at++;
    while (isBlank(other.charCodeAt(to))) to++;
    if (at >= one.length || to >= other.length) return at >= one.length && to >= other.length;
    if (one.charCodeAt(at) !== other.charCodeAt(to)) return false;
  }
}

/** True for a code unit that is white space; past the end of a text there is none. */
function isBlank(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return code >= 0x80 && /\s/.test(String.fromCharCode(code));
}

export function structureOf(
  nodes: readonly AnyNode[],
  context: Omit<Context, "losses">,
): Structure {
  return new Reader(context).read(nodes);
}

/** Adds the texts of nodes that are not lines. */
function addTexts(nodes: readonly AnyNode[], texts: string[]): void {
  traverse(nodes, (node) => {
    if (node.type === "text") texts.push(node.data);
    if (!isElement(node) || isDropped(node) || node.name === "iframe") return false;
    const other = standIn(node);
    if (other !== null) addTexts([other], texts);
    return other === null;
  });
}

/** Something around a block. */
interface Frame {
  readonly name: string;
  /** Of a list: how it is numbered, where not by digits. */
  readonly style: string;
  /** Of a list: the item at hand and its number. Of a table: row and column. */
  first: number;
  second: number;
  /** Of a table: an empty row above the first filled one is the head that Markdown demands. */
  filled: boolean;
}

/** What sets one block apart from another. */
const FRAMES = names(
  "ul ol blockquote dt dd figcaption summary caption h1 h2 h3 h4 h5 h6 table details",
);

class Reader {
  readonly #context: Omit<Context, "losses">;
  readonly #lines: string[] = [];
  readonly #texts: string[] = [];
  readonly #anchors = new Set<string>();
  readonly #frames: Frame[] = [];
  #marks: readonly string[] = [];
  #run: Piece[] = [];
  #setting: Setting;

  constructor(context: Omit<Context, "losses">) {
    this.#context = context;
    this.#setting = context.setting;
  }

  read(nodes: readonly AnyNode[]): Structure {
    traverse(nodes, (node) => this.#enter(node));
    this.#flush();
    for (const id of [...this.#anchors].sort()) this.#lines.push(`place ${id}`);
    return { lines: this.#lines, texts: this.#texts };
  }

  #enter(node: AnyNode): boolean | (() => void) {
    if (node.type === "text") {
      this.#run.push({ text: node.data, marks: this.#marks });
      this.#texts.push(node.data);
    }
    if (!isElement(node) || isDropped(node)) return false;
    const other = standIn(node);
    if (other !== null) {
      traverse([other], (inner) => this.#enter(inner));
      return false;
    }
    const id = anchorOf(node, this.#context.linked);
    if (id !== null) this.#anchors.add(id);
    const part = partIn(node);
    if (part === "embed") return this.#embed(node);
    if (part === "block" || isBlock(node.name)) return this.#enterBlock(node);
    if (part === "break") this.#run.push({ text: "\n", marks: null });
    else if (part === "image") this.#image(node);
    else if (part === "input") this.#box(node);
    else return this.#enterInline(node);
    addTexts(node.children, this.#texts);
    return false;
  }

  #image(element: Element): void {
    const src = imageUrl(element, this.#context.base);
    if (src === null) return;
    const { alt = "", title = "" } = element.attribs;
    this.#atom(`image ${oneSpelling(src)} "${alt}" "${title}"`);
  }

  #box({ attribs }: Element): void {
    if (attribs.type?.toLowerCase() !== "checkbox") return;
    this.#atom(attribs.checked === undefined ? "box" : "ticked box");
    // Markdown has a blank after it, whether the page had one or not.
    this.#run.push({ text: " ", marks: [] });
  }

  #embed(element: Element): boolean {
    const { attribs, name } = element;
    const src = mediaUrl(playerSource(element) || (attribs.data ?? ""), this.#context.base);
    if (src !== null || name === "math") this.#atom(`${name} ${oneSpelling(src ?? "")}`);
    return name !== "iframe";
  }

  /** Emphasis on an image shows nothing; a link does. */
  #atom(words: string): void {
    const text = `\u0001${words.replace(/\s+/g, "\u0002")}\u0001`;
    this.#run.push({ text, marks: this.#marks.filter(isLink) });
  }

  #enterInline(element: Element): () => void {
    return this.#mark(marksOf(element, this.#context.base, this.#setting));
  }

  /** @returns what is to be done where the formatting ends */
  #mark(marks: readonly Mark[]): () => void {
    const before = this.#marks;
    for (const { name, key, attributes } of marks) {
      const { href = "", title = "" } = attributes;
      const own = name === "a" ? `a ${oneSpelling(href)} ${title}` : key;
      if (before.includes(own) || before.length >= MAX_MARKS) continue;
      const others = this.#marks.filter((mark) => name !== "a" || !isLink(mark));
      this.#marks = [...others, own].sort();
    }
    return () => {
      this.#marks = before;
    };
  }

  #enterBlock(element: Element): false | (() => void) {
    this.#flush();
    const name = nameOf(element) ?? element.name;
    if (name === "hr") this.#line("rule");
    else if (name === "pre") this.#pre(element);
    if (name === "hr" || name === "pre") {
      addTexts(element.children, this.#texts);
      return false;
    }
    const around = this.#setting;
    const language = languageOf(element, around);
    if (language !== null) this.#setting = { ...around, ...language };
    const depth = this.#frames.length;
    this.#openFrame(element, name);
    const unmark = this.#mark(styledMarks(element));
    return () => {
      this.#flush();
      unmark();
      this.#setting = around;
      this.#frames.length = depth;
    };
  }

  #openFrame(element: Element, name: string): void {
    if (name === "li") this.#openItem(element);
    const top = this.#frames.at(-1);
    if (name === "tr" && top?.name === "table") {
      if (top.filled) top.first++;
      top.second = 0;
    }
    if ((name === "td" || name === "th") && top !== undefined) top.second++;
    if (!FRAMES.has(name) || (isList(name) && isListOfLists(element))) return;
    const style = name === "ol" ? (numberStyle(element) ?? "") : "";
    const second = startOf(element) - 1;
    this.#frames.push({ name, style, first: 0, second, filled: false });
  }

  #openItem(element: Element): void {
    if (!/^(ul|ol|menu|dir)$/.test(parentOf(element)?.name ?? ""))
      this.#frames.push({ name: "ul", style: "", first: 0, second: 0, filled: false });
    const list = this.#frames.at(-1);
    if (list === undefined) return;
    list.first++;
    const value = Number.parseInt(element.attribs.value ?? "", 10);
    list.second = Number.isNaN(value) ? list.second + 1 : value;
  }

  #pre(element: Element): void {
    const text = preText(element);
    const links = this.#marks.filter(isLink).join();
    if (text.trim() !== "") this.#line(`code ${links}\n${text}`);
  }

  #flush(): void {
    const line = runLine(this.#run);
    this.#run = [];
    if (line !== "") this.#line(line);
  }

  #line(content: string): void {
    // A list in a heading and a heading in each of its items look the same.
    let [path, headings] = ["", ""];
    for (const frame of this.#frames) {
      frame.filled = true;
      if (/^h\d$/.test(frame.name)) headings += framePart(frame);
      else path += framePart(frame);
    }
    const { dir, lang } = this.#setting;
    this.#lines.push(`${dir} ${lang} ${path}${headings}${content}`);
  }
}

function framePart({ name, style, first, second }: Frame): string {
  if (name === "ul") return `ul ${first} > `;
  if (name === "ol" || name === "table") return `${name}${style} ${first},${second} > `;
  return `${name} > `;
}

function startOf({ name, attribs }: Element): number {
  const start = name === "ol" ? Number.parseInt(attribs.start ?? "", 10) : 1;
  return Number.isNaN(start) ? 1 : start;
}

function isList(name: string): boolean {
  return name === "ul" || name === "ol";
}

function isLink(mark: string): boolean {
  return mark.startsWith("a ");
}

/** One spelling for what is one URL. */
function oneSpelling(url: string): string {
  return escapeBrackets(escapeDestination(url));
}

interface Piece {
  readonly text: string;
  /** Formatting on it, sorted; null for a break. */
  readonly marks: readonly string[] | null;
}

/**
 * Words of a run with the formatting on them, white space as a browser shows it. Whether a blank
 * between two words is bold cannot be seen, so blanks have no formatting; breaks at the edges show nothing.
 *
 * @returns "" when nothing is shown
 */
function runLine(pieces: readonly Piece[]): string {
  const out: string[] = [];
  let open = "";
  let blank = false;
  let breaks = 0;
  for (const { text, marks } of pieces) {
    if (marks === null) {
      if (out.length > 0) breaks++;
      continue;
    }
    if (/^\s/.test(text)) blank = true;
    const words = text.trim();
    if (words === "") continue;
    const key = marks.join("\u0003");
    const lineEnds = "\n".repeat(breaks);
    const space = breaks === 0 && blank && out.length > 0 ? " " : "";
    // A change of formatting goes after line ends and before a blank.
    out.push(lineEnds, key === open ? "" : `\u0003${key}\u0003`, space, singleBlanks(words));
    open = key;
    breaks = 0;
    blank = /\s$/.test(text);
  }
  return out.join("");
}
