/** Links of a Markdown body that lead into the archive. */
import { destinations } from "../../destinations.js";

/** A relative link, decoded and without its query. */
export interface RelativeLink {
  /** Empty for a place in the body itself. */
  readonly path: string;
  /** Null when it has none. */
  readonly fragment: string | null;
}

/** Relative links and images of a body. */
export function relativeLinks(markdown: string): RelativeLink[] {
  return destinations(markdown).flatMap(({ address }) => {
    if (address === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(address)) return [];
    const [before = "", fragment] = address.split(/#(.*)/s, 2);
    const path = decoded(before.split("?", 1)[0] ?? "");
    return [{ path, fragment: fragment ? decoded(fragment) : null }];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
