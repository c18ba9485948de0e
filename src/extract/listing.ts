/** A listing page: its rows and its pager. */
import type { Element } from "domhandler";
import type { Listing, Row, Warning } from "../model.js";
import type { Site } from "../site.js";
import { listingUrl, pageIndex, sameOrigin, urlKey } from "../url.js";
import { readFields, readLink } from "./field.js";
import { textOf } from "./text.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

/** Reads a listing page. Never throws; a page without rows has none. */
export function readListing(tree: Tree, site: Site): Listing {
  const address = (href: string) => listingUrl(href, site.listing.pageParameter ?? undefined);
  const url = address(tree.url);
  const scope = firstMatch(tree.$, null, site.listing.within).nodes[0] ?? null;
  const { selector, nodes } = firstMatch(tree.$, scope, site.listing.rows);
  // A view may be embedded in a row of another: the outer one is the article.
  const outer = new Set(nodes);
  const own = nodes.filter((node) => !hasAncestor(node, outer));
  const rows = own.map((node, index): Row => {
    const link = readLink(tree, node, site.listing.link);
    return {
      listing: url,
      position: index + 1,
      url: linkTarget(tree, link?.href),
      base: tree.base,
      readings: readFields(tree, node, site, "listing"),
    };
  });
  const pager = readPager(tree, scope, url, address, site);
  return {
    url,
    rows,
    rowSelector: selector,
    saysEmpty: firstMatch(tree.$, scope, site.listing.empty).nodes.length > 0,
    ...pager,
  };
}

function hasAncestor(node: Element, set: ReadonlySet<Element>): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (set.has(at as Element)) return true;
  return false;
}

type Pager = Pick<Listing, "next" | "nextSelector" | "pageNumber" | "pageCount" | "warnings">;

/**
 * Reads the pager by its markup, never by its labels: they are translated on some sites and left
 * in English on others.
 */
function readPager(
  tree: Tree,
  scope: Element | null,
  url: string,
  address: (href: string) => string,
  site: Site,
): Pager {
  const { next: ways, pageParameter } = site.listing;
  const warnings: Warning[] = [];
  const told = numbersOf(textOf(firstMatch(tree.$, scope, site.listing.current).nodes.slice(0, 1)));
  const links = firstMatch(tree.$, scope, site.listing.pageLinks)
    .nodes.map((node) => ({ target: linkTarget(tree, node.attribs.href), words: textOf([node]) }))
    .flatMap(({ target, words }) => (target === null ? [] : [{ target: address(target), words }]));
  const numberOf = ({ target, words }: { target: string; words: string }) =>
    pageParameter === null
      ? Number(/^\d+$/.exec(words)?.[0] ?? 0)
      : pageIndex(target, pageParameter) + 1;
  const pageNumber = told[0] ?? (pageParameter === null ? null : pageIndex(url, pageParameter) + 1);

  const written = readLink(tree, scope, ways);
  let next = linkTarget(tree, written?.href);
  let nextSelector = written?.selector ?? null;
  if (next === null && pageNumber !== null) {
    next = links.find((link) => numberOf(link) === pageNumber + 1)?.target ?? null;
    nextSelector = next === null ? null : (site.listing.pageLinks[0] ?? null);
  }
  if (next !== null) next = address(next);
  if (next !== null && urlKey(next) === urlKey(url)) {
    warnings.push({
      code: "next-is-self",
      message: `the next link of ${url} leads to the page itself; it is not followed`,
    });
    next = null;
  }
  if (
    next !== null &&
    !site.origins.some((origin) => sameOrigin(origin, next as string)) &&
    !sameOrigin(next, url)
  ) {
    warnings.push({
      code: "next-leaves-site",
      message: `the next link of ${url} leads to ${next}, outside the site; it is not followed`,
    });
    next = null;
  }
  const reached = Math.max(
    told[1] ?? 0,
    pageNumber ?? 0,
    ...links.map(numberOf),
    next === null || pageParameter === null ? 0 : pageIndex(next, pageParameter) + 1,
  );
  const silent = links.length === 0 && told.length === 0 && next === null;
  return {
    next,
    nextSelector,
    pageNumber: silent ? null : pageNumber,
    pageCount: silent || reached === 0 ? null : reached,
    warnings,
  };
}

/** Whole numbers of a text: "3" is page 3; "3 of 27" is page 3 of 27. */
function numbersOf(text: string): number[] {
  return (text.match(/\d+/g) ?? []).slice(0, 2).map(Number);
}
