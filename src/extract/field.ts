/** One field: its ordered alternatives, the first that yields wins. */

import type { AnyNode, ChildNode, Element } from "domhandler";
import type { FieldName, Reading } from "../model.js";
import type { Alternative, FieldRules, Site } from "../site/site.js";
import { collapse, fold, isInside, textOf } from "./nodes.js";
import { firstMatch, type Tree } from "./tree.js";

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
  for (const way of rules[from]) {
    const nodes = inScope(tree, scope, way.select, nested);
    const groups = way.all && nodes.length > 0 ? [nodes] : nodes.map((node) => [node]);
    const yields = groups.flatMap((group) => {
      const raw = rawOf(group, way);
      const content = way.read === "html" && way.attribute === null ? contentOf(group, way) : null;
      return isEmpty(raw, content, rules.empty) ? [] : [{ group, raw, content }];
    });
    const first = yields[0];
    if (first === undefined) continue;
    const isOwn = way.read === "own" && way.attribute === null;
    sources?.set(name, isOwn ? ownTexts(first.group) : first.group);
    return {
      field: name,
      from,
      selector: way.select,
      attribute: way.attribute,
      matches: nodes.length,
      raw: first.raw,
      also: furtherOf(yields.map(({ raw }) => raw)),
      printed: way.attribute === null ? first.raw : textOf(first.group) || first.raw,
      nodes: first.content,
    };
  }
  return null;
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
  if (attribute === null) return textOf(group);
  return collapse(group.map((node) => node.attribs[attribute] ?? "").join(" "));
}

function ownTexts(group: readonly Element[]): ChildNode[] {
  return group.flatMap((node) => node.children.filter(isText));
}

function isText(node: ChildNode): boolean {
  return node.type === "text";
}

/** One element is a wrapper of its content; several are the content. */
function contentOf(group: readonly Element[], way: Alternative): readonly ChildNode[] {
  return way.all ? group : (group[0]?.children ?? []);
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
  sources?: Sources,
): Partial<Record<FieldName, Reading>> {
  const readings: Partial<Record<FieldName, Reading>> = {};
  for (const name of Object.keys(site.fields) as FieldName[]) {
    const reading = readField(tree, scope, name, site.fields[name], from, nested, sources);
    if (reading !== null) readings[name] = reading;
  }
  return readings;
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
      const href = node.attribs[way.attribute ?? "href"]?.trim();
      if (href !== undefined && href !== "" && !href.startsWith("#"))
        return { href, selector: way.select };
    }
  }
  return null;
}

/** The words that the first of some alternatives yields; null when none does. */
export function readWords(
  tree: Tree,
  scope: Element | null,
  ways: readonly Alternative[],
): string | null {
  for (const way of ways)
    for (const node of inScope(tree, scope, way.select, NONE)) {
      const words = rawOf([node], way);
      if (words !== "") return words;
    }
  return null;
}
