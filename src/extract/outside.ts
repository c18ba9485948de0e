/** A way on that leads to another host, where the rows lead too: a mirror, or a `<base>` that names one. */
import type { Element } from "domhandler";
import type { Row, Warning } from "../model.js";
import type { Site } from "../site/site.js";
import { sameOrigin } from "../url.js";
import { countsOn } from "./counts-on.js";
import { holdersOf, isDead, isFurniture, saysOnward } from "./onward.js";
import { select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

/**
 * The link that looks like the next page of a list, on the host that most of its rows lead to and a crawl may not visit.
 * Where every row leads there and its article is to be read, the run says that of the rows.
 *
 * @param own elements that are rows
 * @param url canonical URL of the page
 * @param canonical the canonical form of a listing page's URL
 */
export function waysOutside(
  tree: Tree,
  own: readonly Element[],
  rows: readonly Row[],
  { url, isStart, canonical }: { url: string; isStart: boolean; canonical: (u: string) => string },
  site: Site,
): Warning[] {
  const origin = originOfMost(rows, [url, ...site.origins]);
  if (origin === null || site.listing.next.length === 0) return [];
  const isOut = (row: Row) => row.url !== null && sameOrigin(row.url, origin);
  if (site.article.follow && rows.every(isOut)) return [];
  const around = holdersOf(own);
  const inRows = new Set(own.flatMap((row) => select(tree.$, row, "a[href]")));
  for (const node of select(tree.$, null, "a[href], link[rel~=next i][href]")) {
    const target = linkTarget(tree, node.attribs.href);
    if (target === null || !sameOrigin(target, origin) || inRows.has(node) || isDead(node))
      continue;
    const next = canonical(target);
    const leadsOn = isStart && saysOnward(node) && !isFurniture(around, node);
    if (!leadsOn && !countsOn(next, url, isStart, site.listing.pageParameter)) continue;
    const message = `${next} looks like the page after ${url}, on the host that most rows lead to; it is outside the site and was not read: add "${origin}" to \`origins\` of the site file`;
    return [{ code: "next-leaves-site", message }];
  }
  return [];
}

/** The origin that more than half of the rows lead to; null where a crawl may visit it, or there is none. */
function originOfMost(rows: readonly Row[], allowed: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const { url } of rows) {
    const origin = url === null ? null : new URL(url).origin;
    if (origin !== null) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  const most = [...counts].find(([, count]) => count * 2 > rows.length)?.[0] ?? null;
  return most === null || allowed.some((one) => sameOrigin(one, most)) ? null : most;
}
