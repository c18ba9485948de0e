/** Pages that lead a reader on: what generators write for an old URL where they have no server to redirect it. */

import { load } from "cheerio";
import { parseUrl } from "../text.js";
import { refreshOf } from "../url/refresh.js";
import { parseDocument } from "./bounded-parser.js";

/**
 * Where the beginning of a page says that it belongs.
 *
 * @param url that of the page
 * @returns alias where it leads by itself, after so many seconds; canonical what it names as its own URL. Null for neither
 */
export function leadsOn(html: string, url: string) {
  // As a browser that runs scripts reads it: what a `noscript` holds is text.
  const $ = load(parseDocument(html));
  const canonical = $("link[rel~=canonical i][href]").attr("href") ?? null;
  const base = parseUrl($("base[href]").attr("href") ?? "", url)?.href ?? url;
  for (const { attribs } of $("meta[http-equiv=refresh i][content]")) {
    const alias = refreshOf(attribs.content ?? "", base);
    if (alias !== null) return { alias, canonical };
  }
  return { alias: null, canonical };
}
