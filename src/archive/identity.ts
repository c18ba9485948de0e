/** Who is who: which articles of two lists are one article, whatever became of its address in between. */
import { entryId, urlKey } from "../url.js";

/** An article as far as its addresses tell who it is. */
export interface Addressed {
  readonly id: string;
  readonly sourceUrl: string;
  readonly aliases: readonly string[];
}

/**
 * Finds for each article of a list the one that it was in an earlier list. From the surest to the weakest:
 *
 * 1. it has the same address;
 * 2. the earlier address leads to it: by a redirect or a canonical address, so that it is among its aliases;
 * 3. both have an alias that no other article has, such as the short link that a site made of its number;
 * 4. its address was an alias of the earlier one, which has no address of its own any more;
 * 5. it has the same id.
 *
 * Nobody is matched twice. The order of the lists does not matter.
 *
 * @param moved further redirects that were met: keys (`urlKey`) of old addresses to those that they lead to
 * @returns by the id of the later article, the earlier one
 */
export function matchArticles<T extends Addressed>(
  later: readonly Addressed[],
  earlier: readonly T[],
  moved: ReadonlyMap<string, string> = new Map(),
): Map<string, T> {
  const found = new Map<string, T>();
  const taken = new Set<T>();
  const round = (
    waysOfEarlier: (article: T) => readonly string[],
    waysOfLater: (article: Addressed) => readonly string[],
  ) => {
    const free = earlier.filter((article) => !taken.has(article));
    if (free.length === 0) return;
    const known = bySoleKey(free, waysOfEarlier);
    const open = later.filter(({ id }) => !found.has(id));
    for (const [key, article] of bySoleKey(open, waysOfLater)) {
      const match = known.get(key);
      if (match === undefined || taken.has(match) || found.has(article.id)) continue;
      found.set(article.id, match);
      taken.add(match);
    }
  };
  const own = ({ sourceUrl }: Addressed) => [urlKey(sourceUrl)];
  const aliases = (article: Addressed) => article.aliases.map(urlKey);
  round(own, own);
  round(own, aliases);
  round((article) => own(article).flatMap((key) => moved.get(key) ?? []), own);
  round(aliases, aliases);
  round(aliases, own);
  round(
    ({ id }) => [id],
    ({ id }) => [id],
  );
  return found;
}

/** Articles by each key that they alone have, in the order of the keys. */
function bySoleKey<T>(
  articles: readonly T[],
  keysOf: (article: T) => readonly string[],
): Map<string, T> {
  const holders = new Map<string, T | null>();
  for (const article of articles)
    for (const key of new Set(keysOf(article))) holders.set(key, holders.has(key) ? null : article);
  return new Map(
    [...holders]
      .flatMap(([key, article]) => (article === null ? [] : [[key, article] as const]))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** An id for an article that is nobody known: the wished-for one, or another made of its address where that is taken. */
export function freshId(url: string, wished: string, isTaken: (id: string) => boolean): string {
  let id = wished;
  for (let turn = 2; isTaken(id); turn++) id = entryId(`${url}#${turn}`);
  return id;
}
