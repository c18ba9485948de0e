/** A link that looks like the next listing page where no selector found one: what tells a list of one page from a pager that is not read. */
import type { Element } from "domhandler";
import type { Site } from "../site.js";
import { pageIndex, sameOrigin, urlKey } from "../url.js";
import { textOf } from "./text.js";
import { firstMatch, isInside, linkTarget, type Tree } from "./tree.js";

/** "More" is left out: it leads to an article, or to another list, as often as onward. */
const WORDS =
  /^[‹›«»<>→\s]*(?:next|older|suivant|plus ancien|siguiente|pr[oó]xim|seguinte|weiter|nächste|след|далее|التالي|下一|keyingi)|^(?:›|»|>|→|>>)$/iu;
/** Names of parameters that count pages or rows. */
const COUNTS = /^(?:.*pag.*|p|pg|offset|start|from|skip|seite)$/i;

/**
 * The first link outside the rows that looks like the second page of a list.
 *
 * @param rows elements that are rows: their links lead to articles
 * @param url address of the page
 * @returns null when none does
 */
export function likelyNext(
  tree: Tree,
  scope: Element | null,
  rows: ReadonlySet<Element>,
  url: string,
  { origins, listing: { pageParameter } }: Site,
): string | null {
  const found = firstMatch(tree.$, scope, ["a[href], link[rel~=next][href]"]).nodes;
  for (const node of found) {
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || isInside(node, rows)) continue;
    if (urlKey(bare(target)) === urlKey(bare(url))) continue;
    if (!sameOrigin(target, url) && !origins.some((origin) => sameOrigin(origin, target))) continue;
    const says = /(?:^|\s)next(?:\s|$)/i.test(node.attribs.rel ?? "") || WORDS.test(textOf([node]));
    if (says || isSecond(target, url, pageParameter)) return target;
  }
  return null;
}

/** True when an address is that of the page, but for a number that counts on: `?page=2`, `/page/2`, `/2/`. */
function isSecond(target: string, url: string, parameter: string | null): boolean {
  const [to, from] = [new URL(target), new URL(url)];
  const [path, own] = [to, from].map(({ pathname }) => pathname.replace(/\/+$/, ""));
  if (path !== own) {
    const rest = path?.startsWith(own ?? "") ? path.slice(own?.length) : "";
    return /^[-/](?:[a-z]{1,6}[-/]?)?0*2(?:\.[a-z]{3,5})?$/i.test(rest);
  }
  if (parameter !== null) return pageIndex(target, parameter) === pageIndex(url, parameter) + 1;
  const differs = [...to.searchParams].filter(
    ([name, value]) => from.searchParams.get(name) !== value,
  );
  const [name = "", value = ""] = differs[0] ?? [];
  return differs.length === 1 && COUNTS.test(name) && /^\d+$/.test(value) && Number(value) > 0;
}

function bare(address: string): string {
  return address.split("#", 1)[0] ?? address;
}
