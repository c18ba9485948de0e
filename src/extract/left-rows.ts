/** What shows that a listing page has rows that are not read: elements like the rows, larger groups, and rows that become one. */
import type { AnyNode, Element } from "domhandler";
import type { Finding, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { isOfOne, urlKey } from "../url/url.js";
import { elementPath } from "./element-path.js";
import { readFields, readLink } from "./field.js";
import { fold, isElement, isInside, parentOf, textOf } from "./nodes.js";
import { isFurniture } from "./onward.js";
import { linkTarget, type Tree } from "./tree.js";

/** Longest and shortest words of an element that may be a row. */
const ROW_WORDS = { least: 15, most: 4_000 };
const HEADINGS = "h1, h2, h3, h4, h5, h6, [class*='title'], [class*='headline'], time, [datetime]";

/**
 * Siblings of the rows that the rules of the site read as they read rows, and that `listing.rows` does not match.
 *
 * @param rows elements that are rows, or were taken for them
 */
export function siblingsLeft(
  tree: Tree,
  rows: readonly Element[],
  read: readonly Row[],
  site: Site,
): Finding[] {
  const own = new Set<AnyNode>(rows);
  const names = new Set(rows.map(({ name }) => name));
  const known = new Set(read.flatMap(({ url }) => (url === null ? [] : [urlKey(url)])));
  const parents = new Set(rows.map(parentOf));
  const left = [...parents].flatMap((parent) =>
    (parent?.children ?? []).filter(
      (node): node is Element =>
        isElement(node) && !own.has(node) && names.has(node.name) && isRow(tree, node, known, site),
    ),
  );
  const [first] = left;
  if (first === undefined) return [];
  const title = readFields(tree, first, site, "listing").title?.raw ?? "";
  return [
    {
      finding: "rows-left",
      place: elementPath(first),
      count: left.length,
      message: `${left.length} ${left.length === 1 ? "element" : "elements"} beside the rows of ${tree.url} can be read as rows and ${left.length === 1 ? "is" : "are"} not matched by listing.rows, first "${title.slice(0, 80)}" at ${elementPath(first)}: widen listing.rows`,
    },
  ];
}

function isRow(tree: Tree, node: Element, known: ReadonlySet<string>, site: Site): boolean {
  const link = linkTarget(tree, readLink(tree, node, site.listing.link)?.href);
  if (link === null || known.has(urlKey(link)) || urlKey(link) === urlKey(tree.url)) return false;
  if (!isOfOne(link, site.origins)) return false;
  const title = readFields(tree, node, site, "listing").title?.raw ?? "";
  return title.length >= 3 && textOf([node]).length <= ROW_WORDS.most;
}

/** A group of like elements outside the rows, larger than they are, of which nearly each has a link of its own and what rows have. */
export function groupLeft(
  tree: Tree,
  rows: readonly Element[],
  read: readonly Row[],
  around: ReadonlySet<AnyNode>,
  site: Site,
): Finding[] {
  const own = new Set<AnyNode>(rows);
  const known = new Set(read.flatMap(({ url }) => (url === null ? [] : [urlKey(url)])));
  const groups = new Map<string, Element[]>();
  for (const node of tree.$("body *").toArray().filter(isElement)) {
    const parent = parentOf(node);
    if (parent === null || !/^(?:div|li|article|section|tr|dl|dt|p|a)$/.test(node.name)) continue;
    const key = `${stepOf(parent)} ${stepOf(node)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  for (const group of groups.values()) {
    if (group.length <= rows.length || group.length < 3) continue;
    const [first, second] = group as [Element, Element];
    if (
      isInside(second, new Set([first])) ||
      own.has(first) ||
      isInside(first, own) ||
      holds(group, rows)
    )
      continue;
    const targets = new Set<string>();
    const like = group.filter((node) => {
      const target = ownLink(tree, node, known, site);
      if (target === null) return false;
      targets.add(urlKey(target));
      return isTelling(tree, node);
    });
    const least = Math.max(rows.length + 1, Math.ceil(0.8 * group.length));
    if (like.length < least || targets.size < least || isFurniture(around, first)) continue;
    const place = elementPath(first);
    const sample = textOf([first]).slice(0, 80);
    const message = `${tree.url} has ${group.length} elements at ${place}, each with a link of its own, where listing.rows matches ${rows.length}; the first says "${sample}": are they the rows?`;
    return [{ finding: "rows-left", place, count: group.length, message }];
  }
  return [];
}

function holds(group: readonly Element[], rows: readonly Element[]): boolean {
  const all = new Set<AnyNode>(group);
  return rows.some((row) => isInside(row, all));
}

/** The first link of an element to a page of the site that no row leads to. */
function ownLink(tree: Tree, node: Element, known: ReadonlySet<string>, site: Site): string | null {
  for (const { attribs } of linksOf(tree, node).slice(0, 8)) {
    const target = attribs.href?.startsWith("#") ? null : linkTarget(tree, attribs.href);
    if (target === null || known.has(urlKey(target))) continue;
    if (isOfOne(target, site.origins)) return target;
  }
  return null;
}

function linksOf({ $ }: Tree, node: Element): Element[] {
  return node.name === "a" ? [node] : $(node).find("a[href]").toArray().filter(isElement);
}

/** True for an element with a heading or a date, or with words beside its link. */
function isTelling(tree: Tree, node: Element): boolean {
  const text = textOf([node]);
  if (text.length < ROW_WORDS.least || text.length > ROW_WORDS.most) return false;
  const links = linksOf(tree, node);
  if (links.length > 8) return false;
  return tree.$(node).find(HEADINGS).length > 0 || text.length > textOf(links).length + 20;
}

function stepOf({ name, attribs }: Element): string {
  return `${name}.${(attribs.class ?? "").split(/\s+/).sort().join(".")}`;
}

/**
 * Rows of a page that would become one entry: their links differ in the fragment alone, which a script reads and no
 * request sends, or not at all, though they name different articles.
 */
export function mergedRows(
  url: string,
  rows: readonly { readonly row: Row; readonly href: string | null }[],
): Finding[] {
  const groups = new Map<string, { titles: Set<string>; hrefs: Set<string> }>();
  for (const { row, href } of rows) {
    if (row.url === null) continue;
    const group = groups.get(urlKey(row.url)) ?? { titles: new Set(), hrefs: new Set() };
    const title = fold(row.readings.title?.raw ?? "");
    if (title !== "" && ![...group.titles].some((one) => isCut(one, title)))
      group.titles.add(title);
    group.hrefs.add(href ?? "");
    groups.set(urlKey(row.url), group);
  }
  return [...groups].flatMap(([place, { titles, hrefs }]) => {
    if (titles.size < 2) return [];
    const [first = "", second = ""] = hrefs;
    const how =
      hrefs.size > 1
        ? `they differ in what a script reads (${first}, ${second}), and no request sends that. Name another list whose links a server answers (a feed, a sitemap, the JSON that the script loads); or, where the rows say all that is wanted, \`"link": []\` of listing with \`"follow": false\` of article makes each row an entry`
        : `listing.link gives the same link for each (${first})`;
    return [
      {
        finding: "rows-merged",
        place,
        count: titles.size,
        message: `${titles.size} rows of ${url} with different titles ("${[...titles].slice(0, 2).join('", "')}") lead to one page, ${place}, and only the first is read: ${how}`,
      },
    ];
  });
}

/** True when one title is the other, or its beginning. */
function isCut(one: string, other: string): boolean {
  const [a, b] = [one, other].map((title) => title.toLowerCase().replace(/[\s.…]+$/, ""));
  return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
}
