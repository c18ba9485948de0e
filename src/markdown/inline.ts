/**
 * One run of inline content: what a paragraph, a heading or a cell holds. A page nests formatting as
 * its editor clicked; here a run is a row of leaves, each with the marks that hold on it, and the
 * nesting is made anew. That alone merges `<b>A</b><b>B</b>` (Word; Turndown writes `**A****B**`),
 * drops bold in bold, keeps white space and breaks out of the edges of formatting (`**a **b` is no
 * emphasis), and takes formatting that wraps whole blocks into each of them.
 */
import type { ChildNode } from "domhandler";
import { singleSpaced } from "../extract/nodes.js";
import { escapeText } from "./escape.js";
import { chooseDelimiters } from "./flanking.js";
import type { Mark } from "./marks.js";
import { LightElement, LightText } from "./tree.js";

/** A piece of a run, with the formatting that holds on it. */
export type Leaf = { readonly marks: readonly Mark[] } & (
  | { readonly kind: "text"; readonly text: string }
  /** As a tag where a line must stay one line. */
  | { readonly kind: "break"; readonly tag: boolean }
  /** An image or something embedded. */
  | { readonly kind: "atom"; readonly node: LightElement }
  /** An anchor that links lead to; it takes no room. */
  | { readonly kind: "anchor"; readonly node: LightElement }
);

export type Anchor = Extract<Leaf, { kind: "anchor" }>;

/** A leaf is solid when it shows something. */
export function isSolid(leaf: Leaf): boolean {
  return leaf.kind === "atom" || (leaf.kind === "text" && /[^\s\u00a0]/.test(leaf.text));
}

/** Nodes of the light tree for a run; null when it shows nothing. Anchors alone are nothing. */
export function inlineNodes(run: readonly Leaf[]): ChildNode[] | null {
  const leaves = trimEdges(collapse(run));
  if (!leaves.some(isSolid)) return null;
  const settled = joinTexts(settleMarks(leaves));
  const nodes = nest(settled, 0, settled.length, []);
  chooseDelimiters(nodes);
  return nodes;
}

/** Collapses white space as a browser does (CSS Text 3, section 4.1.1), and sets it apart from words. */
function collapse(run: readonly Leaf[]): Leaf[] {
  const out: Leaf[] = [];
  let afterSpace = true;
  for (const leaf of run) {
    if (leaf.kind === "break") {
      dropLastSpace(out);
      afterSpace = true;
    }
    if (leaf.kind !== "text") {
      if (leaf.kind === "atom") afterSpace = false;
      out.push(leaf);
      continue;
    }
    for (const piece of wordsAndSpaces(singleSpaced(leaf.text))) {
      const kept: string = afterSpace && piece.startsWith(" ") ? piece.slice(1) : piece;
      if (kept === "") continue;
      out.push(kept === leaf.text ? leaf : { ...leaf, text: kept });
      afterSpace = kept.endsWith(" ");
    }
  }
  dropLastSpace(out);
  return out;
}

/**
 * Runs of white space, and what is between them; a single space between words belongs to them. By hand: an
 * expression for the words would keep a place to return to for each of a million.
 */
function wordsAndSpaces(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  SPACES.lastIndex = 0;
  for (let space = SPACES.exec(text); space !== null; space = SPACES.exec(text)) {
    if (space.index > from) pieces.push(text.slice(from, space.index));
    pieces.push(space[0]);
    from = SPACES.lastIndex;
  }
  if (from < text.length) pieces.push(from === 0 ? text : text.slice(from));
  return pieces;
}

/** White space, but a single space between words. */
const SPACES = /^\s+|\s+$|\s{2,}|[^\S ]/g;

function dropLastSpace(out: Leaf[]): void {
  let at = out.length - 1;
  while (out[at]?.kind === "anchor") at--;
  const last = out[at];
  if (last?.kind !== "text" || !last.text.endsWith(" ")) return;
  const text = last.text.slice(0, -1);
  out.splice(at, 1, ...(text === "" ? [] : [{ ...last, text }]));
}

/** Breaks and blanks at the edge of a block show nothing. */
function trimEdges(leaves: Leaf[]): Leaf[] {
  const first = leaves.findIndex(isSolid);
  const last = leaves.findLastIndex(isSolid);
  return leaves.filter((leaf, at) => leaf.kind === "anchor" || (at >= first && at <= last));
}

/** White space, breaks and anchors carry only the marks that hold on both sides of them. */
function settleMarks(leaves: readonly Leaf[]): readonly Leaf[] {
  if (leaves.every((leaf) => leaf.marks.length === 0 || isSolid(leaf))) return leaves;
  const before = nearest(leaves);
  const after = nearest(leaves.toReversed()).reverse();
  return leaves.map((leaf, at) => {
    if (isSolid(leaf) || leaf.marks.length === 0) return leaf;
    const both = (mark: Mark) => has(before[at], mark) && has(after[at], mark);
    const marks = leaf.marks.filter((mark) => (mark.tags && leaf.kind === "text") || both(mark));
    return { ...leaf, marks };
  });
}

/** The marks of the solid leaf before each place. */
function nearest(leaves: readonly Leaf[]): (readonly Mark[])[] {
  let marks: readonly Mark[] = [];
  return leaves.map((leaf) => {
    if (isSolid(leaf)) marks = leaf.marks;
    return marks;
  });
}

function has(marks: readonly Mark[] | undefined, mark: Mark): boolean {
  return marks?.some(({ key }) => key === mark.key) === true;
}

function sameMarks(a: Leaf, b: Leaf): boolean {
  return (
    a.marks === b.marks ||
    (a.marks.length === b.marks.length && a.marks.every((mark) => has(b.marks, mark)))
  );
}

/** Joins texts that touch, so that each is escaped with its neighbours in sight. */
function joinTexts(leaves: readonly Leaf[]): Leaf[] {
  const out: Leaf[] = [];
  for (let at = 0; at < leaves.length; at++) {
    const leaf = leaves[at] as Leaf;
    const follower = leaves[at + 1];
    if (leaf.kind !== "text" || follower?.kind !== "text" || !sameMarks(leaf, follower)) {
      out.push(leaf);
      continue;
    }
    const texts = [leaf.text];
    for (let next = leaves[at + 1]; next?.kind === "text" && sameMarks(leaf, next); ) {
      texts.push(next.text);
      next = leaves[++at + 1];
    }
    out.push({ ...leaf, text: texts.join("") });
  }
  return out;
}

/** Nests leaves anew: what holds longest goes outermost, so that nothing is opened twice without need; code goes innermost. */
function nest(
  leaves: readonly Leaf[],
  from: number,
  to: number,
  open: readonly Mark[],
): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (let at = from; at < to; ) {
    const leaf = leaves[at] as Leaf;
    let longest: { mark: Mark; end: number } | null = null;
    for (const mark of leaf.marks) {
      if (has(open, mark)) continue;
      const end = extent(leaves, at, to, mark);
      if (longest === null || end > longest.end || (end === longest.end && isCode(longest.mark)))
        longest = { mark, end };
    }
    if (longest === null) {
      nodes.push(leafNode(leaf, leaves[at + 1], open));
      at++;
      continue;
    }
    const { mark, end } = longest;
    const children = nest(leaves, at, end, [...open, mark]);
    const element = new LightElement(mark.name, { ...mark.attributes }, children);
    // `code` with something in it cannot be distinguished from its words in backticks.
    element.tags =
      mark.tags || (isCode(mark) && (children.length > 1 || children[0]?.type !== "text"));
    if (isCode(mark) && element.tags) escapeWithin(element);
    nodes.push(element);
    at = end;
  }
  return nodes;
}

function isCode(mark: Mark): boolean {
  return mark.name === "code";
}

/** Text that was spared as code, and is to be prose between tags. */
export function escapeWithin(element: LightElement): void {
  element.children.forEach((node, at, siblings) => {
    if (node instanceof LightElement) escapeWithin(node);
    if (!(node instanceof LightText)) return;
    const text = new LightText(node.data, escapeText(node.data, true, false));
    text.parent = element;
    siblings[at] = text;
  });
}

/** Where, from `from` on, a mark ends. */
function extent(leaves: readonly Leaf[], from: number, to: number, mark: Mark): number {
  let end = from;
  while (end < to && has(leaves[end]?.marks, mark)) end++;
  return end;
}

function leafNode(leaf: Leaf, next: Leaf | undefined, open: readonly Mark[]): ChildNode {
  if (leaf.kind === "break") {
    const node = new LightElement("br");
    if (leaf.tag) node.html = "<br>";
    return node;
  }
  if (leaf.kind !== "text") return leaf.node;
  if (open.some(isCode)) return new LightText(leaf.text);
  const within = open.some(({ name }) => name === "a");
  const linkFollows = !within && next?.marks.some(({ name }) => name === "a") === true;
  return new LightText(leaf.text, escapeText(leaf.text, within, linkFollows));
}
