/** Walking the nodes of a tree, and collecting their text. Nothing recurses: pages nest deeper than a call stack. */
import type { AnyNode, Element } from "domhandler";

export function isElement(node: AnyNode): node is Element {
  return node.type === "tag" || node.type === "script" || node.type === "style";
}

/** The element that holds a node; null at the top of a page or a fragment. */
export function parentOf({ parent }: AnyNode): Element | null {
  return parent !== null && isElement(parent) ? parent : null;
}

/** True when one of some elements is an ancestor of the node, or the node itself. */
export function isInside(node: AnyNode, elements: ReadonlySet<AnyNode>): boolean {
  for (let at: AnyNode | null = node; at !== null; at = at.parent)
    if (elements.has(at)) return true;
  return false;
}

/**
 * Visits nodes in document order.
 *
 * @param enter says whether to visit what is below a node; a function does, and is called when that is done
 */
export function traverse(
  nodes: readonly AnyNode[],
  enter: (node: AnyNode) => boolean | (() => void),
): void {
  const stack: { nodes: readonly AnyNode[]; at: number; leave: boolean | (() => void) }[] = [
    { nodes, at: 0, leave: true },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = top.nodes[top.at++];
    if (node === undefined) {
      stack.pop();
      if (typeof top.leave === "function") top.leave();
      continue;
    }
    const leave = enter(node);
    if (leave !== false && isElement(node)) stack.push({ nodes: node.children, at: 0, leave });
  }
}

/** All elements among nodes and below them, in document order. */
export function elementsOf(nodes: readonly AnyNode[]): Element[] {
  const found: Element[] = [];
  traverse(nodes, (node) => {
    if (isElement(node)) found.push(node);
    return true;
  });
  return found;
}

/** Names of elements, from a list with blanks between them. */
export function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

export const UNSEEN = names("script style template noscript head");
export const BREAKING = names(
  "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul",
);

/**
 * Text of nodes as a reader sees it: white space collapsed as HTML does (no-break spaces stay), a
 * space where a block or a line ends, trimmed.
 *
 * @returns an empty string when there are no words
 */
export function textOf(nodes: readonly AnyNode[]): string {
  const parts: string[] = [];
  const space = () => void parts.push(" ");
  traverse(nodes, (node) => {
    if (node.type === "text") parts.push(node.data);
    if (!isElement(node) || UNSEEN.has(node.name)) return false;
    if (!BREAKING.has(node.name)) return true;
    space();
    return space;
  });
  return collapse(parts.join(""));
}

/** Text of nodes as it is in the source, scripts included; a line break is a new line. */
export function sourceText(nodes: readonly AnyNode[]): string {
  const parts: string[] = [];
  traverse(nodes, (node) => {
    if (node.type === "text") parts.push(node.data);
    else if (isElement(node) && node.name === "br") parts.push("\n");
    return true;
  });
  return parts.join("");
}

/** Collapses the white space of HTML (https://infra.spec.whatwg.org/#ascii-whitespace) and trims; trims no-break spaces too. */
export function collapse(text: string): string {
  const single = singleSpaced(text);
  // By hand: a pattern for the end of a text is tried at each place of a long run within it.
  let [start, end] = [0, single.length];
  while (start < end && isSpace(single.charCodeAt(start))) start++;
  while (end > start && isSpace(single.charCodeAt(end - 1))) end--;
  return single.slice(start, end);
}

/** White space of HTML as single spaces. A space that is one already is left: replacing it would cost as much as any other. */
export function singleSpaced(text: string): string {
  return text.replace(/[\t\n\f\r ]{2,}|[\t\n\f\r]/g, " ");
}

/** The same of all white space that Unicode knows. */
export function singleBlanks(text: string): string {
  return text.replace(/\s{2,}|[^\S ]/g, " ");
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0;
}

/** Folds what makes two printed texts look alike but differ: no-break spaces, runs of space, Unicode forms. */
export function fold(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\u200b]{2,}|[^\S ]|\u200b/g, " ")
    .trim();
}
