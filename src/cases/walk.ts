/** A whole pagination walk as a case: the pipeline walks saved pages, and a page that is not among them fails it. */
import { walk } from "../crawl/walk.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Listing, Page, PageRequest, PageResponse, Source } from "../model.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { CaseResult } from "./case.js";

/** The site, its rows not followed: a walk is about the listing alone. */
export function listingOnly(site: Site): Site {
  return { ...site, article: { ...site.article, follow: false } };
}

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
    const failure = { stage: "fetch" as const, url, reason };
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
