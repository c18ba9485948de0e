/** Selectors of a site file in the words of a message. Pure. */
import type { Alternative } from "./site.js";

/** A selector, and the attribute that it reads in parentheses. */
export function wayWords(selector: string, attribute: string | null): string {
  return attribute === null ? selector : `${selector} (${attribute})`;
}

/** Every selector that was tried for one thing: `(tried h1 | .title)`. */
export function tried(ways: readonly (string | Alternative)[]): string {
  const words = ways.map((way) =>
    typeof way === "string" ? way : wayWords(way.select, way.attribute),
  );
  const each = [...new Set(words)];
  return each.length === 0 ? "(the site file has no selector)" : `(tried ${each.join(" | ")})`;
}
