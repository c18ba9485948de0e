/**
 * The pager of a listing page, read by its markup, never by its labels: they are translated on some
 * sites and left in English on others.
 */
import type { Element } from "domhandler";
import type { Lead, Listing, Warning } from "../model.js";
import { pageIndex, pagerElement, pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { isOfOne, urlKey } from "../url/url.js";
import { unfollowed } from "./leads.js";
import { textOf } from "./nodes.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";

type Pager = Pick<
  Listing,
  "next" | "nexts" | "nextSelector" | "pageNumber" | "pageCount" | "warnings"
> & {
  /** What `listing.next` matched, where it cannot be followed; null otherwise. */
  readonly unfollowed: Lead | null;
};

interface PagerLink {
  readonly target: string;
  /** Page that it leads to, from 1; 0 when it is not known. */
  readonly number: number;
}

/** Reads the pager in a scope. @param url canonical URL of the page */
export function readPager(tree: Tree, scope: Element | null, url: string, site: Site): Pager {
  const { pageParameter } = site.listing;
  const warnings: Warning[] = [];
  const matched = nextLinks(tree, scope, site);
  const inside = matched.links.filter((link) => isOfSite(link.target, url, site));
  const taken = inside[0] ?? matched.links[0] ?? null;
  const target = taken?.target ?? null;
  const { selector, nodes } = firstMatch(tree.$, scope, site.listing.pageLinks);
  const found = nodes.flatMap((node) => {
    const target = linkTarget(tree, node.attribs.href);
    return target === null ? [] : [{ target: pageUrl(target, site), words: textOf([node]) }];
  });
  const numbered = numbering(url, [target, ...found.map((link) => link.target)], pageParameter);
  const links = found.map(
    ({ target, words }): PagerLink => ({ target, number: numbered(target) ?? lone(words) }),
  );
  const said = site.listing.current.length === 0 ? [] : countsSaid(tree, scope, site);
  const [printed, printedCount] = said;

  const counted = Math.max(0, ...links.map(({ number }) => number));
  const requested = numbered(url);
  // Beyond its last page a site clamps the pager, and the requested URL means nothing.
  const reachable =
    requested !== null && (counted === 0 || requested <= counted + 1) ? requested : null;
  const pageNumber = printed ?? reachable;

  let next = target === null ? null : followed(target, url, site, warnings);
  let nextSelector = next === null ? null : (taken?.selector ?? null);
  // A next link of the head may name the site by another host, while the links of the pager do not.
  if (next === null && pageNumber !== null) {
    const following = links.find(({ number }) => number === pageNumber + 1)?.target ?? null;
    next =
      following === null || following === target ? null : followed(following, url, site, warnings);
    nextSelector = next === null ? null : selector;
  }
  const alike = inside.filter((link) => link.selector === taken?.selector);
  const nexts = [...new Set(alike.map((link) => link.target))];
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
    ...(nexts.length > 1 ? { nexts } : {}),
    unfollowed: next === null ? matched.lead : null,
    warnings,
  };
}

interface NextLink {
  readonly selector: string;
  readonly target: string;
}

/** The links that the alternatives match, in their order; where there are none, what else was matched. */
function nextLinks(tree: Tree, scope: Element | null, site: Site) {
  const links: NextLink[] = [];
  let lead: Lead | null = null;
  for (const { select: selector, attribute } of site.listing.next)
    for (const node of firstMatch(tree.$, scope, [selector]).nodes) {
      const name = attribute ?? "href";
      const written = node.attribs[name]?.trim();
      const target = written?.startsWith("#") ? null : linkTarget(tree, written);
      if (target !== null) links.push({ selector, target: pageUrl(target, site) });
      else lead ??= unfollowed(tree, node, name);
    }
  return { links, lead: links.length === 0 ? lead : null };
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
  if (isOfSite(next, url, site)) return next;
  warnings.push({
    code: "next-leaves-site",
    message: `the next link of ${url} leads to ${next}, outside the site; it is not followed`,
  });
  return null;
}

function isOfSite(target: string, url: string, site: Site): boolean {
  return isOfOne(target, [url, ...site.origins]);
}

/** What the pager says of itself: "3" is page 3; "3 of 27", and "27 中的 3", is page 3 of 27. */
function countsSaid(tree: Tree, scope: Element | null, site: Site): number[] {
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
