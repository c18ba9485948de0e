/** What stays HTML: blocks written by `sanitise.ts`, and tags around content that is Markdown. */
import type { Rule } from "turndown";
import { trimLines } from "./lines.js";
import { openTag } from "./sanitise.js";
import type { LightElement } from "./tree.js";

export const rawRule: Rule = {
  filter: (node) => (node as unknown as LightElement).html !== null,
  replacement: (_content, node) => {
    const { name, html } = node as unknown as LightElement;
    return name === "raw" ? `\n\n${html}\n\n` : (html ?? "");
  },
};

/**
 * A block's tags stand alone between blank lines, so that what is between them is read as Markdown.
 * Kramdown (Jekyll), Markdown Extra and Python-Markdown read it only where the tag asks for it.
 */
export const tagsRule: Rule = {
  filter: (node) => (node as unknown as LightElement).tags,
  replacement: (content, node) => {
    const element = node as unknown as LightElement;
    const open = openTag(element, element.name, undefined);
    const close = `</${element.name}>`;
    if (element.name !== "div" && element.name !== "details") return open + content + close;
    return `\n\n${open.slice(0, -1)} markdown="1">\n\n${trimLines(content)}\n\n${close}\n\n`;
  },
};

/** A box to tick at the start of an item (GFM 5.3); any other is among the tags above. */
export const taskRule: Rule = {
  filter: (node) => node.nodeName === "INPUT" && (node as unknown as LightElement).tight,
  replacement: (_content, node) =>
    (node as unknown as LightElement).attribs.checked === undefined ? "[ ] " : "[x] ",
};
