/** The dupefilter of a run, shared by its walks: what they listed, what they wrote, and which articles are one. */
import { fold } from "../extract/nodes.js";
import type { Warning } from "../model.js";
import { IdTable } from "../rows.js";
import { fingerprint } from "../url/digest.js";
import { entryId, urlKey } from "../url/url.js";
import type { Facts } from "./article.js";
import { Ledger, type Listed } from "./ledger.js";

/** The URL that identifies an article, or that of the article that it duplicates. */
type Identity =
  | { readonly url: string; readonly more: readonly Warning[]; readonly moved: Moved | null }
  | {
      readonly duplicateOf: string;
      readonly url: string;
      /** Where it is the article's own URL: the listed one that led to the article before. */
      readonly ledBy?: string;
    };

/** An entry that was written under a URL which another page claims too, and that gets its own. */
export interface Moved {
  readonly id: string;
  readonly url: string;
  readonly warning: Warning;
}

/** An article that was written under another URL than a row named, to which that redirects or which its page names as canonical: the row's, and its own. */
interface Claim {
  readonly listed: string;
  readonly own: string;
}

export class DupeFilter {
  readonly ledger = new Ledger();
  readonly #written = new Titles();
  readonly #claims = new Map<string, Claim>();
  /** Ids of canonical URLs that several pages name: nobody has them. */
  readonly #contested = new Set<string>();

  /** Notes an entry. @param facts of its article */
  write(id: string, listed: Listed, { url, title }: Facts): void {
    this.#written.set(id, fingerprint(title));
    if (entryId(listed.url) !== id)
      this.#claims.set(id, { listed: listed.url, own: url ?? listed.url });
  }

  /**
   * The URL that identifies an article: the canonical one that its page names, else its own. Some sites name one
   * canonical URL on many pages. Where their titles differ nobody gets it, and the article that was written under it
   * is moved to its own.
   *
   * @throws where another article was written under its URL
   */
  identify(listed: Listed, facts: Facts): Identity {
    const own = facts.url ?? listed.url;
    const canonical = facts.canonical ?? own;
    const isOwn = urlKey(own) === urlKey(canonical);
    const id = entryId(canonical);
    const known = this.#written.get(id);
    const isFree = known === undefined && !this.#contested.has(id);
    if (isOwn ? known === undefined : isFree && !this.#isAnothers(canonical, listed, facts))
      return { url: canonical, more: [], moved: null };
    const claim = this.#claims.get(id);
    // Where a redirect led here the page is the same, whatever its row was called.
    const isSame = isOwn && claim !== undefined && entryId(claim.own) === id;
    if (known === fingerprint(facts.title) || isSame) {
      const found = { duplicateOf: id, url: canonical };
      if (claim === undefined || entryId(listed.url) !== id) return found;
      this.#claims.delete(id);
      return { ...found, ledBy: claim.listed };
    }
    const moved = known === undefined ? null : this.#contest(id, canonical);
    if (isOwn && moved !== null) return { url: own, more: [], moved };
    // An earlier article took this URL: this one must not be lost in silence.
    if (known !== undefined && isOwn)
      throw new Error(
        `another article names ${canonical} as its canonical URL, and was read first`,
      );
    if (this.#written.get(entryId(own)) !== undefined)
      return { duplicateOf: entryId(own), url: own };
    return { url: own, more: [sharedWarning(canonical)], moved };
  }

  /** Takes a canonical URL from the article that has it by its own word alone. */
  #contest(id: string, canonical: string): Moved | null {
    const claim = this.#claims.get(id);
    const own = claim && entryId(claim.own);
    if (
      claim === undefined ||
      own === undefined ||
      own === id ||
      this.#written.get(own) !== undefined
    )
      return null;
    this.#written.set(own, this.#written.get(id) ?? 0);
    this.#written.delete(id);
    this.#claims.delete(id);
    this.#contested.add(id);
    this.ledger.change(claim.listed, { entry: own });
    return { id, url: claim.own, warning: sharedWarning(canonical) };
  }

  /** True when a row that waits to be read names a URL under another title. */
  #isAnothers(url: string, listed: Listed, facts: Facts): boolean {
    const other = this.ledger.find(url);
    const title = other === undefined || other === listed ? undefined : other.row?.readings.title;
    return title !== undefined && fold(title.raw) !== facts.title;
  }
}

/** The titles of what was written, as fingerprints, by the id that its URL gave it: enough to know a duplicate. */
class Titles {
  readonly #titles = new IdTable(1);

  get(id: string): number | undefined {
    const row = this.#titles.rowOf(id);
    const title = row === undefined ? Number.NaN : this.#titles.get(row, 0);
    return Number.isNaN(title) ? undefined : title;
  }

  set(id: string, title: number): void {
    this.#titles.set(id, [title]);
  }

  delete(id: string): void {
    this.#titles.set(id, [Number.NaN]);
  }
}

function sharedWarning(canonical: string): Warning {
  const message = `the page names ${canonical} as its canonical URL, which is that of another article; its own URL is used`;
  return { code: "canonical-shared", message };
}
