/** Where a crawl may go. Pure. */

export interface Scope {
  /** Why an address may not be asked; null when it may. */
  refuses(url: URL): string | null;
}

/**
 * The start URL's origin and those that are allowed beside it. An allowed http origin on its
 * default port takes https of the same host in: sites move to it, and the move is to the same site.
 *
 * @param origins addresses; of each only its origin counts
 */
export function createScope(origins: readonly string[]): Scope {
  const allowed = new Set<string>();
  for (const address of origins) {
    const url = new URL(address);
    allowed.add(url.origin);
    if (url.protocol === "http:" && url.port === "") allowed.add(`https://${url.hostname}`);
  }
  return {
    refuses: (url) => {
      if (url.protocol !== "http:" && url.protocol !== "https:")
        return `scope: ${url.protocol} is neither http: nor https:`;
      if (url.username !== "" || url.password !== "")
        return "scope: the address holds a user name or a password";
      if (!allowed.has(url.origin)) return `scope: ${url.origin} is not one of the site's origins`;
      return null;
    },
  };
}
