/** What the walks of one run share: what they listed, and what they wrote. */
import type { Facts } from "./article.js";
import { fold } from "./extract/text.js";
import { Ledger, type Listed } from "./ledger.js";
import type { Warning } from "./model.js";
import { urlKey } from "./url.js";

/** The address that an article has, or the one of the article that it is. */
type Identity =
  | { readonly url: string; readonly more: readonly Warning[] }
  | { readonly duplicateOf: string; readonly address: string };

export class Books {
  readonly ledger = new Ledger();
  /** What was written, by the key of its address: enough to know a duplicate. */
  readonly #written = new Map<string, { readonly id: string; readonly title: string }>();

  /** Notes an entry. @param title folded */
  write(url: string, id: string, title: string): void {
    this.#written.set(urlKey(url), { id, title });
  }

  /**
   * The address that stands for an article: the canonical one that its page names, else its own.
   * Sites exist that name one canonical address on many pages; where the titles differ, it is not believed.
   *
   * @throws where another article was written under its address
   */
  identify(listed: Listed, facts: Facts): Identity {
    const own = facts.url ?? listed.url;
    const wished = facts.canonical ?? own;
    const isOwn = urlKey(own) === urlKey(wished);
    const known = this.#written.get(urlKey(wished));
    if (known === undefined && (isOwn || !this.#isAnothers(wished, listed, facts)))
      return { url: wished, more: [] };
    if (known?.title === facts.title) return { duplicateOf: known.id, address: wished };
    // An earlier article was believed to have this address: this one is not lost without a word.
    if (known !== undefined && isOwn)
      throw new Error(
        `another article names ${wished} as its canonical address, and was read first`,
      );
    const alone = this.#written.get(urlKey(own));
    if (alone !== undefined) return { duplicateOf: alone.id, address: own };
    const message = `the page names ${wished} as its canonical address, which is that of another article; its own address was taken`;
    return { url: own, more: [{ code: "canonical-shared", message }] };
  }

  /** True when a row that waits to be read names an address under another title. */
  #isAnothers(address: string, listed: Listed, facts: Facts): boolean {
    const other = this.ledger.find(address);
    const title = other === undefined || other === listed ? undefined : other.row?.readings.title;
    return title !== undefined && fold(title.raw) !== facts.title;
  }
}
