/** Line breaks. Two blanks at the end of a line, as Turndown writes them, are lost by editors and between two breaks. */
import type { Rule } from "./tree.js";

export const breakRule: Rule = { filter: "br", replacement: () => "\\\n" };
