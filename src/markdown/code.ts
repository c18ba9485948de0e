/** Code in a line. The fence is longer than any run of backticks inside, and blanks keep it apart from them. */
import type { Rule } from "./tree.js";

export const codeRule: Rule = {
  filter: "code",
  replacement: (content) => {
    const runs = new Set((content.match(/`+/g) ?? []).map(({ length }) => length));
    let length = 1;
    while (runs.has(length)) length++;
    const fence = "`".repeat(length);
    const space = /^`|`$/.test(content) ? " " : "";
    return `${fence}${space}${content}${space}${fence}`;
  },
};
