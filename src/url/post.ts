/**
 * How requests other than a plain GET are named: a POST by its URL with what it sends, so that two of them are one only
 * where they ask the same; a page that a browser rendered by an URN, as Browsertrix names what it makes of pages
 * (`urn:text:…`, `urn:view:…`). Pure.
 */
import { createHash } from "node:crypto";
import type { Post } from "../model.js";

/** Longest body that is part of the name as it is; of a longer one, it is the digest. */
const MOST_READABLE = 300;
/** As pywb, warcio and OpenWayback begin what they add to a URL. */
const MARK = "__wb_method=POST&";

/** A POST under one name: its URL, `__wb_method=POST`, and the fields of its body or their SHA-256. */
export function postKey({ url, body, type }: Post): string {
  const isReadable = /^application\/x-www-form-urlencoded\b/.test(type) && isPlain(body);
  const said = isReadable
    ? body
    : `__wb_post_data=${createHash("sha256").update(body).digest("hex")}`;
  return `${url}${url.includes("?") ? "&" : "?"}${MARK}${said}`;
}

function isPlain(body: string): boolean {
  return body.length <= MOST_READABLE && /^[\w.~%+=&*-]*$/.test(body);
}

/** What a request is known by: the URL of a GET, the name of a POST. */
export function requestKey(url: string, post?: Post): string {
  return post === undefined ? url : postKey({ ...post, url });
}

const RENDERED = "urn:rendered:";

/** The name of a page as a browser shows it. */
export function renderedKey(url: string): string {
  return RENDERED + url;
}

/** The URL of a page that has such a name; null for any other name. */
export function ofRendered(name: string): string | null {
  return name.startsWith(RENDERED) ? name.slice(RENDERED.length) : null;
}

export function isPostKey(url: string): boolean {
  return url.includes(`?${MARK}`) || url.includes(`&${MARK}`);
}

/** The URL alone. */
export function withoutPost(url: string): string {
  const at = url.search(/[?&]__wb_method=POST&/);
  return at < 0 ? url : url.slice(0, at);
}

/** A request of a page in the browser that failed, and why: such as `HTTP 500`. */
export interface LostRequest {
  readonly url: string;
  readonly reason: string;
}

export const LOST = "sitelift-lost-request";

/** What is added to a page that was rendered: a build, which has no browser, finds them in the capture. */
export function lostMarks(lost: readonly LostRequest[]): string {
  const marks = lost.map(({ url, reason }) => {
    const [place, why] = [url, reason].map(encodeURIComponent);
    return `\n<meta name="${LOST}" content="${place} ${why}">`;
  });
  return marks.join("");
}
