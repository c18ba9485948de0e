/** Reads a case by the functions that a crawl runs, and gives what is compared with its expectation. */

import { convertItem } from "../convert/draft.js";
import { readArticle } from "../extract/article.js";
import { mergeItem } from "../extract/item.js";
import { readListing } from "../extract/listing.js";
import { soft404 } from "../extract/soft-404.js";
import { parsePage, type Tree } from "../extract/tree.js";
import type { Article, Issue, Listing, Page, Row } from "../model.js";
import { judge } from "../schema/entry.js";
import { startingAt } from "../site/resolve.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { CaseResult } from "./case.js";
import { CASE_FILES, type Case } from "./case.js";
import { readWalk } from "./walk.js";

/** Reads a case. What a page holds never throws. */
export async function readCase({ about, pages, listing }: Case, site: Site): Promise<CaseResult> {
  const [page] = pages;
  if (about.kind === "walk") return readWalk(pages, startingAt(site, about.url));
  if (page === undefined) throw new Error("a case without a page");
  const tree = parsePage(page, site.remove);
  if (about.kind === "listing") return listingResult(readListing(tree, site), site);
  if (listing === null) return articleResult(tree, null, site);
  return withRow(tree, page, listing, site);
}

/** An article and the row that leads to it. */
export function withRow(tree: Tree, page: Page, listing: Page, site: Site): CaseResult {
  const row = rowOf(readListing(parsePage(listing, site.remove), site).rows, page);
  const result = articleResult(tree, row, site);
  if (row !== null) return result;
  const problem = `no row of ${CASE_FILES.listing} leads to the article`;
  return { ...result, problems: [...result.problems, problem] };
}

/** The row that leads to a page; null when none does. */
export function rowOf(rows: readonly Row[], { url, requestedUrl }: Page): Row | null {
  const keys = [url, requestedUrl].map(urlKey);
  return rows.find((row) => row.url !== null && keys.includes(urlKey(row.url))) ?? null;
}

/** A row that says nothing: that of an article whose listing page is not kept. */
function silentRow(article: Article, site: Site): Row {
  const { url, base } = article;
  return { listing: site.start, position: 1, url, base, readings: {} };
}

/** @param row null when none is kept, or found */
export function articleResult(tree: Tree, row: Row | null, site: Site): CaseResult {
  const article = readArticle(tree, site);
  const own = row ?? silentRow(article, site);
  const item = mergeItem(site, article.canonical ?? article.url, own, article);
  const { draft } = convertItem(item, site);
  const verdict = judge(draft);
  const other = soft404(article, own, site);
  const issues = [
    ...(other === null ? [] : [`page: ${other}`]),
    ...("issues" in verdict ? verdict.issues : []).map(issueWords),
  ];
  const nothing = Object.keys(article.readings).length === 0;
  return {
    fields: { ...draft.data, issues },
    body: draft.body || null,
    sightings: [{ row: row?.readings ?? null, article: article.readings, chosen: item.readings }],
    problems: nothing ? ["ran nothing: no selector found a field on the page"] : [],
  };
}

export function listingResult(listing: Listing, site: Site): CaseResult {
  const read = listing.rows.map((row) => ({ row, ...readRow(row, site) }));
  const { next, pageNumber, pageCount, saysEmpty, warnings, rows } = listing;
  const bodies = read.map(({ row, body }) => `<!-- row ${row.position} -->\n\n${body}`);
  const hasBodies = read.some(({ body }) => body !== "");
  return {
    fields: {
      rows: read.map(({ fields }) => fields),
      next,
      pageNumber,
      pageCount,
      saysEmpty,
      warnings: warnings.map(({ message }) => message),
    },
    body: hasBodies ? bodies.join("\n") : null,
    sightings: rows.map(({ readings }) => ({ row: readings, article: null, chosen: readings })),
    problems:
      rows.length === 0 && !saysEmpty
        ? ["ran nothing: listing.rows matched no row on the page"]
        : [],
  };
}

/** A row, converted as a crawl converts it when it links to no page. */
function readRow(row: Row, site: Site) {
  const { draft } = convertItem(mergeItem(site, row.url ?? row.listing, row, null), site);
  const { title, date, type, summary, dateText, typeText, warnings } = draft.data;
  // Its body may still come from the article page.
  const issues = draft.issues.filter(({ path }) => row.url === null || path !== "body");
  return {
    fields: {
      title,
      url: row.url,
      date,
      type,
      summary,
      dateText,
      typeText,
      warnings,
      issues: issues.map(issueWords),
    },
    body: draft.body,
  };
}

function issueWords({ path, message }: Issue): string {
  return `${path}: ${message}`;
}
