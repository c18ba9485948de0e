/** Who the entries of a run are: an article that the archive knows keeps its id, whatever its address is now. */

import type { Run } from "../../schema/run-report.js";
import { urlKey } from "../../url.js";
import { freshId, matchArticles } from "../identity.js";
import type { Held } from "../nouns.js";

/** What an entry of a run is called in the archive, and every other address that leads to it. */
export type Identity = Pick<Held, "id" | "aliases">;

/**
 * Gives entries of a run their identities, by the ids that they came with; those that keep both id and
 * aliases are left out. Addresses that led to an article once lead to it for ever, unless another article
 * of this run has one.
 *
 * @param written entries of the run, under ids made of their addresses
 * @param earlier entries of the archive before it
 */
export function identities(
  run: Pick<Run, "outcomes" | "moved">,
  written: readonly Held[],
  earlier: readonly Held[],
): Map<string, Identity> {
  const moved = new Map(run.moved?.map(({ from, to }) => [urlKey(from), urlKey(to)]));
  const matches = matchArticles(written, movable(run, written, earlier), moved);
  const held = new Set(
    written.flatMap(({ sourceUrl, aliases }) => [sourceUrl, ...aliases]).map(urlKey),
  );
  const ids = new Set([...earlier.map(({ id }) => id)]);
  const found = new Map<string, Identity>();
  for (const entry of written.toSorted((a, b) => (a.sourceUrl < b.sourceUrl ? -1 : 1))) {
    const match = matches.get(entry.id);
    const id = match?.id ?? freshId(entry.sourceUrl, entry.id, (one) => ids.has(one));
    ids.add(id);
    const aliases =
      match === undefined
        ? entry.aliases
        : merged(entry, [match.sourceUrl, ...match.aliases], held);
    if (id !== entry.id || aliases.join("\n") !== entry.aliases.join("\n"))
      found.set(entry.id, { id, aliases });
  }
  return found;
}

/** Earlier entries that an entry of another address may be: those whose own address was not listed in vain. */
function movable(
  { outcomes }: Pick<Run, "outcomes">,
  written: readonly Held[],
  earlier: readonly Held[],
): readonly Held[] {
  const read = new Set(written.map(({ sourceUrl }) => urlKey(sourceUrl)));
  const unread = new Set(
    outcomes
      .filter(({ state }) => state !== "written" && state !== "duplicate")
      .map(({ url }) => urlKey(url))
      .filter((key) => !read.has(key)),
  );
  return earlier.filter(({ sourceUrl }) => !unread.has(urlKey(sourceUrl)));
}

/** Aliases of an entry and those that it had before and that nobody has now, each address once, sorted. */
function merged(
  { sourceUrl, aliases }: Held,
  before: readonly string[],
  held: ReadonlySet<string>,
): string[] {
  const byKey = new Map<string, string>();
  for (const address of [...aliases, ...before.filter((one) => !held.has(urlKey(one)))]) {
    const key = urlKey(address);
    if (key !== urlKey(sourceUrl) && !byKey.has(key)) byKey.set(key, address);
  }
  return [...byKey.values()].sort();
}
