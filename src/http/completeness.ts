/** Whether a response is the page that was requested, and complete. Pure. */
import type { Page } from "../model.js";
import { parseShallow } from "../text.js";
import { indexOfEnd, swallowed } from "./swallowed.js";

/**
 * Statuses below 500 after which a retry may help. 202 says that the page is not made yet, as caches and firewalls do;
 * a 304 that no condition was sent for is a cache that mixed up two requests.
 */
const PASSING = new Set([202, 304, 408, 425, 429]);
/** What a server cannot do, and not what it cannot do now. */
const LASTING = new Set([501, 505, 506, 510, 511]);

/**
 * True when a retry may help: the server was slow, busy or broken. An unknown status of 5xx is a 500
 * (RFC 9110, section 15): hosts and proxies make up their own, such as 508, 520 to 530 and 598.
 */
export function isPassing(status: number): boolean {
  return PASSING.has(status) || (status >= 500 && status < 600 && !LASTING.has(status));
}

/** Statuses of a redirect, where a Location comes with them. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Drupal's page for what it could not catch: so since version 4.7, without "Please" since 10. */
const UNEXPECTED = "The website encountered";
const UNEXPECTED_WHOLE =
  /^The website encountered an unexpected error\.(?: (?:please )?try again later\.)?(?=$|<)/i;
/** White space in a response read byte by byte, where a no-break space of UTF-8 is two. */
const SPACES = /(?:\s|\u00c2\u00a0|&nbsp;)+/g;
/** Themes close the page in its last lines; a cache or a monitor may add a comment or a script. */
const END = 8 * 1024;
const HEAD = 64 * 1024;

/**
 * Judges a response with status 200 where an HTML page is wanted.
 *
 * @returns why it is not such a page; null when it is
 */
export function incompleteness(page: Page): string | null {
  const { body } = page;
  if (body.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)))
    return "the page is empty";
  if (body[0] === 0x1f && body[1] === 0x8b) return "the page is compressed more often than it says";
  const type = typeProblem(page);
  if (type !== null) return type;
  const bytes = narrow(Buffer.from(body.buffer, body.byteOffset, body.byteLength), page.headers);
  // Of a page of megabytes no second copy is made.
  const head = bytes.toString("latin1", 0, HEAD);
  return (
    softError(bytes, head) ??
    lacksMarkup(head) ??
    lostEnd(bytes, head, page.headers) ??
    swallowed(bytes)
  );
}

/** Says that a page which holds something is another kind of file; null where it is not. */
export function typeProblem({ body, headers }: Pick<Page, "body" | "headers">): string | null {
  const type = headers["content-type"];
  const bytes = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 2 * HEAD));
  if (isHtml(type, narrow(bytes, headers).toString("latin1", 0, HEAD))) return null;
  return `the content type is ${type ?? "missing"}, not HTML`;
}

/** Kinds of XML that a list may be. */
const DATA_ROOT = /<((?:[\w-]+:)?(?:rss|feed|rdf|urlset|sitemapindex))(?:\s[^>]*)?(\/?)>/i;

/** Whether a response begins as JSON. */
export function isJson({ body }: Pick<Page, "body">): boolean {
  const start = Buffer.from(body.subarray(0, 100)).toString("latin1");
  return /^(?:\u00ef\u00bb\u00bf)?\s*[{[]/.test(start);
}

/** Whether a response begins as a feed, a sitemap or JSON, or is compressed as files of these are. */
export function isFeedOrJson(page: Pick<Page, "body">): boolean {
  const start = Buffer.from(page.body.subarray(0, 2_000)).toString("latin1");
  if (start.startsWith("\x1f\x8b") || isJson(page)) return true;
  return DATA_ROOT.test(start) && !/<html[\s>]|<!doctype\s+html/i.test(start);
}

/**
 * Judges a response with status 200 where a feed, a sitemap or JSON is wanted: by its bytes, since servers send them
 * under any content type.
 *
 * @returns why it is none, or not all of one; null when it is
 */
export function dataProblem({ body, headers }: Pick<Page, "body" | "headers">): string | null {
  const bytes = narrow(Buffer.from(body.buffer, body.byteOffset, body.byteLength), headers);
  const head = bytes.toString("latin1", 0, 16 * 1024).replace(/^\u00ef\u00bb\u00bf/, "");
  if (head.trim() === "") return "the response is empty";
  if (/^\s*[{[]/.test(head)) {
    try {
      parseShallow(bytes.toString("utf8").replace(/^\ufeff/, ""));
      return null;
    } catch (error) {
      return `the response is not whole JSON: ${(error as Error).message}`;
    }
  }
  const type = headers["content-type"] ?? "missing";
  const [, name, closed] = DATA_ROOT.exec(head) ?? [];
  if (name === undefined || /<html[\s>]|<!doctype\s+html/i.test(head.slice(0, 2_000)))
    return `the response is neither a feed, a sitemap nor JSON; its content type is ${type}`;
  // Scripts of the server may add a comment, or a notice.
  const end = bytes.toString("latin1", Math.max(0, bytes.length - END));
  if (closed === "/" || new RegExp(`</${name}\\s*>`, "i").test(end)) return null;
  return `the response has no end: </${name}> is missing`;
}

/** UTF-16, which a mark, a header or an XML declaration shows, as UTF-8: markup is looked for byte by byte. */
function narrow(bytes: Buffer, headers: Page["headers"]): Buffer {
  const label = /charset\s*=\s*["']?utf-16(be|le)?/i.exec(headers["content-type"] ?? "");
  const start = bytes.toString("latin1", 0, 6);
  const isBig = /^(?:\xfe\xff|\0<\0\?\0x)/.test(start) || /be/i.test(label?.[1] ?? "");
  const isLittle = /^(?:\xff\xfe|<\0\?\0x\0)/.test(start) || label !== null;
  if (!isBig && (!isLittle || start.startsWith("\xef\xbb\xbf"))) return bytes;
  const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return Buffer.from((isBig ? even.swap16() : even).toString("utf16le").replace(/^\ufeff/, ""));
}

function isHtml(type: string | undefined, text: string): boolean {
  if (type === undefined || type.trim() === "") return /^[^<]{0,64}</.test(text);
  return /^\s*(text\/html|application\/xhtml\+xml)\s*(;|,|$)/i.test(type);
}

/** Error pages that come with status 200. An article may quote the words; only the error page has them alone in an element. */
function softError(bytes: Buffer, head: string): string | null {
  for (let at = bytes.indexOf(UNEXPECTED); at >= 0; at = bytes.indexOf(UNEXPECTED, at + 1)) {
    const before = bytes.toString("latin1", Math.max(0, at - 256), at).replace(SPACES, " ");
    const after = bytes.toString("latin1", at, at + 512).replace(SPACES, " ");
    const alone =
      /(?:^|>) ?$/.test(before) && UNEXPECTED_WHOLE.test(after.replace(/ (?=<)| $/g, ""));
    if (alone) return 'the page is an error page: "The website encountered an unexpected error"';
  }
  if (/<(title|h1)\b[^>]{0,400}>\s{0,99}Site under maintenance\s{0,99}[|<]/i.test(head))
    return 'the page is an error page: "Site under maintenance"';
  if (/<body\s[^>]{0,999}\bin-maintenance\b/i.test(head))
    return "the page is an error page: the site is in maintenance";
  return null;
}

/** Words alone, or bytes in a coding that the response did not name. */
function lacksMarkup(head: string): string | null {
  if (/<[a-z!]/i.test(head)) return null;
  // WordPress's admin-ajax says so that there is nothing.
  return head.trim() === "0" ? "the page is empty but for a 0" : "the page has no markup";
}

/** HTML may leave `</html>` out (https://html.spec.whatwg.org/#optional-tags): then the length has to prove that all came. */
function lostEnd(bytes: Buffer, head: string, headers: Page["headers"]): string | null {
  if (!/<html[\s>]/i.test(head.slice(0, 16 * 1024))) return null;
  const end = bytes.toString("latin1", Math.max(0, bytes.length - END));
  if (/<\/html\s*>/i.test(end.replace(/<!--[\s\S]*?(?:-->|$)/g, ""))) return null;
  const isWhole = headers["content-length"] !== undefined;
  return isWhole && mayEndHere(bytes) ? null : "the page has no end: </html> is missing";
}

/** Elements that a page closes, whatever else it leaves open; their names say when it was cut. */
const CLOSED = new Set(
  "a abbr address article aside b blockquote button div dl em fieldset figure footer form h1 h2 h3 h4 h5 h6 header i main nav ol pre section select small span strong table ul".split(
    " ",
  ),
);
/** Elements that hold text alone. */
const RAW = new Set(["script", "style", "textarea", "title"]);
/** End tags that may be left out: a page that has none of them leaves out its own as well. */
const OPTIONAL = new Set(["head", "body", "p", "li"]);

/** True where a page leaves out every end tag that it may, or has closed what it has to and ends with a tag. */
function mayEndHere(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  let [open, at, leavesOut] = [0, 0, true];
  const tag = /<(\/?)([a-z][a-z0-9]*)/giy;
  for (at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    if (text.startsWith("<!--", at)) {
      at = text.indexOf("-->", at);
      if (at < 0) return false;
      continue;
    }
    tag.lastIndex = at;
    const [, slash, written = ""] = tag.exec(text) ?? [];
    const name = written.toLowerCase();
    if (slash === "/") {
      if (OPTIONAL.has(name)) leavesOut = false;
      if (CLOSED.has(name)) open--;
    } else if (RAW.has(name)) {
      at = indexOfEnd(text, name, at);
      if (at < 0) return false;
    } else if (CLOSED.has(name)) open++;
  }
  return leavesOut || (open === 0 && text.trimEnd().endsWith(">"));
}
