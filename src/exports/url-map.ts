/** Where everything of an archive stands on the new site, and where a link of the old one leads there. */
import type { StoredArchive } from "../archive/read/archive.js";
import { decoded } from "../archive/relative-link.js";
import { CliError } from "../error.js";
import type { EntryLine } from "../schema/entry.js";
import { urlKey } from "../url.js";
import type { Export, ExportWarning } from "./export.js";
import {
  DEFAULT_PATH,
  DEFAULT_PERMALINK,
  distinctPaths,
  encodePath,
  type Named,
  readPattern,
} from "./permalink.js";

export interface PublicationOptions {
  /** Pattern of addresses; default that of the export, or `/:language/:year/:slug/`. */
  readonly permalink?: string | undefined;
  /** Pattern of file names in the content folder of the export; default `:language/:year/:slug`. */
  readonly path?: string | undefined;
  /** Path prefix of the new site, such as `/archive`. */
  readonly base?: string | undefined;
  /** What the target wants of addresses and media. */
  readonly target?: Pick<Export, "media" | "permalink" | "trailingSlash">;
  readonly onWarning?: (warning: ExportWarning) => void;
}

/** An entry, as far as it is known before its body is read. */
export interface Place extends Named {
  /** Its content file in the archive. */
  readonly path: string;
  readonly direction: "ltr" | "rtl";
  readonly aliases: readonly string[];
  readonly translations: Readonly<Record<string, string>>;
  readonly address: string;
  readonly href: string;
  readonly file: string;
}

export interface SiteMap {
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

type Known = Omit<Place, "address" | "href" | "file">;

/** @param base path prefix, percent-encoded, without a slash at its end */
export async function mapSite(
  archive: StoredArchive,
  base: string,
  options: PublicationOptions,
  warn: (warning: ExportWarning) => void,
): Promise<SiteMap> {
  const { media: served } = options.target ?? {};
  const known: Known[] = [];
  const media = new Map<string, string>();
  for await (const { id, path, data } of archive.entries()) {
    const { language, date, type, sourceUrl, direction, aliases, translations } = data;
    const slug = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    const named = { id, slug, language, date, type, sourceUrl };
    known.push({ ...named, path, direction, aliases, translations });
    for (const { path: file, sourceUrl: old } of data.media) {
      if (file === null) continue;
      const href =
        served === undefined ? old : base + encodePath(served.address + file.slice("media".length));
      media.set(file, href);
      media.set(urlKey(old), href);
    }
  }
  if (new Set(known.map(({ path }) => path)).size < known.length)
    throw new CliError(`two entries of ${archive.folder} have one content file`, {
      hint: "`sitelift verify` says which.",
    });
  const byId = placeAll(known, base, options, warn);
  return { byId, media, ...lookups([...byId.values()]), ...translationGroups(byId) };
}

/** Gives every entry its address and its file. */
function placeAll(
  known: readonly Known[],
  base: string,
  { permalink, path, target = {} }: PublicationOptions,
  warn: (warning: ExportWarning) => void,
): Map<string, Place> {
  const pattern = permalink ?? target.permalink ?? DEFAULT_PERMALINK;
  const slash = target.trailingSlash === false ? "" : "/";
  const taken = ["media", ...new Set(known.map(({ language }) => language))];
  const addresses = distinctPaths(known, readPattern(pattern, "--permalink"), taken);
  const files = distinctPaths(known, readPattern(path ?? DEFAULT_PATH, "--path"));
  const byId = new Map<string, Place>();
  for (const one of known) {
    const address = `/${addresses.paths.get(one.id)}${slash}`;
    const file = files.paths.get(one.id) ?? one.id;
    byId.set(one.id, { ...one, address, href: base + encodePath(address), file });
  }
  for (const id of addresses.suffixed) {
    const { path: file, address } = byId.get(id) as Place;
    const message = `another entry wishes for the same address; this one is at ${address}`;
    warn({ code: "address-shared", path: file, message });
  }
  return byId;
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
function translationGroups(byId: ReadonlyMap<string, Place>): Pick<SiteMap, "keys" | "groups"> {
  const { byAddress } = lookups([...byId.values()]);
  const above = new Map([...byId.keys()].map((id) => [id, id]));
  const root = (id: string): string => {
    const next = above.get(id) ?? id;
    return next === id ? id : root(next);
  };
  for (const { id, translations } of byId.values())
    for (const named of Object.values(translations)) {
      const other = byId.get(named) ?? byAddress.get(urlKey(named));
      if (other === undefined) continue;
      const [least, most] = [root(id), root(other.id)].sort() as [string, string];
      above.set(most, least);
    }
  const keys = new Map<string, string>();
  const groups = new Map<string, Place[]>();
  for (const place of byId.values()) {
    const key = root(place.id);
    keys.set(place.id, key);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return { keys, groups };
}

/** Where a link of a body leads on the new site; null where it stays as it is. */
export function newAddress(
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
