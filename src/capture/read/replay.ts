/**
 * The replay source: pages from captures instead of the network. Redirects, robots.txt, decoding and
 * the judgement of responses are those of a crawl; only the wire differs, and nothing is waited for.
 */

import { isPassing } from "../../http/completeness.js";
import type { FetchEvent } from "../../http/events.js";
import { FetchError } from "../../http/fetch-error.js";
import {
  type FileOptions,
  failureOf,
  fetchBeside,
  fetchFile,
  fetchPage,
  mediaResponse,
} from "../../http/fetch-page.js";
import { NO_CLOCK, offlineExchange } from "../../http/offline.js";
import { ATTEMPTS, retry } from "../../http/retry.js";
import type { Limits } from "../../http/wire/limits.js";
import type { WireResponse } from "../../http/wire/receive.js";
import type { Accept, PageRequest, PageResponse, Post, Source } from "../../model.js";
import type { Site } from "../../site/site.js";
import { requestKey } from "../../url/post.js";
import { otherScheme } from "../../url/url.js";
import type { CapturedResponse } from "./captured-response.js";
import type { ResponseTable } from "./response-table.js";
import { DAMAGED, damagedHere, responseOf } from "./revisits.js";

/** Gives the response to the next request for a URL. */
export interface StoredResponses {
  /** @throws {FetchError} `not-reached` when there is none */
  next(url: URL, post?: Post): Promise<WireResponse>;
  /** True for the capture of a crawl of sitelift, which obeyed robots.txt: then the replay obeys it too. */
  readonly obeysRobots: boolean;
  /** True when there is any response for a URL, be it a redirect. */
  holds(url: URL): boolean;
  /** URLs of its HTML pages, sorted. */
  pages(): Promise<string[]>;
}

/** Which rows of a table are of a crawl. */
export interface RowsOfRun {
  readonly isOwn: (row: number) => boolean;
  /** Rows that were moved into its file when an earlier capture was removed: for URLs that it did not request itself. */
  readonly isMoved: (row: number) => boolean;
}

/**
 * Responses by URL. A crawl of sitelift is walked again as it was: the first request gets the first response, and so
 * on; the last one repeats. Of the captures of other programs every request gets the newest whole response.
 *
 * @param rows of the table that are of the run; others resolve revisits
 * @param until of other programs, `YYYYMMDDhhmmss` as a number: what came later is not the newest; null for a crawl of sitelift
 */
export function storedResponses(
  table: ResponseTable,
  { isOwn, isMoved }: RowsOfRun,
  until: number | null,
): StoredResponses {
  const requested = new Map<number, number>();
  const find = (href: string) => {
    for (const is of [isOwn, isMoved])
      for (const url of [href, otherScheme(href)]) {
        const rows = table.ofUrl(url).filter(is);
        if (rows.length > 0) return rows;
      }
    return [];
  };
  const nextRow = (rows: readonly number[]): number | undefined => {
    const key = rows[0] ?? -1;
    let at = requested.get(key) ?? 0;
    // A later response of the same crawl is as good as one that is damaged.
    while (isDamage(rows[at]) && at < rows.length - 1) at++;
    requested.set(key, Math.min(at + 1, rows.length - 1));
    return rows[at];
  };
  const isDamage = (row: number | undefined) =>
    row !== undefined && table.at(row).kind === "damage";
  return {
    obeysRobots: until === null,
    holds: ({ href }) => find(href).length > 0,
    async pages() {
      const found = new Set<string>();
      for (const rows of table.urls())
        for (const row of rows.filter(isOwn)) {
          const { kind, isPage } = table.at(row);
          if (table.isPost(row) || (!isPage && kind !== "revisit")) continue;
          const captured = await table.read(row).catch(() => null);
          if (captured === null || (!isPage && !(await repeatsPage(captured, table)))) continue;
          found.add(captured.url);
          break;
        }
      return [...found].sort();
    },
    async next(url, post) {
      const rows = find(requestKey(url.href, post));
      const row = until === null ? nextRow(rows) : await newestWhole(rows, table, until);
      const isRobots = url.pathname === ROBOTS;
      if (row !== undefined && !(isRobots && isDamage(row))) {
        if (isDamage(row)) throw new FetchError(DAMAGED, { code: "not-captured" });
        const response = await responseAt(row, table);
        if (response.whole || isRobots) return response;
        throw new FetchError("the capture holds only a part of the response", {
          code: "not-captured",
        });
      }
      if (isRobots) return NO_ROBOTS;
      const lacks = { state: "not-reached", code: "not-captured" } as const;
      throw new FetchError("the capture does not hold this URL", lacks);
    },
  };
}

async function responseAt(row: number, table: ResponseTable): Promise<WireResponse> {
  const read = async () => responseOf(await table.read(row), table);
  return read().catch(damagedHere);
}

/** True for a revisit of an HTML page. */
async function repeatsPage(captured: CapturedResponse, table: ResponseTable): Promise<boolean> {
  const response = await responseOf(captured, table).catch(() => null);
  return response?.status === 200 && /html/i.test(response.headers["content-type"] ?? "");
}

/**
 * The newest response until a time that is whole, and no error that passes; if there is none, the oldest after it; if
 * none is whole, the newest of all.
 */
async function newestWhole(
  rows: readonly number[],
  table: ResponseTable,
  until: number,
): Promise<number | undefined> {
  const byTime = rows.toSorted((a, b) => table.at(b).time - table.at(a).time || b - a);
  const isEarly = (row: number) => table.at(row).time <= until;
  const wanted = [...byTime.filter(isEarly), ...byTime.filter((row) => !isEarly(row)).reverse()];
  for (const row of wanted) {
    const { kind, status, isWhole } = table.at(row);
    if (kind === "damage" || kind === "failure" || !isWhole) continue;
    if (kind !== "revisit" && (isPassing(status) || status >= 500)) continue;
    if ((await responseAt(row, table).catch(() => null)) !== null) return row;
  }
  return wanted[0];
}

const ROBOTS = "/robots.txt";
/** Most programs that capture do not request robots.txt, or do not store it, and one may be damaged: what was fetched may be read. */
const NO_ROBOTS: WireResponse = { status: 404, headers: {}, body: new Uint8Array(), whole: true };

export interface ReplayOptions {
  readonly site: Pick<Site, "start" | "origins"> & Partial<Pick<Site, "media">>;
  readonly responses: StoredResponses;
  /** As the crawl had them; the defaults are those of a crawl. */
  readonly attempts?: number;
  readonly limits?: Partial<Limits>;
  readonly onEvent?: (event: FetchEvent) => void;
}

/** Reads the pages that a frontier asks for from captures, one after the other. No network, no clock. */
export function replaySource(options: ReplayOptions): Source {
  const { site, responses, attempts = ATTEMPTS, limits = {}, onEvent } = options;
  const exchange = offlineExchange(site, {
    attempts,
    limits,
    ignoreRobots: !responses.obeysRobots,
    // The crawl may have waited long for a robots.txt.
    waitForRobots: Number.POSITIVE_INFINITY,
    stored: (url, post) => responses.next(url, post),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const policy = { attempts, clock: NO_CLOCK, random: () => 0 };
  const file = (url: string, more: FileOptions = {}) =>
    mediaResponse(url, fetchFile(exchange, url, policy, more));
  // A crawl that asked for none has none to be compared with.
  const beside = (url: string, what: "data" | "page") =>
    mediaResponse(url, fetchBeside(exchange, url, policy, what), "not-reached");
  const respond = async (request: PageRequest, accept: Accept): Promise<PageResponse> => {
    let tried = 0;
    try {
      return await retry(policy, (attempt) => {
        tried = attempt;
        return fetchPage(exchange, request, { attempt, attempts, accept });
      });
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      return failureOf(request, error, tried);
    }
  };
  return {
    async run(frontier, onResponse, accept = async () => null) {
      for (let request = frontier.next(); request !== null; request = frontier.next())
        await onResponse(await respond(request, accept));
    },
    media: (url) => file(url),
    requisite: (url, origins) => file(url, { origins }),
    data: (url) => beside(url, "data"),
    further: (url) => beside(url, "page"),
    sitemaps: () => exchange.sitemaps(),
  };
}
