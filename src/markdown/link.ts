/** Links. Turndown leaves line ends and `&copy;` in a URL, and drops one that is empty. */
import { escapeDestination, titlePart } from "./escape.js";
import type { Rule } from "./tree.js";

export const linkRule: Rule = {
  filter: "a",
  replacement: (content, { attribs: { href = "", title } }) =>
    `[${content}](${escapeDestination(href)}${titlePart(title)})`,
};
