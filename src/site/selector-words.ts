/** Selectors of a site file in the words of a message. Pure. */
import type { Alternative } from "./site.js";

/** A selector, and the attribute that it reads in parentheses. */
export function wayWords(selector: string, attribute: string | null): string {
  return attribute === null ? selector : `${selector} (${attribute})`;
}

/** Selectors that are named in one message: a preset has a dozen, and `inspect` shows all. */
const MOST = 4;

/** The selectors that were tried for one thing: `(tried h1 | .title)`. */
export function tried(ways: readonly (string | Alternative)[]): string {
  const words = ways.map((way) =>
    typeof way === "string" ? way : wayWords(way.select, way.attribute),
  );
  const each = [...new Set(words)];
  if (each.length === 0) return "(the site file has no selector)";
  const more = each.length > MOST + 1 ? ` and ${each.length - MOST} more` : "";
  return `(tried ${(more === "" ? each : each.slice(0, MOST)).join(" | ")}${more})`;
}
