/** Whether known articles become the same entries by a repaired site file. */
import { convertArticle } from "../../convert/draft.js";
import { readArticle } from "../../extract/article.js";
import { readListing } from "../../extract/listing.js";
import type { Article, Draft, Row } from "../../model.js";
import type { Site } from "../../site/site.js";
import { gather } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { keyOf, type Trees } from "./proof.js";

interface Parts {
  readonly row: Row | null;
  readonly article: Article | null;
}
interface Pair {
  readonly url: string;
  readonly before: Parts;
  readonly now: Parts;
}

/** What each article is made of, by its key. */
export function entriesOf(trees: Trees, site: Site) {
  const found = new Map<string, Parts>();
  for (const tree of trees.listings)
    for (const row of readListing(tree, site).rows)
      if (row.url !== null) found.set(urlKey(row.url), { row, article: null });
  for (const tree of trees.articles) {
    const key = keyOf(tree);
    found.set(key, { row: found.get(key)?.row ?? null, article: readArticle(tree, site) });
  }
  return found;
}

/** @returns for each field that differs, the URLs of the articles, each with both values */
export function differences(pairs: readonly Pair[], was: Site, is: Site): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { url, before, now } of pairs) {
    const [old, own] = [valuesOf(draftOf(before, was)), valuesOf(draftOf(now, is))];
    for (const [name, value] of Object.entries(old)) {
      const [a, b] = [JSON.stringify(value), JSON.stringify(own[name])];
      if (a !== b) gather(found, name, `${url}: ${a} became ${b}`);
    }
  }
  return found;
}

function draftOf({ row, article }: Parts, site: Site): Draft {
  if (row === null) throw new Error("an entry without a row");
  return convertArticle(site, row.url ?? row.listing, row, article).draft;
}

/** Fields of an entry but its text, whose pictures may have moved. */
function valuesOf({
  data: { title, date, type, summary, fields },
}: Draft): Record<string, unknown> {
  return { title, date, type, summary, ...((fields ?? {}) as object) };
}
