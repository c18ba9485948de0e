/** The repeating rows of a listing page: groups of like elements, weighed by what a row of articles has. */
import type { Element } from "domhandler";
import { classesOf } from "../extract/class-names.js";
import { isElement, isInside, textOf } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import { count } from "../text.js";
import { holdsDate } from "./format.js";
import type { Choice, Picks } from "./proposal.js";
import { choiceOf, median, type Points, rank, sumOf, times } from "./rank.js";
import { exactSelector, isChrome } from "./selectors.js";

interface Group {
  readonly elements: readonly Element[];
  readonly points: Points;
}

/** Rows of a group that are weighed: more say nothing new. */
const WEIGHED = 40;
const BEST = 8;

/** Proposes the rows. @returns null when nothing on the page repeats */
export function proposeRows(tree: Tree, picks: Picks): { choice: Choice; rows: Element[] } | null {
  const groups = new Map<string, Group>();
  for (const group of repeatingGroups(tree)) {
    const selector = rowSelector(tree, group.elements);
    if (selector !== null && !groups.has(selector)) groups.set(selector, group);
  }
  // A person may name rows that are not among those found.
  if (picks.rows && !groups.has(picks.rows))
    groups.set(picks.rows, { elements: select(tree.$, null, picks.rows), points: {} });
  const candidates = [...groups].map(([value, { elements, points }]) => {
    const texts = elements.map((element) => textOf([element]));
    return { value, matched: count(elements.length, "row"), texts, elements, points };
  });
  const ranking = rank(
    candidates,
    ({ points }) => points,
    picks.rows,
    ({ elements }, first) => !areNested(elements, first.elements),
  );
  if (ranking === null) return null;
  const { elements } = ranking.best;
  const dated = elements.filter((element) => isDated(tree, element)).length;
  const isBare = dated === 0 && elements.every((element) => isLinkAlone(tree, element));
  const reason = isBare
    ? "they are links without a date or another word, as those of a menu are"
    : `they repeat, and ${dated} of them hold a date`;
  const choice = choiceOf("rows", ranking, reason, ranking.leads(1.35) && !isBare);
  return { rows: [...elements], choice: { ...choice, options: ranking.options } };
}

/** True for one link and nothing else: a link of an article may hold its title and its day. */
function isLinkAlone(tree: Tree, element: Element): boolean {
  const [link, ...others] = element.name === "a" ? [element] : select(tree.$, element, "a[href]");
  if (link === undefined || others.length > 0 || textOf([link]) !== textOf([element])) return false;
  const isPlain = link.children.filter(isElement).length < 2;
  return isPlain && select(tree.$, element, "h1, h2, h3, h4, h5, h6, p, img, time").length === 0;
}

function areNested(one: readonly Element[], other: readonly Element[]): boolean {
  const [inner, outer] = [new Set(one), new Set(other)];
  return (
    one.some((element) => isInside(element, outer)) ||
    other.some((element) => isInside(element, inner))
  );
}

/** Rows of a table go without its heads, and without its pager: a row of links alone, or with a table of its own. */
function rowSelector(tree: Tree, elements: readonly Element[]): string | null {
  const exact = exactSelector(tree, elements);
  if (exact !== null) return exact;
  const { parent } = elements[0] as Element;
  const table = parent?.parent;
  if (elements[0]?.name !== "tr" || !table || table.type !== "tag") return null;
  const own = exactSelector(tree, [table as Element]) ?? "table";
  const wanted = new Set(elements);
  const others = select(tree.$, null, `${own} > * > tr`).filter((row) => !wanted.has(row));
  const names = [...new Set(others.flatMap(classesOf))].map((name) => `:not(.${name})`);
  const rows = [`${own} tr:has(> td)`, `${own} > * > tr:has(> td)`];
  return (
    [
      ...rows,
      ...[":not(:has(table))", ":not(:has([colspan]))", ...names].map((not) => rows[1] + not),
    ].find((selector) => {
      const found = select(tree.$, null, selector);
      return found.length === wanted.size && found.every((row) => wanted.has(row));
    }) ?? null
  );
}

/** True for what holds links to pages of the list and nothing else: numbers, arrows. */
function isPages(tree: Tree, element: Element): boolean {
  const links = select(tree.$, element, "a");
  const pages = links.filter((link) =>
    /^(?:\d{1,4}|[\p{P}\p{S}\s]{1,3})$/u.test(textOf([link]).trim()),
  );
  return pages.length > 0 && pages.length === links.length && !/\p{L}/u.test(textOf([element]));
}

/** Groups of like elements, the best first. */
function repeatingGroups(tree: Tree): Group[] {
  const groups = new Map<string, Element[]>();
  for (const element of select(tree.$, null, "body *")) {
    const { parent, name } = element;
    if (parent === null || parent.type !== "tag" || SINGLE.has(name)) continue;
    if (name === "tr" && !element.children.some((child) => isElement(child) && child.name === "td"))
      continue;
    const place = `${signature(parent as Element)}>${name}`;
    for (const key of [place, ...classesOf(element).map((one) => `${place}.${one}`)]) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [element]);
      else group.push(element);
    }
  }
  return [...groups.values()]
    .map((elements) => elements.filter((element) => !isPages(tree, element)))
    .filter((elements) => elements.length > 1 && !isFrame(tree, elements))
    .map((elements) => weigh(tree, elements))
    .map((group) => ({ ...group, sum: sumOf(group.points) }))
    .filter(({ sum }) => sum > 0.5)
    .sort((one, other) => other.sum - one.sum)
    .slice(0, BEST);
}

const SINGLE = new Set(
  "html head body main script style link meta p br hr img input option td th thead tbody span b i em strong svg path source h1".split(
    " ",
  ),
);
const ROW_NAME =
  /(?:^|[-_])(?:post|article|item|card|entry|teaser|result|row|news|story|node)(?:$|[-_])/i;

function signature(element: Element): string {
  const above = element.parent as Element | null;
  const of = (one: Element) =>
    `${one.name}#${one.attribs.id ?? ""}.${classesOf(one).sort().join(".")}`;
  return `${above?.type === "tag" ? of(above) : ""}>${of(element)}`;
}

/** True for the large parts of a page, such as its header, middle and footer: they repeat by their markup alone. */
function isFrame(tree: Tree, elements: readonly Element[]): boolean {
  const parts = elements.filter(
    (element) =>
      isChrome(element) ||
      tree.$(element).find("main, nav, [role=main], [role=navigation]").length > 0,
  );
  return parts.length * 3 >= elements.length;
}

function weigh(tree: Tree, elements: readonly Element[]): Group {
  const weighed = elements.slice(0, WEIGHED);
  const total = weighed.length;
  const facts = weighed.map((element) => factsOf(tree, element));
  const part = (test: (fact: Facts) => boolean) => facts.filter(test).length / total;
  const linked = part(({ links }) => links > 0);
  const firsts = new Set(facts.flatMap(({ first }) => first ?? []));
  const text = median(facts.map(({ text }) => text.length));
  const first = elements[0] as Element;
  const isNamed =
    ROW_NAME.test(first.attribs.class ?? "") || ["article", "li", "tr"].includes(first.name);
  let points: Points = {
    links: 1.5 * linked,
    "a link of its own in each": (firsts.size / total) * linked,
    dates: 2 * part(({ dated }) => dated),
    words: Math.min(1, text / 80),
    "words beside the links": 0.5 * part(({ text, linkText }) => text.length > linkText + 10),
    titles: part(({ titled }) => titled),
  };
  points = times(points, "number of rows", Math.log2(1 + elements.length));
  points = times(points, "rows without a link", linked < 0.5 ? 0.2 : 1);
  points = times(points, "two rows only", elements.length === 2 ? 0.6 : 1);
  points = times(points, "hardly a word", text < 8 ? 0.1 : 1);
  const links = median(facts.map(({ links }) => links));
  points = times(points, "many links in each", links > 8 ? 0.4 : 1);
  points = times(points, "very long rows", text > 4_000 ? 0.3 : 1);
  points = times(points, "a menu, header or footer", isChrome(first) ? 0.1 : 1);
  points = times(points, "its name", isNamed ? 1.15 : 1);
  return { elements, points };
}

interface Facts {
  readonly text: string;
  readonly linkText: number;
  readonly links: number;
  readonly first: string | null;
  readonly dated: boolean;
  readonly titled: boolean;
}

/** True where the words of an element hold a date, or it has one for machines. */
function isDated(tree: Tree, element: Element): boolean {
  const marks = "time[datetime], [content^='20'], [content^='19']";
  return holdsDate(textOf([element])) || select(tree.$, element, marks).length > 0;
}

function factsOf(tree: Tree, element: Element): Facts {
  const row = tree.$(element);
  const links = row.find("a[href]").add(row.filter("a[href]")).toArray().filter(isElement);
  const hrefs = new Set(
    links.map(({ attribs }) => attribs.href ?? "").filter((href) => !/^(?:#|mailto:|$)/.test(href)),
  );
  const text = textOf([element]);
  return {
    text,
    linkText: textOf(links).length,
    links: hrefs.size,
    first: [...hrefs][0] ?? null,
    dated: isDated(tree, element),
    titled: row.find("h1, h2, h3, h4, h5, [class*='title'], [class*='headline']").length > 0,
  };
}
