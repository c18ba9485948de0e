/** Articles of an earlier run that no row names any more: their old addresses are asked once where they lead. */
import { urlKey } from "../url.js";

/** An article as an earlier run knew it. */
export interface KnownArticle {
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
  readonly language?: string;
}

/** Where an address of before leads now. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

export class Sought {
  readonly #known: readonly KnownArticle[];
  readonly #moves: Move[] = [];
  #begun = false;

  constructor(known: readonly KnownArticle[]) {
    this.#known = known;
  }

  /** Redirects that were found, in the order asked. */
  get moves(): readonly Move[] {
    return this.#moves;
  }

  /**
   * Addresses to ask for, once the list has ended; none when called again.
   *
   * @param isListed whether a row named an address
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

  /** @param to address that answered, or that its page gives as its own */
  found(from: string, to: string): void {
    if (urlKey(from) !== urlKey(to)) this.#moves.push({ from, to });
  }
}
