/** What a page, a style sheet or a script loads, so that a stored page can be looked at. Pure, linear in the bytes. */
import type { Page } from "../model.js";
import { parseUrl } from "../text.js";
import { isFile } from "../url/url.js";
import { decode } from "./coding.js";
import { cssUrls } from "./css-urls.js";
import { candidatesOf } from "./images.js";
import { type Tag, tagsOf } from "./tags.js";

/**
 * `style` and `script` may load further files; `image` is one that the page itself shows; `asset` is a font, an icon or
 * what a style sheet names; `frame` is a page within the page; `file` is a recording, or a file that is linked.
 */
export type RequisiteKind = "style" | "script" | "image" | "asset" | "frame" | "file";

export interface Requisite {
  /** Absolute, `http` or `https`, without a fragment. */
  readonly url: string;
  readonly kind: RequisiteKind;
}

/** A URL as it is written in a source, and what it is for. */
type Named = readonly [kind: RequisiteKind, url: string];

/**
 * What a response loads, in the order of its source, each URL once for each kind, as it is looked for.
 *
 * @param kind what it was requested as; "page" for a page that was read
 * @param all true to look for what only scripts, frames and links lead to as well
 */
export function* requisitesOf(
  page: Page,
  kind: RequisiteKind | "page",
  { all, encoding }: { readonly all: boolean; readonly encoding: string | null },
): Generator<Requisite, void, undefined> {
  if (kind === "image" || kind === "asset" || kind === "file") return;
  const { text } = decode(page, kind === "page" ? encoding : null);
  const named =
    kind === "style" ? inStyle(text) : kind === "script" ? inScript(text, all) : inPage(text, all);
  const found = new Set<string>();
  let base = page.url;
  for (const [kind, written] of named) {
    if (kind === "base") {
      base = parseUrl(written, page.url)?.href ?? base;
      continue;
    }
    const key = `${kind} ${written}`;
    if (found.has(key) || /^\s*(?:#|$)/.test(written)) continue;
    found.add(key);
    const url = parseUrl(written.trim(), base);
    if (url === null || !/^https?:$/.test(url.protocol)) continue;
    url.hash = "";
    yield { url: url.href, kind };
  }
}

function* inStyle(css: string): Generator<Named, void, undefined> {
  for (const { url, isImport } of cssUrls(css)) yield [isImport ? "style" : "asset", url];
}

/** What a module imports, by a URL in its text. */
const IMPORT =
  /\b(?:from|import)\s{0,20}\(?\s{0,20}["']((?:\.{0,2}\/|https?:)[^"'\s\\]{1,2000})["']/g;
/** A text in quotes that begins as a URL does; JSON writes a slash with a backslash. */
const QUOTED =
  /["'`]((?:https?:)?(?:\\?\/){1,2}[^"'`\s<>]{1,1000}|\.{1,2}\\?\/[^"'`\s<>]{1,1000})["'`]/g;
const LOADED =
  /\.(?:css|m?js|json|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot|mp[34]|webm|og[gv])(?:\?|$)/i;

function* inScript(script: string, all: boolean): Generator<Named, void, undefined> {
  for (const [, url = ""] of script.matchAll(IMPORT)) yield ["script", url];
  if (!all) return;
  for (const [, quoted = ""] of script.matchAll(QUOTED)) {
    const url = quoted.replaceAll("\\/", "/");
    const [, type = ""] = /\.(css|m?js)(?:\?|$)/i.exec(url) ?? [];
    if (LOADED.test(url)) yield [type === "css" ? "style" : type === "" ? "file" : "script", url];
  }
}

/** Attributes in which a script finds what it will show. */
const LATER =
  /^data-(?:.*[-_])?(?:src|srcset|original|lazy|lazyload|echo|bg|background|image|poster)$/;
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|svg|bmp)(?:[?#]|$)/i;

function* inPage(html: string, all: boolean): Generator<Named | readonly ["base", string]> {
  let hasBase = false;
  for (const tag of tagsOf(html)) {
    const { name, attributes, text } = tag;
    const href: string | undefined =
      name === "base" && !hasBase ? attributes.get("href") : undefined;
    hasBase ||= href !== undefined;
    if (href !== undefined) yield ["base", href];
    if (name === "style") yield* inStyle(text);
    if (name === "script" && text !== "") yield* inScript(text, all);
    const style = attributes.get("style");
    if (style !== undefined) yield* inStyle(style);
    for (const [kind, url] of inTag(tag))
      if (all || (kind !== "frame" && kind !== "file")) yield [kind, url];
  }
}

function* inTag({ name, attributes }: Tag): Generator<Named> {
  const of = (key: string) => attributes.get(key) ?? "";
  const set = function* (key: string): Generator<Named> {
    if (attributes.has(key)) for (const { url } of candidatesOf(of(key))) yield ["image", url];
  };
  for (const [key, value] of attributes) {
    if (!key.startsWith("data-") || !LATER.test(key)) continue;
    if (key.endsWith("srcset")) yield* set(key);
    else if (!/\s/.test(value) && (name === "img" || PICTURE.test(value))) yield ["image", value];
  }
  switch (name) {
    case "link":
      yield* inLink(of);
      yield* set("imagesrcset");
      return;
    case "script":
      yield ["script", of("src")];
      return;
    case "img":
    case "input":
      yield ["image", of("src")];
      yield* set("srcset");
      return;
    case "source":
      yield* set("srcset");
      yield ["file", of("src")];
      return;
    case "video":
      yield ["image", of("poster")];
      yield ["file", of("src")];
      return;
    case "audio":
    case "track":
    case "embed":
      yield ["file", of("src")];
      return;
    case "object":
      yield [
        /^image\//i.test(of("type")) || PICTURE.test(of("data")) ? "image" : "file",
        of("data"),
      ];
      return;
    case "iframe":
    case "frame":
      yield ["frame", of("src")];
      return;
    case "image":
    case "use":
    case "feimage":
      yield ["image", of("href") || of("xlink:href")];
      return;
    case "a":
    case "area":
      if (isFile(of("href"))) yield ["file", of("href")];
      return;
    default:
      yield ["image", of("background")];
  }
}

/** Of `link` elements what a browser loads (https://html.spec.whatwg.org/#linkTypes). */
function* inLink(of: (key: string) => string): Generator<Named> {
  const relations = new Set(of("rel").toLowerCase().split(/\s+/));
  const href = of("href");
  if (relations.has("stylesheet")) {
    // Another one of which the reader may choose is not applied.
    if (!relations.has("alternate")) yield ["style", href];
  } else if (relations.has("modulepreload")) yield ["script", href];
  else if (relations.has("preload")) {
    const as = of("as").toLowerCase();
    if (as === "style" || as === "script" || as === "image") yield [as, href];
    else if (as === "font") yield ["asset", href];
  } else if (relations.has("manifest")) yield ["file", href];
  else if ([...relations].some((relation) => /icon/.test(relation))) yield ["asset", href];
}
