/** Links between entries follow their articles when these move: that alone is no change of a body. */
import { destinations, replaceDestinations } from "../../markdown/destinations.js";
import { urlKey } from "../../url.js";

/** Articles that moved between two states. */
export interface Moves {
  /** Content paths, from the earlier to the later. */
  readonly paths: ReadonlyMap<string, string>;
  /** Keys (`urlKey`) of both addresses of a renamed article, to its later content path. */
  readonly addresses: ReadonlyMap<string, string>;
}

/**
 * A body with its links as they would be set now, wherever the articles moved.
 *
 * @param stood content path that its relative links were set for, and the one that they shall be set for
 */
export function retargeted(body: string, [stood, stands]: readonly [string, string], moves: Moves) {
  if (moves.paths.size === 0 && moves.addresses.size === 0) return body;
  return replaceDestinations(body, destinations(body), ({ address }) => {
    const [place = "", hash = ""] = address.split(/(?=#)/, 2);
    if (/^https?:/i.test(place)) {
      const path = moves.addresses.get(urlKey(place));
      return path === undefined ? null : relativeTo(stands, path) + hash;
    }
    if (place === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(place)) return null;
    const path = join(stood, place);
    return relativeTo(stands, moves.paths.get(path) ?? path) + hash;
  });
}

/** Path of a relative link from a content file. */
function join(from: string, link: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of link.split("/"))
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  return parts.join("/");
}

/** Relative link from a content file to a path. */
function relativeTo(from: string, path: string): string {
  const [folders, parts] = [from.split("/").slice(0, -1), path.split("/")];
  let shared = 0;
  while (shared < folders.length && folders[shared] === parts[shared]) shared++;
  return [...folders.slice(shared).map(() => ".."), ...parts.slice(shared)].join("/");
}
