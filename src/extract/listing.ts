/** A listing page: its rows and its pager. */

import type { Listing, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { listingUrl, urlKey } from "../url.js";
import { readLanguage, readTranslations } from "./article.js";
import { readFields, readLink } from "./field.js";
import { likelyNext } from "./likely-next.js";
import { isInside } from "./nodes.js";
import { readPager } from "./pager.js";
import { templateFingerprint } from "./template-fingerprint.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

/** Reads a listing page. Never throws; a page without rows has none. */
export function readListing(tree: Tree, site: Site): Listing {
  const warnings = [...tree.warnings];
  const listingOf = (href: string) => listingUrl(href, site.listing.pageParameter ?? undefined);
  const url = listingOf(tree.url);
  const { scope, selector, own, nested } = findRows(tree, site);
  const rows = own.map((node, index): Row => {
    const link = readLink(tree, node, site.listing.link, nested);
    return {
      listing: url,
      position: index + 1,
      url: linkTarget(tree, link?.href),
      base: tree.base,
      markup: templateFingerprint(node),
      readings: readFields(tree, node, site, "listing", nested),
    };
  });
  // The list may have moved to another URL: the requested URL decides.
  const isStart = urlKey(listingOf(tree.asked)) === urlKey(listingOf(site.start));
  const pager = readPager(tree, scope, url, listingOf, site);
  return {
    url,
    rows,
    rowSelector: selector,
    translations: readTranslations(tree, site, readLanguage(tree, warnings)),
    saysEmpty: firstMatch(tree.$, scope, site.listing.empty).nodes.length > 0,
    ...pager,
    warnings: [...warnings, ...pager.warnings],
    likelyNext:
      pager.next === null
        ? likelyNext(tree, scope, new Set(own), url, isStart, site).map(listingOf)
        : [],
  };
}

/** Where the list is on a page, and the elements that are its rows. */
export function findRows(tree: Tree, site: Site) {
  const scope = firstMatch(tree.$, null, site.listing.within).nodes[0] ?? null;
  const { selector, nodes } = firstMatch(tree.$, scope, site.listing.rows);
  // A view may be embedded in a row of another: the outer one is the article.
  const all = new Set(nodes);
  const own = nodes.filter((node) => node.parent === null || !isInside(node.parent, all));
  const outer = new Set(own);
  const nested = new Set(nodes.filter((node) => !outer.has(node)));
  return { scope, selector, own, nested };
}
