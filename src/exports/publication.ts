/** From an archive to a publication: every entry gets its address, every link leads there. */
import type { OldAddress, StoredArchive } from "../archive.js";
import { urlKey } from "../url.js";
import type { EntryLine } from "../validate/entry.js";
import {
  DEFAULT_PATH,
  DEFAULT_PERMALINK,
  distinctPaths,
  encodePath,
  type Named,
  readPattern,
} from "./address.js";
import type {
  Export,
  ExportWarning,
  Language,
  Publication,
  PublishedEntry,
  PublishedMedia,
  Redirect,
  Translation,
} from "./export.js";
import { relink, renderMarkdown } from "./markdown.js";

export interface PublicationOptions {
  /** Pattern of addresses; default `/:language/:year/:slug/`. */
  readonly permalink?: string | undefined;
  /** Pattern of file names in the content folder of the export; default `:language/:year/:slug`. */
  readonly path?: string | undefined;
  /** Path prefix of the new site, such as `/archive`. */
  readonly base?: string | undefined;
  readonly media?: Export["media"];
  readonly onWarning?: (warning: ExportWarning) => void;
}

/** What is known of each entry before its body is read. */
interface Place extends Named {
  readonly path: string;
  readonly direction: "ltr" | "rtl";
  readonly aliases: readonly string[];
  readonly translations: Readonly<Record<string, string>>;
  readonly address: string;
  readonly href: string;
  readonly file: string;
}

/**
 * @throws {CliError} when a pattern cannot be read or the archive is damaged
 */
export async function publish(
  archive: StoredArchive,
  options: PublicationOptions = {},
): Promise<Publication> {
  const warn = options.onWarning ?? (() => undefined);
  const base = trimmedBase(options.base ?? "");
  const map = await readMap(archive, base, options, warn);
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

/** Where everything of the archive stands on the new site. */
interface SiteMap {
  readonly byId: ReadonlyMap<string, Place>;
  readonly byPath: ReadonlyMap<string, Place>;
  /** By `urlKey` of the canonical address and of each alias. */
  readonly byAddress: ReadonlyMap<string, Place>;
  /** Addresses of media on the new site, percent-encoded, by path in the archive and by old address. */
  readonly media: ReadonlyMap<string, string>;
  /** Id that stands for an entry and its translations. */
  readonly keys: ReadonlyMap<string, string>;
  /** The entries for which it stands, sorted by id. */
  readonly groups: ReadonlyMap<string, readonly Place[]>;
}

async function readMap(
  archive: StoredArchive,
  base: string,
  options: PublicationOptions,
  warn: (warning: ExportWarning) => void,
): Promise<SiteMap> {
  const known: Omit<Place, "address" | "href" | "file">[] = [];
  const media = new Map<string, string>();
  for await (const { id, path, data } of archive.entries()) {
    const { language, date, type, sourceUrl, direction, aliases, translations } = data;
    const slug = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    const named = { id, slug, language, date, type, sourceUrl };
    known.push({ ...named, path, direction, aliases, translations });
    for (const { path: file, sourceUrl: old } of data.media) {
      if (file === null) continue;
      const href =
        options.media === undefined
          ? old
          : base + encodePath(options.media.address + file.slice("media".length));
      media.set(file, href);
      media.set(urlKey(old), href);
    }
  }
  const wishes = readPattern(options.permalink ?? DEFAULT_PERMALINK, "--permalink");
  const taken = ["media", ...new Set(known.map(({ language }) => language))];
  const addresses = distinctPaths(known, wishes, taken);
  const files = distinctPaths(known, readPattern(options.path ?? DEFAULT_PATH, "--path"));
  const byId = new Map<string, Place>();
  for (const one of known) {
    const address = `/${addresses.paths.get(one.id)}/`;
    const file = files.paths.get(one.id) ?? one.id;
    byId.set(one.id, { ...one, address, href: base + encodePath(address), file });
  }
  for (const id of addresses.suffixed) {
    const { path, address } = byId.get(id) as Place;
    const message = `another entry wishes for the same address; this one is at ${address}`;
    warn({ code: "address-shared", path, message });
  }
  const keys = translationKeys(byId);
  const groups = new Map<string, Place[]>();
  for (const place of byId.values()) {
    const key = keys.get(place.id) ?? place.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  return { byId, media, ...lookups([...byId.values()]), keys, groups };
}

function lookups(places: readonly Place[]) {
  const byAddress = new Map<string, Place>();
  for (const place of places)
    for (const alias of place.aliases) byAddress.set(urlKey(alias), place);
  // The canonical address goes before an alias of another entry, as in redirects.csv.
  for (const place of places) byAddress.set(urlKey(place.sourceUrl), place);
  return { byPath: new Map(places.map((place) => [place.path, place])), byAddress };
}

/** Entries that name each other as translations, directly or not, form a group; its smallest id stands for it. */
function translationKeys(byId: ReadonlyMap<string, Place>): Map<string, string> {
  const { byAddress } = lookups([...byId.values()]);
  const keys = new Map([...byId.keys()].map((id) => [id, id]));
  const root = (id: string): string => {
    const above = keys.get(id) ?? id;
    return above === id ? id : root(above);
  };
  for (const { id, translations } of byId.values())
    for (const named of Object.values(translations)) {
      const other = byId.get(named) ?? byAddress.get(urlKey(named));
      if (other === undefined) continue;
      const [least, most] = [root(id), root(other.id)].sort() as [string, string];
      keys.set(most, least);
    }
  return new Map([...keys.keys()].map((id) => [id, root(id)]));
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

/** Where a link of a body leads on the new site; null where it stays as it is. */
function newAddress(
  link: string,
  { path, data }: EntryLine,
  map: SiteMap,
  warn: (warning: ExportWarning) => void,
): string | null {
  if (/^https?:/i.test(link)) return fromOldAddress(link, map);
  // A path from the root can only be one of the old site.
  if (link.startsWith("/") && URL.canParse(link, data.sourceUrl)) {
    const old = new URL(link, data.sourceUrl).href;
    return fromOldAddress(old, map) ?? old;
  }
  if (/^([a-z][a-z0-9+.-]*:|#|\?|$)/i.test(link)) return null;
  const url = new URL(link, `http://archive.invalid/${encodePath(path)}`);
  const target = decoded(url.pathname.slice(1));
  const place = map.byPath.get(target);
  if (place !== undefined) return place.href + url.hash;
  const media = map.media.get(target);
  if (media !== undefined) return media + url.hash;
  warn({ code: "link-unresolved", path, message: `${link} names nothing in the archive` });
  return null;
}

/** The new address of a page or a file of the old site; null when the archive has none. */
function fromOldAddress(link: string, map: SiteMap): string | null {
  if (!URL.canParse(link)) return null;
  const exact = map.byAddress.get(urlKey(link));
  // An entry without a page of its own is named by a fragment.
  if (exact !== undefined) return exact.href;
  const { hash } = new URL(link);
  const key = urlKey(hash === "" ? link : link.slice(0, -hash.length));
  const place = map.byAddress.get(key);
  return place === undefined ? (map.media.get(key) ?? null) : place.href + hash;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
