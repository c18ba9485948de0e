/** What stays HTML: blocks written by `sanitise.ts`, and tags around content that is Markdown. */
import { trimLines } from "./lines.js";
import { openTag } from "./sanitise.js";
import type { Rule } from "./tree.js";

export const rawRule: Rule = {
  filter: ({ html }) => html !== null,
  replacement: (_content, { name, html }) => (name === "raw" ? `\n\n${html}\n\n` : (html ?? "")),
};

/**
 * A block's tags are alone between blank lines, so that what is between them is read as Markdown.
 * Kramdown (Jekyll), Markdown Extra and Python-Markdown read it only where the tag asks for it.
 */
export const tagsRule: Rule = {
  filter: ({ tags }) => tags,
  replacement: (content, element) => {
    const open = openTag(element, element.name, undefined);
    const close = `</${element.name}>`;
    if (element.name !== "div" && element.name !== "details") return open + content + close;
    return `\n\n${open.slice(0, -1)} markdown="1">\n\n${trimLines(content)}\n\n${close}\n\n`;
  },
};

/** A box to tick at the start of an item (GFM 5.3); any other is among the tags above. */
export const taskRule: Rule = {
  filter: ({ name, tight }) => name === "input" && tight,
  replacement: (_content, { attribs }) => (attribs.checked === undefined ? "[ ] " : "[x] "),
};
