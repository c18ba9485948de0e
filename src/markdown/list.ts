/**
 * Lists and items. Turndown's own lose an empty item, the blank line that a list from 6 on needs
 * below text, and the line end behind a list inside an item; it looks for an item's number among
 * all its siblings, which takes quadratic time.
 */
import type { Rule } from "turndown";
import { indent, trimLines } from "./lines.js";
import type { LightElement } from "./tree.js";

export const listRule: Rule = {
  filter: ["ul", "ol"],
  replacement: (content, node) =>
    (node as unknown as LightElement).tight ? `\n${content}\n` : `\n\n${content}\n\n`,
};

/** Further lines stand below the text, not below the marker. */
export const itemRule: Rule = {
  filter: "li",
  replacement: (content, node) => {
    const { marker, tight } = node as unknown as LightElement;
    const text = trimLines(content);
    const item = text === "" ? marker.trimEnd() : marker + indent(text, " ".repeat(marker.length));
    return tight ? `${item}\n` : `${item}\n\n`;
  },
};
