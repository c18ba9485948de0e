/** A relative link of a body, which leads into the archive. Pure. */
import { posix } from "node:path";
import { percentDecode } from "../text.js";

export interface RelativeLink {
  /** Decoded, and without its query; empty for a place in the body itself. */
  readonly path: string;
  /** Path in the archive that it leads to. */
  readonly target: string;
  /** Decoded; null when it has none. */
  readonly fragment: string | null;
}

/**
 * Reads the destination of a link of a body.
 *
 * @param from path of the body in the archive
 * @returns null for one that is not relative, and for an empty one
 */
export function relativeLink(href: string, from: string): RelativeLink | null {
  if (href === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(href)) return null;
  const [before = "", fragment] = href.split(/#(.*)/s, 2);
  const path = percentDecode(before.split("?", 1)[0] ?? "");
  const target = path === "" ? from : posix.join(posix.dirname(from), path);
  return { path, target, fragment: fragment ? percentDecode(fragment) : null };
}
