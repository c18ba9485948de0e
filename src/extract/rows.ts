/** What a site file says of the rows of any kind of list. */
import { fold } from "../dates/fold.js";
import type { Listing, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { readWords } from "./field.js";
import type { Tree } from "./tree.js";

/** Rows that the site file wants, by their URLs. */
export function matching(rows: readonly Row[], { listing }: Site): readonly Row[] {
  if (listing.match.length === 0) return rows;
  const wanted = listing.match.map((pattern) => new RegExp(pattern, "u"));
  return rows.filter(({ url }) => url !== null && wanted.some((pattern) => pattern.test(url)));
}

/** How many articles the list says it has: the last number there, as in "1 to 10 of 327". */
export function readTotal(tree: Tree, site: Site): Pick<Listing, "total"> {
  // Folded, its digits are those of ASCII, its spaces plain ones, and there are no apostrophes.
  const last = fold(readWords(tree, site.listing.total) ?? "")
    .replace(/(?<=\d)[.,\u066c ](?=\d{3}(?!\d))/g, "")
    .match(/\d+/g)
    ?.at(-1);
  return last === undefined ? {} : { total: Number(last) };
}
