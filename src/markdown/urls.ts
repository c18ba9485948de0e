/** URLs of links and images: made absolute, and never one that runs. */

import type { Element } from "domhandler";
import { parseUrl } from "../text.js";

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
  return parseUrl(trimmed, base)?.href ?? trimmed;
}

/** Attributes in which scripts keep the URL of an image until it is scrolled to. */
const LAZY = ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-url"];

/** What a lazy image shows until then. */
const STAND_IN =
  /^data:|(^|\/)(blank|spacer|placeholder|pixel|transparent|1x1|loading|lazy)\.(gif|png|svg)([?#]|$)/i;

/**
 * URL of an image as the page writes it: `src`, unless a script would put another one in its place; else the largest of `srcset`.
 *
 * @returns "" when it has none
 */
export function imageSource({ attribs }: Element): string {
  const src = attribs.src?.trim() ?? "";
  if (src !== "" && !STAND_IN.test(src.slice(0, 2000))) return src;
  for (const name of LAZY) {
    const later = attribs[name]?.trim();
    if (later !== undefined && later !== "") return later;
  }
  return largestOf(attribs.srcset ?? attribs["data-srcset"] ?? "") ?? src;
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

/**
 * The candidate with the largest width or density (https://html.spec.whatwg.org/#srcset-attributes).
 *
 * @returns null when there is none
 */
function largestOf(srcset: string): string | null {
  let best: { url: string; size: number } | null = null;
  for (const candidate of srcset.split(/,(?=\s)|,$/)) {
    const [url = "", size = "1x"] = candidate.trim().split(/\s+/);
    const value = Number.parseFloat(size);
    if (url !== "" && (best === null || value > best.size)) best = { url, size: value };
  }
  return best?.url ?? null;
}
