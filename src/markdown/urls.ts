/** URLs of links and images: made absolute, and never one that runs. */

import type { Element } from "domhandler";
import { embeddedUrl, imageSource } from "../extract/images.js";
import { resolvedUrl } from "../text.js";

/** Schemes that run or show a page of their own making (https://html.spec.whatwg.org/#the-javascript:-url-special-case). */
const RUNS = /^(javascript|vbscript|livescript|data|blob|filesystem|about):/i;
/** Pictures that hold no script; `image/svg+xml` may. */
const PICTURE = /^data:image\/(png|jpe?g|gif|webp|avif|bmp|x-icon)[;,]/i;
/** Browsers take white space and control characters out of a scheme before they read it (https://url.spec.whatwg.org/#concept-basic-url-parser). */
const INVISIBLE = /[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028\u2029\ufeff]+/g;

/**
 * URL of a link as it is to be written.
 *
 * @param base URL that relative ones start from; without it they stay relative, as does `#part`
 * @returns null when following it would run something
 */
export function linkUrl(href: string, base: string | undefined): string | null {
  return RUNS.test(href.slice(0, 200).replace(INVISIBLE, "")) ? null : absolute(href, base);
}

/** URL of an image as it is to be written; null when it may not be shown. */
export function imageUrl(image: Element, base: string | undefined): string | null {
  const src = imageSource(image);
  return embeddedUrl(src, base) ?? mediaUrl(src, base);
}

/** URL of an image, a video or a frame; null when it may not be shown. */
export function mediaUrl(src: string, base: string | undefined): string | null {
  const bare = src.slice(0, 200).replace(INVISIBLE, "");
  if (bare === "" || (RUNS.test(bare) && !PICTURE.test(bare))) return null;
  return absolute(src, base);
}

function absolute(href: string, base: string | undefined): string {
  const trimmed = href.replace(/[\t\r\n]/g, "").trim();
  if (base === undefined || RUNS.test(base) || trimmed === "" || trimmed.startsWith("#"))
    return trimmed;
  return resolvedUrl(trimmed, base) ?? trimmed;
}

/**
 * URL of a frame, a film or a sound: `src`, unless a script or a banner that asks for consent would put another one in its place.
 *
 * @returns "" when it has none
 */
export function playerSource({ attribs }: Element): string {
  const src = attribs.src?.trim() ?? "";
  if (src !== "" && !/^(about|data|javascript):/i.test(src)) return src;
  const later = Object.entries(attribs).find(
    ([name, value]) =>
      name.startsWith("data-") &&
      (/^(https?:)?\/\//i.test(value.trim()) || (name === "data-src" && value !== "")),
  );
  return later?.[1].trim() ?? src;
}
