/**
 * What a reader gets from HTML, as a list that two trees can be compared by: every block with the
 * lists, items and quotations around it, its words with the formatting and the links on them, its
 * breaks, images and players; code, cells by row and column; places that links lead to.
 */
import type { ChildNode, Element } from "domhandler";
import { imageSource, mediaAddress } from "./address.js";
import { anchorOf } from "./anchors.js";
import { destination } from "./destination.js";
import { isBlock, isDropped, MAX_MARKS, nameOf, partOf } from "./elements.js";
import { inlineFact, type Piece } from "./inline-fact.js";
import { languageOf, type Setting } from "./language.js";
import { marksOf } from "./marks.js";
import { isElement, textOf, traverse } from "./tree.js";

export interface FactOptions {
  readonly base: string | undefined;
  readonly linked: ReadonlySet<string>;
  /** What holds around the nodes. */
  readonly setting: Setting;
}

/** Facts of nodes, in the order of the text. */
export function factsOf(nodes: readonly ChildNode[], options: FactOptions): string[] {
  return new Reader(options).read(nodes);
}

/** Something that a block stands in. */
interface Frame {
  readonly name: string;
  /** Of a list: the item at hand and its number. Of a table: row and column. */
  first: number;
  second: number;
  /** Of a table: an empty row above the first filled one is the head that Markdown demands. */
  filled: boolean;
}

/** What tells one block from another around it. */
const FRAMES = new Set(
  "ul ol blockquote dt dd figcaption summary caption h1 h2 h3 h4 h5 h6 table details".split(" "),
);

class Reader {
  readonly #options: FactOptions;
  readonly #facts: string[] = [];
  readonly #places = new Set<string>();
  readonly #frames: Frame[] = [];
  readonly #leaves: (() => void)[] = [];
  #marks: readonly string[] = [];
  #run: Piece[] = [];
  #setting: Setting;

  constructor(options: FactOptions) {
    this.#options = options;
    this.#setting = options.setting;
  }

  read(nodes: readonly ChildNode[]): string[] {
    traverse(
      nodes,
      (node) => this.#enter(node),
      () => this.#leaves.pop()?.(),
    );
    this.#flush();
    return [...this.#facts, ...[...this.#places].sort().map((id) => `place ${id}`)];
  }

  #enter(node: ChildNode): boolean {
    if (node.type === "text") {
      this.#run.push({ text: node.data, marks: this.#marks });
      return false;
    }
    if (!isElement(node) || isDropped(node)) return false;
    const place = anchorOf(node, this.#options.linked);
    if (place !== null) this.#places.add(place);
    const part = partOf(node.name);
    if (part === "break") this.#run.push({ text: "\n", marks: null });
    else if (part === "image") this.#image(node);
    else if (part === "input") this.#box(node);
    else if (part === "embed") return this.#embed(node);
    else return isBlock(node.name) ? this.#enterBlock(node) : this.#enterInline(node);
    return false;
  }

  #image(element: Element): void {
    const src = mediaAddress(imageSource(element), this.#options.base);
    if (src === null) return;
    const { alt = "", title = "" } = element.attribs;
    this.#atom(`image ${address(src)} "${alt}" "${title}"`);
  }

  #box({ attribs }: Element): void {
    if (attribs.type?.toLowerCase() !== "checkbox") return;
    this.#atom(attribs.checked === undefined ? "box" : "ticked box");
    // Markdown has a blank behind it, whether the page had one or not.
    this.#run.push({ text: " ", marks: [] });
  }

  #embed(element: Element): boolean {
    const { attribs, name } = element;
    const src = mediaAddress(attribs.src ?? attribs.data ?? "", this.#options.base);
    if (src !== null || name === "math") this.#atom(`${name} ${address(src ?? "")}`);
    if (name === "iframe") return false;
    this.#leaves.push(() => {});
    return true;
  }

  /** Emphasis on an image shows nothing; a link does. */
  #atom(fact: string): void {
    const marks = this.#marks.filter((mark) => mark.startsWith("a "));
    const text = `\u0001${fact.replace(/\s+/g, "\u0002")}\u0001`;
    this.#run.push({ text, marks });
  }

  #enterInline(element: Element): boolean {
    const before = this.#marks;
    for (const { name, key, attributes } of marksOf(element, this.#options.base, this.#setting)) {
      const own =
        name === "a" ? `a ${address(attributes.href ?? "")} ${attributes.title ?? ""}` : key;
      if (before.includes(own) || before.length >= MAX_MARKS) continue;
      const others =
        name === "a" ? this.#marks.filter((mark) => !mark.startsWith("a ")) : this.#marks;
      this.#marks = [...others, own].sort();
    }
    this.#leaves.push(() => {
      this.#marks = before;
    });
    return true;
  }

  #enterBlock(element: Element): boolean {
    this.#flush();
    const name = nameOf(element) ?? element.name;
    if (name === "hr") this.#fact("rule");
    else if (name === "pre") this.#pre(element);
    if (name === "hr" || name === "pre") return false;
    const around = this.#setting;
    this.#setting = { ...around, ...languageOf(element, around) };
    const close = this.#openFrame(element, name);
    this.#leaves.push(() => {
      this.#flush();
      this.#setting = around;
      close();
    });
    return true;
  }

  #openFrame(element: Element, name: string): () => void {
    const top = this.#frames.at(-1);
    if (name === "li") return this.#openItem(element);
    if (name === "tr" && top?.name === "table") {
      if (top.filled) top.first++;
      top.second = 0;
    }
    if ((name === "td" || name === "th") && top !== undefined) top.second++;
    if (!FRAMES.has(name)) return () => {};
    return this.#push({ name, first: 0, second: startOf(element) - 1, filled: false });
  }

  #openItem(element: Element): () => void {
    const isOrphan = !/^(ul|ol|menu|dir)$/.test((element.parent as Element | null)?.name ?? "");
    const close = isOrphan
      ? this.#push({ name: "ul", first: 0, second: 0, filled: false })
      : () => {};
    const list = this.#frames.at(-1);
    if (list !== undefined) {
      list.first++;
      const value = Number.parseInt(element.attribs.value ?? "", 10);
      list.second = Number.isNaN(value) ? list.second + 1 : value;
    }
    return close;
  }

  #push(frame: Frame): () => void {
    this.#frames.push(frame);
    return () => this.#frames.pop();
  }

  #pre(element: Element): void {
    const text = textOf(element.children.filter((node) => !isElement(node) || !isDropped(node)));
    if (text.trim() === "") return;
    this.#fact(`code ${text.replace(/\r\n?/g, "\n").replace(/\n$/, "")}`);
  }

  #flush(): void {
    if (this.#run.length === 0) return;
    const run = inlineFact(this.#run);
    this.#run = [];
    if (run !== "") this.#fact(run);
  }

  #fact(fact: string): void {
    for (const frame of this.#frames) frame.filled = true;
    // A list in a heading and a heading in each of its items look the same.
    const headings = this.#frames.filter(({ name }) => /^h\d$/.test(name));
    const others = this.#frames.filter(({ name }) => !/^h\d$/.test(name));
    const path = [...others, ...headings].map(frameFact).join("");
    const { dir, lang } = this.#setting;
    this.#facts.push(`${dir} ${lang} ${path}${fact}`);
  }
}

function frameFact({ name, first, second }: Frame): string {
  if (name === "ul") return `ul ${first} > `;
  if (name === "ol" || name === "table") return `${name} ${first},${second} > `;
  return `${name} > `;
}

function startOf({ name, attribs }: Element): number {
  const start = name === "ol" ? Number.parseInt(attribs.start ?? "", 10) : 1;
  return Number.isNaN(start) ? 1 : start;
}

/** One spelling for what is one address. */
function address(url: string): string {
  return destination(url).replaceAll("(", "%28").replaceAll(")", "%29");
}
