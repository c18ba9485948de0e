/** Images. Text and title are on one line: a blank line in either would end the image. */
import { escapeDestination, escapeText, titlePart } from "./escape.js";
import type { Rule } from "./tree.js";

export const imageRule: Rule = {
  filter: "img",
  replacement: (_content, { attribs: { src = "", alt = "", title } }) => {
    const text = escapeText(alt.replace(/\s+/g, " ").trim(), true, false);
    return `![${text}](${escapeDestination(src)}${titlePart(title)})`;
  },
};
