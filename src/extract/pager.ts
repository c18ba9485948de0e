/**
 * The pager of a listing page, read by its markup, never by its labels: they are translated on some
 * sites and left in English on others.
 */
import type { Element } from "domhandler";
import type { Lead, Listing, Warning } from "../model.js";
import type { Site } from "../site/site.js";
import { pageIndex, pagerElement, sameOrigin, urlKey } from "../url.js";
import { textOf } from "./nodes.js";
import { unfollowed } from "./onward.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

type Pager = Pick<Listing, "next" | "nextSelector" | "pageNumber" | "pageCount" | "warnings"> & {
  /** What `listing.next` matched, where it cannot be followed; null otherwise. */
  readonly unfollowed: Lead | null;
};

interface PagerLink {
  readonly target: string;
  /** Page that it leads to, from 1; 0 when it is not known. */
  readonly number: number;
}

/**
 * Reads the pager in a scope.
 *
 * @param url canonical URL of the page
 * @param canonical the canonical form of a listing page's URL
 */
export function readPager(
  tree: Tree,
  scope: Element | null,
  url: string,
  canonical: (href: string) => string,
  site: Site,
): Pager {
  const { next: ways, pageParameter } = site.listing;
  const warnings: Warning[] = [];
  const matched = nextLink(tree, scope, ways);
  const target = matched?.target ?? null;
  const { selector, nodes } = firstMatch(tree.$, scope, site.listing.pageLinks);
  const found = nodes.flatMap((node) => {
    const target = linkTarget(tree, node.attribs.href);
    return target === null ? [] : [{ target: canonical(target), words: textOf([node]) }];
  });
  const numbered = numbering(url, [target, ...found.map((link) => link.target)], pageParameter);
  const links = found.map(
    ({ target, words }): PagerLink => ({ target, number: numbered(target) ?? lone(words) }),
  );
  const said = site.listing.current.length === 0 ? [] : toldBy(tree, scope, site);
  const [printed, printedCount] = said;

  const counted = Math.max(0, ...links.map(({ number }) => number));
  const requested = numbered(url);
  // Beyond its last page a site clamps the pager, and the requested URL means nothing.
  const reachable =
    requested !== null && (counted === 0 || requested <= counted + 1) ? requested : null;
  const pageNumber = printed ?? reachable;

  let next = target;
  let nextSelector = next === null ? null : (matched?.selector ?? null);
  if (next === null && pageNumber !== null) {
    next = links.find(({ number }) => number === pageNumber + 1)?.target ?? null;
    nextSelector = next === null ? null : selector;
  }
  next = next === null ? null : followed(canonical(next), url, site, warnings);
  const reached = Math.max(
    printedCount ?? 0,
    pageNumber ?? 0,
    counted,
    next === null ? 0 : (numbered(next) ?? 0),
  );
  const silent = links.length === 0 && said.length === 0 && next === null;
  return {
    next,
    nextSelector,
    pageNumber: silent ? null : pageNumber,
    pageCount: silent || reached === 0 ? null : reached,
    unfollowed: next === null ? (matched?.lead ?? null) : null,
    warnings,
  };
}

/** The first link that an alternative matches and that can be followed, else what else the first one matched. */
function nextLink(tree: Tree, scope: Element | null, ways: Site["listing"]["next"]) {
  let lead: Lead | null = null;
  for (const { select: selector, attribute } of ways)
    for (const node of firstMatch(tree.$, scope, [selector]).nodes) {
      const name = attribute ?? "href";
      const written = node.attribs[name]?.trim();
      const target = written?.startsWith("#") ? null : linkTarget(tree, written);
      if (target !== null) return { selector, target, lead: null };
      lead ??= unfollowed(node, name);
    }
  return lead === null ? null : { selector: null, target: null, lead };
}

/** Number of a page by its URL, from 1; null where no parameter counts the pages. */
function numbering(
  url: string,
  targets: readonly (string | null)[],
  parameter: string | null,
): (url: string) => number | null {
  if (parameter === null) return () => null;
  const element = pagerElement(
    url,
    targets.filter((target) => target !== null),
    parameter,
  );
  return (target) => pageIndex(target, parameter, element) + 1;
}

/** The next page's URL, unless it must not be followed. */
function followed(next: string, url: string, site: Site, warnings: Warning[]): string | null {
  if (urlKey(next) === urlKey(url)) {
    warnings.push({
      code: "next-is-self",
      message: `the next link of ${url} leads to the page itself; it is not followed`,
    });
    return null;
  }
  if (sameOrigin(next, url) || site.origins.some((origin) => sameOrigin(origin, next))) return next;
  warnings.push({
    code: "next-leaves-site",
    message: `the next link of ${url} leads to ${next}, outside the site; it is not followed`,
  });
  return null;
}

/** What the pager says of itself: "3" is page 3; "3 of 27", and "27 中的 3", is page 3 of 27. */
function toldBy(tree: Tree, scope: Element | null, site: Site): number[] {
  const node = firstMatch(tree.$, scope, site.listing.current).nodes.slice(0, 1);
  const found = numbersOf(textOf(node)).slice(0, 2);
  return found.length === 2 ? found.sort((one, other) => one - other) : found;
}

/** The number of a link's words ("2", "Page 2"); 0 when they hold none or several. */
function lone(words: string): number {
  const found = numbersOf(words);
  return found.length === 1 ? (found[0] ?? 0) : 0;
}

function numbersOf(text: string): number[] {
  // In Arabic-Indic, Persian and full-width digits the number is the last half byte.
  const western = text.replace(/[٠-٩۰-۹０-９]/g, (digit) => String(digit.charCodeAt(0) & 15));
  return (western.match(/\d+/g) ?? []).map(Number).filter(Number.isSafeInteger);
}
