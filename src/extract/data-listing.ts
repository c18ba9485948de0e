/** A listing that is not a web page: a feed, a sitemap or a JSON answer. */
import type { Element } from "domhandler";
import type { Listing, PageMedia, Row, Warning } from "../model.js";
import { inUtc, newestOnly } from "../site/listing-kinds.js";
import { isStart, pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import { canonicalUrl, isOfOne, urlKey } from "../url/url.js";
import { nextByRule } from "./by-rule.js";
import { hrefOf, inherited } from "./data-tree.js";
import { readFields, readLink, readWords } from "./field.js";
import { isElement, parentOf, textOf } from "./nodes.js";
import { matching, readTotal } from "./rows.js";
import { select } from "./select.js";
import { readSitemap } from "./sitemap.js";
import { templateFingerprint } from "./template-fingerprint.js";
import { type Data, firstMatch, type Tree } from "./tree.js";
import { cutExcerptEnd, rowAsksPassword } from "./wordpress.js";
import { wordsFingerprint } from "./words-fingerprint.js";

/** Reads it. Never throws; one without rows has none. */
export function readData(tree: Tree, data: Data, site: Site): Listing {
  const url = pageUrl(tree.url, site);
  const isSitemap = /(?:urlset|sitemapindex)$/.test(data.format);
  const found = isSitemap ? sitemapRows(tree, data, url) : treeRows(tree, data, url, site);
  const rows = matching(found.rows, site);
  const way = nextOf(tree, data, url, site, found.rows.length);
  return {
    url,
    rowSelector: null,
    leads: [],
    findings: [],
    pageNumber: null,
    pageCount: null,
    translations: {},
    warnings: tree.warnings,
    ...totalOf(tree, data, site),
    ...way,
    ...found,
    saysEmpty: found.saysEmpty || rows.length < found.rows.length,
    rows,
  };
}

const AS_TEXT = { attribute: null, read: "text", all: false } as const;

type Found = Pick<Listing, "rows" | "saysEmpty"> & Partial<Listing>;

function sitemapRows(tree: Tree, { text }: Data, listing: string): Found {
  const { isIndex, urls, left = 0 } = readSitemap(text);
  const targets = urls.flatMap((href) => canonicalUrl(href, tree.base) ?? []);
  const message = `the sitemap ${listing} names ${count(left, "URL")} after its first 50,000, the most that one may have: they are not read`;
  const findings =
    left === 0 ? [] : [{ finding: "list-too-long", place: listing, count: left, message }];
  if (isIndex) return { rows: [], parts: targets, saysEmpty: targets.length === 0, findings };
  const seen = new Set<string>();
  const rows = targets.flatMap((url): Row[] => {
    if (seen.has(urlKey(url))) return [];
    seen.add(urlKey(url));
    return [{ listing, position: seen.size, url, base: url, readings: {} }];
  });
  return { rows, saysEmpty: urls.length === 0, rowSelector: "url", findings };
}

function treeRows(tree: Tree, data: Data, listing: string, site: Site): Found {
  const { selector, nodes } = firstMatch(tree.$, null, site.listing.rows);
  const cut: Warning[] = [];
  const rows = nodes.map((node, at): Row => {
    const bases = inherited(node, "xml:base");
    const base = bases.reduce((from, to) => canonicalUrl(to, from) ?? from, tree.base);
    const href = readLink(tree, node, site.listing.link)?.href;
    const url = href === undefined ? null : canonicalUrl(href, base);
    cut.push(...cutExcerptEnd(tree, node, url, site));
    const readings = readFields(tree, node, site, "listing");
    return {
      listing,
      position: at + 1,
      url,
      // What a feed holds is a part of the article's page, and its links are written for that.
      base: bases.length > 0 ? base : (url ?? base),
      markup: templateFingerprint(node),
      words: wordsFingerprint(node),
      readings,
      ...rowAliases(tree, node, base),
      ...(rowAsksPassword(tree, node) ? { isLocked: true } : {}),
      ...(site.article.follow ? {} : rowMedia(tree, node, base, site)),
    };
  });
  const isFeed = data.format !== "json";
  const names = site.listing.rows.map((rows) => /[\w-]+$/.exec(rows)?.[0] ?? "");
  return {
    rows,
    saysEmpty: isFeed || names.some((name) => data.emptyLists.has(name)),
    rowSelector: selector,
    warnings: [...tree.warnings, ...cut],
  };
}

/** Where an API says that the article is too. */
function rowAliases(tree: Tree, node: Element, base: string): Pick<Row, "aliases"> {
  const [alias] = firstMatch(tree.$, node, [":scope > sitelift_alias"]).nodes;
  const url = alias === undefined ? null : canonicalUrl(hrefOf(alias) ?? "", base);
  return url === null ? {} : { aliases: [url] };
}

/** Images and files of a row that is the article, where the site file names them. */
function rowMedia(tree: Tree, node: Element, base: string, { article }: Site): Pick<Row, "media"> {
  const found = article.media.flatMap((selector) => firstMatch(tree.$, node, [selector]).nodes);
  const media = found.flatMap((one): PageMedia[] => {
    const href = hrefOf(one);
    const url = href === undefined ? null : canonicalUrl(href, base);
    if (url === null) return [];
    const beside = parentOf(one)?.children.filter(isElement) ?? [];
    const alt = textOf(beside.filter(({ name }) => /^alt(?:_text)?$/.test(name)));
    return [{ url, alt: alt || null, title: null, kind: "image" }];
  });
  return media.length === 0 ? {} : { media };
}

/** How many articles there are, as the answer says, or its headers. */
function totalOf(tree: Tree, { headers }: Data, site: Site): Pick<Listing, "total"> {
  const said = readTotal(tree, site);
  const header = headers["x-wp-total"] ?? headers["x-total-count"] ?? "";
  return said.total === undefined && /^\d+$/.test(header) ? { total: Number(header) } : said;
}

/** What follows a page: its own link, the header's, or what is counted. */
function nextOf(
  tree: Tree,
  { headers, format }: Data,
  url: string,
  site: Site,
  rows: number,
): Pick<Listing, "next" | "nextSelector"> & Partial<Listing> {
  const { cursor, next: ways } = site.listing;
  const none = { next: null, nextSelector: null };
  const byRule = nextByRule(tree, null, site, rows);
  if (byRule !== null) {
    const { lacks, ...way } = byRule;
    return { ...way, ...(lacks === undefined ? {} : { findings: [lacks] }) };
  }
  if (cursor !== null) {
    const value = readWords(tree, [{ ...AS_TEXT, select: cursor.select }]);
    if (value === null) return none;
    const page = new URL(site.start);
    page.searchParams.set(cursor.parameter, value);
    const next = pageUrl(page.href, site);
    // An answer may have no rows that anybody may see, and those of the next one be seen.
    const isSame = urlKey(next) === urlKey(pageUrl(tree.asked, site));
    return rows === 0 && isSame ? none : { next, nextSelector: cursor.select };
  }
  const link = readLink(tree, null, ways);
  const header = format === "json" ? headerLink(headers.link ?? "") : null;
  const href = link?.href ?? header;
  const target = href == null ? null : canonicalUrl(href, tree.base);
  if (target !== null && urlKey(target) !== urlKey(url)) {
    const isOurs = isOfOne(target, [url, ...site.origins]);
    if (isOurs) return { next: pageUrl(target, site), nextSelector: link?.selector ?? "Link" };
    const note = `the next link of ${url} leads to ${target}, outside the site: it is not followed`;
    return { ...none, note };
  }
  const isFirst = isStart(tree.asked, site);
  const isFeed = /(?:rss|feed|rdf)$/.test(format) || site.listing.kind === "feed";
  if (!isFeed || ways.length === 0) return none;
  if (target === null && rows > 0 && isWordPress(tree)) {
    // WordPress gives the older articles of each feed by this number, and 404 after the last.
    const page = new URL(tree.asked);
    page.searchParams.set("paged", String(Number(page.searchParams.get("paged") ?? 1) + 1));
    const isDated = site.article.follow && site.fields.date.article.length > 0;
    return {
      ...{ next: pageUrl(page.href, site), nextSelector: "?paged={n}", isCounted: true },
      ...(isFirst && !isDated ? { note: inUtc(url) } : {}),
    };
  }
  // The last page of several has led on before.
  const isWhole = !isFirst || tree.$("fh-complete").length > 0;
  return isWhole ? none : { ...none, note: newestOnly(url, rows) };
}

function isWordPress({ $ }: Tree): boolean {
  const [generator] = select($, null, "channel > generator, feed > generator");
  return generator !== undefined && /wordpress/i.test($(generator).text());
}

/** RFC 8288: the target of `rel=next` in a Link header. */
function headerLink(header: string): string | null {
  for (const [, target, parameters = ""] of header.matchAll(/<([^<>]*)>([^<]*)/g))
    if (/;\s*rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)/i.test(parameters)) return target ?? null;
  return null;
}
