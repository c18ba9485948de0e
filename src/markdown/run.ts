/** Collects a run of inline content from a page's nodes, as leaves with the formatting that holds on each. */
import type { Element } from "domhandler";
import { anchor, anchorOf } from "./anchors.js";
import { MAX_MARKS, PLAYS } from "./elements.js";
import { type Anchor, isSolid, type Leaf } from "./inline.js";
import type { Losses } from "./losses.js";
import { type Mark, marksOf, type Setting, styledMarks } from "./marks.js";
import { sanitise } from "./sanitise.js";
import { LightElement } from "./tree.js";
import { imageUrl } from "./urls.js";

/** What a conversion knows beside the nodes. */
export interface Context {
  /** URL that relative ones start from. */
  readonly base: string | undefined;
  /** Ids that links of the same text lead to. */
  readonly linked: ReadonlySet<string>;
  /** Direction and language around the nodes. */
  readonly setting: Setting;
  readonly losses: Losses;
}

export class Run {
  readonly #context: Context;
  #leaves: Leaf[] = [];
  /** Anchors of runs that showed nothing; they wait for the next one. */
  #anchors: Anchor[] = [];
  /** Ids that no link of the text leads to, for the next block that shows something. */
  #ids: string[] = [];
  #marks: readonly Mark[];
  #solids = 0;

  /** @param marks formatting around the blocks */
  constructor(context: Context, marks: readonly Mark[] = []) {
    this.#context = context;
    this.#marks = marks;
  }

  /** The formatting that holds here. */
  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get isLinked(): boolean {
    return this.#marks.some(({ name }) => name === "a");
  }

  text(text: string): void {
    this.#push({ kind: "text", text, marks: this.#marks });
  }

  /** @param tag true where the line must stay one line */
  lineBreak(tag: boolean): void {
    this.#push({ kind: "break", tag, marks: this.#marks });
  }

  atom(node: LightElement): void {
    this.#push({ kind: "atom", node, marks: this.#marks });
  }

  /** Keeps an element's name where links lead to it. */
  anchor(element: Element): void {
    const id = anchorOf(element, this.#context.linked);
    if (id !== null) this.#push({ kind: "anchor", node: anchor(id), marks: this.#marks });
    else if (element.attribs.id?.trim()) this.#ids.push(element.attribs.id.trim());
  }

  /** Notes a block that is not part of the run: a link around it is not empty. */
  passBlock(): void {
    this.#solids++;
  }

  #push(leaf: Leaf): void {
    this.#leaves.push(leaf);
    if (isSolid(leaf)) this.#solids++;
  }

  /** Ends the run. @returns its leaves; null when it shows nothing */
  end(): Leaf[] | null {
    const leaves = this.#leaves;
    this.#leaves = [];
    if (leaves.some(isSolid)) return leaves;
    for (const leaf of leaves) if (leaf.kind === "anchor") this.#anchors.push(leaf);
    return null;
  }

  takeAnchors(): Anchor[] {
    const anchors = this.#anchors;
    this.#anchors = [];
    return anchors;
  }

  takeIds(): string[] {
    const ids = this.#ids;
    this.#ids = [];
    return ids;
  }

  /**
   * Enters an inline element.
   *
   * @param around direction and language of the block
   * @returns what is to be done at its end
   */
  enter(element: Element, around: Setting): () => void {
    const { base, losses } = this.#context;
    this.anchor(element);
    const before = this.#marks;
    for (const mark of marksOf(element, base, around)) this.#mark(mark, element);
    const solids = this.#solids;
    const href = element.name === "a" ? element.attribs.href : undefined;
    if (href !== undefined && this.#marks === before) losses.add("dropped", "unsafe address", href);
    return () => {
      this.#marks = before;
      if (href !== undefined && this.#solids === solids) losses.add("dropped", "empty link", href);
    };
  }

  /** Enters a block that its style formats. @returns what is to be done at its end */
  enterStyled(element: Element): () => void {
    const before = this.#marks;
    for (const mark of styledMarks(element)) this.#mark(mark, element);
    return () => {
      this.#marks = before;
    };
  }

  #mark(mark: Mark, element: Element): void {
    if (this.#marks.some(({ key }) => key === mark.key)) return;
    if (this.#marks.length >= MAX_MARKS) {
      this.#context.losses.add("flattened", mark.name, "");
      return;
    }
    if (mark.tags) this.#context.losses.add("html", mark.name, [element]);
    // A link cannot be inside a link.
    const others = mark.name === "a" ? this.#marks.filter(({ name }) => name !== "a") : this.#marks;
    this.#marks = [...others, mark];
  }

  image(element: Element): void {
    const { base, losses } = this.#context;
    this.anchor(element);
    const src = imageUrl(element, base);
    const { alt = "", title } = element.attribs;
    if (src === null) losses.add("dropped", "image without address", alt);
    else this.atom(new LightElement("img", { src, alt, ...(title ? { title } : {}) }));
  }

  /** @returns true when the element shows nothing, and what is inside is to be read */
  embed(element: Element): boolean {
    const { base, losses } = this.#context;
    const html = sanitise([element], base).replaceAll("\n", "");
    if (PLAYS.has(element.name) && !/<[^>]* (src|data)="/.test(html)) {
      losses.add("dropped", element.name, [element]);
      // Words beside a player that cannot be shown are still words.
      return element.name !== "iframe";
    }
    losses.add("html", element.name, [element]);
    this.#html(new LightElement(element.name), html);
    return false;
  }

  input(element: Element): void {
    const { type, checked } = element.attribs;
    if (type?.toLowerCase() !== "checkbox") {
      this.#context.losses.drop(element);
      return;
    }
    const state: Record<string, string> = checked === undefined ? {} : { checked: "" };
    const html = `<input type="checkbox"${checked === undefined ? "" : " checked"} disabled>`;
    this.#html(new LightElement("input", { type: "checkbox", ...state }), html);
  }

  #html(node: LightElement, html: string): void {
    node.html = html;
    this.atom(node);
  }
}
