/** A whole pagination walk as a case: the pipeline walks saved pages, and a page that is not among them fails it. */

import { walk } from "../crawl/walk.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Page, PageRequest, PageResponse, Source } from "../model.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url.js";
import type { CaseResult } from "./case.js";

/** The site, its rows not followed: a walk is about the listing alone. */
export function listingOnly(site: Site): Site {
  return { ...site, article: { ...site.article, follow: false } };
}

/** Walks saved pages as a crawl would walk the site. */
export async function readWalk(pages: readonly Page[], site: Site): Promise<CaseResult> {
  const source = savedPages(pages);
  const listed = listingOnly(site);
  const seen = await walk({ site: listed, source, sinks: [] });
  const asked = source.asked.map((page) => readListing(parsePage(page, site), listed));
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
      ...source.outside.map((url) => `the walk asked for ${url}, which is not in the case`),
      ...(seen.listed === 0 ? ["ran nothing: no row was found on any page"] : []),
      ...source.unused().map((url) => `the walk never asked for ${url}, which is in the case`),
    ],
  };
}

/** Why the walk went no further. */
function stopOf(last: ReturnType<typeof readListing> | undefined, gaps: readonly string[]): string {
  if (last === undefined) return "no page was read";
  const where = `page ${last.pageNumber ?? last.url}`;
  if (gaps.length > 0) return `${where}: ${gaps.at(-1)}`;
  if (last.rows.length === 0) return `${where} has no rows`;
  if (last.next === null) return `${where} has no next link`;
  return `${where} has only rows that were seen before`;
}

interface SavedPages extends Source {
  /** Every page that was given, once, in the order of its first asking. */
  readonly asked: Page[];
  /** URLs that were requested and are not among the pages. */
  readonly outside: string[];
  unused(): string[];
}

/** A source that holds some pages and nothing else. */
function savedPages(pages: readonly Page[]): SavedPages {
  const byKey = new Map(pages.map((page) => [urlKey(page.requestedUrl), page]));
  const asked = new Set<Page>();
  const outside = new Set<string>();
  const answer = (request: PageRequest): PageResponse => {
    const page = byKey.get(urlKey(request.url));
    if (page !== undefined) {
      asked.add(page);
      return { request, page };
    }
    outside.add(request.url);
    const failure = { stage: "fetch" as const, url: request.url, reason: "it is not in the case" };
    return { request, failure, state: "failed", status: null };
  };
  return {
    get asked() {
      return [...asked];
    },
    get outside() {
      return [...outside];
    },
    unused: () => pages.filter((page) => !asked.has(page)).map((page) => page.requestedUrl),
    async run(frontier, onResponse) {
      for (let request = frontier.next(); request !== null; request = frontier.next())
        await onResponse(answer(request));
    },
  };
}
