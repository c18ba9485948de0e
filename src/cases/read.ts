/** Reads a case, a page or a whole walk, by the functions that a crawl runs, and gives what is compared with its expectation. */
import { convertArticle } from "../convert/draft.js";
import { walk } from "../crawl/walk.js";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { soft404 } from "../extract/soft-404.js";
import { parsePage, type Tree } from "../extract/tree.js";
import type {
  Article,
  Draft,
  Issue,
  Listing,
  Page,
  PageRequest,
  PageResponse,
  Row,
  Source,
} from "../model.js";
import { judge } from "../schema/entry.js";
import { type Site, startingAt } from "../site/site.js";
import { urlKey } from "../url/url.js";
import { CASE_FILES, type Case, type CaseResult } from "./case.js";

/** Reads a case. What a page holds never throws. */
export async function readCase({ about, pages, listing }: Case, site: Site): Promise<CaseResult> {
  const [page] = pages;
  if (about.kind === "walk") return readWalk(pages, startingAt(site, about.url));
  if (page === undefined) throw new Error("a case without a page");
  const tree = parsePage(page, site);
  if (about.kind === "listing") return listingResult(readListing(tree, site), site);
  if (listing === null) return articleResult(tree, null, site);
  return withRow(tree, page, listing, site);
}

/** An article and the row that leads to it. */
export function withRow(tree: Tree, page: Page, listing: Page, site: Site): CaseResult {
  const row = rowOf(readListing(parsePage(listing, site), site).rows, page);
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

/** An article as a crawl converts it. @param row null when none is saved, or found */
export function judgeArticle(article: Article, row: Row | null, site: Site) {
  const { url, base } = article;
  const own = row ?? { listing: site.start, position: 1, url, base, readings: {} };
  const converted = convertArticle(site, article.canonical ?? url, own, article);
  const { draft } = converted;
  const verdict = judge(draft, site);
  const issues = "issues" in verdict ? verdict.issues : [];
  return { row: own, ...converted, verdict, issues };
}

/** A row as a crawl converts it when it links to no page. */
export function judgeRow(row: Row, site: Site) {
  const { draft, warnings } = convertArticle(site, row.url ?? row.listing, row, null);
  // Its body may still come from the article page.
  const issues = draft.issues.filter(({ path }) => row.url === null || path !== "body");
  return { draft, warnings, issues };
}

/** @param row null when none is saved, or found */
export function articleResult(tree: Tree, row: Row | null, site: Site): CaseResult {
  const article = readArticle(tree, site);
  const { row: own, item, draft, issues } = judgeArticle(article, row, site);
  const other = soft404(article, own, site);
  const lines = [...(other === null ? [] : [`page: ${other.reason}`]), ...issues.map(issueText)];
  const hasNothing = Object.keys(article.readings).length === 0;
  return {
    fields: { ...fieldsOf(draft), issues: lines },
    body: draft.body || null,
    sightings: [{ row: row?.readings ?? null, article: article.readings, chosen: item.readings }],
    problems: hasNothing ? ["ran nothing: no selector found a field on the page"] : [],
  };
}

export function listingResult(listing: Listing, site: Site): CaseResult {
  const { next, pageNumber, pageCount, saysEmpty, warnings, rows, parts = [] } = listing;
  const read = rows.map((row) => rowResult(row, site));
  const bodies = read.map(({ body }, index) => `<!-- row ${rows[index]?.position} -->\n\n${body}`);
  return {
    fields: {
      rows: read.map(({ fields }) => fields),
      next,
      pageNumber,
      pageCount,
      saysEmpty,
      warnings: warnings.map(({ message }) => message),
    },
    body: read.some(({ body }) => body !== "") ? bodies.join("\n") : null,
    sightings: rows.map(({ readings }) => ({ row: readings, article: null, chosen: readings })),
    problems:
      rows.length === 0 && !saysEmpty && parts.length === 0
        ? ["ran nothing: listing.rows matched no row on the page"]
        : [],
  };
}

function rowResult(row: Row, site: Site) {
  const { draft, issues } = judgeRow(row, site);
  const { title, date, type, summary, dateText, typeText, warnings } = draft.data;
  const { url } = row;
  const read = { title, url, date, type, summary, dateText, typeText, warnings };
  return {
    fields: { ...read, ...ownOf(draft), issues: issues.map(issueText) },
    body: draft.body,
  };
}

/** Front matter with a key for each of the site's own fields, so that each is compared by itself. */
function fieldsOf({ data: { fields, ...data } }: Draft): Record<string, unknown> {
  return { ...data, ...ownOf({ data: { ...data, fields } }) };
}

function ownOf({ data: { fields } }: Pick<Draft, "data">): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((fields ?? {}) as object).map(([name, value]) => [`fields.${name}`, value]),
  );
}

function issueText({ path, message }: Issue): string {
  return `${path}: ${message}`;
}

/** The site, its rows not followed: a walk is about the listing alone. */
export function listingOnly(site: Site): Site {
  return { ...site, article: { ...site.article, follow: false } };
}

/** Walks saved pages. One that is asked for and is not among them fails the case. */
export async function readWalk(pages: readonly Page[], site: Site): Promise<CaseResult> {
  const byKey = new Map(pages.map((page) => [urlKey(page.requestedUrl), page]));
  const listed = listingOnly(site);
  /** What was given, as it was read. */
  const given = new Map<Page, Listing>();
  const outside = new Set<string>();
  const answer = (request: PageRequest): PageResponse => {
    const { url } = request;
    const page = byKey.get(urlKey(url));
    if (page !== undefined) {
      if (!given.has(page)) given.set(page, readListing(parsePage(page, site), listed));
      return { request, page };
    }
    // A list that is counted ends where nothing is, and no page of that was recorded.
    const isEnd = [...given.values()].some(
      ({ isCounted, next }) => isCounted && next !== null && urlKey(next) === urlKey(url),
    );
    if (!isEnd) outside.add(url);
    const reason = isEnd ? "HTTP 404: it is not in the case" : "it is not in the case";
    const code = isEnd ? "gone" : undefined;
    const failure = { stage: "fetch", url, reason, code } as const;
    return { request, failure, state: "failed", status: isEnd ? 404 : null };
  };
  const source: Source = {
    async run(frontier, onResponse) {
      for (let request = frontier.next(); request !== null; request = frontier.next())
        await onResponse(answer(request));
    },
  };
  const seen = await walk({ site: listed, source, sinks: [] });
  const asked = [...given.values()];
  const articles = seen.outcomes.map(({ url, listedOn }) => ({ url, listedOn: [...listedOn] }));
  return {
    fields: {
      pages: asked.map(({ url, rows, pageNumber }) => ({ url, pageNumber, rows: rows.length })),
      articles: articles.map(({ url, listedOn }) => `${listedOn[0]} ${url}`),
      duplicates: articles
        .filter(({ listedOn }) => listedOn.length > 1)
        .map(({ url, listedOn }) => `${url} on ${listedOn.join(", ")}`),
      stop: stopOf(asked.at(-1), seen.gaps),
      complete: seen.complete,
      gaps: seen.gaps,
    },
    body: null,
    sightings: asked.flatMap(({ rows }) =>
      rows.map(({ readings }) => ({ row: readings, article: null, chosen: readings })),
    ),
    problems: [
      ...[...outside].map((url) => `the walk asked for ${url}, which is not in the case`),
      ...(seen.listed === 0 ? ["ran nothing: no row was found on any page"] : []),
      ...pages
        .filter((page) => !given.has(page))
        .map((page) => `the walk never asked for ${page.requestedUrl}, which is in the case`),
    ],
  };
}

function stopOf(last: ReturnType<typeof readListing> | undefined, gaps: readonly string[]): string {
  if (last === undefined) return "no page was read";
  const where = `page ${last.pageNumber ?? last.url}`;
  if (gaps.length > 0) return `${where}: ${gaps.at(-1)}`;
  if (last.rows.length === 0) return `${where} has no rows`;
  if (last.next === null) return `${where} has no next link`;
  return `${where} has only rows that were seen before`;
}
