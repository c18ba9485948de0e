/** POST requests for listing pages, by their keys: the walk knows pages by URLs, and what is sent is more than that. */
import { postAfter } from "../extract/post-text.js";
import type { Listing, Post } from "../model.js";
import { postKey } from "../post.js";
import type { Site } from "../site/site.js";

/** A page leads to one request, and one that was missed to the one after it. A body may have 100 kB. */
const MOST = 4;

export class Posts {
  readonly #site: Site;
  readonly #known = new Map<string, Post>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** True where pages of the list may need the cookies which others set: ASP.NET and PHP keep the place in a session. */
  get keepsSession(): boolean {
    const { submit, counted, cursor } = this.#site.listing;
    return (submit ?? counted?.post ?? cursor?.post) !== undefined;
  }

  note({ post }: Pick<Listing, "post">): void {
    if (post !== undefined) this.#add(post);
  }

  /** What is sent; undefined for a GET. */
  of(key: string): Post | undefined {
    return this.#known.get(key);
  }

  /** Key of the request after another one, where the site file counts them; null where it does not. */
  after(key: string): string | null {
    const post = this.#known.get(key);
    const next = post === undefined ? null : postAfter(post, this.#site);
    return next === null ? null : this.#add(next);
  }

  #add(post: Post): string {
    const key = postKey(post);
    this.#known.delete(key);
    this.#known.set(key, post);
    for (const old of this.#known.keys()) if (this.#known.size > MOST) this.#known.delete(old);
    return key;
  }
}
