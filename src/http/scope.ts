/** Where a crawl may go. Pure. */
import { originsOf } from "../url.js";

export interface Scope {
  /** Why a URL may not be requested; null when it may. */
  refuses(url: URL): string | null;
}

/**
 * The start URL's origin and those that are allowed beside it, each with https of the same host.
 *
 * @param origins URLs; of each only its origin counts
 */
export function createScope(origins: readonly string[]): Scope {
  const allowed = new Set(origins.flatMap(originsOf));
  return {
    refuses: (url) => {
      if (url.protocol !== "http:" && url.protocol !== "https:")
        return `scope: ${url.protocol} is neither http: nor https:`;
      if (url.username !== "" || url.password !== "")
        return "scope: the URL has a user name or password";
      if (!allowed.has(url.origin)) return `scope: ${url.origin} is not one of the site's origins`;
      return null;
    },
  };
}
