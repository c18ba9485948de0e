/** The embedded office as a source without a network: its pages straight from their templates. */
import { type RenderOptions, renderPage } from "../../fixtures/office/site.js";
import type { Arrival, Page, Source, Visit } from "../../src/model.js";

export const OFFICE = "http://office.example";

/** A page of the office as it would be fetched, redirects followed. */
export function officePage(url: string, options: RenderOptions = {}): Page | number {
  const { pathname, search } = new URL(url);
  const answer = renderPage(pathname + search, { origin: OFFICE, ...options });
  const { location } = answer.headers;
  if (location !== undefined) return officePage(new URL(location, url).href, options);
  const { status, headers, body } = answer;
  return status === 200 ? { url, requestedUrl: url, status, headers, body } : status;
}

/** Serves pages in whatever order `shuffle` gives them, several at a time, as a network would. */
export function pageSource(
  read: (url: string) => Page | number | string,
  shuffle: (visits: Visit[]) => Visit[] = (visits) => visits,
): Source & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async run(frontier, arrive) {
      while (!frontier.isFinished()) {
        const batch: Visit[] = [];
        for (let visit = frontier.next(); visit !== null; visit = frontier.next())
          batch.push(visit);
        if (batch.length === 0)
          throw new Error("the frontier is neither finished nor does it hand out");
        for (const visit of shuffle(batch)) {
          asked.push(visit.url);
          await arrive(arrivalOf(visit, read(visit.url)));
        }
      }
    },
  };
}

function arrivalOf(visit: Visit, answer: Page | number | string): Arrival {
  if (typeof answer === "object") return { visit, page: answer };
  const status = typeof answer === "number" ? answer : null;
  const reason = status === null ? String(answer) : `status ${status}`;
  return { visit, state: "failed", status, failure: { stage: "fetch", url: visit.url, reason } };
}
