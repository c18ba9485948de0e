/** From an archive to a publication: every entry at its new path, with its body. */
import type { OldUrl, StoredArchive } from "../archive/read/archive.js";
import type { Media } from "../model.js";
import type { EntryLine } from "../schema/entry.js";
import type { OwnShape } from "../schema/fields.js";
import { byCodeUnits, gather } from "../text.js";
import { urlKey } from "../url/url.js";
import { mediaBeside } from "./beside.js";
import type {
  ExportWarning,
  Language,
  Publication,
  PublishedEntry,
  PublishedMedia,
  Redirect,
  Translation,
} from "./export.js";
import { relink, renderMarkdown, withoutActive } from "./markdown.js";
import { publishedFields } from "./own-fields.js";
import { encodePath } from "./permalink.js";
import {
  type MappedEntry,
  mapUrls,
  newUrl,
  type PublicationOptions,
  type UrlMap,
} from "./url-map.js";

/** @throws {CliError} when a pattern cannot be read or the archive is damaged */
export async function publish(
  archive: StoredArchive,
  options: PublicationOptions = {},
): Promise<Publication> {
  const warn = options.onWarning ?? (() => undefined);
  const trimmed = (options.base ?? "").replace(/^\/+|\/+$/g, "");
  const base = trimmed === "" ? "" : `/${encodePath(trimmed)}`;
  const { own = { fields: {} } } = archive.manifest;
  const map = await mapUrls(archive, base, options, warn);
  const redirects = redirectsOf(await archive.oldUrls(), map, warn);
  const oldPaths = new Map<string, string[]>();
  for (const { origin, from, entry } of redirects)
    if (origin === null && !from.includes("?")) gather(oldPaths, entry, from);
  return {
    name: archive.manifest.site,
    archive,
    own,
    base,
    languages: languagesOf([...map.byId.values()]),
    redirects,
    warn,
    async *entries() {
      for await (const line of archive.entries()) yield entryOf(line, map, oldPaths, own, warn);
    },
  };
}

function languagesOf(entries: readonly MappedEntry[]): Language[] {
  const found = new Map<string, { rtl: number; entries: number }>();
  for (const { language, direction } of entries) {
    const { rtl, entries } = found.get(language) ?? { rtl: 0, entries: 0 };
    found.set(language, { rtl: rtl + (direction === "rtl" ? 1 : 0), entries: entries + 1 });
  }
  return [...found]
    .map(([tag, { rtl, entries }]) => ({
      tag,
      direction: rtl * 2 > entries ? ("rtl" as const) : ("ltr" as const),
      entries,
    }))
    .sort((a, b) => b.entries - a.entries || byCodeUnits(a.tag, b.tag));
}

/**
 * Old URLs that change. One that is the new URL of another entry is left out: a rule for it would hide that
 * page.
 */
function redirectsOf(old: readonly OldUrl[], map: UrlMap, warn: (warning: ExportWarning) => void) {
  // Servers add or remove the slash at the end themselves; a rule for that would make a loop.
  const key = (path: string) => urlKey(`http://x${path}`);
  const taken = new Map([...map.byId.values()].map(({ href, id }) => [key(href), id]));
  const redirects: Redirect[] = [];
  for (const { origin, path: from, leadsTo, status } of old) {
    const target = map.byPath.get(leadsTo);
    if (target === undefined) continue;
    const { href: to, id: entry, language, path } = target;
    const owner = taken.get(key(from));
    if (owner === undefined) redirects.push({ origin, from, to, status, entry, language });
    else if (owner !== entry)
      warn({
        code: "address-taken",
        path,
        message: `its old URL ${from} is now the URL of another entry and does not redirect here`,
      });
  }
  return redirects;
}

function entryOf(
  line: EntryLine,
  map: UrlMap,
  oldPaths: ReadonlyMap<string, readonly string[]>,
  own: OwnShape,
  warn: (warning: ExportWarning) => void,
): PublishedEntry {
  const { id, path, data } = line;
  const { slug, address, href, file } = map.byId.get(id) as MappedEntry;
  const moved = (markdown: string) => {
    const inert = withoutActive(markdown, (what) =>
      warn({ code: "active-content", path, message: `${what} would run, and is written as text` }),
    );
    return relink(inert, (link) => newUrl(link, line, map, warn));
  };
  const body = moved(line.body);
  const media = data.media.flatMap((one) => publishedMedia(one, map));
  return {
    id,
    slug,
    path,
    // The types of zod and of the model differ in readonly alone.
    data: data as PublishedEntry["data"],
    body,
    address,
    href,
    file,
    translations: translationsOf(id, map),
    translationKey: map.keys.get(id) ?? id,
    oldPaths: oldPaths.get(id) ?? [],
    fields: publishedFields(data.fields, own, {
      file: (file) => map.media.get(file) ?? file,
      entry: (entry) => map.byId.get(entry)?.href ?? entry,
      markdown: moved,
    }),
    media,
    beside: mediaBeside(body, media),
    html: () => renderMarkdown(body),
  };
}

function publishedMedia(one: Media, map: UrlMap): PublishedMedia[] {
  const { path, title = null, caption = null, mediaType } = one;
  if (path === null) return [];
  const kind = one.kind ?? (mediaType?.startsWith("image/") ? "image" : "file");
  return [{ ...one, path, title, caption, kind, href: map.media.get(path) ?? null }];
}

/** One entry for each language: of two in one language, the one with the smaller id. */
function translationsOf(id: string, map: UrlMap): Translation[] {
  const own = map.byId.get(id)?.language;
  const found = new Map<string, Translation>();
  for (const { id: other, language, address, href } of map.groups.get(map.keys.get(id) ?? id) ?? [])
    if (language !== own && !found.has(language))
      found.set(language, { language, id: other, address, href });
  return [...found.values()].sort((a, b) => byCodeUnits(a.language, b.language));
}
