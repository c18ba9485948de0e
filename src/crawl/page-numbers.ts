/** The numbers of listing pages, as their URLs count them. Pure. */
import type { Listing } from "../model.js";
import { atPage, pageIndex, pagerElement, urlAfter } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { isPostKey } from "../url/post.js";
import { ListingRequests } from "./listing-requests.js";

export class PageNumbers {
  readonly #site: Site;
  readonly #requests: ListingRequests;
  /** Which of several pagers of a page counts the list. */
  #element = 0;

  constructor(site: Site, requests = new ListingRequests(site)) {
    this.#site = site;
    this.#requests = requests;
  }

  /** Learns from a page that was read. */
  note({ url, next }: Listing): void {
    const { pageParameter } = this.#site.listing;
    if (pageParameter !== null && next !== null)
      this.#element = pagerElement(url, [next], pageParameter);
  }

  /** Number of a listing page by its URL, from 1; null where no parameter counts them. */
  of(url: string): number | null {
    const { pageParameter } = this.#site.listing;
    if (pageParameter === null || isPostKey(url)) return null;
    const [page, start] = [new URL(url), new URL(this.#site.start)];
    // Where the path has become another and the parameter is missing, the path counts them: /news/page/2.
    if (page.pathname !== start.pathname && !page.searchParams.has(pageParameter)) return null;
    return pageIndex(url, pageParameter, this.#element) + 1;
  }

  /** URL of the page after another one; null when no number counts the pages. @param previous the page before it */
  after(url: string, previous: string | null): string | null {
    if (isPostKey(url)) return this.#requests.postAfter(url);
    const { pageParameter } = this.#site.listing;
    const number = this.of(url);
    return pageParameter === null || number === null
      ? urlAfter(previous, url)
      : atPage(url, pageParameter, number, this.#element);
  }

  /** The page that a next link leads to, or the one before it that the link leaps over. */
  unskipped({ url, pageNumber }: Listing, next: string): string {
    const { pageParameter } = this.#site.listing;
    const number = this.of(url);
    const target = this.of(next);
    if (pageParameter === null || number === null || target === null) return next;
    if (number !== pageNumber || target <= number + 1) return next;
    return atPage(next, pageParameter, number, this.#element);
  }
}
