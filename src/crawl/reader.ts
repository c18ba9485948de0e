/** Reads pages: an ordinary one here, a large one in a process of its own. Each page is read once. */

import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { holdsTitle, misfit } from "../extract/soft-404.js";
import { parsePage } from "../extract/tree.js";
import type { Article, Listing, Page, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { type Opened, openArticle } from "./article.js";
import { Isolation, isLarge } from "./worker/pool.js";

/** All methods throw, or reject, where a page cannot be read or costs too much. */
export class Reader {
  readonly #site: Site;
  readonly #isolation: Isolation;
  /** Pages that were read to know whether to believe them, until their turn comes. */
  readonly #listings = new WeakMap<Page, Promise<Listing>>();
  readonly #articles = new WeakMap<Page, Article>();

  constructor(site: Site) {
    this.#site = site;
    this.#isolation = new Isolation(site);
  }

  /** A page that took all of its time once is not tried again. */
  listing(page: Page): Promise<Listing> {
    const known = this.#listings.get(page) ?? this.#readListing(page);
    this.#listings.set(page, known);
    return known;
  }

  async #readListing(page: Page): Promise<Listing> {
    return isLarge(page)
      ? this.#isolation.listing(page)
      : readListing(parsePage(page, this.#site.remove), this.#site);
  }

  #article(page: Page): Article {
    const known =
      this.#articles.get(page) ?? readArticle(parsePage(page, this.#site.remove), this.#site);
    this.#articles.set(page, known);
    return known;
  }

  /** The article of a row on its own page. */
  async article(row: Row, page: Page): Promise<Opened> {
    return isLarge(page)
      ? this.#isolation.open(row, page)
      : openArticle(this.#site, row, this.#article(page));
  }

  /** A row that is the article. @param page the listing page that it stands on */
  async bareRow(row: Row, page: Page): Promise<Opened> {
    return isLarge(page) ? this.#isolation.open(row, null) : openArticle(this.#site, row, null);
  }

  /** The address that an article page gives as its own; null when it gives none. */
  async canonical(page: Page): Promise<string | null> {
    return isLarge(page) ? this.#isolation.canonical(page) : this.#article(page).canonical;
  }

  /** Why an article page is not that of its row; null when it may be, and when it is too large to tell at once. */
  misfit(url: string, page: Page, row: Row): string | null {
    // Nearly every article page holds the words of its row; only another one is read twice over.
    if ((holdsTitle(page.body, row) && page.url === url) || isLarge(page)) return null;
    return misfit(this.#article(page), row, this.#site);
  }

  close(): void {
    this.#isolation.close();
  }
}
