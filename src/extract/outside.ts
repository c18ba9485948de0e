/** A way on that leads to another host: a mirror, or a `<base>` that names one. */
import type { Element } from "domhandler";
import type { Row, Warning } from "../model.js";
import { pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { isOfOne, sameOrigin } from "../url/url.js";
import { countsOn } from "./counts-on.js";
import { collapse, textOf } from "./nodes.js";
import { holdersOf, isDead, isFurniture, saysOnward } from "./onward.js";
import { select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

/**
 * The link that looks like the next page of a list, on a host that a crawl may not visit: that which most rows lead to,
 * or one with the same path and a page number, and words that say so. Where every row leads there and its article is to be read, the run says
 * that of the rows.
 *
 * @param own elements that are rows
 * @param url canonical URL of the page
 */
export function waysOutside(
  tree: Tree,
  own: readonly Element[],
  rows: readonly Row[],
  url: string,
  isStart: boolean,
  site: Site,
): Warning[] {
  if (rows.length === 0 || site.listing.next.length === 0) return [];
  const allowed = [url, ...site.origins];
  const isInside = (target: string) => isOfOne(target, allowed);
  const ofRows = originOfMost(rows);
  const isOut = (row: Row) => row.url !== null && ofRows !== null && sameOrigin(row.url, ofRows);
  if (site.article.follow && ofRows !== null && !isInside(ofRows) && rows.every(isOut)) return [];
  const around = holdersOf(own);
  const inRows = new Set(own.flatMap((row) => select(tree.$, row, "a[href]")));
  for (const node of select(tree.$, null, "a[href], link[rel~=next i][href]")) {
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || isInside(target) || inRows.has(node) || isDead(node)) continue;
    const next = pageUrl(target, site);
    const isOfRows = ofRows !== null && sameOrigin(target, ofRows);
    const says = isStart && saysOnward(node) && !isFurniture(around, node);
    const isNumber = /^\d{1,4}$/.test(collapse(textOf([node])));
    const counts =
      (isOfRows || says || isNumber) && countsOn(next, url, isStart, site.listing.pageParameter);
    if (!counts && !(says && isOfRows)) continue;
    const { origin } = new URL(next);
    const message = `${next} looks like the page after ${url}, on another host; it is outside the site and was not read: add "${origin}" to \`origins\` of the site file`;
    return [{ code: "next-leaves-site", message }];
  }
  return [];
}

/** The origin that more than half of the rows lead to; null when there is none. */
function originOfMost(rows: readonly Row[]): string | null {
  const counts = new Map<string, number>();
  for (const { url } of rows) {
    const origin = url === null ? null : new URL(url).origin;
    if (origin !== null) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return [...counts].find(([, count]) => count * 2 > rows.length)?.[0] ?? null;
}
