/** What a body says, or a title, that is a field of its own: its box is drawn too wide. */
import type { Element } from "domhandler";
import type { FieldName, Reading, Readings } from "../model.js";
import { fold, isElement, textOf, traverse } from "./nodes.js";

/** A field that a body begins with, and the element that holds it there: `h1`, `p.date`; or a title that holds the date. */
export interface Repeat {
  readonly field: FieldName;
  readonly place: string;
  /** True where it is in the title, of which `place` is the selector. */
  readonly isInTitle?: true;
}

const FIELDS = ["title", "date", "type"] as const;
/** How many lines are looked at, and how long one may be before the text has begun. */
const LINES = 5;
const LONGEST = 200;

/** Fields that are among the first short lines of a body, each as its whole line. */
export function repeatsIn(readings: Readings): Repeat[] {
  const found = new Map<FieldName, Repeat>();
  for (const { element, text } of firstLines(readings.body?.nodes ?? []))
    for (const field of FIELDS)
      if (!found.has(field) && isSame(readings[field], text))
        found.set(field, { field, place: placeOf(element) });
  const { title } = readings;
  const dated: Repeat[] = title?.holdsDate
    ? [{ field: "date", place: title.selector, isInTitle: true }]
    : [];
  return [...found.values(), ...dated];
}

function firstLines(nodes: NonNullable<Reading["nodes"]>): { element: Element; text: string }[] {
  const lines: { element: Element; text: string }[] = [];
  let hasBegun = false;
  traverse(nodes, (node) => {
    if (hasBegun || !isElement(node)) return false;
    if (node.children.some((child) => isElement(child) && HOLDS_LINES.test(child.name)))
      return true;
    const text = fold(textOf([node]));
    if (text === "") return false;
    hasBegun = text.length > LONGEST || lines.length === LINES;
    if (!hasBegun) lines.push({ element: node, text });
    return false;
  });
  return lines;
}

const HOLDS_LINES =
  /^(address|article|aside|div|dl|fieldset|figure|footer|form|h[1-6]|header|hgroup|main|nav|ol|p|section|table|tbody|tr|td|time|ul|li)$/;

function isSame(reading: Reading | undefined, text: string): boolean {
  if (reading === undefined) return false;
  return [reading.raw, reading.printed].some(
    (words) => fold(words).toLowerCase() === text.toLowerCase(),
  );
}

function placeOf({ name, attribs }: Element): string {
  const first = attribs.class?.trim().split(/\s+/)[0] ?? "";
  return /^[a-z][\w-]*$/i.test(first) ? `${name}.${first}` : name;
}
