/**
 * The light tree that Turndown walks: domhandler's own nodes with the few members of a browser's
 * DOM that Turndown asks for. The article is parsed once; Turndown never sees a string of HTML,
 * which it would parse again with a parser of its own (a third of its time, and it throws on
 * `<frameset>`).
 */
import { type ChildNode, Element, Text } from "domhandler";

/** An element of the light tree. Names are lower case; `nodeName` is upper case, as in a DOM. */
export class LightElement extends Element {
  readonly nodeName: string;
  /** Written as tags around content that is still Markdown. */
  tags = false;
  /** No blank line belongs around it: text that stood bare in a list item, a list below it. */
  tight = false;
  /** What begins a list item: `- `, `12. `. */
  marker = "";
  /** Sanitised HTML that stands for the whole element. */
  html: string | null = null;

  constructor(name: string, attributes: Record<string, string> = {}, children: ChildNode[] = []) {
    super(name, attributes, []);
    this.nodeName = name.toUpperCase();
    for (const child of children) this.append(child);
  }

  append(child: ChildNode): void {
    const last = this.children.at(-1) ?? null;
    child.parent = this;
    child.prev = last;
    child.next = null;
    if (last !== null) last.next = child;
    this.children.push(child);
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
  constructor(children: ChildNode[] = []) {
    super("root", {}, children);
  }

  override get firstChild(): null {
    return null;
  }

  override cloneNode<T extends import("domhandler").Node>(this: T): T {
    return this;
  }
}

/**
 * Visits nodes in the order of the text without recursion: pages nest deeper than a call stack.
 *
 * @param enter says whether to go in
 * @param leave is called for each element that was gone into
 */
export function traverse(
  nodes: readonly ChildNode[],
  enter: (node: ChildNode) => boolean,
  leave: (element: Element) => void = () => {},
): void {
  const stack: { nodes: readonly ChildNode[]; at: number; parent: Element | null }[] = [
    { nodes, at: 0, parent: null },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = top.nodes[top.at++];
    if (node === undefined) {
      stack.pop();
      if (top.parent !== null) leave(top.parent);
    } else if (enter(node) && isElement(node)) {
      stack.push({ nodes: node.children, at: 0, parent: node });
    }
  }
}

export function isElement(node: ChildNode): node is Element {
  return node.type === "tag" || node.type === "script" || node.type === "style";
}

/** All text below nodes, as it stands; a break is a new line. */
export function textOf(nodes: readonly ChildNode[]): string {
  const parts: string[] = [];
  traverse(nodes, (node) => {
    if (node.type === "text") parts.push(node.data);
    else if (isElement(node) && node.name === "br") parts.push("\n");
    return true;
  });
  return parts.join("");
}
