/** Where the real URL of an image is: a script may keep it until the image is scrolled to, and a stand-in is shown till then. */
import { createHash } from "node:crypto";
import { type ChildNode, type Element, isTag } from "domhandler";
import type { EmbeddedImage } from "../model.js";
import { parseUrl } from "../text.js";
import { elementsOf, parentOf } from "./nodes.js";

/** Words in the names of files that show nothing, and those that may be beside them. */
const STAND_IN =
  /^(?:blank|spacer|place-?holder|pixel|transparent|trans|1x1|1px|loading|loader|lazy(?:-?load\w*)?|gr[ae]y|dummy|empty|clear|preload\w*|spinner|lqip)$/i;
const BESIDE =
  /^(?:image|img|photo|picture|pic|default|bg|white|black|svg|gif|base64|the|\d+(?:x\d*)?)$/i;
/** Classes of images that a script fills. */
const LAZY_CLASS = /(?:^|[\s_-])(?:b-lazy|lazy\w*|lozad|unveil|lazysizes|deferred)(?:[\s_-]|$)/i;
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|jfif)(?:[?#]|$)/i;
/** Attributes that say what comes in the place of `src`. */
const LATER = /^data-(?:.*[-_])?(?:src|original|lazy|lazyload|echo)$/;
/** Those that need not look like a picture; a `data-url` may be that of a page, and counts only in the place of a stand-in. */
const ANY_URL = /^data-(?:(?:lazy-?)?(?:src|original)|lazy|url)$/;
/** Other pictures of the same: smaller ones, what shows at a pointer or while waiting. */
const LESSER =
  /thumb|small|tiny|mini|hover|over|preview|placeholder|lqip|low|fallback|icon|load(?:ing|er)|spinner|error|avatar|blur/;

/**
 * URL of an image as the page means it: what a script would put in, else `src`; where that is a stand-in, what any
 * attribute, `srcset` or a source of the `picture` around it names.
 *
 * @returns "" when it has none
 */
export function imageSource(image: Element): string {
  const { attribs } = image;
  const src = attribs.src?.trim() ?? "";
  const named = Object.entries(attribs).flatMap(([name, value]) => {
    const url = !name.startsWith("data-") || LESSER.test(name) ? null : urlIn(name, value.trim());
    return url === null || url === src || isStandIn(url) ? [] : [{ name, url }];
  });
  const later = named.find(({ name }) => LATER.test(name));
  const isShown = src !== "" && !isStandIn(src);
  if (isShown && !(LAZY_CLASS.test(attribs.class ?? "") && named.length > 0))
    return later?.url ?? src;
  const own = later?.url ?? named[0]?.url ?? largestOf(attribs.srcset ?? "");
  return own ?? sourceOf(image) ?? src;
}

/** True for the URL of what is shown until an image comes. */
export function isStandIn(src: string): boolean {
  if (src === "" || /^(?:data|about|javascript):/i.test(src)) return true;
  const path = src.slice(0, 2_000).split(/[?#]/, 1)[0] ?? "";
  const [name = "", folder = ""] = path.split("/").reverse();
  if (/^lazy-?load(?:er)?$/i.test(folder)) return true;
  if (/^[a-z0]\.(?:gif|png|svg)$/i.test(name)) return true;
  const words = name.replace(/\.[a-z]{3,4}$/i, "").split(/[-_. ]+/);
  return (
    words.some((word) => STAND_IN.test(word)) &&
    words.every((word) => STAND_IN.test(word) || BESIDE.test(word))
  );
}

function urlIn(name: string, value: string): string | null {
  if (value === "" || /^[[{<]/.test(value)) return null;
  if (/srcset$/.test(name)) return largestOf(value);
  if (/\s/.test(value)) return null;
  const isUrl = ANY_URL.test(name) && !/^(?:#|data:|\d+$)|^(?:true|false|lazy|auto)$/.test(value);
  return isUrl || PICTURE.test(value) ? value : null;
}

/** What a source of the `picture` around an image names. */
function sourceOf(image: Element): string | null {
  const picture = parentOf(image);
  if (picture?.name !== "picture") return null;
  for (const source of picture.children.filter(isTag)) {
    if (source.name !== "source") continue;
    const { srcset, src } = source.attribs;
    const found = largestOf(srcset ?? "") ?? largestOf(source.attribs["data-srcset"] ?? "") ?? src;
    if (found) return found;
  }
  return null;
}

/**
 * The candidate with the largest width or density (https://html.spec.whatwg.org/#srcset-attributes).
 *
 * @returns null when there is none but stand-ins
 */
function largestOf(srcset: string): string | null {
  let best: { url: string; size: number } | null = null;
  for (const { url, size } of candidatesOf(srcset))
    if (!isStandIn(url) && (best === null || size > best.size)) best = { url, size };
  return best?.url ?? null;
}

/** The candidates of a `srcset`, in order, each with its width or density; 1 where it names none. */
export function* candidatesOf(srcset: string): Generator<{ url: string; size: number }> {
  const candidates = /[\s,]*(?:(\S*[^\s,]),+(?=\s|$)|(\S+)\s*([^,]*),?)/g;
  for (const [, alone, first = "", size = ""] of srcset.matchAll(candidates)) {
    const url = alone ?? first;
    if (url !== "") yield { url, size: Number.parseFloat(size) || 1 };
  }
}

/** Parameter of the URL that an image has whose bytes are in the page. */
const EMBEDDED = "embedded-image";

/**
 * URL for an image whose bytes are in the page (`data:`): that of the page and a hash of the bytes, since everything
 * that is stored has a URL on the site. It is not requested.
 *
 * @returns null for another URL, for one without bytes, and where there is no page
 */
export function embeddedUrl(src: string, base: string | undefined): string | null {
  const bytes = base === undefined ? null : bytesOf(src);
  const url = bytes === null ? null : parseUrl(base ?? "");
  if (bytes === null || url === null) return null;
  url.hash = "";
  url.searchParams.set(EMBEDDED, createHash("sha256").update(bytes).digest("hex").slice(0, 16));
  return url.href;
}

/** Images whose bytes are in some nodes, each once. @param base URL of the page */
export function embeddedImages(nodes: readonly ChildNode[], base: string): EmbeddedImage[] {
  const found = new Map<string, EmbeddedImage>();
  for (const element of elementsOf(nodes)) {
    const src = element.name === "img" ? imageSource(element) : "";
    const bytes = bytesOf(src);
    const url = bytes === null ? null : embeddedUrl(src, base);
    if (bytes !== null && url !== null) found.set(url, { url, bytes });
  }
  return [...found.values()];
}

/** Bytes of a `data:` URL (https://fetch.spec.whatwg.org/#data-urls); null where it has none. */
function bytesOf(src: string): Uint8Array | null {
  const head = /^data:([^,]{0,200}),/i.exec(src);
  if (head === null) return null;
  const text = Buffer.from(src.slice(head[0].length)).toString("latin1");
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const isBase64 = /;\s*base64\s*$/i.test(head[1] ?? "");
  const bytes = Buffer.from(plain, isBase64 ? "base64" : "latin1");
  return bytes.length === 0 ? null : bytes;
}
