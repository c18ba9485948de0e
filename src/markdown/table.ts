/**
 * Tables of GFM. Turndown alone flattens them; its GFM plugin splits a cell at `|`, breaks the
 * table at a line break or a second paragraph, and throws on an empty one.
 */
import type { Rule } from "turndown";
import type { LightElement } from "./tree.js";

export const tableRule: Rule = {
  filter: "table",
  replacement: (content) => `\n\n${content}\n\n`,
};

/** The line below the head says how columns are set. */
export const rowRule: Rule = {
  filter: "tr",
  replacement: (content, node) => {
    const row = node as unknown as LightElement;
    if (row.prev !== null) return `${content}|\n`;
    const columns = (row.children as LightElement[]).map((cell) => columnLine(cell));
    return `${content}|\n${columns.join("")}|\n`;
  },
};

function columnLine({ attribs }: LightElement): string {
  return `| ${LINES[attribs.align ?? ""] ?? "---"} `;
}

const LINES: Readonly<Record<string, string>> = { left: ":---", center: ":---:", right: "---:" };

/** A table is split into cells before anything else is read, so code is no shelter for `|`. */
export const cellRule: Rule = {
  filter: "td",
  replacement: (content) => (content === "" ? "|  " : `| ${content.replaceAll("|", "\\|")} `),
};
