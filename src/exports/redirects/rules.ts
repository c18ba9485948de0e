/** Old URLs as the rules of a server: what redirects match, in the order in which they are tried. Pure. */
import { byCodeUnits, percentDecode } from "../../text.js";
import type { Redirect } from "../export.js";

/** What would end a line of a configuration, act on a terminal that shows it, or reverse the order of its text. */
export const ACTIVE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** A redirect in the parts of a request that servers match. */
export interface Rule {
  readonly redirect: Redirect;
  /** Host in lower case, without its port; null for any. */
  readonly host: string | null;
  /** Path as a server matches it: decoded where it is UTF-8. */
  readonly path: string;
  /** Path as a request has it: percent-encoded. */
  readonly encoded: string;
  /** Without `?`; empty when there is none. */
  readonly query: string;
}

/** Every path with and without a slash at its end; where two redirects claim one, the exact one wins. */
export function rulesOf(redirects: readonly Redirect[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const exact of [true, false])
    for (const redirect of redirects) {
      const [path = "", query = ""] = redirect.from.split(/\?(.*)/s);
      const other = path.endsWith("/") ? path.replace(/\/+$/, "") : `${path}/`;
      const encoded = normalised(exact ? path : other);
      if (encoded === "" || (query === "" && encoded === normalised(redirect.to))) continue;
      const host = redirect.origin === null ? null : new URL(redirect.origin).hostname;
      const key = `${host ?? ""} ${encoded}?${query}`;
      if (!found.has(key))
        found.set(key, { redirect, host, path: percentDecode(encoded), encoded, query });
    }
  // The narrower rule first: hosts before any host, queries before none.
  return [...found.values()].sort(
    (a, b) =>
      Number(a.host === null) - Number(b.host === null) ||
      Number(a.query === "") - Number(b.query === "") ||
      byCodeUnits(a.encoded, b.encoded) ||
      byCodeUnits(a.query, b.query) ||
      byCodeUnits(a.host ?? "", b.host ?? ""),
  );
}

/** One spelling of a percent-encoded path. Bytes that are not UTF-8 stay as they are. */
function normalised(path: string): string {
  const text = percentDecode(path);
  return text === path && /%/.test(path)
    ? path
    : encodeURI(text).replaceAll("?", "%3F").replaceAll("#", "%23");
}

/** Text as a regular expression of a server. Servers match bytes, so an active character is written as its bytes. */
export function escapeExpression(text: string): string {
  return [...text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")]
    .map((character) =>
      ACTIVE.test(character)
        ? Buffer.from(character).toString("hex").replace(/../g, "\\x$&")
        : character,
    )
    .join("");
}
