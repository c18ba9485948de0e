/** Paragraphs. What begins a block is escaped on the finished line: Turndown does it for each text node, and takes `1<span>. x</span>` for a list. */
import { escapeLines } from "./escape.js";
import type { Rule } from "./tree.js";

export const paragraphRule: Rule = {
  filter: "p",
  replacement: (content, { tight }) =>
    tight ? `\n${escapeLines(content)}\n` : `\n\n${escapeLines(content)}\n\n`,
};
