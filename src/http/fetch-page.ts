/** One attempt at a request, and what its failure is called: the same for a crawl and for its replay. */
import type { Accept, Page, PageRequest, PageResponse } from "../model.js";
import { incompleteness, isPassing } from "./completeness.js";
import type { Exchange } from "./exchange.js";
import { FetchError } from "./fetch-error.js";
import { refusal } from "./polite/throttle.js";
import { cutFile } from "./wire/cut-file.js";

/**
 * Fetches the page of a request.
 *
 * @param attempt from 1; the page of the last one needs no acceptance: the walk finds out what it lacks
 * @throws {FetchError} when what came is not a page, or is not accepted
 */
export async function fetchPage(
  exchange: Exchange,
  request: PageRequest,
  { attempt, attempts, accept }: { attempt: number; attempts: number; accept: Accept },
): Promise<PageResponse> {
  const page = readable(await exchange.fetch(request.url, { attempt, attempts }));
  if (attempt >= attempts) return { request, page };
  const { retry, ...parsed } = await accept(request, page);
  if (retry !== undefined) throw new FetchError(retry, { status: page.status, retry: true });
  return { request, page, ...parsed };
}

/** Fetches an image or attachment once. @throws {FetchError} when none came */
export async function fetchFile(exchange: Exchange, url: string): Promise<Page> {
  const page = await exchange.fetch(url, { what: "media" });
  return judged(page, ({ headers, body }) => {
    // Without either header, a response ends where the connection does: then a file that is cut looks whole.
    const saysLength = headers["content-length"] ?? headers["transfer-encoding"];
    return saysLength === undefined ? cutFile(body) : null;
  });
}

/** Judges a response. @throws {FetchError} when it is not a page */
export function readable(page: Page): Page {
  return judged(page, incompleteness);
}

function judged(page: Page, problemOf: (page: Page) => string | null): Page {
  const { status } = page;
  if (status !== 200) {
    const refused = refusal(page);
    const retry = refused === null && isPassing(status);
    throw new FetchError(refused ?? `HTTP ${status}`, { status, retry });
  }
  const reason = problemOf(page);
  if (reason !== null) throw new FetchError(reason, { status, retry: true });
  return page;
}

/** A request that failed for good. @param tried how often it was tried */
export function failureOf(request: PageRequest, error: FetchError, tried: number): PageResponse {
  const times = tried > 1 ? `; asked ${tried} times` : "";
  const failure = {
    stage: "fetch" as const,
    url: request.url,
    reason: `${error.message}${times}`,
  };
  return { request, failure, state: error.state, status: error.status };
}
