/**
 * The proof: Markdown is rendered back and compared with what it was made from. What does not
 * survive is written another way, from the smallest change to the largest: emphasis as tags, the
 * block as HTML.
 */
import type { ChildNode } from "domhandler";
import type { Context } from "./build.js";
import { write } from "./engine.js";
import { factsOf } from "./facts.js";
import { parse, render } from "./render.js";
import { sanitise } from "./sanitise.js";
import { LightElement, traverse } from "./tree.js";
import { difference, wordsOf } from "./words.js";

/**
 * Markdown for blocks, held against the nodes that they were made from.
 *
 * @returns a problem when words are missing or invented
 */
export function prove(
  nodes: readonly ChildNode[],
  root: LightElement,
  context: Context,
): { markdown: string; problem: string | null } {
  const expected = factsOf(nodes, context);
  const words = wordsOf(nodes);
  const blocks = () => root.children as LightElement[];
  let markdown = write(blocks());
  let rendered = render(markdown);
  let found = factsOf(rendered, context);
  if (!isSame(expected, found)) {
    for (const block of [...blocks()]) mend(block, root, context);
    markdown = write(blocks());
    rendered = render(markdown);
    found = factsOf(rendered, context);
    record(expected, found, context);
  }
  countTags(root, context);
  return { markdown, problem: difference(words, wordsOf(rendered)) };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((fact, at) => fact === b[at]);
}

/** A block survives when its Markdown says what its HTML says. */
function survives(block: LightElement, context: Context): boolean {
  const html = parse(sanitise([block], undefined));
  return isSame(factsOf(html, context), factsOf(render(write([block])), context));
}

const HOLDS_BLOCKS = new Set(["ul", "ol", "li", "blockquote", "div", "details"]);

/** Changes a block, or as little of it as possible, until it survives. */
function mend(block: LightElement, parent: LightElement, context: Context): void {
  if (block.name === "raw" || survives(block, context)) return;
  if (HOLDS_BLOCKS.has(block.name)) {
    // An item alone is no block: the check wants its list around it.
    for (const child of [...block.children] as LightElement[]) {
      if (child.name === "li")
        for (const inner of [...child.children]) mend(inner as LightElement, child, context);
      else mend(child, block, context);
    }
  } else writeTags(block);
  if (survives(block, context)) return;
  const raw = new LightElement("raw");
  raw.html = sanitise([block], undefined);
  raw.parent = parent;
  parent.children[parent.children.indexOf(block)] = raw;
  context.losses.add("html", block.name, [block]);
}

/** Emphasis as tags, which no neighbour can break. */
function writeTags(element: LightElement): void {
  for (const child of element.children) {
    if (!(child instanceof LightElement) || child.html !== null) continue;
    if (/^(strong|em|del)$/.test(child.name)) child.tags = true;
    writeTags(child);
  }
}

/** Emphasis and code that stand as tags in the end. */
function countTags(root: LightElement, { losses }: Context): void {
  traverse(root.children, (node) => {
    if (node instanceof LightElement && node.tags && /^(strong|em|del|code)$/.test(node.name))
      losses.add("html", node.name, [node]);
    return true;
  });
}

/** What still differs is told, not hidden. */
function record(expected: readonly string[], found: readonly string[], { losses }: Context): void {
  const counts = new Map<string, number>();
  for (const fact of found) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  for (const fact of expected) {
    const count = counts.get(fact) ?? 0;
    if (count === 0) losses.add("flattened", "structure", fact.replace(/[\u0001-\u0003]+/g, " "));
    else counts.set(fact, count - 1);
  }
}
