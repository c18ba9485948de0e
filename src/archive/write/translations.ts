/** Translations of one article know each other by their ids. Pure. */
import type { Holdings } from "../../schema/holdings.js";
import { byCodeUnits } from "../../text.js";
import type { StagedEntry } from "../nouns.js";

export interface Translations {
  /** For each entry that has any: ids by language, sorted. */
  readonly ids: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Translations that a page names and the archive does not hold. */
  readonly missing: Holdings["translations"]["missing"];
}

/**
 * Finds the translations of every entry: those that its page names, those whose pages name it, and
 * those that they name in turn. Where that would give an article two entries in one language, only
 * what its own page names counts, and what names it back.
 *
 * @param find id of the entry of a URL; null when the archive has none
 */
export function linkTranslations(
  entries: readonly Pick<StagedEntry, "id" | "language" | "translations">[],
  find: (url: string) => string | null,
): Translations {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const named = new Map<string, Set<string>>();
  const name = (id: string, other: string) =>
    named.set(id, (named.get(id) ?? new Set<string>()).add(other));
  const missing: { id: string; language: string; address: string }[] = [];
  for (const { id, translations } of entries)
    for (const [language, url] of Object.entries(translations)) {
      const other = find(url);
      if (other === null || !byId.has(other)) missing.push({ id, language, address: url });
      else if (other !== id && byId.get(other)?.language !== byId.get(id)?.language) {
        name(id, other);
        name(other, id);
      }
    }
  const ids = new Map<string, Record<string, string>>();
  for (const { id } of entries) {
    const direct = [...(named.get(id) ?? [])];
    if (direct.length === 0) continue;
    const all = reachable(id, named);
    const languages = [id, ...all].map((one) => byId.get(one)?.language);
    const chosen = new Set(languages).size === languages.length ? all : direct;
    const pairs = chosen
      .map((other) => [byId.get(other)?.language ?? "", other] as const)
      .sort(([a, x], [b, y]) => byCodeUnits(a, b) || byCodeUnits(x, y));
    // Of two direct partners in one language the first by id counts, on every machine.
    ids.set(id, Object.fromEntries([...new Map(pairs.reverse())].reverse()));
  }
  return { ids, missing: missing.sort((a, b) => byCodeUnits(a.id, b.id)) };
}

/** Everything that can be reached from an entry, itself left out. */
function reachable(id: string, named: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const seen = new Set([id]);
  for (const one of seen) for (const other of named.get(one) ?? []) seen.add(other);
  seen.delete(id);
  return [...seen];
}
