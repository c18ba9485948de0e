/** Where a refresh leads: the `content` of a meta element, or a `Refresh` header. Pure. */
import { parseUrl } from "../text.js";

/** https://html.spec.whatwg.org/#shared-declarative-refresh-steps */
const REFRESH = /^\s*(\d+|(?=\.))[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(["']?)(.+)$/is;

export interface Refresh {
  readonly url: URL;
  /** Seconds until a browser goes there. */
  readonly delay: number;
}

/** @returns null where it leads nowhere, or only loads the page again */
export function refreshOf(content: string, base: string): Refresh | null {
  const [, delay = "", quote = "", rest = ""] = REFRESH.exec(content) ?? [];
  const place = (quote === "" ? rest : (rest.split(quote, 1)[0] ?? "")).trim();
  const url = place === "" ? null : parseUrl(place, base);
  return url === null ? null : { url, delay: Number(delay) };
}
