/** Where a crawl may go, hop by hop: its origins, and redirects. */
import type { Post } from "../model.js";
import { parseUrl, withoutPasswords } from "../text.js";
import { originsOf } from "../url/url.js";
import { REDIRECTS } from "./completeness.js";
import { FetchError } from "./fetch-error.js";
import type { WireResponse } from "./wire/receive.js";

/** RFC 9309, section 2.3.1.2, asks for five hops of robots.txt; pages get as many. */
export const MOST_REDIRECTS = 5;

/** Follows redirects, checking every hop before it is requested. Gives the response of the last hop. */
export async function follow(
  start: URL,
  check: (url: URL) => Promise<void>,
  ask: (url: URL, sent?: Post) => Promise<WireResponse>,
  post?: Post,
): Promise<{ response: WireResponse; url: URL; sent: Post | undefined }> {
  let url = start;
  let sent = post;
  for (let hops = 0; ; hops++) {
    try {
      await check(url);
    } catch (error) {
      if (hops === 0 || !(error instanceof FetchError)) throw error;
      const { state, message, code = null } = error;
      throw new FetchError(`${message} (redirected to ${withoutPasswords(url.href)})`, {
        state,
        code,
      });
    }
    const response = await ask(url, sent);
    const location = encoded(response.headers.location);
    if (!REDIRECTS.has(response.status) || location === undefined || hops === MOST_REDIRECTS)
      return { response, url, sent };
    // https://fetch.spec.whatwg.org/#http-redirect-fetch
    if (response.status < 307) sent = undefined;
    const target = parseUrl(location, url.href);
    if (target === null)
      throw new FetchError(
        `redirects to an invalid URL: ${withoutPasswords(location).slice(0, 200)}`,
        {
          status: response.status,
        },
      );
    url = target;
    url.hash = "";
  }
}

/** Headers come byte for byte as Latin-1; a URL in UTF-8 is meant by its bytes, as browsers take it. */
function encoded(location: string | undefined): string | undefined {
  return location?.replace(
    /[\x80-\xff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Checks a URL. @param more origins that are allowed besides. @throws {FetchError} when it may not be requested */
export type Scope = (url: URL, more?: ReadonlySet<string>) => void;

/** Most characters of a URL: servers take some 8,000, and every rule of a robots.txt is compared with all of them. */
const LONGEST = 16_384;

/**
 * The start URL's origin and those that are allowed beside it, each with https of the same host.
 *
 * @param origins URLs; of each only its origin counts
 */
export function scopeOf(origins: readonly string[]): Scope {
  const allowed = new Set(origins.flatMap(originsOf));
  return ({ protocol, username, password, origin, href }, more) => {
    const exclude = (reason: string) => {
      throw new FetchError(`scope: ${reason}`, { state: "excluded" });
    };
    if (!/^https?:$/.test(protocol)) exclude(`${protocol} is neither http: nor https:`);
    if (href.length > LONGEST)
      exclude(`the URL has ${href.length} characters; at most ${LONGEST} are requested`);
    if (username !== "" || password !== "") exclude("the URL has a user name or password");
    if (!allowed.has(origin) && more?.has(origin) !== true)
      exclude(`${origin} is not one of the site's origins`);
  };
}
