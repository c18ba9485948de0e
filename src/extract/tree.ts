/** Bytes to a tree: the one function that parses a page, used wherever a page is read. */

import { type CheerioAPI, load } from "cheerio";
import type { AnyNode, Element } from "domhandler";
import { adapter } from "parse5-htmlparser2-tree-adapter";
import type { Page, Post, Warning } from "../model.js";
import type { ListingKind } from "../site/listing-schema.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { withoutPost } from "../url/post.js";
import { canonicalUrl, withoutSession } from "../url/url.js";
import { parseDocument, parseParts } from "./bounded-parser.js";
import { decode } from "./coding.js";
import {
  type Clean,
  type DataTree,
  dataFormat,
  hrefOf,
  jsonTree,
  WRITTEN,
  xmlTree,
} from "./data-tree.js";
import { imageSource, isStandIn } from "./images.js";
import { joined, withShortUrls } from "./json-api.js";
import { quickTree } from "./quick-tree.js";
import { forget, reindex, select } from "./select.js";
import { wordsFingerprint } from "./words-fingerprint.js";

/** A parsed page and the URL that its relative links start from. */
export interface Tree {
  readonly $: CheerioAPI;
  readonly url: string;
  /** URL that was requested: another one where a redirect led to the page. */
  readonly asked: string;
  readonly base: string;
  /** What was not sure about its coding. */
  readonly warnings: readonly Warning[];
  /** What the site file removes, cut off from the tree. */
  readonly removed: readonly AnyNode[];
  /** Fingerprint of its words, those that the site file removes too. */
  readonly words: string;
  /** What there is instead of a web page; null for one. */
  readonly data: Data | null;
  /** The JSON that the page came in; null where it came as it is. */
  readonly answer: CheerioAPI | null;
  /** What was sent to request it, where it answers a POST. */
  readonly post?: Post | undefined;
}

/** A feed, a sitemap or JSON. */
export interface Data extends Pick<DataTree, "emptyLists"> {
  /** Name of its first element, or `json`. */
  readonly format: string;
  readonly text: string;
  readonly headers: Page["headers"];
}

/**
 * Parses a page as a browser would (parse5), in the coding that `decode` finds.
 *
 * @param site what its site file says of the coding, of what to remove, and of parameters that hold a session
 */
export function parsePage(
  page: Page,
  site: Pick<Site, "remove" | "encoding"> &
    Partial<Pick<Site, "sessionParameters" | "listing">> = PLAIN,
): Tree {
  const { fragment } = site.listing ?? {};
  const answer = fragment === undefined ? null : answerOf(page, site.encoding);
  if (answer !== null && fragment !== undefined) page = withFragment(page, answer, fragment);
  const { kind = "pages" } = site.listing ?? {};
  const given = kind === "pages" ? null : parseData(page, site, kind);
  const { $, warnings, data } = given ?? { ...parse(page, site.encoding), data: null };
  if (data === null) showNoscript($);
  const words = wordsFingerprint($.root()[0] as AnyNode, true);
  const removed = data === null ? remove($, site.remove) : [];
  const sessions = new Set(site.sessionParameters);
  for (const name of LINKS)
    for (const { attribs } of select($, null, `[${name}]`))
      attribs[name] = withoutSession(attribs[name] ?? "", sessions);
  // A key of JSON may have that name.
  const href = data === null ? select($, null, "base[href]")[0]?.attribs.href : undefined;
  const url = withoutSession(page.url, sessions);
  const asked = withoutSession(page.requestedUrl, sessions);
  const plain = withoutPost(url);
  const base = href === undefined ? null : absolute(href, plain);
  // A base of another scheme would make a script of every relative link; browsers ignore such a one
  // (https://html.spec.whatwg.org/#set-the-frozen-base-url).
  const isWeb = /^https?:/.test(base ?? "");
  const { post } = page;
  return {
    ...{ $, url, asked, base: isWeb ? (base ?? plain) : plain, warnings, removed, words, data },
    ...{ answer, post },
  };
}

/** A JSON answer; null for any other page. */
function answerOf(page: Page, encoding: string | null): CheerioAPI | null {
  const { text } = decode(page, encoding);
  return dataFormat(text) === "json" ? jsonTree(text).$ : null;
}

/** The HTML in a JSON answer as a page. */
function withFragment(page: Page, $: CheerioAPI, fragment: string): Page {
  // Each value keeps its text as it is written.
  const found = select($, null, fragment);
  // The last page has it, and it is empty: an answer without it may be an error that comes with status 200.
  if (found.length === 0)
    throw new Error(`the answer has nothing at listing.fragment, ${fragment}`);
  const html = found.map((node) => hrefOf(node) ?? "").join("\n");
  const headers = { ...page.headers, "content-type": "text/html; charset=utf-8" };
  // The mark goes before the coding that the site file names for the answer.
  return { ...page, headers, body: Buffer.from(`\ufeff${html}`) };
}

/** @returns null for a web page, as articles of such a site are */
function parseData(page: Page, site: Pick<Site, "remove" | "encoding">, kind: ListingKind) {
  const { text, warnings } = decode(page, site.encoding);
  const format = dataFormat(text);
  if (format === null) return null;
  const { headers } = page;
  // A sitemap is read as text: it may have 50,000 entries, and nothing else in it counts.
  if (/(?:urlset|sitemapindex)$/.test(format))
    return { $: load(""), warnings, data: { format, text, headers, emptyLists: NOTHING } };
  const clean: Clean = ($) => void remove($, site.remove);
  const change = { jsonapi: joined, "wp-json": withShortUrls }[String(kind)];
  const { $, emptyLists } =
    format === "json"
      ? jsonTree(text, change && ((whole) => change(whole, page.url)), clean)
      : xmlTree(text, clean);
  return { $, warnings, data: { format, text: "", headers, emptyLists } };
}

const NOTHING: ReadonlySet<string> = new Set();

/** Attributes that hold a URL: a session in one of them is another one in every crawl. */
const LINKS = ["href", "src", "data-src", WRITTEN];

/** Cuts parts off a page that was parsed. */
export function cutOff({ $ }: Pick<Tree, "$">, selectors: readonly string[]): void {
  remove($, selectors);
}

/** Cuts off what some selectors match, each in what the ones before it left. */
function remove($: CheerioAPI, selectors: readonly string[]): readonly AnyNode[] {
  return selectors.flatMap((selector) => {
    const nodes = select($, null, selector);
    for (const node of nodes) $(node).remove();
    forget($, nodes);
    return nodes;
  });
}

const PLAIN = { remove: [], encoding: null };

function parse(page: Page, encoding: string | null) {
  const treeOf = (text: string) => load(quickTree(text) ?? parseDocument(text));
  const first = decode(page, encoding);
  const $ = treeOf(first.text);
  // A browser that meets such an element after it began begins anew (https://html.spec.whatwg.org/#change-the-encoding).
  const late = first.isDeclared ? null : lateCharset($);
  if (late === null) return { $, warnings: first.warnings };
  const { text, warnings } = decode(page, encoding, late);
  return { $: text === first.text ? $ : treeOf(text), warnings };
}

/** The charset that a meta element names, wherever it is; null when none does. */
function lateCharset($: CheerioAPI): string | null {
  for (const { attribs } of select($, null, "meta")) {
    const isContent = attribs["http-equiv"]?.trim().toLowerCase() === "content-type";
    const content = isContent ? attribs.content : undefined;
    const label = attribs.charset ?? /charset\s*=\s*["']?([^"';\s]+)/i.exec(content ?? "")?.[1];
    if (label !== undefined) return label;
  }
  return null;
}

/** Parses a fragment of HTML, as the content of a body element. */
export function parseFragment(html: string): CheerioAPI {
  return load(parseParts(html, adapter), null, false);
}

/** What a page shows only where scripts do not run. */
const SHOWN = /<(?:img|picture|iframe|video|audio)[\s>]/i;
/** An image of one pixel counts visits. */
const COUNTER = /(?:width|height)\s*[=:]\s*["']?[01](?:px)?(?!\d)/i;

/**
 * Puts the images that a page shows without scripts in the place of those that a script would load: lazy images have
 * them in a `noscript` beside the stand-in.
 */
function showNoscript($: CheerioAPI): void {
  const all = select($, null, "body noscript");
  for (const node of all) {
    const text = $(node).text();
    if (!SHOWN.test(text) || COUNTER.test(text)) continue;
    const real = parseFragment(text).root();
    const image = real.find("img").get(0);
    const beside = image === undefined ? null : imageBeside($, node);
    if (image === undefined || beside === null) {
      $(node).replaceWith(real.contents());
      continue;
    }
    const [src, shown] = [imageSource(image), imageSource(beside)];
    if (src !== "" && src !== shown) {
      if (!isStandIn(shown) && beside.parent !== node.parent) {
        $(node).replaceWith(real.contents());
        continue;
      }
      beside.attribs.src = src;
      beside.attribs.alt ??= image.attribs.alt ?? "";
    }
    $(node).remove();
  }
  if (all.length > 0) reindex($);
}

/** The one image of the element before or after another, or that element itself. */
function imageBeside($: CheerioAPI, node: Element): Element | null {
  for (const beside of [$(node).prev(), $(node).next()]) {
    const [image, ...more] = (beside.is("img") ? beside : beside.find("img")).toArray();
    if (image !== undefined && more.length === 0) return image;
  }
  return null;
}

/** URL of a link as the page means it, canonical; null when it is not http or https. */
export function linkTarget(tree: Tree, href: string | undefined): string | null {
  return href === undefined || href.trim() === "" ? null : canonicalUrl(href, tree.base);
}

function absolute(href: string, base: string): string | null {
  return parseUrl(href, base)?.href ?? null;
}

/**
 * Nodes of the first selector that matches anything in a scope; all later ones are not tried.
 * `:scope` alone is the scope itself.
 *
 * @returns the selector that won, null when none did
 */
export function firstMatch(
  $: CheerioAPI,
  scope: Element | null,
  selectors: readonly string[],
): { selector: string | null; nodes: Element[] } {
  for (const selector of selectors) {
    if (scope !== null && selector === ":scope") return { selector, nodes: [scope] };
    const nodes = select($, scope, selector);
    if (nodes.length > 0) return { selector, nodes };
  }
  return { selector: null, nodes: [] };
}

/** The URL that a saved page gives as its own: where a browser saved it from, else its canonical one; null when it gives none. */
export function ownUrl({ $ }: Tree): string | null {
  const saved = /<!-- saved from url=\(\d+\)(\S+) -->/.exec($.html().slice(0, 2_000))?.[1];
  const given = [
    saved,
    $("link[rel~=canonical]").attr("href"),
    $("meta[property='og:url']").attr("content"),
    $("base[href]").attr("href"),
  ];
  // A relative one names no host.
  const [own] = given.flatMap((href) => (href === undefined ? [] : (canonicalUrl(href) ?? [])));
  return own ?? null;
}
