/** The site's own fields of an entry in their final form: files by their paths, other entries by their ids, links of Markdown set. */
import type { EntryData, FieldValue, SingleValue } from "../model.js";
import type { OwnShape, SingleKind } from "../schema/fields.js";
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
  const linked = (of: SingleKind | undefined, value: SingleValue): SingleValue => {
    if (typeof value !== "string") return value;
    if (of === "file" || of === "image") return filePath(value, entry, targets);
    if (of === "reference") return entryOf(value, entry, targets, facts);
    if (of === "html") return setLinks({ ...entry, body: value }, targets, facts);
    return value;
  };
  const all = Object.entries(fields).map(([name, value]): [string, FieldValue] => {
    const { kind, of = kind } = shapes[name] ?? { kind: "text" };
    const single = of === "list" ? "text" : of;
    if (value === null) return [name, null];
    return [name, isList(value) ? value.map((one) => linked(single, one)) : linked(single, value)];
  });
  return Object.fromEntries(all);
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
