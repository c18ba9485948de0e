/**
 * Lists and items. Turndown's own lose an empty item, the blank line that a list from 6 on needs
 * below text, and the line end after a list inside an item; it looks for an item's number among
 * all its siblings, which takes quadratic time.
 */
import { indent, trimLines } from "./lines.js";
import { LightElement, type Rule } from "./tree.js";

export const listRule: Rule = {
  filter: ["ul", "ol"],
  replacement: (content, { tight }) => (tight ? `\n${content}\n` : `\n\n${content}\n\n`),
};

/** Further lines are indented to the text, not to the marker. */
export const itemRule: Rule = {
  filter: "li",
  replacement: (content, { marker, tight }) => {
    const text = trimLines(content);
    const item = text === "" ? marker.trimEnd() : marker + indent(text, " ".repeat(marker.length));
    return tight ? `${item}\n` : `${item}\n\n`;
  },
};

/** Nine digits are read as a number of a list (CommonMark 5.2). */
const MAX_NUMBER = 999_999_999;

/**
 * Gives every item of a list its marker, and says where no blank line belongs.
 *
 * @returns why the list must stay HTML; null when Markdown can hold it
 */
export function arrangeList(list: LightElement): string | null {
  const items = list.elements;
  const numbers = list.name === "ol" ? numbersOf(list, items) : [];
  if (typeof numbers === "string") return numbers;
  list.marker = markerOf(list);
  items.forEach((item, at) => {
    item.marker = list.name === "ol" ? `${numbers[at]}${list.marker} ` : `${list.marker} `;
  });
  const isTight = items.map(settleItem).every(Boolean);
  for (const item of items) item.tight = isTight;
  return null;
}

/** Markdown counts on from the first number. */
function numbersOf(list: LightElement, items: readonly LightElement[]): number[] | string {
  if (list.attribs.reversed !== undefined) return "reversed list";
  if (/^[^1]/.test(list.attribs.type ?? "")) return `list numbered ${list.attribs.type}`;
  const start = integer(items[0]?.attribs.value) ?? integer(list.attribs.start) ?? 1;
  if (start < 0 || start + items.length - 1 > MAX_NUMBER) return "list numbers out of range";
  const counts = items.every((item, at) => {
    const value = integer(item.attribs.value);
    return value === null || value === start + at;
  });
  if (!counts) return "list with numbers of its own";
  list.attribs = start === 1 ? {} : { start: String(start) };
  for (const item of items) item.attribs = {};
  return items.map((_, at) => start + at);
}

function integer(text: string | undefined): number | null {
  const number = Number.parseInt(text ?? "", 10);
  return Number.isNaN(number) ? null : number;
}

/** Another marker than that of the list right before it: else the two are one list. */
function markerOf(list: LightElement): string {
  const [first, second] = list.name === "ol" ? [".", ")"] : ["-", "+"];
  const before = list.prev;
  const touches = before instanceof LightElement && before.name === list.name;
  return (touches && before.marker === first ? second : first) as string;
}

/** @returns true when the item is a line of text, with or without a list below */
function settleItem(item: LightElement): boolean {
  const blocks = item.elements;
  const [first, second] = blocks;
  const text = first?.name === "p" && first.tight ? first : undefined;
  const below = text === undefined ? first : second;
  const isPlain =
    blocks.length === (text === undefined ? 0 : 1) + (below === undefined ? 0 : 1) &&
    (below === undefined || below.name === "ul" || below.name === "ol");
  if (!isPlain) {
    for (const block of blocks) block.tight = false;
    return false;
  }
  if (below !== undefined) below.tight = text === undefined || interrupts(below);
  return true;
}

/** Only a list that starts at 1 with a filled item may follow text without a blank line (CommonMark 5.2). */
function interrupts(list: LightElement): boolean {
  const [first] = list.children;
  return (
    list.attribs.start === undefined && first instanceof LightElement && first.children.length > 0
  );
}
