/** `sitelift inspect`: what each selector matched on one page, and what came of it. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { CliError, type ExitCode } from "../error.js";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { isDrupal7, ownAddress, parsePage, type Tree } from "../extract/tree.js";
import type { Article, Listing, Page, Warning } from "../model.js";
import { hasConfigFile } from "../site/load.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { InspectOptions } from "./command-line.js";
import { showArticle } from "./inspect/article.js";
import { showListing } from "./inspect/listing.js";
import { NOWHERE } from "./site.js";
import { Terminal } from "./terminal.js";

export async function inspect(
  named: Site,
  target: string,
  options: InspectOptions,
): Promise<ExitCode> {
  const isAddress = /^https?:\/\//i.test(target);
  const { page, site, warnings } = isAddress
    ? { page: await fetchPage(target, named), site: named, warnings: [] }
    : locate(readSaved(target), named, options.url);
  const tree = parsePage(page, site.remove);
  const assumed = options.site === undefined && options.preset === undefined;
  if (assumed && !hasConfigFile(process.cwd())) warnings.push(assumption(tree));
  const listing = readListing(tree, site);
  const article = readArticle(tree, site);
  const place = isAddress || options.url !== undefined ? page.url : null;
  const kind = options.as ?? kindOf(place, site, listing, article);
  const terminal = new Terminal(options);
  return kind === "listing"
    ? showListing(terminal, tree, site, listing, warnings)
    : showArticle(terminal, tree, site, article, warnings);
}

async function fetchPage(url: string, site: Site): Promise<Page> {
  const { fetchOne } = await import("../http/live.js");
  return fetchOne(url, site);
}

export function readSaved(path: string): Uint8Array {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new CliError(`"${path}" is neither an address nor a file`, {
      hint: "An address begins with http:// or https://; a file is taken from the working folder.",
    });
  }
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError(`${path} cannot be read`, {
      hint: "Expected one saved HTML page.",
      cause: error,
    });
  }
}

/** A saved page at its address: that which is told, else that which the page gives, else the site's start. */
export function locate(
  body: Uint8Array,
  site: Site,
  told: string | undefined,
): { page: Page; site: Site; warnings: Warning[] } {
  const at = (url: string): Page => ({ url, requestedUrl: url, status: 200, headers: {}, body });
  if (told !== undefined) return { page: at(told), site, warnings: [] };
  const own = ownAddress(parsePage(at(site.start)));
  const lost = new URL(site.start).hostname === NOWHERE;
  if (own === null) {
    const message = `no address was told with --url, and the page gives none; its links start from ${site.start}`;
    return { page: at(site.start), site, warnings: lost ? [{ code: "no-address", message }] : [] };
  }
  const moved = { ...site, start: own, origins: [...site.origins, new URL(own).origin] };
  return { page: at(own), site: lost ? moved : site, warnings: [] };
}

function assumption(tree: Tree): Warning {
  return isDrupal7(tree)
    ? { code: "preset-assumed", message: "no site was named; the page is read by --preset drupal7" }
    : {
        code: "preset-assumed",
        message:
          "no site was named, and the page is not Drupal 7's, by whose preset it is read: `sitelift init` writes a site file for it",
      };
}

/**
 * A page with rows and a pager lists; else one with a body is an article; else one with rows, or
 * with a pager although it has none (a page out of range), lists.
 *
 * @param place address of the page; null when it was not told
 */
export function kindOf(
  place: string | null,
  site: Site,
  listing: Listing,
  article: Article,
): "listing" | "article" {
  const path = (url: string) => urlKey(url).split("?")[0];
  const isStart = place !== null && path(place) === path(site.start);
  const paged = listing.pageCount !== null;
  if (listing.rows.length > 0 && (paged || isStart)) return "listing";
  if (article.readings.body !== undefined) return "article";
  const lists = listing.rows.length > 0 || paged || listing.saysEmpty;
  return lists || isStart ? "listing" : "article";
}
