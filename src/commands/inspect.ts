/** `sitelift inspect`: what each selector matched on one page, and the result. */
import { basename } from "node:path";
import { readArticle } from "../extract/article.js";
import { decode } from "../extract/coding.js";
import { dataFormat } from "../extract/data-tree.js";
import { readListing } from "../extract/listing.js";
import { parsePage, type Tree } from "../extract/tree.js";
import type { Article, Listing, Page, Warning } from "../model.js";
import { isDrupal7, recognise } from "../propose/recognise.js";
import type { ListingKind } from "../site/listing-schema.js";
import { hasConfigFile, siteFileOf } from "../site/load.js";
import { wayWords } from "../site/selector-words.js";
import { type Site, startingAt } from "../site/site.js";
import { count, isUrl } from "../text.js";
import { urlKey } from "../url/url.js";
import { capturedPage } from "./captured-page.js";
import type { InspectOptions } from "./command-line/site.js";
import { showArticle } from "./inspect/article.js";
import { showListing } from "./inspect/listing.js";
import { askedAs, fetchPage, pageAt, readSaved } from "./pages.js";
import { isNowhere, knowsStart } from "./site.js";
import { Terminal } from "./terminal.js";

export async function inspect(
  named: Site,
  target: string,
  options: InspectOptions,
  terminal: Terminal = new Terminal(options),
) {
  const { page, site, warnings } = await pageOf(target, named, options);
  const tree = parsePage(page, site);
  const isNamed = knowsStart(options);
  if (!isNamed && options.preset === undefined) warnings.push(assumption(tree));
  const listing = readListing(tree, site);
  const article = readArticle(tree, site);
  const place = isNamed && (isUrl(target) || options.url !== undefined) ? page.url : null;
  const { kind, why } =
    options.as === undefined
      ? kindOf(page, tree, place, site, listing, article)
      : { kind: options.as, why: "--as says so" };
  const taken = { why, readBy: readBy(options) };
  return kind === "listing"
    ? showListing(terminal, tree, site, listing, taken, warnings)
    : showArticle(terminal, site, article, taken, warnings);
}

/** By which rules the page is read, as a user knows them. */
function readBy({ site, preset }: InspectOptions): string {
  if (site !== undefined)
    return `the ${siteFileOf(site) === null ? "built-in site" : "site file"} ${site}`;
  if (preset !== undefined || !hasConfigFile()) return `the preset ${preset ?? "drupal7"}`;
  return `the site file ${basename(siteFileOf(undefined) ?? "")}`;
}

/** A saved page of unknown URL is read as the start of the site. */
async function pageOf(target: string, site: Site, { url: given, capture }: InspectOptions) {
  if (capture !== undefined) return { site, ...(await capturedPage(capture, target, site)) };
  if (isUrl(target))
    return { page: await fetchPage(askedAs(target, site), site), site, warnings: [] };
  const { body, url } = readSaved(target, given);
  const page = pageAt(url ?? site.start, body);
  if (!isNowhere(site)) return { page, site, warnings: [] };
  if (url !== null) return { page, site: startingAt(site, url), warnings: [] };
  const message = `the URL of the page is unknown, and no --url is given; its links start from ${site.start}`;
  return { page, site, warnings: [{ code: "no-address", message }] };
}

function assumption(tree: Tree): Warning {
  if (isDrupal7(tree))
    return {
      code: "preset-assumed",
      message: "no site was named; reading the page with --preset drupal7",
    };
  const known = recognise(tree);
  const way =
    known === null
      ? "`sitelift init` writes a site file for it"
      : `--preset ${known.preset} is for such a page (${known.by})`;
  return {
    code: "preset-assumed",
    message: `no site was named, and the page is not of Drupal 7, whose preset reads it; ${way}`,
  };
}

/**
 * What is not a web page is a list. A page with rows and a pager is a listing; else one with a body is an article; else one
 * with rows, or with a pager but no rows (a page out of range), is a listing.
 *
 * @param place URL of the page; null when it was not given, or nothing says where the list starts
 * @returns `why` as a part of a sentence, with the evidence
 */
export function kindOf(
  page: Page,
  { data }: Tree,
  place: string | null,
  site: Site,
  listing: Listing,
  article: Article,
): { readonly kind: "listing" | "article"; readonly why: string } {
  const as = (kind: "listing" | "article", ...why: string[]) => ({ kind, why: why.join(", ") });
  if (data !== null) return as("listing", `it is ${formOf(data.format).words}, which holds a list`);
  const path = (url: string) => urlKey(url).split("?")[0];
  const isStart = place !== null && path(place) === path(site.start);
  const start = "its URL is that of the list";
  const { rowSelector, pageCount, saysEmpty } = listing;
  const hasRows = listing.rows.length > 0;
  const rows = hasRows
    ? `it has ${count(listing.rows.length, "row")} by ${rowSelector}`
    : "it has no rows";
  const pager = pageCount === null ? "no pager" : `a pager of ${count(pageCount, "page")}`;
  const { body } = article.readings;
  const unread = hasRows ? null : dataFormat(decode(page, site.encoding).text);
  // The text of a page may begin with a bracket.
  if (unread !== null && (unread !== "json" || body === undefined)) {
    const { words, kind } = formOf(unread);
    return as("listing", `it is ${words}, read as HTML: write "listing": { "kind": "${kind}" }`);
  }
  if (hasRows && pageCount !== null) return as("listing", rows, pager);
  if (hasRows && isStart) return as("listing", rows, start);
  if (body !== undefined)
    return as(
      "article",
      `it has a body by ${wayWords(body.selector, body.attribute)}`,
      hasRows ? `and ${rows.slice(7)} without a pager` : "no rows",
    );
  if (hasRows || pageCount !== null) return as("listing", rows, pager, "no body");
  if (saysEmpty) return as("listing", "it says that its list is empty");
  if (isStart) return as("listing", rows, "no body", `but ${start}`);
  return as("article", rows, pager, "no body", "so nothing says what it is: --as decides");
}

/** @param format the name of the first element of an XML format, or `json` */
function formOf(format: string): { readonly words: string; readonly kind: ListingKind } {
  if (format === "json") return { words: "JSON", kind: "json" };
  const kind = /(?:urlset|sitemapindex)$/.test(format) ? "sitemap" : "feed";
  return { words: `a ${kind} (${format})`, kind };
}
