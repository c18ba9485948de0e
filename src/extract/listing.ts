/** A listing page, of any kind: its rows, and what comes after it. */

import type { Element } from "domhandler";
import type { Listing, Row } from "../model.js";
import { isStart, pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { isOfOne, urlKey } from "../url/url.js";
import { readTranslations } from "./article.js";
import { nextByRule, type Way } from "./by-rule.js";
import { readData } from "./data-listing.js";
import { elementPath } from "./element-path.js";
import { readFields, readLink } from "./field.js";
import { frameOf } from "./frame.js";
import { lostRequests, shellNote } from "./in-browser.js";
import { readLanguage } from "./language.js";
import { leadsOf, waysOn } from "./leads.js";
import { groupLeft, mergedRows, siblingsLeft } from "./left-rows.js";
import { isInside, textOf } from "./nodes.js";
import { holdersOf, isPager } from "./onward.js";
import { waysOutside } from "./outside.js";
import { readPager } from "./pager.js";
import { matching, readTotal } from "./rows.js";
import { select } from "./select.js";
import { templateFingerprint } from "./template-fingerprint.js";
import { firstMatch, linkTarget, type Tree } from "./tree.js";
import { cutExcerptEnd } from "./wordpress.js";
import { wordsFingerprint } from "./words-fingerprint.js";

/** Reads a listing page. Never throws; a page without rows has none. */
export function readListing(tree: Tree, site: Site): Listing {
  return tree.data === null ? readPage(tree, site) : readData(tree, tree.data, site);
}

function readPage(tree: Tree, site: Site): Listing {
  const warnings = [...tree.warnings];
  const url = pageUrl(tree.url, site);
  const { scope, selector, own: taken, nested } = findRows(tree, site);
  const pagers = new Set(
    taken.filter((node) => isPager(tree, node, url, site.listing.pageParameter)),
  );
  const own = taken.filter((node) => !pagers.has(node));
  const read = own.map((node, index) => {
    const link = readLink(tree, node, site.listing.link, nested);
    warnings.push(...cutExcerptEnd(tree, node, linkTarget(tree, link?.href), site));
    const row: Row = {
      listing: url,
      position: index + 1,
      url: linkTarget(tree, link?.href),
      base: tree.base,
      markup: templateFingerprint(node),
      words: wordsFingerprint(node),
      readings: readFields(tree, node, site, "listing", nested),
    };
    return { row, href: link?.href ?? null };
  });
  const rows = read.map(({ row }) => row);
  const kept = matching(rows, site);
  // The list may have moved to another URL: the requested URL decides.
  const isFirst = isStart(tree.asked, site);
  const starts = isFirst ? readStarts(tree, site) : [];
  const page = {
    ...{ url, isStart: isFirst, parameter: site.listing.pageParameter },
    accepts: (target: string) => isOfOne(target, [url, ...site.origins]),
  };
  const { unfollowed: matched, ...pager } = readPager(tree, scope, url, site);
  const leads = leadsOf(tree, waysOn(tree, own, page)).map((lead) => ({
    ...lead,
    url: lead.url === null ? null : pageUrl(lead.url, site),
  }));
  // What submits a form is followed, or the reason is said.
  const unfollowed = site.listing.submit === undefined ? matched : null;
  // What loads more and names its URL is followed where the site file names no other way.
  const control =
    pager.next === null && site.listing.next.length > 0
      ? leads.find((lead) => lead.kind === "control" && lead.url !== null)
      : undefined;
  const way = control === undefined ? {} : { next: control.url, nextSelector: control.place };
  const isLast = pager.next === null && control === undefined && pager.warnings.length === 0;
  const outside = isLast ? waysOutside(tree, own, rows, page, site) : [];
  // What `submit` names may be a link that leads somewhere.
  const isLinked = site.listing.submit !== undefined && pager.next !== null;
  const byRule = isLinked ? null : nextByRule(tree, scope, site, rows.length);
  const shell = rows.length === 0 && site.listing.render === undefined ? shellNote(tree) : null;
  const isByRule = byRule !== null && (rows.length > 0 || byRule.next !== null);
  const { lacks, ...onward }: Partial<Way> = isByRule ? byRule : way;
  return {
    url,
    rows: kept,
    rowSelector: selector,
    translations: readTranslations(tree, site, readLanguage(tree, warnings)),
    ...(starts.length > 0 ? { starts } : {}),
    ...(isFirst ? { feeds: readFeeds(tree) } : {}),
    ...(isFirst && shell !== null ? { note: shell } : {}),
    // What is left out was read all the same. A page that prints where the list begins may have no rows of its own,
    // and so may one of these.
    saysEmpty:
      kept.length < rows.length ||
      firstMatch(tree.$, scope, site.listing.empty).nodes.length > 0 ||
      (isFirst && (starts.length > 0 || site.isOneOfStarts)),
    ...readTotal(tree, site),
    ...(site.listing.counted === null ? {} : { frame: frameOf(tree, own) }),
    ...pager,
    ...onward,
    isControl: control !== undefined,
    leads: lacks !== undefined ? [] : unfollowed === null ? leads : [unfollowed, ...leads],
    findings: [
      ...lostRequests(tree, url),
      ...mergedRows(url, read),
      ...(lacks === undefined ? [] : [lacks]),
      ...(isFirst && own.length > 0
        ? [
            ...siblingsLeft(tree, taken, rows, site),
            ...groupLeft(tree, own, rows, holdersOf(own), site),
          ]
        : []),
    ],
    warnings: [...warnings, ...pager.warnings, ...outside, ...[...pagers].map(pagerRow(url))],
  };
}

/** Where else the list begins: what each element of the set names, in their order. */
function readStarts(tree: Tree, { starts, start }: Site): string[] {
  if (starts === null) return [];
  const { select: selectors, attribute, url } = starts;
  const found = new Map<string, string>();
  for (const node of firstMatch(tree.$, null, selectors).nodes) {
    const { value, href } = node.attribs;
    const printed = (
      attribute === null ? (value ?? href ?? textOf([node])) : node.attribs[attribute]
    )?.trim();
    if (printed === undefined || printed === "" || printed.startsWith("#")) continue;
    const target = linkTarget(
      tree,
      url?.replaceAll("{value}", encodeURIComponent(printed)) ?? printed,
    );
    if (target !== null && urlKey(target) !== urlKey(start) && !found.has(urlKey(target)))
      found.set(urlKey(target), target);
  }
  return [...found.values()];
}

/** Feeds of articles that the head of a page names; those of comments are left out. */
export function readFeeds(tree: Tree): string[] {
  const links = select(tree.$, null, "link[rel~=alternate][type][href]").filter(
    ({ attribs: { type = "", href = "", title = "" } }) =>
      /^application\/(?:rss\+xml|atom\+xml|feed\+json)/i.test(type.trim()) &&
      !/\bcomments?\b/i.test(`${href} ${title}`),
  );
  const urls = links.flatMap(({ attribs }) => linkTarget(tree, attribs.href) ?? []);
  return [...new Set(urls)].slice(0, MOST_FEEDS);
}

const MOST_FEEDS = 3;

const pagerRow = (url: string) => (node: Element) => ({
  code: "row-is-pager",
  message: `listing.rows also matches a pager on ${url}, at ${elementPath(node)}; it is not read as an article`,
});

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
