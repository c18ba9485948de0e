/** Images and attachments that a Markdown body names: what is to be fetched beside the page. */
import { type Destination, destinations } from "../markdown/destinations.js";
import type { Media, PageMedia } from "../model.js";
import type { Site } from "../site/site.js";
import { canonicalUrl, isFile, isOfOne } from "../url/url.js";

const NOT_FETCHED = { path: null, sha256: null, bytes: null, mediaType: null };

/** Elements whose URL is that of a file, whatever it ends in. */
const PLAYS: Readonly<Record<string, "image" | "file">> = {
  "img src": "image",
  "video poster": "image",
  "input src": "image",
  "video src": "file",
  "audio src": "file",
  "source src": "file",
  "track src": "file",
};

/**
 * Media of an article, each URL once: those outside its text, then those of its body in
 * the order of the text. A URL on another origin than the site's and those that the site file
 * allows is left to its own.
 *
 * @param base what relative URLs start from
 */
export function mediaOf(
  texts: string | readonly string[],
  base: string,
  site: Pick<Site, "origins" | "media">,
  beside: readonly PageMedia[] = [],
): Media[] {
  const found = new Map<string, Media>();
  const allowed = [...site.origins, ...site.media.origins];
  for (const { url: sourceUrl, alt, title, kind } of beside)
    if (isOfOne(sourceUrl, allowed))
      found.set(sourceUrl, { sourceUrl, ...NOT_FETCHED, alt, title, caption: null, kind });
  const markdown = typeof texts === "string" ? [texts] : texts;
  for (const place of markdown.flatMap((text) => destinations(text))) {
    const kind = kindOf(place);
    const sourceUrl = kind === null ? null : canonicalUrl(place.address, base);
    if (kind === null || sourceUrl === null) continue;
    if (!isOfOne(sourceUrl, allowed)) continue;
    const before = found.get(sourceUrl);
    const alt = before?.alt ?? place.alt;
    const title = before?.title ?? place.title;
    const caption = before?.caption ?? place.caption;
    const shown = before?.kind === "image" ? "image" : kind;
    found.set(sourceUrl, { sourceUrl, ...NOT_FETCHED, alt, title, caption, kind: shown });
  }
  return [...found.values()];
}

/** Null where a place leads to a page. */
function kindOf({ kind, element, attribute, address }: Destination): "image" | "file" | null {
  if (kind === "image") return "image";
  const plays = PLAYS[`${element} ${attribute}`];
  if (plays !== undefined) return plays;
  return isFile(address) ? "file" : null;
}
