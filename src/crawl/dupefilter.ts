/** What the walks of one run share: what they listed, and what they wrote. */

import { fold } from "../extract/text.js";
import type { Warning } from "../model.js";
import { entryId, fingerprint, urlKey } from "../url.js";
import type { Facts } from "./article.js";
import { Ledger, type Listed } from "./ledger.js";

/** The address that an article has, or the one of the article that it is. */
type Identity =
  | { readonly url: string; readonly more: readonly Warning[] }
  | { readonly duplicateOf: string; readonly address: string };

export class DupeFilter {
  readonly ledger = new Ledger();
  /** The title of what was written, as a fingerprint, by the id that its address gave it: enough to know a duplicate. */
  readonly #written = new Map<string, number>();

  /** Notes an entry. @param title folded */
  write(id: string, title: string): void {
    this.#written.set(id, fingerprint(title));
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
    const known = this.#written.get(entryId(wished));
    if (known === undefined && (isOwn || !this.#isAnothers(wished, listed, facts)))
      return { url: wished, more: [] };
    if (known === fingerprint(facts.title))
      return { duplicateOf: entryId(wished), address: wished };
    // An earlier article was believed to have this address: this one is not lost without a word.
    if (known !== undefined && isOwn)
      throw new Error(
        `another article names ${wished} as its canonical address, and was read first`,
      );
    if (this.#written.has(entryId(own))) return { duplicateOf: entryId(own), address: own };
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
