/**
 * Tables of GFM: one head, rows of cells, one line in each. Turndown alone flattens them; its GFM
 * plugin splits a cell at `|`, breaks the table at a line break or a second paragraph, and throws
 * on an empty one.
 */
import type { Element } from "domhandler";
import { elementsOf, isElement, names, parentOf, sourceText, traverse } from "../extract/nodes.js";
import { isDropped, isHidden } from "./elements.js";
import { escapeWithin } from "./inline.js";
import type { Losses } from "./losses.js";
import { languageOf, type Setting } from "./marks.js";
import { LightElement, type Rule } from "./tree.js";

export const tableRule: Rule = {
  filter: "table",
  replacement: (content) => `\n\n${content}\n\n`,
};

/** The line below the head says how columns are set. */
export const rowRule: Rule = {
  filter: "tr",
  replacement: (content, row) => {
    if (row.prev !== null) return `${content}|\n`;
    const columns = row.elements.map(columnLine);
    return `${content}|\n${columns.join("")}|\n`;
  },
};

function columnLine({ attribs }: LightElement): string {
  return `| ${LINES[attribs.align ?? ""] ?? "---"} `;
}

const LINES: Readonly<Record<string, string>> = { left: ":---", center: ":---:", right: "---:" };

/** A table is split into cells before anything else is read, so code does not protect `|`. */
export const cellRule: Rule = {
  filter: "td",
  replacement: (content) => (content === "" ? "|  " : `| ${content.replaceAll("|", "\\|")} `),
};

/** What a cell of Markdown has no place for. */
const TOO_MUCH = names(
  "table ul ol menu dir dl pre listing xmp plaintext blockquote h1 h2 h3 h4 h5 h6 hr figure details caption",
);

type BuildCell = (cell: Element) => LightElement;

/**
 * A table of the light tree: rows of cells, the first row being the head (an empty one when the
 * page has none).
 *
 * @returns "html" when it must stay HTML; null when there is nothing in it
 */
export function tableOf(
  table: Element,
  setting: Setting,
  losses: Losses,
  buildCell: BuildCell,
): LightElement | "html" | null {
  const rows = rowsOf(table);
  if (!hasContent(table)) return null;
  if (isTooMuch(table, rows, setting)) return "html";
  const cells = rows.map((row) => cellsOf(row).map((cell) => lightCell(cell, buildCell)));
  const width = cells.reduce((widest, { length }) => Math.max(widest, length), 0);
  const light = new LightElement("table");
  if (!isHead(rows[0])) light.append(lightRow([], width));
  for (const row of cells) {
    const held = row.filter((cell) => cell !== null);
    if (held.length < row.length) return "html";
    light.append(lightRow(held, width));
  }
  const heads = rows
    .slice(1)
    .flatMap(cellsOf)
    .filter(({ name }) => name === "th");
  if (heads.length > 0) losses.add("flattened", "row header", heads);
  return light;
}

/** A row that is all head cells, or is inside the head. */
function isHead(row: Element | undefined): boolean {
  if (row === undefined) return false;
  const cells = cellsOf(row);
  const isAllHead = cells.length > 0 && cells.every(({ name }) => name === "th");
  return isAllHead || parentOf(row)?.name === "thead";
}

/** Children of an element that are shown and whose name fits. */
function shown({ children }: Element, name: RegExp): Element[] {
  return children.filter(isElement).filter((child) => name.test(child.name) && !isHidden(child));
}

function rowsOf(table: Element): Element[] {
  return shown(table, /^t(r|head|body|foot)$/).flatMap((part) =>
    part.name === "tr" ? [part] : shown(part, /^tr$/),
  );
}

function cellsOf(row: Element): Element[] {
  return shown(row, /^t[dh]$/);
}

const SHOWS = names("img iframe video audio object embed math input");

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
  let found = languageOf(table, around) !== null;
  traverse(table.children, (node) => {
    if (!isElement(node) || isDropped(node)) return false;
    const { colspan, rowspan } = node.attribs;
    found ||=
      TOO_MUCH.has(node.name) && (node.name !== "caption" || sourceText([node]).trim() !== "");
    found ||= [colspan, rowspan].some((span) => span !== undefined && span.trim() !== "1");
    found ||= /^t/.test(node.name) && languageOf(node, around) !== null;
    return !found;
  });
  return found;
}

/** @returns null when the cell holds more than one block */
function lightCell(cell: Element, buildCell: BuildCell): LightElement | null {
  const [block, ...others] = buildCell(cell).elements;
  if (others.length > 0 || (block !== undefined && (block.name !== "p" || block.tags))) return null;
  if (block !== undefined) spellCode(block);
  const light = new LightElement("td", alignment(cell), [...(block?.children ?? [])]);
  light.ids = block?.ids ?? [];
  return light;
}

/** `\\|` in backticks: markdown-it reads a bar, micromark the end of the cell. In tags both read the same. */
function spellCode(block: LightElement): void {
  for (const node of elementsOf(block.children)) {
    if (!(node instanceof LightElement) || node.name !== "code" || node.tags) continue;
    if (!sourceText([node]).includes("\\|")) continue;
    node.tags = true;
    escapeWithin(node);
  }
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
