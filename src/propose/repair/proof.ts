/** Whether a field is read as it was: on the pages of now, and still on those of before. */
import { readArticle } from "../../extract/article.js";
import { readListing } from "../../extract/listing.js";
import type { Tree } from "../../extract/tree.js";
import type { Readings } from "../../model.js";
import type { FieldRules, Site } from "../../site/site.js";
import { urlKey } from "../../url/url.js";
import { saysSame, type WantedFields } from "./wanted.js";

/** Known articles without which nothing is proved. */
export const LEAST = 3;

export type Side = "listing" | "article";

export type Trees = { readonly [side in "listings" | "articles"]: readonly Tree[] };

/** Of a field on one side: how many known articles have it, and have it right. */
export interface Proof {
  readonly known: number;
  readonly right: number;
  readonly before: number;
  /** Pages of before on which it is read otherwise. */
  readonly broken: number;
  /** Rows or articles that are not known, and those of them without the field. */
  readonly others: number;
  readonly empty: number;
  readonly wrong: string | null;
}

/** @param wants what each known article says, by its key */
export function prove(
  side: Side,
  name: string,
  site: Site,
  pages: { readonly before: Trees; readonly now: Trees },
  wants: ReadonlyMap<string, WantedFields>,
): Proof {
  const sum = { known: 0, right: 0, before: 0, broken: 0, others: 0, empty: 0 };
  let wrong: string | null = null;
  const rules = site.fields[name] as FieldRules;
  for (const [key, { [name]: reading }] of readingsOf(pages.before, site, side)) {
    const want = wants.get(key)?.[name];
    if (want !== undefined) sum[saysSame(reading, want, rules, site) ? "before" : "broken"]++;
  }
  for (const [key, { [name]: reading }] of readingsOf(pages.now, site, side)) {
    const wanted = wants.get(key);
    if (wanted === undefined) {
      sum.others++;
      if (reading === undefined) sum.empty++;
      continue;
    }
    const want = wanted[name];
    // A known article without the field is not proof against it.
    if (want === undefined) continue;
    sum.known++;
    if (saysSame(reading, want, rules, site)) sum.right++;
    else
      wrong ??= `${key}: ${reading === undefined ? "nothing" : `"${reading.raw.slice(0, 60)}"`} for "${want.printed.slice(0, 60)}"`;
  }
  return { ...sum, wrong };
}

/** Known articles that may say something else: their words may have changed with the template. */
export function allowed(known: number): number {
  return Math.floor(known / 10);
}

export function isProved({ known, right, broken, others, empty }: Proof): boolean {
  return (
    right >= known - allowed(known) &&
    broken === 0 &&
    (empty === 0 || empty * 2 < others || others < LEAST)
  );
}

function* readingsOf(trees: Trees, site: Site, side: Side): Iterable<readonly [string, Readings]> {
  if (side === "article")
    for (const tree of trees.articles) yield [keyOf(tree), readArticle(tree, site).readings];
  else
    for (const tree of trees.listings)
      for (const { url, readings } of readListing(tree, site).rows)
        if (url !== null) yield [urlKey(url), readings];
}

/** An article by the URL that was asked for, as its row has it. */
export function keyOf({ asked }: Tree): string {
  return urlKey(asked);
}
