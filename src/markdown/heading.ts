/** Headings: one line. Turndown cuts a heading in two at a break, and loses `#` at its end. */
import type { Rule } from "turndown";

export const headingRule: Rule = {
  filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
  replacement: (content, node) => {
    const level = "#".repeat(Number(node.nodeName[1]));
    return `\n\n${level} ${content.replace(/(^|\s)(#+)$/, "$1\\$2")}\n\n`;
  },
};
