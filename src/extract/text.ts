/** The words of a piece of a page, as a reader sees them. */
import type { AnyNode } from "domhandler";
import { isElement } from "./tree.js";

const UNSEEN = new Set(["script", "style", "template", "noscript", "head"]);
const BREAKING = new Set(
  "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

/**
 * Text of nodes: white space collapsed as HTML does (no-break spaces stay), a space where a block
 * or a line ends, trimmed. Iterative, because pages nest deeper than the stack.
 *
 * @returns an empty string when there are no words
 */
export function textOf(nodes: readonly AnyNode[]): string {
  const parts: string[] = [];
  const todo: (AnyNode | " ")[] = [...nodes].reverse();
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node === " ") parts.push(" ");
    else if (node.type === "text") parts.push(node.data);
    else if (isElement(node)) {
      if (UNSEEN.has(node.name)) continue;
      const breaks = BREAKING.has(node.name);
      if (breaks) {
        parts.push(" ");
        todo.push(" ");
      }
      for (let i = node.children.length - 1; i >= 0; i--) {
        const child = node.children[i];
        if (child !== undefined) todo.push(child);
      }
    }
  }
  return collapse(parts.join(""));
}

/** Collapses the white space of HTML (https://infra.spec.whatwg.org/#ascii-whitespace) and trims; trims no-break spaces too. */
export function collapse(text: string): string {
  const single = text.replace(/[\t\n\f\r ]+/g, " ");
  // By hand: a pattern for the end of a text is tried at each place of a long run within it.
  let [start, end] = [0, single.length];
  while (start < end && isSpace(single.charCodeAt(start))) start++;
  while (end > start && isSpace(single.charCodeAt(end - 1))) end--;
  return single.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0;
}

/** Folds what makes two printed texts look alike but differ: no-break spaces, runs of space, Unicode forms. */
export function fold(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\u00a0\u200b\ufeff]+/g, " ")
    .trim();
}
