/** Reads pages: an ordinary one here, a large one in a worker. */
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Article, Listing, Page, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { type Opened, openArticle } from "./article.js";
import { SeenListings } from "./seen-listings.js";
import { isLarge, PageWorker } from "./worker/page-worker.js";

/** All methods throw, or reject, where a page cannot be read or costs too much. */
export class Reader {
  #site: Site;
  #worker: PageWorker;
  readonly #seen = new SeenListings();

  constructor(site: Site) {
    this.#site = site;
    this.#worker = new PageWorker(site);
  }

  /** Leaves parameters that hold a session out of the URLs of all pages that are read from now on. */
  leaveOut(parameters: readonly string[]): void {
    const { sessionParameters } = this.#site;
    this.#change({ ...this.#site, sessionParameters: [...sessionParameters, ...parameters] });
  }

  /**
   * Reads dates by further formats, in all pages that are read from now on.
   *
   * @param contradiction why no format reads dates in figures; null where one may
   */
  readDatesBy(formats: readonly string[], contradiction: string | null = null): void {
    const { fields } = this.#site;
    const date = { ...fields.date, formats: [...fields.date.formats, ...formats], contradiction };
    this.#change({ ...this.#site, fields: { ...fields, date } });
  }

  #change(site: Site): void {
    this.#site = site;
    this.#seen.clear();
    this.#worker.close();
    this.#worker = new PageWorker(site);
  }

  /** A listing page. Of one that was read before, the rows have no readings but what they are `known` by. */
  async listing(page: Page): Promise<Listing> {
    return this.#seen.find(page) ?? this.wholeListing(page);
  }

  async wholeListing(page: Page): Promise<Listing> {
    if (isLarge(page)) return this.#worker.listing(page);
    const listing = readListing(parsePage(page, this.#site), this.#site);
    this.#seen.add(page, listing);
    return listing;
  }

  /** Parses an article page here. @returns null for a large one */
  parse(page: Page): Article | null {
    return isLarge(page) ? null : readArticle(parsePage(page, this.#site), this.#site);
  }

  /** The article of a row on its own page. @param parsed the page, where it was parsed before */
  async article(row: Row, page: Page, parsed = this.parse(page)): Promise<Opened> {
    return parsed === null ? this.#worker.open(row, page) : openArticle(this.#site, row, parsed);
  }

  /** A row that is the article. @param page the listing page that the row is on */
  async bareRow(row: Row, page: Page): Promise<Opened> {
    return isLarge(page) ? this.#worker.open(row, null) : openArticle(this.#site, row, null);
  }

  /** The URL that an article page gives as its own; null when it gives none. */
  async canonical(page: Page): Promise<string | null> {
    const parsed = this.parse(page);
    return parsed === null ? this.#worker.canonical(page) : parsed.canonical;
  }

  close(): void {
    this.#worker.close();
  }
}
