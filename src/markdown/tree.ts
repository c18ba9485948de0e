/**
 * The light tree that Turndown walks: domhandler's own nodes with the few members of a browser's
 * DOM that Turndown reads. The article is parsed once; Turndown never sees a string of HTML,
 * which it would parse again with a parser of its own (a third of its time, and it throws on
 * `<frameset>`).
 */
import { type ChildNode, Element, Text } from "domhandler";

/** How one construct is written: a rule of Turndown that is given elements of the light tree. */
export interface Rule {
  /** Names of elements in lower case, or a test. */
  readonly filter: string | readonly string[] | ((element: LightElement) => boolean);
  /** @param content what is inside the element, as Markdown */
  readonly replacement: (content: string, element: LightElement) => string;
}

/** An element of the light tree. Names are lower case; `nodeName` is upper case, as in a DOM. */
export class LightElement extends Element {
  readonly nodeName: string;
  /** Written as tags around content that is still Markdown. */
  tags = false;
  /** No blank line belongs around it: bare text in a list item, a list below it. */
  tight = false;
  /** What begins a list item: `- `, `12. `. */
  marker = "";
  /** Ids of what it was made from that no link of the text leads to; one of another text may. */
  ids: readonly string[] = [];
  /** Sanitised HTML that is written for the whole element. */
  html: string | null = null;

  constructor(
    name: string,
    attributes: Record<string, string> = {},
    children: readonly ChildNode[] = [],
  ) {
    super(name, attributes, []);
    this.nodeName = name.toUpperCase();
    for (const child of children) this.append(child);
  }

  /** A block that is written as it is. */
  static raw(html: string): LightElement {
    const raw = new LightElement("raw");
    raw.html = html;
    return raw;
  }

  append(child: ChildNode): void {
    const last = this.children.at(-1) ?? null;
    child.parent = this;
    child.prev = last;
    child.next = null;
    if (last !== null) last.next = child;
    this.children.push(child);
  }

  removeLast(): void {
    const last = this.children.pop();
    const before = this.children.at(-1);
    if (last !== undefined) last.prev = null;
    if (before !== undefined) before.next = null;
  }

  /** Its children that are elements: all of them, in a container of blocks. */
  get elements(): LightElement[] {
    return this.children.filter((child) => child instanceof LightElement);
  }

  /**
   * Never blank: Turndown drops what has no text, and moves white space out of inline elements, by
   * this member. Both were settled when the tree was made, so both questions get one short answer
   * instead of one that costs the whole text at every level (and quadratic time in a run of
   * no-break spaces).
   */
  get textContent(): string {
    return "-";
  }
}

/** Ids of an element of the light tree. */
export function idsOf(element: Element): readonly string[] {
  return element instanceof LightElement ? element.ids : [];
}

/** Text of the light tree: `data` as it reads, white space collapsed, and `nodeValue` as Markdown writes it. */
export class LightText extends Text {
  readonly nodeName = "#text";
  readonly #markdown: string;

  constructor(text: string, markdown = text) {
    super(text);
    this.#markdown = markdown;
  }

  get textContent(): string {
    return "-";
  }

  override get nodeValue(): string {
    return this.#markdown;
  }
}

/** What Turndown is given: it shows no first child, so that Turndown's own pass over white space has nothing to do, and it need not be copied. */
export class LightRoot extends LightElement {
  constructor(children: readonly ChildNode[] = []) {
    super("root", {}, children);
  }

  override get firstChild(): null {
    return null;
  }

  override cloneNode<T extends import("domhandler").Node>(this: T): T {
    return this;
  }
}
