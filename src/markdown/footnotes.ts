/**
 * Footnotes as `[^1]`, on request. Pages write them as a link to an anchor below and a link back; what
 * is taken for one is judged by those pairs, never by a number in `sup` alone.
 */
import { type ChildNode, type Element, Text } from "domhandler";
import { elementsOf, isElement, parentOf, sourceText } from "../extract/nodes.js";
import { isBlock, nameOf } from "./elements.js";
import { indent } from "./lines.js";
import type { Losses } from "./losses.js";
import { LightElement } from "./tree.js";

/** One note: the link in the text with all that shows nothing else, and the block that it leads to. */
interface Note {
  readonly mark: Element;
  readonly block: Element;
  readonly backs: readonly Element[];
}

/**
 * Takes the notes out of nodes: each mark becomes `[^n]`, numbered in the order of the text, and
 * the blocks of the notes leave the tree.
 *
 * @returns the content of each note; null, and the nodes as they were, where there is none or
 *   where marks and notes are not one to one
 */
export function takeFootnotes(nodes: readonly ChildNode[], losses: Losses): ChildNode[][] | null {
  const notes = notesOf(nodes);
  if (notes === null) return null;
  const first = notes[0]?.block;
  for (const rule of first === undefined ? [] : rulesAbove(first)) remove(rule);
  return notes.map(({ mark, block, backs }, at) => {
    for (const back of backs) {
      losses.add("dropped", "link back from a footnote", [back]);
      remove(back);
    }
    remove(block);
    replace(mark, referenceTo(at + 1));
    return block.children;
  });
}

/** How many marks a reader of Markdown finds: in HTML they would be text. */
export function countReferences(root: LightElement): number {
  return elementsOf(root.children).filter(({ name }) => name === REFERENCE).length;
}

/** A note below the text; its further lines are indented by four blanks. */
export function footnote(number: number, markdown: string): string {
  return `[^${number}]: ${indent(markdown, "    ")}`;
}

const REFERENCE = "note-reference";

function referenceTo(number: number): LightElement {
  const reference = new LightElement(REFERENCE, {}, [new Text(`[^${number}]`)]);
  reference.html = `[^${number}]`;
  return reference;
}

function notesOf(nodes: readonly ChildNode[]): Note[] | null {
  const links: Element[] = [];
  const anchors = new Map<string, Element>();
  const order = new Map<Element, number>();
  for (const node of elementsOf(nodes)) {
    order.set(node, order.size);
    const { id, name, href } = node.attribs;
    for (const anchor of [id, node.name === "a" ? name : undefined])
      if (anchor && !anchors.has(anchor)) anchors.set(anchor, node);
    if (node.name === "a" && href?.startsWith("#")) links.push(node);
  }
  const targetOf = (link: Element) => anchors.get((link.attribs.href as string).slice(1));
  const linksTo = new Map<Element | undefined, Element[]>();
  for (const link of links) {
    const others = linksTo.get(targetOf(link));
    if (others === undefined) linksTo.set(targetOf(link), [link]);
    else others.push(link);
  }
  const notes: Note[] = [];
  for (const link of links) {
    const target = targetOf(link);
    if (target === undefined || !isShort(link)) continue;
    if ((order.get(target) ?? 0) < (order.get(link) ?? 0)) continue;
    const block = blockOf(target);
    if (block === null) continue;
    const mark = widest(link);
    const backs = [...elementsOf([mark]), ...around(mark)]
      .flatMap((target) => linksTo.get(target) ?? [])
      .filter((other) => isWithin(other, block))
      .map(widest);
    if (backs.length > 0 || isNamed(link.attribs.href as string, block))
      notes.push({ mark, block, backs });
  }
  return notes.length > 0 && areOneToOne(notes, links, targetOf) ? notes : null;
}

function areOneToOne(
  notes: readonly Note[],
  links: readonly Element[],
  targetOf: (link: Element) => Element | undefined,
): boolean {
  if (new Set(notes.map(({ block }) => block)).size < notes.length) return false;
  if (!notes.every(isWhole) || !areAlone(notes)) return false;
  // No other link may lead to what goes away.
  const inline = notes.flatMap(({ mark, backs }) => [mark, ...backs]);
  const gone = new Set(elementsOf(inline));
  for (const { block } of notes) gone.add(block);
  return links.every((link) => {
    const target = targetOf(link);
    return target === undefined || !gone.has(target) || gone.has(link);
  });
}

function around(element: Element): Element[] {
  const found: Element[] = [];
  for (let up = parentOf(element); up !== null; up = parentOf(up)) found.push(up);
  return found;
}

/** `1`, `[12]`, `*`, `iv`: a mark, not a title of a chapter. */
function isShort(link: Element): boolean {
  return /^[\p{L}\p{N}*†‡§]{1,4}$/u.test(bare(link));
}

/** Text without white space, brackets and stops. */
function bare(element: Element): string {
  return sourceText([element]).replace(/[\s[\]().:]/g, "");
}

/** An inline element with those around it that show nothing more, but brackets: `<sup>[<a>1</a>]</sup>`. */
function widest(link: Element): Element {
  let found = link;
  const text = bare(link);
  for (let up = parentOf(found); up !== null; up = parentOf(up)) {
    if (isBlock(up.name) || up.children.length > 5 || bare(up) !== text) break;
    found = up;
  }
  return found;
}

/** The item or paragraph that begins with an anchor, and Word's `div` around several paragraphs. */
function blockOf(anchor: Element): Element | null {
  let block: Element | null = anchor;
  while (block !== null && !isBlock(block.name)) block = parentOf(block);
  if (block === null || !/^(li|p|div)$/.test(block.name)) return null;
  const around = parentOf(block);
  if (block.name === "p" && around !== null && around.attribs.id && /^(li|div)$/.test(around.name))
    return around.children.find(isElement) === block ? around : null;
  return block;
}

/** A note without a link back is known by its name or by the list around it. */
function isNamed(href: string, block: Element): boolean {
  if (/^#_?(?:fn|ftn|edn|footnote|endnote)[-_:.]?\w{0,8}$/i.test(href)) return true;
  return [block, ...around(block)].some(({ attribs }) =>
    /(^|\s)(foot|end)notes?(\s|$)|doc-endnotes/.test(`${attribs.class} ${attribs.role}`),
  );
}

/** A link back may go when it is a sign or says what it is; words after the mark of a note may not. */
function isWhole({ mark, block, backs }: Note): boolean {
  const isSign = (back: Element) =>
    bare(back).length <= 4 || /back-?(link|ref)|footnote-?back|reversefootnote/.test(namesOf(back));
  const rest = sourceText([block]).replace(/\s/g, "").length;
  const gone = backs.reduce((sum, back) => sum + sourceText([back]).replace(/\s/g, "").length, 0);
  return !isWithin(mark, block) && backs.every(isSign) && rest > gone;
}

function namesOf(element: Element): string {
  return elementsOf([element])
    .map(({ attribs }) => `${attribs.class} ${attribs.role}`)
    .join(" ");
}

/** Items beside the notes would be counted anew; a note in a note would be lost with it. */
function areAlone(notes: readonly Note[]): boolean {
  const blocks = new Set<ChildNode>(notes.map(({ block }) => block));
  const items = notes.map(({ block }) => block).filter(({ name }) => name === "li");
  const lists = new Set(items.map(parentOf));
  return (
    notes.every(
      (note) => ![...around(note.block), ...around(note.mark)].some((up) => blocks.has(up)),
    ) &&
    [...lists].every((list) =>
      list?.children.every((node) => !isElement(node) || node.name !== "li" || blocks.has(node)),
    )
  );
}

/** The line that editors draw above their notes. */
function rulesAbove(block: Element): Element[] {
  return [block, parentOf(block)].flatMap((element) => {
    let before = element?.prev ?? null;
    while (before !== null && before.type !== "tag" && sourceText([before]).trim() === "")
      before = before.prev;
    return before !== null && isElement(before) && nameOf(before) === "hr" ? [before] : [];
  });
}

function isWithin(element: Element, outer: Element): boolean {
  return element === outer || around(element).includes(outer);
}

function remove(node: Element): void {
  const siblings = node.parent?.children;
  siblings?.splice(siblings.indexOf(node), 1);
}

function replace(node: Element, other: LightElement): void {
  const siblings = node.parent?.children;
  siblings?.splice(siblings.indexOf(node), 1, other);
  other.parent = node.parent;
}
