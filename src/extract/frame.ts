/** What is around the rows of a counted listing page, and what a page without rows has instead. Pure. */
import type { Element } from "domhandler";
import type { Frame } from "../model.js";
import { collapse, isElement, parentOf, traverse } from "./nodes.js";
import { select } from "./select.js";
import type { Tree } from "./tree.js";

/** Different elements and lines of a page that are kept, and letters of a line. */
const [MOST_NAMES, MOST_LINES, MOST_LETTERS] = [1_000, 400, 80];

/** @param rows elements that are rows */
export function frameOf(tree: Tree, rows: readonly Element[]): Frame {
  const isWhole = select(tree.$, null, "head > title").length > 0;
  const inRows = new Set(rows);
  const [names, lines] = [new Set<string>(), new Set<string>()];
  traverse(select(tree.$, null, "body"), (node) => {
    if (isElement(node)) {
      if (inRows.has(node) || /^(?:script|style|template)$/.test(node.name)) return false;
      if (node.name !== "body" && names.size < MOST_NAMES) names.add(nameOf(node));
    } else if (node.type === "text" && lines.size < MOST_LINES) {
      const line = collapse(node.data).trim().slice(0, MOST_LETTERS);
      if (line !== "") lines.add(line);
    }
    return true;
  });
  const [first] = rows;
  const around = first === undefined ? [...names] : namesAround(first);
  return { isWhole, names: around, lines: [...lines] };
}

function namesAround(row: Element): string[] {
  const names: string[] = [];
  for (let at = parentOf(row); at !== null && at.name !== "body"; at = parentOf(at))
    names.push(nameOf(at));
  return names;
}

/** Numbers in names differ from page to page. */
function nameOf({ name, attribs }: Element): string {
  return `${name} ${attribs.id ?? ""} ${attribs.class ?? ""}`.replace(/\d+/g, "0").trim();
}
