/** Listing pages that were read: another pass through a list brings most of them again, byte for byte. */
import type { Listing, Row } from "../model.js";
import { rowKeysOf } from "./row-keys.js";

const NO_READINGS: Row["readings"] = {};
/** Rows that are kept, some 150 bytes each; pages beyond are read again. */
const MOST_ROWS = 20_000;

/** A listing page as it was read before, by the key of the page; of its rows there is only what they are known by. */
export class SeenListings {
  readonly #listings = new Map<string, Listing>();
  #rows = 0;

  find(key: string): Listing | null {
    return this.#listings.get(key) ?? null;
  }

  add(key: string, listing: Listing): void {
    if (this.#listings.has(key) || this.#rows + listing.rows.length >= MOST_ROWS) return;
    this.#rows += listing.rows.length + 1;
    const { byUrl, byWords } = rowKeysOf(listing.rows);
    const rows = listing.rows.map(
      // Written out: V8 gives each object that is spread a shape of its own, as large as the object.
      ({ listing, position, url }, at): Row => ({
        listing,
        position,
        url,
        base: listing,
        readings: NO_READINGS,
        known: { byUrl: byUrl[at] ?? Number.NaN, byWords: byWords[at] ?? Number.NaN },
      }),
    );
    this.#listings.set(key, { ...listing, rows });
  }

  clear(): void {
    this.#listings.clear();
    this.#rows = 0;
  }
}
