/** One field: its ordered alternatives, the first that yields wins. */

import type { AnyNode, ChildNode, Element } from "domhandler";
import type { FieldName, Part, Reading } from "../model.js";
import {
  type Alternative,
  type FieldRules,
  isReserved,
  type SingleKind,
  type Site,
} from "../site/site.js";
import { parseUrl } from "../text.js";
import { hrefOf, paragraphsOf } from "./data-tree.js";
import { imageSource } from "./images.js";
import { articleValue } from "./json-ld.js";
import { collapse, fold, isInside, sourceText, textOf } from "./nodes.js";
import { select } from "./select.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

/**
 * Reads one field in a scope.
 *
 * An alternative yields when it matches a node whose text, attribute or content is neither empty
 * nor one of the words that mean empty. Where it matches several, the first that yields is read.
 *
 * @param scope the row or the part of the page that holds the article; null for the whole page
 * @param nested rows of a list inside the scope, whose fields are not its own
 * @param sources takes the nodes whose words were read
 * @returns null when no alternative yields
 */
function readField(
  tree: Tree,
  scope: Element | null,
  name: FieldName,
  rules: FieldRules,
  from: "listing" | "article",
  nested: ReadonlySet<Element>,
  sources?: Sources,
): Reading | null {
  const { kind, of, empty } = rules;
  const isList = kind === "list";
  for (const way of rules[from]) {
    const nodes = inScope(tree, scope, way.select, nested);
    const isOne = way.all && !isList && nodes.length > 0;
    const groups = isOne ? [nodes] : nodes.map((node) => [node]);
    const yields = groups.flatMap((group) => {
      const words = wordsOf(tree, group, way, of);
      const content =
        way.read === "html" && way.attribute === null ? contentOf(tree, group, way) : null;
      return isEmpty(words.raw, content, empty) ? [] : [{ group, words, content }];
    });
    const first = yields[0];
    if (first === undefined) continue;
    const taken = isList ? yields : [first];
    const group = taken.flatMap((one) => one.group);
    const isOwn = way.read === "own" && way.attribute === null;
    sources?.set(name, isOwn ? ownTexts(group) : group);
    const reading = {
      field: name,
      from,
      selector: way.select,
      attribute: way.attribute,
      matches: nodes.length,
      raw: taken.map(({ words }) => words.raw).join(", "),
      also: isList ? [] : furtherOf(yields.map(({ words }) => words.raw)),
      printed: taken.map(({ words }) => words.printed).join(", "),
      nodes: first.content,
    };
    if (isReserved(name)) return reading;
    // A range may have an element for each of its ends.
    const whole = of === "range" && isOne ? group.map((node) => [node]) : null;
    const parts =
      whole?.map((one) => wordsOf(tree, one, way, of)) ?? taken.map(({ words }) => words);
    return { ...reading, parts: splitParts(parts, rules) };
  }
  return null;
}

/** What an element says, or several that are one: for the kinds that lead somewhere, their URL. */
function wordsOf(tree: Tree, group: readonly Element[], way: Alternative, of: SingleKind): Part {
  const named = LEADS.has(of) ? leadOf(tree, group[0], way, of) : null;
  if (named !== null) return named;
  const raw = rawOf(group, way);
  const printed = way.attribute === null ? raw : textOf(group) || raw;
  // An address in the words alone is one where it is whole.
  const target =
    LEADS.has(of) && /^(?:https?:\/\/|\/)\S+$/i.test(raw)
      ? (parseUrl(raw, tree.base)?.href ?? null)
      : null;
  return { raw, printed, target, alt: null, title: null };
}

/** Kinds whose value is where an element leads. */
const LEADS: ReadonlySet<SingleKind> = new Set(["url", "file", "image", "reference"]);

/** The URL that an element names, or the first element in it that names one; null where none does. */
function leadOf(
  tree: Tree,
  node: Element | undefined,
  { attribute, read }: Alternative,
  of: SingleKind,
): Part | null {
  if (node === undefined || read === "own") return null;
  const holder = attribute === null ? holderOf(tree, node, of) : node;
  if (holder === null) return null;
  const own = attribute === null ? ownUrl(holder, of) : (holder.attribs[attribute] ?? "");
  const raw = collapse(own);
  if (raw === "") return null;
  const printed = textOf([node]) || raw;
  const target = of === "url" ? (parseUrl(raw, tree.base)?.href ?? null) : linkTarget(tree, raw);
  const { alt, title } = holder.attribs;
  return { raw, printed, target, alt: alt?.trim() || null, title: title?.trim() || null };
}

function holderOf(tree: Tree, node: Element, of: SingleKind): Element | null {
  if (ownUrl(node, of) !== "") return node;
  const inner = select(tree.$, node, of === "image" ? "img" : "a[href]");
  return inner.find((one) => ownUrl(one, of) !== "") ?? null;
}

function ownUrl(node: Element, of: SingleKind): string {
  const { href = "", content = "" } = node.attribs;
  if (node.name === "meta") return content;
  return of === "image" && node.name !== "a" && node.name !== "link" ? imageSource(node) : href;
}

/** The values of a list whose text holds several. */
function splitParts(parts: readonly Part[], { split, empty }: FieldRules): readonly Part[] {
  if (split === null) return parts;
  return parts.flatMap((part) =>
    part.raw
      .split(split)
      .map((raw) => collapse(raw))
      .filter((raw) => !isEmpty(raw, null, empty))
      .map((raw) => ({ ...part, raw, printed: raw })),
  );
}

/** The nodes whose words each field was read from. */
export type Sources = Map<FieldName, readonly AnyNode[]>;

const NONE: ReadonlySet<Element> = new Set();

/** What a selector matches in a scope, but for what belongs to an element nested in it. */
function inScope(
  tree: Tree,
  scope: Element | null,
  selector: string,
  nested: ReadonlySet<Element>,
): Element[] {
  const { nodes } = firstMatch(tree.$, scope, [selector]);
  return nested.size === 0 ? nodes : nodes.filter((node) => !isInside(node, nested));
}

function furtherOf([first = "", ...rest]: readonly string[]): string[] {
  const other = new Set(rest.filter((raw) => raw !== "" && fold(raw) !== fold(first)));
  return [...other].slice(0, 3).map((raw) => raw.slice(0, 200));
}

function rawOf(group: readonly Element[], way: Alternative): string {
  const { attribute, read } = way;
  if (read === "own") return textOf(ownTexts(group));
  if (read === "json-ld") return articleValue(sourceText(group), attribute ?? "");
  if (attribute === null) return textOf(group);
  return collapse(group.map((node) => node.attribs[attribute] ?? "").join(" "));
}

/** The texts of elements that are in none of their children. */
export function ownTexts(group: readonly Element[]): ChildNode[] {
  return group.flatMap((node) => node.children.filter(isText));
}

function isText(node: ChildNode): boolean {
  return node.type === "text";
}

/** One element is a wrapper of its content; several are the content. */
function contentOf(tree: Tree, group: readonly Element[], way: Alternative): readonly ChildNode[] {
  if (way.all) return group;
  const nodes = group[0]?.children ?? [];
  // Text of JSON that has no tags has its paragraphs in its lines.
  const isPlain = tree.data?.format === "json" && nodes.every(isText);
  const text = isPlain ? sourceText(nodes) : "";
  return text.trim().includes("\n") ? paragraphsOf(text) : nodes;
}

const WORDLESS_CONTENT = new Set(["img", "iframe", "video", "audio", "object", "embed", "svg"]);

/** Words mean nothing, and there is no image or player in their place. */
function isEmpty(
  raw: string,
  content: readonly ChildNode[] | null,
  empty: readonly string[],
): boolean {
  const words = fold(raw);
  if (words !== "") return empty.some((text) => fold(text) === words);
  if (content === null) return true;
  const todo: ChildNode[] = [...content];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.type !== "tag") continue;
    if (WORDLESS_CONTENT.has(node.name)) return false;
    todo.push(...node.children);
  }
  return true;
}

/** Reads every field of a site in one scope. */
export function readFields(
  tree: Tree,
  scope: Element | null,
  site: Site,
  from: "listing" | "article",
  nested: ReadonlySet<Element> = NONE,
  sources: Sources = new Map(),
): Record<FieldName, Reading> {
  const readings: Record<FieldName, Reading> = {};
  for (const [name, rules] of Object.entries(site.fields)) {
    const reading = readField(tree, scope, name, rules, from, nested, sources);
    if (reading !== null) readings[name] = reading;
  }
  const { title, date } = readings;
  if (title && date && isAmong(date, sources.get("date") ?? [], title, sources.get("title") ?? []))
    readings.title = { ...title, holdsDate: true };
  return readings;
}

/** True when a date was read from inside the element of a title, and is some of its words. */
function isAmong(
  { printed }: Reading,
  inner: readonly AnyNode[],
  { attribute, raw }: Reading,
  outer: readonly AnyNode[],
): boolean {
  const box = new Set(outer);
  const isPart = inner.some((node) => !box.has(node) && isInside(node, box));
  return isPart && attribute === null && raw !== printed && raw.includes(printed);
}

/** The first link that an alternative gives in a scope, as written; null when none does. */
export function readLink(
  tree: Tree,
  scope: Element | null,
  ways: readonly Alternative[],
  nested: ReadonlySet<Element> = NONE,
): { href: string; selector: string } | null {
  for (const way of ways) {
    for (const node of inScope(tree, scope, way.select, nested)) {
      const name = way.attribute ?? "href";
      const href = (name === "href" ? hrefOf(node) : node.attribs[name])?.trim();
      if (href !== undefined && href !== "" && !href.startsWith("#"))
        return { href, selector: way.select };
    }
  }
  return null;
}

/** The words that the first of some alternatives yields on a page; null when none does. */
export function readWords(tree: Tree, ways: readonly Alternative[]): string | null {
  for (const way of ways)
    for (const node of select(tree.$, null, way.select)) {
      const words = rawOf([node], way);
      if (words !== "") return words;
    }
  return null;
}
