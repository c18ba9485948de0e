/** The path and the file of each entry on the new site, and where the links of the old site lead there. */
import type { StoredArchive } from "../archive/read/archive.js";
import { CliError } from "../error.js";
import type { EntryLine } from "../schema/entry.js";
import { gather, parseUrl, percentDecode } from "../text.js";
import { urlKey } from "../url/url.js";
import type { Export, ExportWarning } from "./export.js";
import {
  DEFAULT_PATH,
  DEFAULT_PERMALINK,
  distinctPaths,
  encodePath,
  type PatternFields,
  readPattern,
} from "./permalink.js";

export interface PublicationOptions {
  /** Pattern of paths on the new site; default that of the export, or `/:language/:year/:slug/`. */
  readonly permalink?: string | undefined;
  /** Pattern of file names in the content folder of the export; default `:language/:year/:slug`. */
  readonly path?: string | undefined;
  /** Path prefix of the new site, such as `/archive`. */
  readonly base?: string | undefined;
  /** What the target needs of paths and media. */
  readonly target?: Pick<Export, "media" | "permalink" | "trailingSlash">;
  readonly onWarning?: (warning: ExportWarning) => void;
}

/** What is known of an entry without its body. */
interface Known extends PatternFields {
  /** Its content file in the archive. */
  readonly path: string;
  readonly direction: "ltr" | "rtl";
  readonly aliases: readonly string[];
  readonly translations: Readonly<Record<string, string>>;
}

/** The same, with `address`, `href` and `file` as in `PublishedEntry`. */
export interface MappedEntry extends Known {
  readonly address: string;
  readonly href: string;
  readonly file: string;
}

export interface UrlMap {
  readonly byId: ReadonlyMap<string, MappedEntry>;
  /** By content file in the archive. */
  readonly byPath: ReadonlyMap<string, MappedEntry>;
  /** By `urlKey` of the canonical URL and of each alias. */
  readonly byOldUrl: ReadonlyMap<string, MappedEntry>;
  /** Paths of media on the new site, percent-encoded, by path in the archive and by `urlKey` of the old URL. */
  readonly media: ReadonlyMap<string, string>;
  /** By id of an entry: the smallest id among it and its translations. */
  readonly keys: ReadonlyMap<string, string>;
  /** By such a key: the entry and its translations, sorted by id. */
  readonly groups: ReadonlyMap<string, readonly MappedEntry[]>;
}

/** @param base path prefix, percent-encoded, without a slash at its end */
export async function mapUrls(
  archive: StoredArchive,
  base: string,
  options: PublicationOptions,
  warn: (warning: ExportWarning) => void,
): Promise<UrlMap> {
  const { media: folder } = options.target ?? {};
  const known: Known[] = [];
  const media = new Map<string, string>();
  for await (const { id, path, data } of archive.entries()) {
    const { language, date, type, sourceUrl, direction, aliases, translations } = data;
    const slug = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    known.push({
      ...{ id, slug, language, date, type, sourceUrl },
      ...{ path, direction, aliases, translations },
    });
    for (const { path: file, sourceUrl: old } of data.media) {
      if (file === null) continue;
      const href =
        folder === undefined ? old : base + encodePath(folder.address + file.slice("media".length));
      media.set(file, href).set(urlKey(old), href);
    }
  }
  if (new Set(known.map(({ path }) => path)).size < known.length)
    throw new CliError(`two entries of ${archive.folder} have the same content file`, {
      hint: "`sitelift verify` names them.",
    });
  const entries = mapEntries(known, base, options, warn);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const byOldUrl = new Map<string, MappedEntry>();
  for (const entry of entries)
    for (const alias of entry.aliases) byOldUrl.set(urlKey(alias), entry);
  // A canonical URL wins over an alias of another entry, as in redirects.csv.
  for (const entry of entries) byOldUrl.set(urlKey(entry.sourceUrl), entry);
  return {
    byId,
    byPath: new Map(entries.map((entry) => [entry.path, entry])),
    byOldUrl,
    media,
    ...translationGroups(byId, byOldUrl),
  };
}

function mapEntries(
  known: readonly Known[],
  base: string,
  { permalink, path, target = {} }: PublicationOptions,
  warn: (warning: ExportWarning) => void,
): MappedEntry[] {
  const pattern = permalink ?? target.permalink ?? DEFAULT_PERMALINK;
  const slash = target.trailingSlash === false ? "" : "/";
  const reserved = ["media", ...new Set(known.map(({ language }) => language))];
  const urls = distinctPaths(known, readPattern(pattern, "--permalink"), reserved);
  const files = distinctPaths(known, readPattern(path ?? DEFAULT_PATH, "--path"));
  return known.map((entry) => {
    const address = `/${urls.paths.get(entry.id)}${slash}`;
    if (urls.suffixed.has(entry.id))
      warn({
        code: "address-shared",
        path: entry.path,
        message: `its URL is already taken by another entry; this one is at ${address}`,
      });
    const file = files.paths.get(entry.id) ?? entry.id;
    return { ...entry, address, href: base + encodePath(address), file };
  });
}

/** Entries that name each other as translations, directly or through others, form a group. */
function translationGroups(byId: UrlMap["byId"], byOldUrl: UrlMap["byOldUrl"]) {
  const smaller = new Map<string, string>();
  const keyOf = (id: string): string => {
    const next = smaller.get(id);
    return next === undefined ? id : keyOf(next);
  };
  for (const { id, translations } of byId.values())
    for (const named of Object.values(translations)) {
      const other = byId.get(named) ?? byOldUrl.get(urlKey(named));
      if (other === undefined) continue;
      const [least, most] = [keyOf(id), keyOf(other.id)].sort() as [string, string];
      if (least !== most) smaller.set(most, least);
    }
  const keys = new Map<string, string>();
  const groups = new Map<string, MappedEntry[]>();
  for (const entry of byId.values()) {
    const key = keyOf(entry.id);
    keys.set(entry.id, key);
    gather(groups, key, entry);
  }
  return { keys, groups };
}

/** Where a link of a body leads on the new site; null where it stays as it is. */
export function newUrl(
  link: string,
  { path, data }: EntryLine,
  map: UrlMap,
  warn: (warning: ExportWarning) => void,
): string | null {
  const unresolved = (why: string) => {
    warn({ code: "link-unresolved", path, message: `${link} ${why}` });
    return null;
  };
  const isWeb = /^https?:/i.test(link);
  if (/^([a-z][a-z0-9+.-]*:|#|\?|$)/i.test(link) && !isWeb) return null;
  // A path from the root can only be one of the old site.
  const isOld = isWeb || link.startsWith("/");
  const url = parseUrl(link, isOld ? data.sourceUrl : `http://archive.invalid/${encodePath(path)}`);
  if (url === null) return unresolved("is not a URL, and stays as it is");
  if (isOld) return fromOldUrl(isWeb ? link : url.href, map) ?? (isWeb ? null : url.href);
  const target = percentDecode(url.pathname.slice(1));
  const found = map.byPath.get(target)?.href ?? map.media.get(target);
  if (found !== undefined) return found + url.hash;
  return unresolved("is not in the archive");
}

/** The new path of a page or a file of the old site; null when the archive has none. */
function fromOldUrl(link: string, map: UrlMap): string | null {
  const url = parseUrl(link);
  if (url === null) return null;
  // The URL of an entry without a page of its own has a fragment.
  const exact = map.byOldUrl.get(urlKey(link));
  if (exact !== undefined) return exact.href;
  const { hash } = url;
  const key = urlKey(hash === "" ? link : link.slice(0, -hash.length));
  const entry = map.byOldUrl.get(key);
  return entry === undefined ? (map.media.get(key) ?? null) : entry.href + hash;
}
