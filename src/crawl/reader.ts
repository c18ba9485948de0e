/** Reads pages: what was kept of one, else an ordinary one here, a large one in a worker. */
import type { Article, Listing, Page, Readings, Row } from "../model.js";
import type { Site } from "../site/site.js";
import type { Opened } from "./article.js";
import { KeptReadings, pageKey, type ReadingStore } from "./kept-readings.js";
import { listKind } from "./list-kind.js";
import type { ParsedAhead } from "./parsed-ahead.js";
import { isLarge, PageWorker } from "./worker/page-worker.js";

/** All methods throw, or reject, where a page cannot be read or costs too much. */
export class Reader {
  #site: Site;
  #kept: KeptReadings;
  #worker: PageWorker;
  readonly #store: ReadingStore;
  readonly #ahead: ParsedAhead | null;
  /** Where the readings of rows that were kept were read, and their listings, where these had to be read again. */
  readonly #pages = new WeakMap<Readings, Page>();
  #again = new WeakMap<Page, Promise<Listing>>();

  /** @param ahead pages that are parsed already */
  constructor(site: Site, store: ReadingStore = NONE, ahead: ParsedAhead | null = null) {
    this.#site = site;
    this.#ahead = ahead;
    this.#store = store;
    this.#kept = new KeptReadings(store, site);
    this.#worker = new PageWorker(site);
  }

  /** By which pages are read now; another one as soon as they are to be read in another way. */
  get site(): Site {
    return this.#site;
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
    this.#again = new WeakMap();
    this.#kept = new KeptReadings(this.#store, site);
    this.#worker.close();
    this.#worker = new PageWorker(site);
  }

  /** A listing page. Another pass through a list brings most of them again, byte for byte: they are kept by then. */
  async listing(page: Page): Promise<Listing> {
    const site = this.#site;
    const isLarge = this.#isLarge(page);
    const read = async () =>
      isLarge ? this.#worker.listing(page) : readHere(page, site, this.#ahead);
    return this.#kept.listing(pageKey(page), read, ({ rows }) => {
      // Rows of a large page are in no page either when they are read.
      if (!isLarge) for (const { readings } of rows) this.#pages.set(readings, page);
    });
  }

  /** A row with its nodes where they were found: what is around them says how they are read. */
  async #within(row: Row, site: Site): Promise<Row> {
    const page = this.#pages.get(row.readings);
    if (page === undefined || Object.values(row.readings).every(({ nodes }) => nodes === null))
      return row;
    const again = this.#again.get(page) ?? readHere(page, site);
    this.#again.set(page, again);
    const { rows } = await again;
    return { ...row, readings: rows[row.position - 1]?.readings ?? row.readings };
  }

  /** A sitemap has as many tags as it likes: it is read in one go, without a tree. */
  #isLarge(page: Page): boolean {
    return !listKind(this.#site).isStreamed && isLarge(page);
  }

  /** The article of a row on its own page. */
  article(row: Row, page: Page): Promise<Opened> {
    return this.#article(row, page, page);
  }

  /** A row that is the article. @param listing the page that it is on */
  bareRow(row: Row, listing: Page): Promise<Opened> {
    return this.#article(row, null, listing);
  }

  async #article(row: Row, page: Page | null, from: Page): Promise<Opened> {
    const kept = this.#kept.article(row, page && pageKey(page));
    // Another site may be read by before it is opened.
    const [site, worker] = [this.#site, this.#worker];
    let opening: Promise<Opened> | null = null;
    const open = () => {
      opening ??= this.#open(row, page, from, site, worker);
      return opening;
    };
    const facts = await kept.facts(async () => (await open()).facts);
    return {
      facts,
      finish: (url, more) =>
        kept.converted(facts, [url, more], async () => (await open()).finish(url, more)),
      leave: () => kept.leave(facts),
    };
  }

  async #open(
    row: Row,
    page: Page | null,
    from: Page,
    site: Site,
    worker: PageWorker,
  ): Promise<Opened> {
    if (isLarge(from)) return worker.open(row, page);
    const { openArticle } = await here();
    const article = page && (await this.#parse(page, site));
    return openArticle(site, await this.#within(row, site), article);
  }

  async #parse(page: Page, site: Site): Promise<Article> {
    const { furtherOf, parsePage, readArticle } = await here();
    const tree = this.#ahead?.take(page, site) ?? parsePage(page, site);
    return readArticle(tree, site, furtherOf(page, site));
  }

  /** The URL that an article page gives as its own; null when it gives none. */
  canonical(page: Page): Promise<string | null> {
    return this.#kept.canonical(pageKey(page), async () =>
      isLarge(page)
        ? this.#worker.canonical(page)
        : (await this.#parse(page, this.#site)).canonical,
    );
  }

  close(): void {
    this.#worker.close();
  }
}

/** What parses and converts takes as long to load as ten pages take to read, and a run that finds all pages kept needs none of it. */
let loaded: Promise<typeof import("./read-here.js")> | null = null;

function here() {
  loaded ??= import("./read-here.js");
  return loaded;
}

async function readHere(page: Page, site: Site, ahead: ParsedAhead | null = null) {
  const { parsePage, readListing } = await here();
  return readListing(ahead?.take(page, site) ?? parsePage(page, site), site);
}

/** Keeps nothing. */
const NONE: ReadingStore = { find: async () => null, add: async () => {} };
