/** The dupefilter of a run, shared by its walks: what they listed, what they wrote, and which articles are one. */
import { fold } from "../extract/nodes.js";
import type { Warning } from "../model.js";
import { entryId, fingerprint, urlKey } from "../url.js";
import type { Facts } from "./article.js";
import { Ledger, type Listed } from "./ledger.js";

/** The URL that identifies an article, or that of the article that it duplicates. */
type Identity =
  | { readonly url: string; readonly more: readonly Warning[] }
  | { readonly duplicateOf: string; readonly url: string };

export class DupeFilter {
  readonly ledger = new Ledger();
  /** The title of what was written, as a fingerprint, by the id that its URL gave it: enough to know a duplicate. */
  readonly #written = new Map<string, number>();

  /** Notes an entry. @param title folded */
  write(id: string, title: string): void {
    this.#written.set(id, fingerprint(title));
  }

  /**
   * The URL that identifies an article: the canonical one that its page names, else its own.
   * Some sites name one canonical URL on many pages; where the titles differ, it is ignored.
   *
   * @throws where another article was written under its URL
   */
  identify(listed: Listed, facts: Facts): Identity {
    const own = facts.url ?? listed.url;
    const canonical = facts.canonical ?? own;
    const isOwn = urlKey(own) === urlKey(canonical);
    const known = this.#written.get(entryId(canonical));
    if (known === undefined && (isOwn || !this.#isAnothers(canonical, listed, facts)))
      return { url: canonical, more: [] };
    if (known === fingerprint(facts.title))
      return { duplicateOf: entryId(canonical), url: canonical };
    // An earlier article took this URL: this one must not be lost in silence.
    if (known !== undefined && isOwn)
      throw new Error(
        `another article names ${canonical} as its canonical URL, and was read first`,
      );
    if (this.#written.has(entryId(own))) return { duplicateOf: entryId(own), url: own };
    const message = `the page names ${canonical} as its canonical URL, which is that of another article; its own URL is used`;
    return { url: own, more: [{ code: "canonical-shared", message }] };
  }

  /** True when a row that waits to be read names a URL under another title. */
  #isAnothers(url: string, listed: Listed, facts: Facts): boolean {
    const other = this.ledger.find(url);
    const title = other === undefined || other === listed ? undefined : other.row?.readings.title;
    return title !== undefined && fold(title.raw) !== facts.title;
  }
}
