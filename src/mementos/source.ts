/**
 * The source of pages from web archives: of each URL the captures one after the other, until one is a whole page that
 * the walk accepts. Redirects, decoding and the judgement of pages are those of a crawl.
 */
import { fileProblem } from "../http/damage.js";
import type { FetchEvent } from "../http/events.js";
import { FetchError, Stopped } from "../http/fetch-error.js";
import { notReached, readable } from "../http/fetch-page.js";
import type {
  Finding,
  MediaResponse,
  Memento,
  Page,
  PageRequest,
  PageResponse,
  Source,
  TriedMemento,
} from "../model.js";
import type { Site } from "../site/site.js";
import { isoOf } from "../warc/date.js";
import { Unanswered } from "./ask.js";
import { type Candidate, CapturedPages } from "./captured-page.js";
import {
  candidatesOf,
  failureOf,
  hasNone,
  type Ladder,
  MOST_TRIED,
  newLadder,
  type Prefer,
} from "./choose.js";
import { folderOf, type Holdings } from "./holdings.js";
import { feedsIn, listingsIn, sitemapsIn, unlistedIn } from "./known-urls.js";

export interface MementoOptions {
  readonly site: Pick<Site, "start" | "origins" | "media" | "listing">;
  /** In the order in which they are asked. */
  readonly holdings: readonly Holdings[];
  readonly prefer: Prefer;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: FetchEvent) => void) | undefined;
}

/** What a URL is wanted for: `data` is a feed or a sitemap. */
type What = PageRequest["role"] | "media" | "data";

interface Wish {
  readonly url: string;
  readonly role: What;
  readonly format?: PageRequest["format"];
}

/** Captures of a feed or a sitemap that are read of one archive. */
export const MOST_DATA = 20;

/** Pages of so many URLs that are equal to the byte are none of theirs: an error page, a page of consent. */
const SHARED = 3;

/** Its methods are properties, so that a source can be made of it and more. */
export class Mementos implements Source {
  readonly isFixed = true;
  readonly #options: MementoOptions;
  readonly #pages: CapturedPages;
  /** By the base of an archive, what it said in the place of an answer about a listing page, first. */
  readonly #unanswered = new Map<string, string>();
  /** Folders of the articles that were requested, in lower case. */
  readonly #folders = new Set<string>();
  /** First page of the list that is walked: a site may have several. */
  #start: string;

  constructor(options: MementoOptions) {
    this.#options = options;
    this.#start = options.site.start;
    this.#pages = new CapturedPages(options.site);
  }

  readonly run: Source["run"] = async (frontier, onResponse, accept = async () => null) => {
    let isFirst = true;
    for (let due = frontier.next(); due !== null; due = frontier.next()) {
      const request = due;
      if (isFirst) this.#start = request.url;
      isFirst = false;
      const accepts = (page: Page) => accept(request, page, true);
      const response = await this.#respond(request, accepts).catch((error: unknown) => {
        if (!(error instanceof Stopped)) throw error;
        return notReached(request, "the run was stopped");
      });
      await onResponse(response);
      if (this.#options.signal?.aborted) return;
    }
  };

  readonly media = async (url: string): Promise<MediaResponse> => {
    const ladder = newLadder();
    try {
      for await (const candidate of this.#candidates(url, "media", ladder)) {
        const page = await this.#fetch({ url, role: "media" }, candidate, ladder);
        if (page !== null) return { page };
      }
    } catch (error) {
      if (error instanceof Stopped) return { failure: null };
      throw error;
    }
    return { failure: { stage: "fetch", url, reason: failureOf(ladder).reason } };
  };

  readonly listings = async (): Promise<readonly string[]> => {
    const { site, holdings } = this.#options;
    return listingsIn(holdings, this.#start, site.listing);
  };

  readonly feeds = (): readonly string[] => {
    return feedsIn(this.#options.holdings, this.#start);
  };

  readonly sitemaps = async (): Promise<readonly string[]> => {
    return sitemapsIn(this.#options.holdings, this.#start);
  };

  /** A feed or a sitemap: the newest capture, and the others. */
  readonly data = async (url: string): Promise<MediaResponse> => {
    const ladder = newLadder();
    const candidates = this.#candidates(url, "data", ladder);
    const pages = this.#others({ url, role: "data", format: "data" }, candidates, ladder);
    const first = await pages.next();
    if (!first.done) return { page: first.value, others: pages };
    // That there is none says nothing: who asks does not know that the site had one.
    if (ladder.tried.length + ladder.unanswered.length === 0) return { failure: null };
    return { failure: { stage: "fetch", url, reason: failureOf(ladder).reason } };
  };

  readonly unanswered = (): readonly Finding[] => {
    return [...this.#unanswered].map(([place, message]) => ({
      finding: "archive-failed",
      place,
      count: null,
      message: `the archive failed: ${message}; what it has of the list is not known`,
    }));
  };

  readonly unlisted = (isListed: (url: string) => boolean): readonly string[] => {
    return unlistedIn(this.#options.holdings, this.#start, this.#folders, isListed);
  };

  async #respond(
    request: PageRequest,
    accept: (page: Page) => Promise<string | null>,
  ): Promise<PageResponse> {
    const { url, role, format, post, render } = request;
    if (post !== undefined || render !== undefined) {
      const how = post === undefined ? "has rows in a browser alone" : "answers to a POST alone";
      const reason = `web archives hold what a GET was answered, and this page ${how}`;
      return notReached(request, reason);
    }
    if (role === "article") this.#folders.add(folderOf(url.toLowerCase()));
    const ladder = newLadder();
    this.#options.onEvent?.({ event: "request", url, role, attempt: 1 });
    const candidates = this.#candidates(url, role, ladder, format);
    // What comes whole and is not accepted is better than nothing: the walk finds out what it lacks.
    let whole: Page | null = null;
    // By hand: a loop would end the candidates with itself, and the others of a listing page are still wanted.
    for (let next = await candidates.next(); !next.done; next = await candidates.next()) {
      const page = await this.#fetch(request, next.value, ladder);
      if (page === null) continue;
      const retry = await accept(page);
      if (retry === null) return this.#found(request, page, candidates, ladder);
      whole ??= page;
      this.#refuse(ladder, page.memento, retry);
      if (role === "listing" && ladder.tried.length >= MOST_TRIED) break;
    }
    if (whole !== null) return this.#found(request, whole, candidates, ladder);
    const { reason, state, code } = failureOf(ladder);
    const failure = { stage: "fetch", url, reason, code } as const;
    return { request, failure, state, status: null, tried: ladder.tried };
  }

  #found(
    request: PageRequest,
    page: Page,
    left: AsyncIterable<Candidate>,
    ladder: Ladder,
  ): PageResponse {
    const isUsed = ({ archive, time }: TriedMemento) =>
      archive === page.memento?.archive && time === page.memento.time;
    const refused = ladder.tried.filter((one) => !isUsed(one));
    const tried = page.memento === undefined ? refused : [...refused, page.memento];
    const found = { request, page, tried };
    return request.role === "listing"
      ? { ...found, others: this.#others(request, left, ladder) }
      : found;
  }

  /** The captures of a listing page that come after the one that was taken. */
  async *#others(wish: Wish, left: AsyncIterable<Candidate>, ladder: Ladder) {
    try {
      for await (const candidate of left) {
        const page = await this.#fetch(wish, candidate, ladder);
        if (page !== null) yield page;
      }
    } catch (error) {
      // The rows of the captures that came count; the run ends after them.
      if (!(error instanceof Stopped)) throw error;
    }
  }

  /** The captures of a URL that may be tried, archive by archive: the index of the next one is asked when all were. */
  async *#candidates(
    url: string,
    what: What,
    ladder: Ladder,
    format: PageRequest["format"] = "page",
  ): AsyncGenerator<Candidate, void, undefined> {
    const { prefer } = this.#options;
    for (const holdings of this.#options.holdings) {
      const { archive } = holdings.remote;
      const { name, from, to } = archive;
      try {
        if (what === "listing") await holdings.begin(this.#start);
        const rows = await holdings.of(url, what !== "data");
        const isPage = what !== "media" && what !== "data" && format === "page";
        const kind = isPage ? "page" : "media";
        const found = candidatesOf(rows, { prefer, from, to, what: kind });
        if (found.rows.length === 0) ladder.without.push(`${name} ${hasNone(rows, found)}`);
        let tries = 0;
        for (const row of found.rows) {
          if (row.digest !== null && ladder.came.has(row.digest)) continue;
          const shared = row.digest === null ? 1 : holdings.sharing(row.digest);
          if (what === "article" && row.status === 200 && shared >= SHARED) {
            const reason = `its bytes are those of ${shared} URLs: a page about the site, not an article`;
            this.#refuse(ladder, { archive: name, time: isoOf(row.time) }, reason);
            continue;
          }
          if (what !== "listing" && ++tries > (what === "data" ? MOST_DATA : MOST_TRIED)) break;
          yield { holdings, row };
        }
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        ladder.unanswered.push(error);
        if (what === "listing") this.#missAnswer(archive.base, error);
      }
    }
  }

  /** The page of a capture, its redirects followed; null when there is none, which the ladder then says. */
  async #fetch(
    { url, role, format = "page" }: Wish,
    { holdings, row }: Candidate,
    ladder: Ladder,
  ): Promise<Page | null> {
    const what = role === "media" ? role : format;
    const fetched = await this.#pages.fetch(url, what, { holdings, row });
    try {
      if ("error" in fetched) throw fetched.error;
      const { page } = fetched;
      // A replay may come empty where another one of the same bytes does not.
      if (row.digest !== null && row.status === 200 && page.body.length > 0)
        ladder.came.add(row.digest);
      return role === "media" ? whole(page) : readable(page, format);
    } catch (error) {
      if (error instanceof Unanswered) {
        ladder.unanswered.push(error);
        if (role === "listing") this.#missAnswer(holdings.remote.archive.base, error);
      }
      if (!(error instanceof Unanswered || error instanceof FetchError)) throw error;
      this.#refuse(ladder, fetched.memento, error.message);
      return null;
    }
  }

  #missAnswer(base: string, { excluded, message }: Unanswered): void {
    if (!excluded && !this.#unanswered.has(base)) this.#unanswered.set(base, message);
  }

  #refuse(ladder: Ladder, memento: Memento | undefined, refused: string): void {
    if (memento !== undefined) ladder.tried.push({ ...memento, refused });
  }
}

/** @throws {FetchError} for an image or attachment that is damaged, or none */
function whole(page: Page): Page {
  const problem = page.status === 200 ? fileProblem(page) : `HTTP ${page.status}`;
  if (problem !== null) throw new FetchError(problem);
  return page;
}
