/** Links between entries follow their articles when these move: that alone is no change of a body. */
import { posix } from "node:path";
import { destinations, replaceDestinations } from "../../markdown/destinations.js";
import { urlKey } from "../../url.js";

/** Articles that moved between two states. */
export interface Moves {
  /** Content paths, from the earlier to the later. */
  readonly paths: ReadonlyMap<string, string>;
  /** Keys (`urlKey`) of both URLs of a renamed article, to its later content path. */
  readonly urls: ReadonlyMap<string, string>;
}

/**
 * A body with its links as they would be set now, whichever articles moved.
 *
 * @param from content path that its relative links were set for; `to` is the one to set them for
 */
export function retargeted(body: string, [from, to]: readonly [string, string], moves: Moves) {
  if (moves.paths.size === 0 && moves.urls.size === 0) return body;
  const relativeTo = (path: string) => posix.relative(posix.dirname(to), path);
  return replaceDestinations(body, destinations(body), ({ address }) => {
    const [place = "", hash = ""] = address.split(/(?=#)/, 2);
    if (/^https?:/i.test(place)) {
      const path = moves.urls.get(urlKey(place));
      return path === undefined ? null : relativeTo(path) + hash;
    }
    if (place === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(place)) return null;
    const path = posix.join(posix.dirname(from), place);
    return relativeTo(moves.paths.get(path) ?? path) + hash;
  });
}
