/** A way on that leads to another host: a mirror, or a `<base>` that names one. */
import type { Element } from "domhandler";
import type { Row, Warning } from "../model.js";
import { pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { sameOrigin } from "../url/url.js";
import { countsOn } from "./counts-on.js";
import { type ListPage, waysOn } from "./leads.js";
import { labelOf, saysOnward } from "./onward.js";
import type { Tree } from "./tree.js";

/**
 * The link that looks like the next page of a list, on a host that a crawl may not visit: that which most rows lead to,
 * or one with the same path and a page number, and words that say so. Where every row leads there and its article is to be read, the run says
 * that of the rows.
 *
 * @param own elements that are rows
 */
export function waysOutside(
  tree: Tree,
  own: readonly Element[],
  rows: readonly Row[],
  page: ListPage,
  site: Site,
): Warning[] {
  if (rows.length === 0 || site.listing.next.length === 0) return [];
  const { url, isStart, parameter } = page;
  const isOutside = (target: string) => !page.accepts(target);
  const ofRows = originOfMost(rows);
  const isOfRows = (target: string | null) =>
    target !== null && ofRows !== null && sameOrigin(target, ofRows);
  if (site.article.follow && ofRows !== null && isOutside(ofRows))
    if (rows.every((row) => isOfRows(row.url))) return [];
  for (const { node, lead } of waysOn(tree, own, { ...page, accepts: isOutside })) {
    if (lead.url === null || lead.attribute !== "href") continue;
    const next = pageUrl(lead.url, site);
    const isNumbered =
      (saysOnward(node) || /^\d{1,4}$/.test(labelOf(node))) &&
      countsOn(next, url, isStart, parameter);
    if (!isNumbered && !isOfRows(lead.url)) continue;
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
