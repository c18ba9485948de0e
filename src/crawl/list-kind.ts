/** In what the kinds of lists differ for the walk, as data. How each is read, `extract` knows. */
import { newestOnly } from "../site/listing-kinds.js";
import type { ListingKind } from "../site/listing-schema.js";
import type { Site } from "../site/site.js";

interface ListKind {
  /** True for what is not a web page: an answer says itself that it is empty, and its pages are of any size. */
  readonly isData: boolean;
  /** Read in one go, without a tree, however many tags it has. */
  readonly isStreamed?: boolean;
  /** True where the list itself is at no path of the site. */
  readonly isApi?: boolean;
  /** True where it may leave out the number of its articles although its preset names the place. */
  readonly mayLackTotal?: boolean;
  /** What is noted where page after page has the rows of the first. @param first URL of the first page, and its rows */
  readonly onePage?: (first: string, rows: number) => string;
}

const KINDS: Readonly<Record<ListingKind, ListKind>> = {
  pages: { isData: false },
  feed: { isData: true, onePage: newestOnly },
  sitemap: { isData: true, isStreamed: true },
  json: { isData: true, isApi: true },
  "wp-json": { isData: true, isApi: true },
  // Drupal says none by itself.
  jsonapi: { isData: true, isApi: true, mayLackTotal: true },
};

export function listKind({ listing }: Pick<Site, "listing">): ListKind {
  return KINDS[listing.kind];
}
