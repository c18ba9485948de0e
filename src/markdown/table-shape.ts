/** Which tables Markdown can hold: one head, rows of cells, one line in each. */
import type { ChildNode, Element } from "domhandler";
import { isDropped, isHidden } from "./elements.js";
import { escapeWithin } from "./inline.js";
import { languageOf, type Setting } from "./language.js";
import type { Losses } from "./losses.js";
import { isElement, LightElement, textOf, traverse } from "./tree.js";

/** What a cell of Markdown has no place for. */
const TOO_MUCH = new Set(
  "table ul ol menu dir dl pre listing xmp plaintext blockquote h1 h2 h3 h4 h5 h6 hr figure details caption".split(
    " ",
  ),
);

/** Builds the blocks of one cell. */
type BuildCell = (nodes: readonly ChildNode[]) => LightElement;

/**
 * A table of the light tree: rows of cells, the first row being the head (an empty one when the
 * page has none).
 *
 * @returns a word for why it must stay HTML; null when there is nothing in it
 */
export function tableOf(
  table: Element,
  setting: Setting,
  losses: Losses,
  buildCell: BuildCell,
): LightElement | string | null {
  const rows = rowsOf(table);
  if (!hasContent(table)) return null;
  if (isTooMuch(table, rows, setting)) return "table";
  const cells = rows.map((row) => cellsOf(row).map((cell) => lightCell(cell, buildCell)));
  const width = cells.reduce((widest, { length }) => Math.max(widest, length), 0);
  const light = new LightElement("table");
  if (!isHead(rows[0])) light.append(lightRow([], width));
  for (const row of cells) {
    if (row.includes(null)) return "table";
    light.append(lightRow(row as LightElement[], width));
  }
  const heads = rows
    .slice(1)
    .flatMap(cellsOf)
    .filter(({ name }) => name === "th");
  if (heads.length > 0) losses.add("flattened", "row header", heads);
  return light;
}

/** A row that is all head cells, or stands in the head. */
function isHead(row: Element | undefined): boolean {
  if (row === undefined) return false;
  const cells = cellsOf(row);
  const { parent } = row;
  const inHead = parent !== null && "name" in parent && parent.name === "thead";
  return inHead || (cells.length > 0 && cells.every(({ name }) => name === "th"));
}

function rowsOf(table: Element): Element[] {
  const rows: Element[] = [];
  for (const node of table.children) {
    if (!isElement(node) || isHidden(node)) continue;
    if (node.name === "tr") rows.push(node);
    else if (/^t(head|body|foot)$/.test(node.name))
      rows.push(
        ...node.children.filter(
          (row): row is Element => isElement(row) && row.name === "tr" && !isHidden(row),
        ),
      );
  }
  return rows;
}

function cellsOf(row: Element): Element[] {
  return row.children.filter(
    (cell): cell is Element =>
      isElement(cell) && (cell.name === "td" || cell.name === "th") && !isHidden(cell),
  );
}

const SHOWS = new Set("img iframe video audio object embed math input".split(" "));

function hasContent(table: Element): boolean {
  let found = false;
  traverse(table.children, (node) => {
    if (node.type === "text") found ||= /[^\s\u00a0]/.test(node.data);
    if (!isElement(node) || isDropped(node)) return false;
    found ||= SHOWS.has(node.name);
    return !found;
  });
  return found;
}

/** Spans, a second head, a caption, or cells that hold more than a line. */
function isTooMuch(table: Element, rows: readonly Element[], around: Setting): boolean {
  if (rows.slice(1).some(isHead)) return true;
  let found = Object.keys(languageOf(table, around)).length > 0;
  traverse(table.children, (node) => {
    if (!isElement(node) || isDropped(node)) return false;
    const { colspan, rowspan } = node.attribs;
    found ||= TOO_MUCH.has(node.name) && (node.name !== "caption" || textOf([node]).trim() !== "");
    found ||= [colspan, rowspan].some((span) => span !== undefined && span.trim() !== "1");
    found ||= /^t/.test(node.name) && Object.keys(languageOf(node, around)).length > 0;
    return !found;
  });
  return found;
}

/** @returns null when the cell holds more than one block */
function lightCell(cell: Element, buildCell: BuildCell): LightElement | null {
  const { children } = buildCell(cell.children);
  const [block] = children as LightElement[];
  if (children.length > 1 || (block !== undefined && (block.name !== "p" || block.tags)))
    return null;
  if (block !== undefined) spellCode(block);
  return new LightElement("td", alignment(cell), [...(block?.children ?? [])] as ChildNode[]);
}

/** `\\|` in backticks: markdown-it reads a bar, micromark the end of the cell. In tags both read the same. */
function spellCode(block: LightElement): void {
  traverse(block.children, (node) => {
    const isCode = node instanceof LightElement && node.name === "code" && !node.tags;
    if (isCode && textOf([node]).includes("\\|")) {
      node.tags = true;
      escapeWithin(node);
    }
    return true;
  });
}

function alignment({ attribs }: Element): Record<string, string> {
  const style = /text-align\s*:\s*(left|right|center)/i.exec(attribs.style ?? "");
  const align = (style?.[1] ?? attribs.align ?? "").toLowerCase();
  return /^(left|right|center)$/.test(align) ? { align } : {};
}

function lightRow(cells: readonly LightElement[], width: number): LightElement {
  const missing = Array.from({ length: width - cells.length }, () => new LightElement("td"));
  return new LightElement("tr", {}, [...cells, ...missing]);
}
