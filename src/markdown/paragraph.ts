/** Paragraphs. What begins a block is escaped on the finished line: Turndown does it for each text node, and takes `1<span>. x</span>` for a list. */
import type { Rule } from "turndown";
import { escapeLines } from "./escape.js";
import type { LightElement } from "./tree.js";

export const paragraphRule: Rule = {
  filter: "p",
  replacement: (content, node) => {
    const text = escapeLines(content);
    return (node as unknown as LightElement).tight ? `\n${text}\n` : `\n\n${text}\n\n`;
  },
};
