/** Which articles of two lists are one article, whatever became of its URL in between. Pure. */
import type { Run, RunOutcome } from "../schema/run-report.js";
import { byCodeUnits } from "../text.js";
import { entryId, urlKey } from "../url/url.js";
import type { ArchivedEntry, StagedEntry } from "./nouns.js";

/** An article as far as its URLs say which one it is. */
type Article = Pick<ArchivedEntry, "id" | "sourceUrl" | "aliases">;

/**
 * Gives every entry of a run its id and aliases in the archive: an article that the archive knows keeps its id,
 * whatever its URL is now. URLs that led to an article once lead to it for ever, unless another article of this
 * run has one.
 *
 * @param staged entries of the run, under ids made of their URLs
 * @param earlier entries of the archive before it
 * @returns entries and outcomes under their ids in the archive; the new ids of entries that came with another one, by that
 */
export function matchRun(
  run: Pick<Run, "outcomes" | "moved">,
  staged: readonly StagedEntry[],
  earlier: readonly Article[],
) {
  const moved = new Map(run.moved?.map(({ from, to }) => [urlKey(from), urlKey(to)]));
  const matches = matchArticles(staged, movable(run, staged, earlier), moved);
  const held = new Set(
    staged.flatMap(({ sourceUrl, aliases }) => [sourceUrl, ...aliases]).map(urlKey),
  );
  const taken = new Set(earlier.map(({ id }) => id));
  const ids = new Map<string, string>();
  for (const { id: own, sourceUrl } of staged.toSorted((a, b) =>
    byCodeUnits(a.sourceUrl, b.sourceUrl),
  )) {
    const id = matches.get(own)?.id ?? freshId(sourceUrl, own, taken);
    taken.add(id);
    if (id !== own) ids.set(own, id);
  }
  const written = staged.map((entry): StagedEntry => {
    const [id, match] = [ids.get(entry.id) ?? entry.id, matches.get(entry.id)];
    const aliases = match === undefined ? entry.aliases : aliasesOf(entry, match, held);
    const isSame = id === entry.id && aliases.join("\n") === entry.aliases.join("\n");
    // An object that another is spread into takes three times its memory in V8.
    return isSame ? entry : { ...entry, id, aliases };
  });
  const outcomes = run.outcomes.map((outcome): RunOutcome => {
    const entry = ids.get(outcome.entry ?? "");
    return entry === undefined ? outcome : { ...outcome, entry };
  });
  return { written, outcomes, ids };
}

/** Earlier entries that an entry of another URL may be: those whose own URL was not listed in vain. */
function movable(
  { outcomes }: Pick<Run, "outcomes">,
  staged: readonly Article[],
  earlier: readonly Article[],
): readonly Article[] {
  const read = new Set(staged.map(({ sourceUrl }) => urlKey(sourceUrl)));
  const unread = new Set(
    outcomes
      .filter(({ state }) => state !== "written" && state !== "duplicate")
      .map(({ url }) => urlKey(url))
      .filter((key) => !read.has(key)),
  );
  return earlier.filter(({ sourceUrl }) => !unread.has(urlKey(sourceUrl)));
}

/** URLs that lead to an entry beside its own: its aliases, and those that led to it before and to no entry now. Sorted. */
function aliasesOf({ sourceUrl, aliases }: Article, before: Article, held: ReadonlySet<string>) {
  const lost = [before.sourceUrl, ...before.aliases].filter((url) => !held.has(urlKey(url)));
  const byKey = new Map<string, string>();
  for (const url of [...aliases, ...lost]) {
    const key = urlKey(url);
    if (key !== urlKey(sourceUrl) && !byKey.has(key)) byKey.set(key, url);
  }
  return [...byKey.values()].sort();
}

/**
 * Finds for each article of a list the one that it was in an earlier list. From the surest to the weakest:
 *
 * 1. it has the same URL;
 * 2. the earlier URL leads to it: by a redirect or a canonical URL, so that it is among its aliases;
 * 3. both have an alias that no other article has, such as the short link that a site made of its number;
 * 4. its URL was an alias of the earlier one, which has no URL of its own any more;
 * 5. it has the same id.
 *
 * Nobody is matched twice. The order of the lists does not matter.
 *
 * @param moved further redirects that were met: keys (`urlKey`) of old URLs to those that they lead to
 * @returns by the id of the later article, the earlier one
 */
export function matchArticles<T extends Article>(
  later: readonly Article[],
  earlier: readonly T[],
  moved: ReadonlyMap<string, string> = new Map(),
): Map<string, T> {
  const found = new Map<string, T>();
  const taken = new Set<T>();
  const round = (
    waysOfEarlier: (article: T) => readonly string[],
    waysOfLater: (article: Article) => readonly string[],
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
  const own = ({ sourceUrl }: Article) => [urlKey(sourceUrl)];
  const aliases = (article: Article) => article.aliases.map(urlKey);
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
function bySoleKey<T>(articles: readonly T[], keysOf: (article: T) => readonly string[]) {
  const holders = new Map<string, T | null>();
  for (const article of articles)
    for (const key of new Set(keysOf(article))) holders.set(key, holders.has(key) ? null : article);
  return new Map(
    [...holders]
      .flatMap(([key, article]) => (article === null ? [] : [[key, article] as const]))
      .sort(([a], [b]) => byCodeUnits(a, b)),
  );
}

/** The id of an article that the archive does not know: its own, or another made of its URL where that is taken. */
function freshId(url: string, own: string, taken: ReadonlySet<string>): string {
  let id = own;
  for (let turn = 2; taken.has(id); turn++) id = entryId(`${url}#${turn}`);
  return id;
}
