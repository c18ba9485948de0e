/** How the listing pages of a list are requested: in which format, by which POST, with cookies, in a browser. */
import { postAfter } from "../extract/post-text.js";
import type { Listing, PageRequest, Post } from "../model.js";
import type { Site } from "../site/site.js";
import { postKey } from "../url/post.js";
import { listKind } from "./list-kind.js";

/** A page leads to one request, and one that was missed to the one after it. A body may have 100 kB. */
const MOST_POSTS = 4;

export class ListingRequests {
  readonly #site: Site;
  /** POST requests by their keys: the walk knows pages by URLs, and what is sent is more than that. */
  readonly #posts = new Map<string, Post>();
  /** True where pages of the list may need the cookies which others set: ASP.NET and PHP keep the place in a session. */
  readonly #keepsSession: boolean;
  /** True for a list whose pages have rows only in a browser: its first page as the server sends it decides. */
  #isRendered = false;

  constructor(site: Site) {
    const { submit, counted, cursor } = site.listing;
    this.#site = site;
    this.#keepsSession = (submit ?? counted?.post ?? cursor?.post) !== undefined;
  }

  /** Of a page by its URL, or by the key of a POST. What answers to a POST is not a page that a browser shows. */
  of(key: string): Omit<PageRequest, "order" | "url" | "role"> {
    const { fragment, rows } = this.#site.listing;
    const format = listKind(this.#site).isData ? "data" : fragment === undefined ? null : "either";
    const post = this.#posts.get(key);
    return {
      ...(format === null ? {} : { format }),
      ...(post === undefined ? {} : { post }),
      ...(this.#keepsSession ? { session: true } : {}),
      ...(this.#isRendered && post === undefined ? { render: rows } : {}),
    };
  }

  /** Notes the POST that a page leads to. */
  note({ post }: Pick<Listing, "post">): void {
    if (post !== undefined) this.#add(post);
  }

  /** Key of the POST after another one, where the site file counts them; null where it does not. */
  postAfter(key: string): string | null {
    const post = this.#posts.get(key);
    const next = post === undefined ? null : postAfter(post, this.#site);
    return next === null ? null : this.#add(next);
  }

  #add(post: Post): string {
    const key = postKey(post);
    this.#posts.delete(key);
    this.#posts.set(key, post);
    for (const old of this.#posts.keys())
      if (this.#posts.size > MOST_POSTS) this.#posts.delete(old);
    return key;
  }

  /**
   * Takes the first page of the list. A page that says itself that it is empty is empty in a browser too.
   *
   * @returns true when it is to be requested again, as a browser shows it
   */
  beginsRendering({ rows, saysEmpty }: Listing): boolean {
    const begins = this.mayRender && rows.length === 0 && !saysEmpty;
    this.#isRendered ||= begins;
    return begins;
  }

  /** True while a first page without rows is not the last word. */
  get mayRender(): boolean {
    return !this.#isRendered && this.#site.listing.render !== undefined;
  }

  get notes(): readonly string[] {
    const { start } = this.#site;
    return this.#isRendered
      ? [
          `the listing pages are read as a browser shows them: ${start} has no rows without (listing.render)`,
        ]
      : [];
  }
}
