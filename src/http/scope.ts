/** Where a crawl may go. Pure. */
import { originsOf } from "../url.js";
import { FetchError } from "./fetch-error.js";

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
