/** Where a crawl may go. Pure. */
import { originsOf } from "../url.js";
import { FetchError } from "./fetch-error.js";

/** Checks a URL. @throws {FetchError} when it may not be requested */
export type Scope = (url: URL) => void;

/**
 * The start URL's origin and those that are allowed beside it, each with https of the same host.
 *
 * @param origins URLs; of each only its origin counts
 */
export function scopeOf(origins: readonly string[]): Scope {
  const allowed = new Set(origins.flatMap(originsOf));
  return ({ protocol, username, password, origin }) => {
    const exclude = (reason: string) => {
      throw new FetchError(`scope: ${reason}`, { state: "excluded" });
    };
    if (!/^https?:$/.test(protocol)) exclude(`${protocol} is neither http: nor https:`);
    if (username !== "" || password !== "") exclude("the URL has a user name or password");
    if (!allowed.has(origin)) exclude(`${origin} is not one of the site's origins`);
  };
}
