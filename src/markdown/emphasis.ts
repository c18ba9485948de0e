/** Emphasis. Asterisks only: `in_tra_word` is not read. Where they would not be read, tags (`flanking.ts`). */
import type { Rule } from "./tree.js";

const delimited = (filter: "strong" | "em" | "del", delimiter: string): Rule => ({
  filter,
  replacement: (content) => `${delimiter}${content}${delimiter}`,
});

export const strongRule = delimited("strong", "**");
export const emRule = delimited("em", "*");
/** Two tildes: one is read by GitHub alone. */
export const delRule = delimited("del", "~~");
