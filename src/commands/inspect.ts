/** `sitelift inspect`: what each selector matched on one page, and the result. */
import process from "node:process";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { isDrupal7, parsePage, type Tree } from "../extract/tree.js";
import type { Article, Listing, Warning } from "../model.js";
import { recognise } from "../propose/recognise.js";
import { hasConfigFile, isUrl } from "../site/load.js";
import { startingAt } from "../site/resolve.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { InspectOptions } from "./command-line.js";
import { showArticle } from "./inspect/article.js";
import { showListing } from "./inspect/listing.js";
import { fetchPage, pageAt, readSaved } from "./pages.js";
import { isNowhere } from "./site.js";
import { Terminal } from "./terminal.js";

export async function inspect(named: Site, target: string, options: InspectOptions) {
  const { page, site, warnings } = await pageOf(target, named, options.url);
  const tree = parsePage(page, site);
  const assumed = options.site === undefined && options.preset === undefined;
  if (assumed && !hasConfigFile(process.cwd())) warnings.push(assumption(tree));
  const listing = readListing(tree, site);
  const article = readArticle(tree, site);
  const place = isUrl(target) || options.url !== undefined ? page.url : null;
  const isData = tree.data !== null;
  const kind = options.as ?? (isData ? "listing" : null) ?? kindOf(place, site, listing, article);
  const terminal = new Terminal(options);
  return kind === "listing"
    ? showListing(terminal, tree, site, listing, warnings)
    : showArticle(terminal, site, article, warnings);
}

/** A saved page of unknown URL is read as the start of the site. */
async function pageOf(target: string, site: Site, given: string | undefined) {
  if (isUrl(target)) return { page: await fetchPage(target, site), site, warnings: [] };
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
 * A page with rows and a pager is a listing; else one with a body is an article; else one with rows, or
 * with a pager but no rows (a page out of range), is a listing.
 *
 * @param place URL of the page; null when it was not given
 */
export function kindOf(place: string | null, site: Site, listing: Listing, article: Article) {
  const path = (url: string) => urlKey(url).split("?")[0];
  const isStart = place !== null && path(place) === path(site.start);
  const paged = listing.pageCount !== null;
  if (listing.rows.length > 0 && (paged || isStart)) return "listing";
  if (article.readings.body !== undefined) return "article";
  const lists = listing.rows.length > 0 || paged || listing.saysEmpty;
  return lists || isStart ? "listing" : "article";
}
