/**
 * URLs: their canonical form, whether two name one page, and the file name that one suggests.
 * Pure. URLs are read as browsers read them (https://url.spec.whatwg.org); what is equivalent
 * beyond that follows RFC 3986, section 6.2.2.
 */

import { hash } from "node:crypto";
import { originOf, parseUrl, percentDecode, remembering, withOrigin } from "../text.js";
import { slugify } from "./slug.js";

/** Parameters that say who sent the reader, never what is shown. Names in lower case. */
const TRACKING = new Set(
  "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid srsltid mc_cid mc_eid mkt_tok _hsenc _hsmi _ga _gl _openstat vero_id oly_enc_id oly_anon_id".split(
    " ",
  ),
);
/** Names that are used for nothing but sessions; Drupal's own is SESS and a hash of the host. */
const SESSION =
  /^(phpsessid|jsessionid|aspsessionid[a-z]*|cfid|cftoken|oscsid|zenid|s?sess[0-9a-f]{32})$/;
/** Names that may hold a session, or as well a section or a story: the value decides. */
const SESSION_LIKE = /^(sid|sessid|session|session_?id)$/;
/**
 * PHP makes session ids of 22 and more letters and digits
 * (https://www.php.net/session.configuration, sid_length). No dash is allowed here, so that the
 * UUID of a story stays.
 */
const TOKEN = /^(?=.*\d)(?=.*[a-z])[0-9a-z]{22,}$/i;
/** Short ids of a session mix letters and digits; a name with a number at its end or beginning does not. */
const SHORT_TOKEN = /^(?=.*(?:\d[a-z]+\d|[a-z]\d+[a-z]))[0-9a-z]{8,}$/i;
/** Sessions in a path: as Java servers and PHP write them, and ASP.NET where there are no cookies. */
const SESSION_IN_PATH =
  /;(?:jsessionid|phpsessid|sessionid|sid)=[^/;?#]*|(?<=\/)\([A-Z]\([0-9a-z]{20,}\)\)\//gi;
const NO_NAMES: ReadonlySet<string> = new Set();
/** Not seen on screen, and pasted along with a URL. Looking behind keeps a long run in the middle from being tried at each of its places. */
const AROUND = /^[\s\p{Cf}\p{Cc}]+|(?<![\s\p{Cf}\p{Cc}])[\s\p{Cf}\p{Cc}]+$/gu;
/** A path whose pieces are spelled as they are. */
const PLAIN = /^[\w./~-]*$/;
const LAST_SLASHES = /(?<!\/)\/+$/;
/** Origin, path and last slashes of a URL in which nothing can be spelled otherwise but its origin. */
const PLAIN_URL = /^(https?:\/\/[\w.:[\]-]+)((?:\/[\w~-][\w.~-]*)*)(\/*)$/;

/**
 * The canonical form of a link: fragment, default port, tracking parameters and session ids
 * dropped, percent-encoding normalised. A stray `%` becomes `%25`. The order of parameters stays,
 * and so does everything else that a server may distinguish.
 *
 * @param base URL of the page that holds the link, for relative ones
 * @returns an absolute http or https URL; null for other schemes, for what no browser could
 *   follow, and for URLs with a user name or password. Never throws.
 */
export function canonicalUrl(href: string, base?: string): string | null {
  const whole = withOrigin(href, base);
  return whole === null ? canonical(href, base) : knownCanonical(whole);
}

function canonical(href: string, base?: string): string | null {
  const plain = base === undefined ? plainParts(href) : null;
  if (plain !== null) return plain.path + plain.slashes === "" ? `${href}/` : href;
  const url = clean(href, base);
  if (url === null) return null;
  if (url.href.includes("#")) url.hash = "";
  return url.href;
}

/** Most URLs are plain, and to read one as a browser does takes ten times as long; null for others. */
function plainParts(href: string) {
  const [, origin, path = "", slashes = ""] = PLAIN_URL.exec(href) ?? [];
  return origin !== undefined && originOf(origin) === origin ? { origin, path, slashes } : null;
}

const knownCanonical = remembering((href) => canonical(href));

/**
 * Identity of a page: two URLs with one key are one page. Scheme and trailing slash do not
 * count, nor does the order of parameters, nor in which Unicode form a name was typed. A fragment
 * does count: canonical URLs have none, and a row that links to no page of its own is told
 * apart by one. Anything but an http URL is its own key.
 */
export const urlKey = remembering((url) => {
  const plain = plainParts(url);
  if (plain !== null) return plain.origin.slice(plain.origin.indexOf("/") + 2) + plain.path;
  const parsed = clean(url);
  if (parsed === null) return url.normalize("NFC");
  const whole = parsed.pathname.replace(LAST_SLASHES, "");
  const path = PLAIN.test(whole) ? whole : whole.split("/").map(spelled).join("/");
  // A form writes a space as `+`.
  const spell = (piece: string) => piece.replaceAll("+", "%20").split("=").map(spelled).join("=");
  const query = parsed.search === "" ? "" : piecesOf(parsed).map(spell).sort().join("&");
  const fragment = parsed.hash === "" ? "" : `#${spelled(normalisePercent(parsed.hash.slice(1)))}`;
  return `${parsed.host}${path}${query === "" ? "" : `?${query}`}${fragment}`;
});

/** True when both are URLs of one scheme, host and port (https://html.spec.whatwg.org/#same-origin). */
export function sameOrigin(a: string, b: string): boolean {
  const origin = originOf(a);
  return origin !== null && origin === originOf(b);
}

/** True when a URL has the origin of one of some others. */
export function isOfOne(url: string, origins: readonly string[]): boolean {
  return origins.some((origin) => sameOrigin(origin, url));
}

/**
 * The origin of a URL; with it, for http on its default port, that of https: sites move to it, and
 * the move is to the same site.
 */
export function originsOf(url: string): string[] {
  const { origin, protocol, port, hostname } = new URL(url);
  return protocol === "http:" && port === "" ? [origin, `https://${hostname}`] : [origin];
}

/** A URL with http in the place of https, or the other way round: sites move, and their links stay. */
export function otherScheme(url: string): string {
  return url.startsWith("https:") ? url.replace("https:", "http:") : url.replace("http:", "https:");
}

/** Identity of an entry: the first 16 hexadecimal digits of the SHA-256 of its URL's key. */
export const entryId = remembering((url) =>
  // A slice of the whole hash would keep all of it in memory.
  hash("sha256", urlKey(url), "buffer").toString("hex", 0, 8),
);

/** What a link leads to when it is not a page: documents, tables, slides, archives, recordings and pictures, by the ending of the path. */
const ATTACHMENT =
  /\.(?:pdf|docx?|xlsx?|pptx?|pps|ppsx|odt|ods|odp|rtf|txt|csv|epub|zip|rar|7z|gz|tgz|tar|mp3|m4a|ogg|oga|opus|wav|flac|mp4|m4v|ogv|webm|mov|avi|mpe?g|wmv|srt|vtt|kml|kmz|jpe?g|png|gif|webp|svg|tiff?|bmp|avif)$/i;

/** True when a link leads to a file, and not to a page, by the ending of its path. */
export function isFile(link: string): boolean {
  return ATTACHMENT.test(link.split(/[?#]/, 1)[0] ?? "");
}

/**
 * URL of the original of an image style of Drupal
 * (`/sites/default/files/styles/<style>/public/x.jpg?itok=…`), which scales, crops and converts.
 *
 * @returns null for any other URL
 */
export function styleOriginal(link: string): string | null {
  // A line end within it is not read.
  if (!/styles|[\t\n\r]/.test(link)) return null;
  const url = parseUrl(link);
  if (url === null) return null;
  const [, files, , rest] =
    /^(.*?\/files)\/styles\/[^/]+\/(public|private)\/(.+)$/.exec(url.pathname) ?? [];
  if (files === undefined || rest === undefined) return null;
  // A style that converts writes the new extension after the old one.
  url.pathname = `${files}/${rest.replace(/(\.(?:jpe?g|png|gif))\.(?:webp|avif)$/i, "$1")}`;
  url.search = "";
  return url.href;
}

const EXTENSION = /\.(x?html?|shtml|php\d?|aspx?|jspx?|cfm|cgi|pl)$/i;
/** Last segments that name a place or a script, not an article; also lone numbers, language codes, UUIDs and hashes. */
const SAYS_NOTHING =
  /^(node|index|default|home|main|front|articles?|items?|pages?|posts?|story|stories|entry|news|content|view|show|details?|read|print|[a-z]{1,2}|[\p{N}-]+|[0-9a-f-]{32,})$/u;
/** Parameters that choose a rendering of the page which the path names. */
const RENDERING = new Set(["lang", "language", "locale", "hl", "amp", "print"]);

/**
 * The preferred file name of an entry: from the last segment of its URL when that says
 * something, else from the title in any script, else its id. A segment says nothing where the
 * query or the fragment is what distinguishes the page.
 *
 * @param url null when the entry has no page of its own
 * @returns never empty
 */
export function slugFor(url: string | null, title: string, id: string): string {
  return fromPath(url) || slugify(title) || slugify(id) || "page";
}

function fromPath(url: string | null): string {
  const parsed = url === null ? null : clean(url);
  if (parsed === null || parsed.hash !== "") return "";
  if (piecesOf(parsed).some((piece) => !RENDERING.has(nameOf(piece)))) return "";
  const segment = parsed.pathname.replace(LAST_SLASHES, "").split("/").at(-1) ?? "";
  const slug = slugify(percentDecode(segment, "").replace(EXTENSION, ""));
  return SAYS_NOTHING.test(slug) ? "" : slug;
}

/** A URL without what does not distinguish one page from another; its fragment is left. */
function clean(href: string, base?: string): URL | null {
  const written = href.replace(AROUND, "");
  const url = parseUrl(written, base);
  if (url === null) return null;
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  // Each setter reads the URL anew: most have nothing to set.
  const { pathname } = url;
  if (/[%;(]/.test(pathname))
    url.pathname = normalisePercent(pathname).replace(SESSION_IN_PATH, "");
  if (url.href.includes("?")) setQuery(url, (piece) => !isNoise(piece));
  if (url.hash === "" && url.href.endsWith("#")) url.hash = "";
  return url;
}

/** Keeps some of the parameters of a URL, as they are written. */
export function setQuery(url: URL, keep: (piece: string) => boolean): void {
  // The pieces stay as they are written: URLSearchParams would write `%20` as `+` and add `=`.
  const query = piecesOf(url).filter(keep).join("&");
  // The setter drops one leading `?`, which may be part of a name.
  url.search = query === "" ? "" : `?${query}`;
}

function piecesOf(url: URL): string[] {
  return normalisePercent(url.search.slice(1))
    .split("&")
    .filter((piece) => piece !== "");
}

function isNoise(piece: string): boolean {
  const name = nameOf(piece);
  return name.startsWith("utm_") || TRACKING.has(name) || isSession(piece);
}

function isSession(piece: string): boolean {
  const name = nameOf(piece);
  const value = piece.slice(piece.indexOf("=") + 1);
  return (
    SESSION.test(name) ||
    (SESSION_LIKE.test(name) && (TOKEN.test(value) || SHORT_TOKEN.test(value)))
  );
}

/** True when a value may be that of a session: a random word, or a time in milliseconds or seconds. */
export function looksRandom(value: string): boolean {
  return SHORT_TOKEN.test(value) || /^\d{10,}$/.test(value);
}

/** Parameters of a URL, names in lower case, in their order. */
export function parametersOf(url: string): [name: string, value: string][] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return query
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece) => [nameOf(piece), piece.slice(`${piece}=`.indexOf("=") + 1)]);
}

/**
 * A link without the ids of a session, and else as it is written: a session is another one in every crawl.
 *
 * @param names parameters that hold a session on this site, in lower case, beside those that do everywhere
 */
export function withoutSession(href: string, names: ReadonlySet<string> = NO_NAMES): string {
  if (!/[?;(]/.test(href)) return href;
  const [, path = "", query = "", hash = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(href) ?? [];
  const pieces = query.slice(1).split("&");
  const kept = pieces.filter((piece) => !isSession(piece) && !names.has(nameOf(piece)));
  const left =
    kept.length === pieces.length ? query : kept.length === 0 ? "" : `?${kept.join("&")}`;
  return path.replace(SESSION_IN_PATH, "") + left + hash;
}

function nameOf(piece: string): string {
  const name = piece.split("=", 1)[0] ?? "";
  return percentDecode(name, name).toLowerCase();
}

/**
 * Upper-case digits, unreserved characters decoded (RFC 3986, 6.2.2.1 and 6.2.2.2). Slashes and dots stay as they are
 * written: servers tell `%2f` from `%2F`, and `%2e%2e` from a step up.
 */
function normalisePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})?/gi, (written, digits: string | undefined) => {
    if (digits === undefined) return "%25";
    if (/^2[ef]$/i.test(digits)) return written;
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : written.toUpperCase();
  });
}

/** A piece of a URL in its only spelling: decoded, in Unicode form C, encoded again. Bytes that are not UTF-8 stay. */
function spelled(piece: string): string {
  const text = percentDecode(piece, null);
  return text === null
    ? piece.replace(/%2[ef]/gi, (digits) => digits.toUpperCase())
    : encodeURIComponent(text.normalize("NFC"));
}
