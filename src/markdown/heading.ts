/** Headings: one line. Turndown cuts a heading in two at a break, and loses `#` at its end. */
import type { Rule } from "./tree.js";

export const headingRule: Rule = {
  filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
  replacement: (content, { name }) =>
    `\n\n${"#".repeat(Number(name[1]))} ${content.replace(/(^|\s)(#+)$/, "$1\\$2")}\n\n`,
};
