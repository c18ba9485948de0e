/** The embedded office as a source without a network: its pages straight from their templates. */
import { type Edit, listingRows, openOffice } from "../../fixtures/office/articles.js";
import { type RenderOptions, renderPage } from "../../fixtures/office/site.js";
import type { Page, PageRequest, PageResponse, Source } from "../../src/model.js";

export const OFFICE = "http://office.example";

/** Rows that stay when the list is short: those with a trap that the tests of a walk ask about, and three pages of rows in all. */
const KEPT = new Set([0, 1, 9, 11, 30, 31, 36, 43, 46, 60]);
export const FEW_ROWS = 21;
const LISTED = listingRows(openOffice(), "en");
for (let at = 0; KEPT.size < FEW_ROWS; at++) KEPT.add(at);

/** Edits after which the English list has three pages of seven rows: enough for every rule of paging. */
const FEW: readonly Edit[] = LISTED.flatMap(({ path }, at) =>
  KEPT.has(at) ? [] : [{ kind: "remove" as const, on: "2022-01-14", path }],
);

/** A page of the office as it would be fetched, redirects followed. */
export function officePage(url: string, options: RenderOptions = {}): Page | number {
  const { pathname, search } = new URL(url);
  const answer = renderPage(pathname + search, { origin: OFFICE, ...options });
  const { location } = answer.headers;
  if (location !== undefined) return officePage(new URL(location, url).href, options);
  const { status, headers, body } = answer;
  return status === 200 ? { url, requestedUrl: url, status, headers, body } : status;
}

/** A page of the office whose English list is short. */
export function shortOffice(url: string, options: RenderOptions = {}): Page | number {
  return officePage(url, { ...options, edits: [...FEW, ...(options.edits ?? [])] });
}

/** Serves pages in whatever order `shuffle` gives them, several at a time, as a network would. */
export function pageSource(
  read: (url: string) => Page | number | string,
  shuffle: (requests: PageRequest[]) => PageRequest[] = (requests) => requests,
): Source & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async run(frontier, onResponse) {
      while (!frontier.isFinished()) {
        const batch: PageRequest[] = [];
        for (let request = frontier.next(); request !== null; request = frontier.next())
          batch.push(request);
        if (batch.length === 0)
          throw new Error("the frontier is neither finished nor does it hand out");
        for (const request of shuffle(batch)) {
          asked.push(request.url);
          await onResponse(responseOf(request, read(request.url)));
        }
      }
    },
  };
}

function responseOf(request: PageRequest, answer: Page | number | string): PageResponse {
  if (typeof answer === "object") return { request, page: answer };
  const status = typeof answer === "number" ? answer : null;
  const reason = status === null ? String(answer) : `status ${status}`;
  return {
    request,
    state: "failed",
    status,
    failure: { stage: "fetch", url: request.url, reason },
  };
}
