/**
 * What was read of pages, by all that it depends on: the bytes of the page, the row, the site file. An unchanged page is
 * neither parsed nor converted again.
 */

import type { Converted } from "../convert/draft.js";
import type { Listing, Page, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { digest } from "../url/digest.js";
import type { Facts } from "./article.js";
import {
  deserialiseListing,
  type SerialisedListing,
  serialiseListing,
  serialiseRow,
} from "./worker/serialise.js";

/** Texts by key, kept from run to run. Never rejects: what cannot be found is read again. */
export interface ReadingStore {
  /** Of this run or an earlier one; null where there is none, or it is damaged. */
  find(key: string): Promise<string | null>;
  /** In the place of what it has under the key. */
  add(key: string, text: string): Promise<void>;
}

/** What a page is read from; equal for the same bytes under the same URLs. */
export function pageKey({ url, requestedUrl, headers, body, further = [] }: Page): string {
  const read = READ_HEADERS.map((name) => headers[name] ?? "");
  const parts = [requestedUrl, url, ...read, digest(body), ...further.map(pageKey)];
  return digest(parts.join("\n"));
}

/** No other header is read (`extract/coding.ts`, `extract/data-listing.ts`). */
const READ_HEADERS = ["content-type", "link", "x-wp-total", "x-total-count"];

export class KeptReadings {
  readonly #store: ReadingStore;
  readonly #site: string;

  constructor(store: ReadingStore, { politeness: _, ...site }: Site) {
    this.#store = store;
    this.#site = digest(JSON.stringify(site));
  }

  /** @param onKept takes a listing that was kept: the nodes of its rows are in no page */
  listing(
    page: string,
    read: () => Promise<Listing>,
    onKept: (listing: Listing) => void,
  ): Promise<Listing> {
    return this.#get(["listing", page], read, serialiseListing, (kept) => {
      const listing = deserialiseListing(kept as SerialisedListing);
      onKept(listing);
      return listing;
    });
  }

  canonical(page: string, read: () => Promise<string | null>): Promise<string | null> {
    return this.#get(["canonical", page], read, same, (kept) => kept as string | null);
  }

  /** @param page null for a row that is the article */
  article(row: Row, page: string | null) {
    // Where in the list a row is makes no other article of it (`ArticleRow`).
    const { readings, base, listing: _, position: __, ...rest } = serialiseRow(row);
    const name = this.#nameOf(["article", page, rest, readings, page === null ? base : null]);
    const keep = (article: KeptArticle) => this.#store.add(name, JSON.stringify(article));
    let kept: KeptArticle | null = null;
    return {
      facts: async (read: () => Promise<Facts>): Promise<Facts> => {
        kept = await this.#find<KeptArticle>(name);
        return kept?.facts ?? read();
      },
      /** @param named what the article is named by: its URL, and what that gave rise to */
      converted: async (
        facts: Facts,
        named: readonly unknown[],
        read: () => Promise<Converted>,
      ): Promise<Converted> => {
        // Links start from the article's own page: an article that moves to another listing page stays the same.
        const by = JSON.stringify([facts.startsFromList ? base : null, named]);
        if (kept?.made?.by === by) return unpacked(kept.made.converted);
        const converted = await read();
        await keep({ facts, made: { by, converted: packed(converted) } });
        return converted;
      },
      /** For an article that is not converted. */
      leave: async (facts: Facts): Promise<void> => {
        if (kept === null) await keep({ facts, made: null });
      },
    };
  }

  async #get<T>(
    key: unknown,
    read: () => Promise<T>,
    pack: (value: T) => unknown,
    unpack: (kept: unknown) => T,
  ): Promise<T> {
    const name = this.#nameOf(key);
    const kept = await this.#find(name);
    if (kept !== null) return unpack(kept);
    const value = await read();
    await this.#store.add(name, JSON.stringify(pack(value)));
    return value;
  }

  #nameOf(key: unknown): string {
    return digest(JSON.stringify([this.#site, key]));
  }

  async #find<T>(name: string): Promise<T | null> {
    const kept = await this.#store.find(name);
    return kept === null ? null : JSON.parse(kept);
  }
}

/** What was read of an article, and what came of it under a name; null where it got none. */
interface KeptArticle {
  readonly facts: Facts;
  readonly made: { readonly by: string; readonly converted: PackedConverted } | null;
}

function same<T>(value: T): T {
  return value;
}

type PackedConverted = ReturnType<typeof packed>;

/** Bytes of embedded images as text. */
function packed({ draft, warnings }: Converted) {
  const embedded = draft.embedded.map(({ url, bytes }) => ({
    url,
    bytes: Buffer.from(bytes).toString("base64"),
  }));
  return { draft: { ...draft, embedded }, warnings };
}

function unpacked({ draft, warnings }: PackedConverted): Converted {
  const embedded = draft.embedded.map(({ url, bytes }) => ({
    url,
    bytes: Buffer.from(bytes, "base64"),
  }));
  return { draft: { ...draft, embedded }, warnings };
}
