/** One attempt at a request, and what its failure is called: the same for a crawl and for its replay. */
import { hash } from "node:crypto";
import type { Accept, MediaResponse, Page, PageRequest, PageResponse } from "../model.js";
import { withoutPasswords } from "../text.js";
import { dataProblem, incompleteness, isJson, isPassing, typeProblem } from "./completeness.js";
import { fileProblem } from "./damage.js";
import type { Exchange } from "./exchange.js";
import { FetchError, Stopped } from "./fetch-error.js";
import { leadsOnTo } from "./meta-refresh.js";
import { refusal } from "./polite/retry-after.js";
import { MOST_REDIRECTS } from "./redirects.js";
import { type RetryPolicy, retry } from "./retry.js";
import { decodeBody } from "./wire/decode.js";
import { DATA_LIMITS } from "./wire/limits.js";

const RENDERINGS = 2;

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
  const { url, format, post, session, render } = request;
  const what = format ?? "page";
  const ask = { what, session, render, attempt, attempts };
  const came = readable(await exchange.fetch(url, { ...ask, post }), what);
  const page = await follow(came, async (href) => readable(await exchange.fetch(href, ask), what));
  // A page without rows takes a browser a quarter of a minute: it is rendered once more at most.
  if (attempt >= (render === undefined ? attempts : RENDERINGS)) return { request, page };
  const refused = await accept(request, page);
  if (refused !== null) throw new FetchError(refused, { status: page.status, retry: true });
  return { request, page };
}

/** Goes where a page leads by itself, as to where a redirect does. @throws {FetchError} when nothing comes there */
async function follow(first: Page, ask: (url: string) => Promise<Page>): Promise<Page> {
  let page = first;
  for (let hops = 0; ; hops++) {
    const target = leadsOnTo(page);
    if (target === null) return page;
    if (hops === MOST_REDIRECTS) throw new FetchError(`more than ${MOST_REDIRECTS} redirects`);
    try {
      page = { ...(await ask(target)), requestedUrl: first.requestedUrl };
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      const { message, state, retry, status, code = null } = error;
      const to = withoutPasswords(target);
      const how = { state, retry, status, code };
      throw new FetchError(`${message} (the page leads to ${to})`, how);
    }
  }
}

/**
 * Fetches a feed or a sitemap, or a further page of an article, with retries where they may help.
 *
 * @throws {FetchError} when none came
 */
export function fetchBeside(
  exchange: Exchange,
  url: string,
  policy: RetryPolicy,
  what: "data" | "page",
): Promise<Page> {
  const { attempts } = policy;
  return retry(policy, async (attempt) =>
    readable(await exchange.fetch(url, { what, attempt, attempts }), what),
  );
}

export interface FileOptions {
  /** For a file that pages need to be looked at: the origins that they name. */
  readonly origins?: ReadonlySet<string>;
  /** True when a complete new response is needed, whatever is stored. */
  readonly again?: boolean;
  readonly onAttempt?: (attempt: number) => void;
}

/**
 * Fetches an image, an attachment or a requisite, with retries where they may help. What looks damaged is asked for again; where the
 * same comes twice, with a length that fits, it is what the server has.
 *
 * @throws {FetchError} when none came
 */
export async function fetchFile(
  exchange: Exchange,
  url: string,
  policy: RetryPolicy,
  { origins, again = false, onAttempt }: FileOptions = {},
): Promise<Page> {
  const { attempts } = policy;
  let before: string | null = null;
  let tried = 0;
  try {
    return await retry(policy, async (attempt) => {
      tried = attempt;
      onAttempt?.(attempt);
      const options = { attempt, attempts, again: again || attempt > 1 };
      const page = await exchange.fetch(
        url,
        origins === undefined
          ? { what: "media", ...options }
          : { what: "requisite", origins, ...options },
      );
      // An empty style sheet is one.
      if (origins !== undefined && page.body.length === 0) return judged(page, () => null);
      return judged(page, () => {
        const problem = fileProblem(page);
        if (problem === null || page.body.length === 0) return problem;
        const { headers, body } = page;
        // Without either header, a response ends where the connection does: then a file that is cut looks whole.
        const hasLength = (headers["content-length"] ?? headers["transfer-encoding"]) !== undefined;
        const digest = hash("sha256", body);
        const isSame = digest === before;
        before = digest;
        return hasLength && isSame ? null : problem;
      });
    });
  } catch (error) {
    throw error instanceof FetchError ? afterAll(error, tried) : error;
  }
}

/** What came of a file, or of a page beside the list. @param silent a state in which nothing is known of it, as when the run was stopped */
export async function mediaResponse(
  url: string,
  fetching: Promise<Page>,
  silent: FetchError["state"] | null = null,
): Promise<MediaResponse> {
  try {
    return { page: await fetching };
  } catch (error) {
    if (error instanceof Stopped) return { failure: null };
    if (!(error instanceof FetchError)) throw error;
    const failure = { stage: "fetch" as const, url, reason: error.message, code: error.code };
    return { failure: error.state === silent ? null : failure };
  }
}

/** Judges a response. @throws {FetchError} when it is not a page */
export function readable(page: Page, format: PageRequest["format"] = "page"): Page {
  const isData = format === "data" || (format === "either" && isJson(page));
  return isData ? judged(plain(page), dataProblem) : judged(page, incompleteness);
}

/** Sitemaps are often files that are compressed, and not in transfer alone. */
function plain(page: Page): Page {
  const { body } = page;
  if (page.status !== 200 || body[0] !== 0x1f || body[1] !== 0x8b) return page;
  return { ...page, body: decodeBody(body, "gzip", DATA_LIMITS.decodedBytes) };
}

function judged(page: Page, problemOf: (page: Page) => string | null): Page {
  const { status } = page;
  if (status !== 200) {
    const refused = refusal(page);
    const retry = refused === null && isPassing(status);
    throw new FetchError(refused ?? `HTTP ${status}`, { status, retry });
  }
  const reason = problemOf(page);
  if (reason === null) return page;
  const code = reason === typeProblem(page) ? "unusable" : null;
  throw new FetchError(reason, { status, retry: true, code });
}

/** A request that failed for good. @param tried how often it was tried */
export function failureOf(request: PageRequest, error: FetchError, tried: number): PageResponse {
  const { message: reason, state, status, code } = afterAll(error, tried);
  const failure = { stage: "fetch" as const, url: request.url, reason, code };
  return { request, failure, state, status };
}

/** A request that was not made. */
export function notReached(request: PageRequest, reason: string): PageResponse {
  const failure = { stage: "fetch" as const, url: request.url, reason };
  return { request, failure, state: "not-reached", status: null };
}

/** The error of the last attempt, with how often it was tried. */
function afterAll(error: FetchError, tried: number): FetchError {
  if (tried < 2) return error;
  const { message, state, status, code = null } = error;
  return new FetchError(`${message}; asked ${tried} times`, { state, status, code, cause: error });
}
