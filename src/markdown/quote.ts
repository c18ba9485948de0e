/** Quotations: every line gets its mark, empty ones too, so that none falls out. */

import { prefix, trimLines } from "./lines.js";
import type { Rule } from "./tree.js";

export const quoteRule: Rule = {
  filter: "blockquote",
  replacement: (content) => `\n\n${prefix(trimLines(content), "> ")}\n\n`,
};
