/** Rules between blocks. Three hyphens would begin front matter at the top, and make a heading of text above. */
import type { Rule } from "turndown";

export const ruleRule: Rule = { filter: "hr", replacement: () => "\n\n***\n\n" };
