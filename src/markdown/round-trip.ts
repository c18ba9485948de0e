/**
 * The round-trip check: Markdown is rendered back and compared with what it was made from. A block
 * that differs falls back to another form, from the smallest change to the largest: emphasis as
 * tags, the block as HTML.
 */
import type { ChildNode } from "domhandler";
import { elementsOf, names } from "../extract/nodes.js";
import { parse, render } from "./render.js";
import type { Context } from "./run.js";
import { sanitise } from "./sanitise.js";
import { type Structure, sameWords, structureOf, wordsOf } from "./structure.js";
import { idsOf, LightElement } from "./tree.js";
import { type Written, write } from "./turndown.js";

/**
 * Markdown of blocks, checked against the nodes that they were made from.
 *
 * @returns a problem when words are missing or invented
 */
export function writeChecked(
  nodes: readonly ChildNode[],
  root: LightElement,
  context: Context,
): Written & { readonly problem: string | null } {
  const expected = structureOf(nodes, context);
  let written = write(root.elements);
  let found = structureOf(render(written.markdown), context);
  if (!isSame(expected, found)) {
    for (const block of root.elements) fallBack(block, root, context);
    written = write(root.elements);
    found = structureOf(render(written.markdown), context);
    recordDifferences(expected, found, context);
  }
  countTags(root, context);
  return { ...written, problem: difference(expected, found) };
}

function isSame({ lines: a }: Structure, { lines: b }: Structure): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** True when a block's Markdown says what its HTML says. */
function roundTrips(block: LightElement, context: Context): boolean {
  const html = parse(sanitise([block], undefined));
  return isSame(structureOf(html, context), structureOf(render(write([block]).markdown), context));
}

const HOLDS_BLOCKS = names("ul ol li blockquote div details");

/** Changes a block, or as little of it as possible, until it makes the round trip. */
function fallBack(block: LightElement, parent: LightElement, context: Context): void {
  if (block.name === "raw" || roundTrips(block, context)) return;
  if (HOLDS_BLOCKS.has(block.name)) {
    // An item alone is not a block: the check needs its list around it.
    for (const child of block.elements)
      if (child.name === "li") for (const inner of child.elements) fallBack(inner, child, context);
      else fallBack(child, block, context);
  } else writeTags(block);
  if (roundTrips(block, context)) return;
  const raw = LightElement.raw(sanitise([block], undefined));
  raw.parent = parent;
  raw.ids = elementsOf([block]).flatMap(idsOf);
  parent.children[parent.children.indexOf(block)] = raw;
  context.losses.add("html", block.name, [block]);
}

/** Emphasis as tags, which no neighbour can break. */
function writeTags(element: LightElement): void {
  for (const child of element.elements) {
    if (child.html !== null) continue;
    if (/^(strong|em|del)$/.test(child.name)) child.tags = true;
    writeTags(child);
  }
}

/** Emphasis and code that are written as tags in the end. */
function countTags(root: LightElement, { losses }: Context): void {
  for (const node of elementsOf(root.children))
    if (node instanceof LightElement && node.tags && /^(strong|em|del|code)$/.test(node.name))
      losses.add("html", node.name, [node]);
}

/** What still differs is a loss. */
function recordDifferences(expected: Structure, found: Structure, { losses }: Context): void {
  const counts = new Map<string, number>();
  for (const line of found.lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of expected.lines) {
    const count = counts.get(line) ?? 0;
    if (count === 0) losses.add("flattened", "structure", line.replace(/[\u0001-\u0003]+/g, " "));
    else counts.set(line, count - 1);
  }
}

/** Where two texts part, in words; null when they are equal. */
function difference(expected: Structure, found: Structure): string | null {
  if (sameWords(expected, found)) return null;
  const [source, markdown] = [wordsOf(expected), wordsOf(found)];
  let at = 0;
  while (source[at] === markdown[at]) at++;
  const from = Math.max(0, at - 20);
  return `the words of the Markdown are not those of the page: expected "${source.slice(from, at + 40)}", found "${markdown.slice(from, at + 40)}"`;
}
