/** Thematic breaks (`hr`). Three hyphens would begin front matter at the top, and make a heading of text above. */
import type { Rule } from "./tree.js";

export const thematicBreakRule: Rule = { filter: "hr", replacement: () => "\n\n***\n\n" };
