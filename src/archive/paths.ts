/** Where the content file of each entry stands. */
import { isPortableName } from "../schema/words.js";

/** What the path of an entry depends on. */
export interface Wish {
  readonly id: string;
  readonly slug: string;
  readonly language: string;
  readonly date: string | null;
}

/**
 * Path of each entry's content file, by id. Entries that wish for one name in one folder (case and Unicode
 * form set aside, as on common file systems) all get a suffix from their ids, so that the order in which
 * they were met does not matter. The ids of such entries are cut to six characters, or whole when six
 * do not tell them apart.
 */
export function contentPaths(wishes: readonly Wish[]): Map<string, string> {
  const suffix = new Map(wishes.map(({ id }) => [id, 0]));
  for (let clashes = true; clashes; ) {
    clashes = false;
    for (const group of grouped(wishes, (wish) => fold(pathOf(wish, suffix.get(wish.id) ?? 0))))
      for (const { id } of group.length > 1 ? group : []) {
        const length = suffix.get(id) ?? 0;
        if (length < id.length) clashes = true;
        suffix.set(id, length === 0 ? 6 : id.length);
      }
  }
  return new Map(wishes.map((wish) => [wish.id, pathOf(wish, suffix.get(wish.id) ?? 0)]));
}

function pathOf({ id, slug, language, date }: Wish, suffix: number): string {
  // Some language tags (con, nul, prn) are names that Windows keeps for devices.
  const folder = isPortableName(language) ? language : `${language}_`;
  const name = suffix === 0 ? slug : `${slug}-${id.slice(0, suffix)}`;
  return `content/${folder}/${date?.slice(0, 4) ?? "undated"}/${name}.md`;
}

function fold(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Iterable<T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups.values();
}
