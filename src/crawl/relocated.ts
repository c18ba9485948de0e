/** Relocated articles: those of an earlier run that no row names any more, and where their old URLs redirect now. */
import { urlKey } from "../url/url.js";

/** An article as an earlier run knew it. */
export interface KnownArticle {
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
  readonly language?: string;
}

export class Relocations {
  readonly #known: readonly KnownArticle[];
  /** Redirects that were found, in the order of the requests. */
  readonly found: { readonly from: string; readonly to: string }[] = [];
  #begun = false;

  constructor(known: readonly KnownArticle[]) {
    this.#known = known;
  }

  /**
   * URLs to request, once the list has ended; none when called again.
   *
   * @param isListed whether a row named a URL
   */
  begin(isListed: (url: string) => boolean): readonly string[] {
    if (this.#begun) return [];
    this.#begun = true;
    return this.#known
      .filter(({ sourceUrl, aliases }) => ![sourceUrl, ...aliases].some(isListed))
      .map(({ sourceUrl }) => sourceUrl)
      .filter((url) => !url.includes("#"))
      .sort();
  }

  /** @param to URL that answered, or that its page gives as its own */
  add(from: string, to: string): void {
    if (urlKey(from) !== urlKey(to)) this.found.push({ from, to });
  }
}
