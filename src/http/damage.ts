/** What shows that a file or a stored response is damaged. Pure. */
import type { Page } from "../model.js";
import { isWebPage } from "../text.js";
import { incompleteness } from "./completeness.js";
import { FetchError } from "./fetch-error.js";
import { cutFile } from "./wire/cut-file.js";
import { decodeBody } from "./wire/decode.js";
import { DEFAULT_LIMITS, MEDIA_LIMITS } from "./wire/limits.js";
import type { WireResponse } from "./wire/receive.js";

/** Endings of paths that lead to web pages, or to anything. */
const MAY_BE_PAGE = /\.(?:x?html?|shtml|php\d?|aspx?|jspx?|cfm|cgi|pl)$/i;

/** Why a response with status 200 is not the file that its URL names; null when it may be. */
export function fileProblem({ url, body }: Page): string | null {
  if (body.length === 0) return "the answer is empty";
  const { pathname } = new URL(url);
  const start = new TextDecoder().decode(body.subarray(0, 4096));
  if (/\.[a-z0-9]{2,5}$/i.test(pathname) && !MAY_BE_PAGE.test(pathname) && isWebPage(start))
    return "a web page was answered";
  return cutFile(body);
}

/**
 * True when a stored response must not be what a later request is conditional on: "not modified" would bring the damage
 * back, for ever.
 */
export function isDamaged(response: WireResponse): boolean {
  const { headers, whole } = response;
  const type = headers["content-type"] ?? "";
  try {
    const most = MEDIA_LIMITS.decodedBytes ?? DEFAULT_LIMITS.decodedBytes;
    const body = decodeBody(response.body, headers["content-encoding"], most);
    const page = { url: "", requestedUrl: "", status: response.status, headers, body };
    const problem = /html/i.test(type) ? incompleteness(page) : cutFile(body);
    return !whole || body.length === 0 || problem !== null;
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return true;
  }
}
