/** Links. Turndown leaves line ends and `&copy;` in an address, and drops one that is empty. */
import type { Rule } from "turndown";
import { destination, quoted } from "./destination.js";
import type { LightElement } from "./tree.js";

export const linkRule: Rule = {
  filter: "a",
  replacement: (content, node) => {
    const { href = "", title } = (node as unknown as LightElement).attribs;
    return `[${content}](${destination(href)}${quoted(title)})`;
  },
};
