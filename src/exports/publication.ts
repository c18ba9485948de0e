/** From an archive to a publication: every entry at its address, with its body. */
import type { OldAddress, StoredArchive } from "../archive/read/archive.js";
import type { EntryLine } from "../schema/entry.js";
import { urlKey } from "../url.js";
import type {
  ExportWarning,
  Language,
  Publication,
  PublishedEntry,
  PublishedMedia,
  Redirect,
  Translation,
} from "./export.js";
import { relink, renderMarkdown } from "./markdown.js";
import { encodePath } from "./permalink.js";
import {
  mapSite,
  newAddress,
  type Place,
  type PublicationOptions,
  type SiteMap,
} from "./url-map.js";

/**
 * @throws {CliError} when a pattern cannot be read or the archive is damaged
 */
export async function publish(
  archive: StoredArchive,
  options: PublicationOptions = {},
): Promise<Publication> {
  const warn = options.onWarning ?? (() => undefined);
  const base = trimmedBase(options.base ?? "");
  const map = await mapSite(archive, base, options, warn);
  const redirects = redirectsOf(await archive.oldAddresses(), map, warn);
  const oldPaths = groupOldPaths(redirects);
  return {
    name: archive.manifest.site,
    archive,
    base,
    languages: languagesOf([...map.byId.values()]),
    redirects,
    warn,
    async *entries() {
      for await (const line of archive.entries()) yield entryOf(line, map, oldPaths, warn);
    },
  };
}

function trimmedBase(base: string): string {
  const trimmed = base.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${encodePath(trimmed)}`;
}

function languagesOf(places: readonly Place[]): Language[] {
  const found = new Map<string, { rtl: number; entries: number }>();
  for (const { language, direction } of places) {
    const known = found.get(language) ?? { rtl: 0, entries: 0 };
    found.set(language, {
      rtl: known.rtl + (direction === "rtl" ? 1 : 0),
      entries: known.entries + 1,
    });
  }
  return [...found]
    .map(([tag, { rtl, entries }]) => ({
      tag,
      direction: rtl * 2 > entries ? ("rtl" as const) : ("ltr" as const),
      entries,
    }))
    .sort((a, b) => b.entries - a.entries || (a.tag < b.tag ? -1 : 1));
}

/**
 * Old addresses that change. One at which another entry now stands leads nowhere else: a rule for it would
 * hide that page.
 */
function redirectsOf(
  old: readonly OldAddress[],
  map: SiteMap,
  warn: (warning: ExportWarning) => void,
): Redirect[] {
  // Servers add or take the slash at the end by themselves; a rule for that would lead in a circle.
  const key = (address: string) => urlKey(`http://x${address}`);
  const standing = new Map([...map.byId.values()].map((place) => [key(place.href), place.id]));
  const redirects: Redirect[] = [];
  for (const { origin, path: from, leadsTo, status } of old) {
    const place = map.byPath.get(leadsTo);
    if (place === undefined) continue;
    const { href: to, id: entry, language, path } = place;
    const there = standing.get(key(from));
    if (there === undefined) redirects.push({ origin, from, to, status, entry, language });
    else if (there !== entry)
      warn({
        code: "address-taken",
        path,
        message: `its old address ${from} is the new one of another entry, and does not lead here`,
      });
  }
  return redirects;
}

function groupOldPaths(redirects: readonly Redirect[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { origin, from, entry } of redirects)
    if (origin === null && !from.includes("?"))
      grouped.set(entry, [...(grouped.get(entry) ?? []), from]);
  return grouped;
}

function entryOf(
  line: EntryLine,
  map: SiteMap,
  oldPaths: ReadonlyMap<string, readonly string[]>,
  warn: (warning: ExportWarning) => void,
): PublishedEntry {
  const { id, path, data } = line;
  const { slug, address, href, file } = map.byId.get(id) as Place;
  const body = relink(line.body, (link) => newAddress(link, line, map, warn));
  return {
    id,
    slug,
    path,
    // The schema gives `undefined` no place; the types of zod and of the model differ in readonly alone.
    data: data as PublishedEntry["data"],
    body,
    address,
    href,
    file,
    translations: translationsOf(id, map),
    translationKey: map.keys.get(id) ?? id,
    oldPaths: oldPaths.get(id) ?? [],
    media: data.media.flatMap((one): PublishedMedia[] =>
      one.path === null ? [] : [{ ...one, path: one.path, href: map.media.get(one.path) ?? null }],
    ),
    html: () => renderMarkdown(body),
  };
}

/** One entry a language: where a group has two of one language, the smaller id. */
function translationsOf(id: string, map: SiteMap): Translation[] {
  const own = map.byId.get(id)?.language;
  const found = new Map<string, Translation>();
  for (const { id: other, language, address, href } of map.groups.get(map.keys.get(id) ?? id) ?? [])
    if (language !== own && !found.has(language))
      found.set(language, { language, id: other, address, href });
  return [...found.values()].sort((a, b) => (a.language < b.language ? -1 : 1));
}
