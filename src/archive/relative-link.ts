/** A link of a body that leads into the archive. Pure. */
import { posix } from "node:path";

export interface RelativeLink {
  /** Decoded, and without its query; empty for a place in the body itself. */
  readonly path: string;
  /** Where that leads in the archive. */
  readonly target: string;
  /** Decoded; null when it has none. */
  readonly fragment: string | null;
}

/**
 * Reads an address of a body.
 *
 * @param from path of the body in the archive
 * @returns null for an address that is not relative, and for none
 */
export function relativeLink(address: string, from: string): RelativeLink | null {
  if (address === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(address)) return null;
  const [before = "", fragment] = address.split(/#(.*)/s, 2);
  const path = decoded(before.split("?", 1)[0] ?? "");
  const target = path === "" ? from : posix.join(posix.dirname(from), path);
  return { path, target, fragment: fragment ? decoded(fragment) : null };
}

/** A piece of an address as a person reads it; as it is where it is no UTF-8. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
