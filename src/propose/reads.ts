/** What a proposed site file reads, by the functions that a crawl runs: the proof of a proposal. */

import { convertArticle } from "../convert/draft.js";
import { readListing } from "../extract/listing.js";
import { select } from "../extract/select.js";
import { parsePage } from "../extract/tree.js";
import type { Listing, Page } from "../model.js";
import { PRESETS } from "../site/presets.js";
import { resolveSite } from "../site/resolve.js";
import type { Site, SiteInput } from "../site/site.js";
import { articleDoubt } from "./article-page.js";
import type { Reads } from "./proposal.js";

export function siteOfProposal(input: SiteInput): Site {
  return resolveSite(input, PRESETS, "the proposal");
}

export function listingOf(page: Page, site: Site): Listing {
  return readListing(parsePage(page, site), site);
}

export function readsOf(page: Page, input: SiteInput): Reads {
  const site = siteOfProposal(input);
  const tree = parsePage(page, site);
  const { rows, rowSelector, next, pageCount, findings } = readListing(tree, site);
  const drafts = rows.map((row) => convertArticle(site, row.url ?? row.listing, row, null).draft);
  const links = rows.flatMap(({ url }) => url ?? []);
  const elements = rowSelector === null ? [] : select(tree.$, null, rowSelector);
  const titles = drafts.filter(({ data }) => data.title !== null).length;
  const untitled =
    titles * 2 <= rows.length ? [`${titles} of ${rows.length} have a title that can be read`] : [];
  const single = tree.data !== null ? null : articleDoubt(tree, page.url, elements, links);
  return {
    rows: rows.length,
    titles,
    links: links.length,
    dates: drafts.filter(({ data }) => data.date !== null).length,
    next,
    pageCount,
    article: links[0] ?? null,
    articles: [
      ...new Set([0, links.length >> 1, links.length - 1].flatMap((at) => links[at] ?? [])),
    ],
    isArticle: single !== null,
    doubts: [
      ...(single === null ? [] : [single]),
      ...untitled,
      ...findings.map(({ message }) => message),
    ],
  };
}
