/** Whether a page is accepted as it comes, before its turn; and what was read of it to know, since a page is parsed once. */
import { holdsTitle } from "../extract/soft-404.js";
import type { Listing, Page, PageRequest, PageResponse } from "../model.js";
import { startOf } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import type { Opened } from "./article.js";
import type { WalkParts } from "./walk-parts.js";
import { isLarge } from "./worker/page-worker.js";

/** What was read of a page. */
interface Ahead {
  readonly page: Page;
  /** Rejects where the page cannot be read. */
  readonly listing?: Promise<Listing>;
  readonly opened?: Opened;
  /** By what an article was read. */
  readonly site?: Site;
}

export class Acceptance {
  readonly #parts: WalkParts;
  /** By the order of the requests whose turn is to come. */
  readonly #ahead = new Map<number, Ahead>();

  constructor(parts: WalkParts) {
    this.#parts = parts;
  }

  /** Why to retry a listing page; null when it is accepted. */
  async listing({ order, url }: PageRequest, page: Page): Promise<string | null> {
    const { site, paging, requests, sessions, reader } = this.#parts;
    let listing = reader.listing(page);
    try {
      const isFirst = paging.atStart && url === startOf(site);
      const session = isFirst ? sessions.retryReason(await listing) : null;
      if (session !== null) return session;
      if (isFirst && sessions.found.length > 0) {
        reader.leaveOut(sessions.found);
        listing = reader.listing(page);
      }
      const isOpen = isFirst && requests.mayRender && (await listing).rows.length === 0;
      const retry = isOpen ? null : paging.retryReason(await listing, url);
      if (retry !== null) return retry;
    } catch {
      // A page that took all of its time once is not tried again.
    }
    this.#ahead.set(order, { page, listing });
    return null;
  }

  /** The same of an article page. */
  async article(
    { order, url }: PageRequest,
    page: Page,
    demanding = false,
  ): Promise<string | null> {
    const { ledger, reader } = this.#parts;
    const row = ledger.find(url)?.row;
    // Nearly every article page holds the words of its row; only another one is read before its turn.
    if (row == null || (!demanding && holdsTitle(page.body, row) && page.url === url)) return null;
    try {
      if (isLarge(page)) return null;
      const { site } = reader;
      const opened = await reader.article(row, page);
      const lacks = demanding ? missingFrom(opened.facts, site) : null;
      const reason = opened.facts.soft404?.reason ?? lacks;
      if (reason !== null) return reason;
      this.#ahead.set(order, { page, opened, site });
    } catch {
      // What is wrong with it is said at its turn.
    }
    return null;
  }

  /** What was read of a page whose turn has come: its listing, or its article where that would be read in the same way now. */
  take(response: PageResponse): Pick<Ahead, "listing" | "opened"> {
    const { order } = response.request;
    const { page, listing, opened, site } = this.#ahead.get(order) ?? {};
    this.#ahead.delete(order);
    if (!("page" in response) || response.page !== page) return {};
    if (listing !== undefined) return { listing };
    return opened !== undefined && site === this.#parts.reader.site ? { opened } : {};
  }
}

/** What the selectors of an article page must find and did not; null when they did. */
function missingFrom({ sighting }: Opened["facts"], { fields }: Site): string | null {
  const missing = (["title", "body"] as const).find(
    (name) => fields[name].article.length > 0 && sighting.article?.[name] === undefined,
  );
  return missing === undefined ? null : `no selector of its ${missing} matches`;
}
