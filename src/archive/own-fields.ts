/** The site's own fields of an entry in their final form: files by their paths, other entries by their ids, links of Markdown set. */
import type { EntryData, FieldValue, SingleValue } from "../model.js";
import { type FieldShape, type OwnShape, singleKind } from "../schema/fields.js";
import { canonicalUrl } from "../url/url.js";
import { type LinkFacts, missed, setLinks, type Targets, type Unlinked } from "./links.js";

/**
 * @param entry as it was staged, or as an earlier run left it
 * @returns undefined where the site has none
 */
export function linkFields(
  entry: Omit<Unlinked, "data"> & { readonly data: EntryData },
  { fields: shapes }: OwnShape,
  targets: Targets,
  facts: LinkFacts,
): EntryData["fields"] {
  const { fields } = entry.data;
  if (fields === undefined) return undefined;
  const places: Places = {
    file: (value) => filePath(value, entry, targets),
    entry: (value) => entryOf(value, entry, targets, facts),
    markdown: (body) => setLinks({ ...entry, body }, targets, facts),
  };
  const all = Object.entries(fields).map(([name, value]) => {
    return [name, placedValue(value, shapes[name] ?? { kind: "text" }, places)];
  });
  return Object.fromEntries(all);
}

/** Where values lead: a file, another entry by its id or URL, the links of Markdown. */
export interface Places {
  readonly file: (value: string) => string;
  readonly entry: (value: string) => string;
  readonly markdown: (value: string) => string;
}

/** The value of a field, leading to other places. */
export function placedValue(value: FieldValue, shape: FieldShape, places: Places): FieldValue {
  const of = singleKind(shape);
  const placed = (one: SingleValue): SingleValue => {
    if (typeof one !== "string") return one;
    if (of === "file" || of === "image") return places.file(one);
    if (of === "reference") return places.entry(one);
    return of === "html" ? places.markdown(one) : one;
  };
  if (value === null) return null;
  return isList(value) ? value.map(placed) : placed(value);
}

function isList(value: FieldValue): value is readonly SingleValue[] {
  return Array.isArray(value);
}

/** Path of a file in the archive; its URL where the archive has not got it. */
function filePath(value: string, { data }: { readonly data: EntryData }, targets: Targets): string {
  // An earlier run may have given it another path.
  const url = data.media.find(({ path }) => path === value)?.sourceUrl ?? value;
  return targets.mediaPath(canonicalUrl(url) ?? url) ?? url;
}

/** Id of the entry that a URL is that of; the URL where there is none, which is noted. */
function entryOf(
  value: string,
  { id }: { readonly id: string },
  targets: Targets,
  facts: LinkFacts,
): string {
  const isUrl = /^https?:/i.test(value);
  const url = isUrl ? value : targets.urlOf(value);
  const found = url === null ? null : (targets.find(url) ?? targets.find(url.replace(/#.*/s, "")));
  if (found !== null) {
    facts.entries++;
    return found;
  }
  missed(id, url ?? value, targets, facts);
  return url ?? value;
}
