/** Images. Text and title stand on one line: a blank line in either would end the image. */
import type { Rule } from "turndown";
import { destination, quoted } from "./destination.js";
import { escapeText } from "./escape.js";
import type { LightElement } from "./tree.js";

export const imageRule: Rule = {
  filter: "img",
  replacement: (_content, node) => {
    const { src = "", alt = "", title } = (node as unknown as LightElement).attribs;
    const text = alt.replace(/\s+/g, " ").trim();
    return `![${escapeText(text, true, false)}](${destination(src)}${quoted(title)})`;
  },
};
