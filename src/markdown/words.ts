/** The words of a body, and nothing else: the one promise that is kept without looking at markup. */
import type { ChildNode } from "domhandler";
import { isDropped } from "./elements.js";
import { isElement, traverse } from "./tree.js";

/** Characters of a text, all white space taken out. */
export function wordsOf(nodes: readonly ChildNode[]): string {
  const parts: string[] = [];
  traverse(nodes, (node) => {
    if (node.type === "text") parts.push(node.data);
    return isElement(node) && !isDropped(node) && node.name !== "iframe";
  });
  return parts.join("").replace(/\s+/g, "");
}

/** Where two texts part, in words; null when they are equal. */
export function difference(source: string, markdown: string): string | null {
  if (source === markdown) return null;
  let at = 0;
  while (source[at] === markdown[at]) at++;
  const from = Math.max(0, at - 20);
  return `the words of the Markdown are not those of the page: expected "${source.slice(from, at + 40)}", found "${markdown.slice(from, at + 40)}"`;
}
