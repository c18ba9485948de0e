/** Links that look like the next listing page where no selector found one: they show whether a list ends or its pager is not read. */

import type { Element } from "domhandler";
import type { Site } from "../site/site.js";
import { pageIndex, pagerElement, sameOrigin, urlKey } from "../url.js";
import { isInside, textOf } from "./nodes.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

/** "More" is left out: it leads to an article, or to another list, as often as onward. */
const WORDS =
  /^[‹›«»<>→\s]*(?:next|older|suivant|plus ancien|siguiente|pr[oó]xim|seguinte|weiter|nächste|след|далее|التالي|下一|keyingi)|^(?:›|»|>|→|>>)$/iu;
/** Names of parameters that count pages or rows. */
const COUNTS = /^(?:.*pag.*|p|pg|offset|start|from|skip|seite)$/i;

/** What a pager prints in the place of a link that leads nowhere, though it may have a URL. */
const DEAD = ".disabled, [aria-disabled=true]";

/**
 * Links outside the rows that look like the next page of a list. On the page that the list begins
 * with, words are enough; on later ones, where a list must end one day, a URL must also be shaped
 * as the page's own: boxes beside a list say "next" as well.
 *
 * @param rows elements that are rows: their links lead to articles
 * @param url URL of the page
 * @param isStart true when the list begins with this page
 * @returns URLs, in their order on the page; links back may be among them
 */
export function likelyNext(
  tree: Tree,
  scope: Element | null,
  rows: ReadonlySet<Element>,
  url: string,
  isStart: boolean,
  { origins, listing: { pageParameter } }: Site,
): string[] {
  const found = firstMatch(tree.$, scope, ["a[href], link[rel~=next][href]"]).nodes;
  const likely = found.flatMap((node) => {
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || isInside(node, rows)) return [];
    if (urlKey(bare(target)) === urlKey(bare(url))) return [];
    if (!sameOrigin(target, url) && !origins.some((origin) => sameOrigin(origin, target)))
      return [];
    const isRel = /(?:^|\s)next(?:\s|$)/i.test(node.attribs.rel ?? "");
    const says = WORDS.test(textOf([node])) && (isStart || shapeOf(target) === shapeOf(url));
    if (!isRel && !says && !countsOn(target, url, isStart, pageParameter)) return [];
    return tree.$(node).closest(DEAD).length > 0 ? [] : [target];
  });
  return [...new Set(likely)];
}

/** The path of a URL, whatever its numbers. */
function shapeOf(url: string): string {
  return pathOf(url).replace(/\d+/g, "0");
}

/** True when a URL is that of the page, but for a number that counts on: `?page=2`, `/page/2`, `/2/`. */
function countsOn(target: string, url: string, isStart: boolean, name: string | null): boolean {
  const [path, own] = [pathOf(target), pathOf(url)];
  if (path !== own) return isStart ? isSecond(path, own) : isOneMore(path, own);
  if (name !== null) {
    // Behind the first page, a pager that counts another list of the page counts from its own first.
    const element = isStart ? 0 : pagerElement(url, [target], name);
    const index = pageIndex(url, name, element);
    return (isStart || index > 0) && pageIndex(target, name, element) === index + 1;
  }
  const [to, from] = [new URL(target).searchParams, new URL(url).searchParams];
  const differs = [...to].filter(([name, value]) => from.get(name) !== value);
  const [parameter = "", value = ""] = differs[0] ?? [];
  if (differs.length !== 1 || !COUNTS.test(parameter) || !/^\d+$/.test(value)) return false;
  return (isStart || from.has(parameter)) && Number(value) > Number(from.get(parameter) ?? 0);
}

/** True when a path is that of the first page followed by a 2. */
function isSecond(path: string, first: string): boolean {
  const rest = path.startsWith(first) ? path.slice(first.length) : "";
  return /^[-/](?:[a-z]{1,6}[-/]?)?0*2(?:\.[a-z]{3,5})?$/i.test(rest);
}

/** True when a path ends with a number that is one greater than that of another, and is the same but for it. */
function isOneMore(path: string, other: string): boolean {
  const [to, from] = [path, other].map((one) => /^(.*?)(\d+)((?:\.[a-z]{3,5})?)$/i.exec(one));
  if (to == null || from == null) return false;
  return to[1] === from[1] && to[3] === from[3] && Number(to[2]) === Number(from[2]) + 1;
}

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}

function bare(url: string): string {
  return url.split("#", 1)[0] ?? url;
}
