/** Pages that lead a reader on: what generators write for an old URL where they have no server to redirect it. */

import { parseUrl, unescapeMarkup } from "../text.js";

/** Where a page leads. */
export interface AliasPage {
  readonly url: URL;
  /** Seconds until then. Search engines take up to one for a permanent redirect. */
  readonly delay: number;
}

/** https://html.spec.whatwg.org/#shared-declarative-refresh-steps */
const REFRESH = /^\s*(\d+|(?=\.))[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(["']?)(.+)$/is;
/** What is not read: a browser that runs scripts ignores `noscript`. */
const SILENT = /<!--.*?-->|<(script|style|noscript)\b.*?<\/\1\s*>/gis;

/** @param html the beginning of a page @param base URL of the page @returns null for a page that leads nowhere by itself */
export function aliasOf(html: string, base: string): AliasPage | null {
  const named = tagsOf(html, "base")
    .find((one) => one.has("href"))
    ?.get("href");
  const from = named === undefined ? base : (parseUrl(named, base)?.href ?? base);
  for (const attributes of tagsOf(html, "meta")) {
    if (attributes.get("http-equiv")?.toLowerCase() !== "refresh") continue;
    const [, delay = "", quote = "", rest = ""] =
      REFRESH.exec(attributes.get("content") ?? "") ?? [];
    const url = (quote === "" ? rest : (rest.split(quote, 1)[0] ?? "")).trim();
    const target = url === "" ? null : parseUrl(url, from);
    if (target !== null) return { url: target, delay: Number(delay) };
  }
  return null;
}

/** What a page names as its own URL; null where it names none. */
export function canonicalOf(html: string): string | null {
  const links = tagsOf(html, "link").filter((one) => /\bcanonical\b/i.test(one.get("rel") ?? ""));
  return links[0]?.get("href") ?? null;
}

function tagsOf(html: string, name: string): Map<string, string>[] {
  const tag = new RegExp(`<${name}\\b((?:[^>"']|"[^"]*"|'[^']*')*)>`, "gi");
  return [...html.replace(SILENT, "").matchAll(tag)].map(
    ([, inside = ""]) =>
      new Map(
        [...inside.matchAll(/([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g)].map(
          ([, key = "", double, single, bare]) => [
            key.toLowerCase(),
            unescapeMarkup(double ?? single ?? bare ?? ""),
          ],
        ),
      ),
  );
}
