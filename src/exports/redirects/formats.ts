/** Redirects as the configuration of servers and as data. Pure. */
import { csvLine } from "../../archive/csv.js";
import { byCodeUnits, percentDecode } from "../../text.js";
import type { Redirect } from "../export.js";

/** What would end a line of a configuration, act on a terminal that shows it, or reverse the order of its text. */
const ACTIVE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** A redirect in the parts of a request that servers match. */
interface Rule {
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
function rulesOf(redirects: readonly Redirect[]): Rule[] {
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
function escapeExpression(text: string): string {
  return [...text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")]
    .map((character) =>
      ACTIVE.test(character)
        ? Buffer.from(character).toString("hex").replace(/../g, "\\x$&")
        : character,
    )
    .join("");
}

/** By the name of the format. Each gives a whole file that says how it is used. */
export const REDIRECT_FORMATS: Readonly<
  Record<string, (redirects: readonly Redirect[]) => string>
> = {
  netlify: netlifyRedirects,
  nginx: nginxRedirects,
  apache: apacheRedirects,
  drupal: drupalRedirects,
  json: jsonRedirects,
};

/**
 * `_redirects` of Netlify and Cloudflare Pages: percent-encoded, the first match wins
 * (https://docs.netlify.com/routing/redirects/).
 */
export function netlifyRedirects(redirects: readonly Redirect[]): string {
  const lines = rulesOf(redirects).map(({ redirect, encoded, query }) => {
    const parameters = query === "" ? "" : ` ${query.split("&").join(" ")}`;
    return `${redirect.origin ?? ""}${encoded}${parameters} ${redirect.to} ${redirect.status}\n`;
  });
  return `# Redirects of old URLs. Place this file, called _redirects, at the root of the built site.\n${lines.join("")}`;
}

/** mod_rewrite, for a .htaccess file, a directory or a virtual host (https://httpd.apache.org/docs/2.4/rewrite/). */
function apacheRedirects(redirects: readonly Redirect[]): string {
  const rules = rulesOf(redirects).flatMap(({ redirect, host, path, query }) => {
    const pattern = `^/?${escapeExpression(path.slice(1))}$`.replaceAll('"', '\\"');
    const target = redirect.to.replace(/[%$\\]/g, "\\$&").replaceAll('"', '\\"');
    return [
      ...(host === null
        ? []
        : [`RewriteCond %{HTTP_HOST} "^${escapeExpression(host)}(:\\d+)?$" [NC]\n`]),
      ...(query === "" ? [] : [`RewriteCond %{QUERY_STRING} "^${escapeExpression(query)}$"\n`]),
      `RewriteRule "${pattern}" "${target}" [R=${redirect.status},L,NE,QSD]\n`,
    ];
  });
  return `# Redirects of old URLs. Append this to .htaccess at the root of the site, or include it in its virtual host.
RewriteEngine On
${rules.join("")}`;
}

/** For Drupal's module path_redirect_import: decoded paths. What `isForDrupal` refuses is left out. */
export function drupalRedirects(redirects: readonly Redirect[]): string {
  // Every cell begins with a slash, a letter or a digit, so no spreadsheet takes one for a formula.
  const rows = redirects
    .filter(isForDrupal)
    .map(({ from, to, language, status }) =>
      csvLine([readable(from), readable(to), language, String(status)]),
    );
  return csvLine(["source", "destination", "language", "status_code"]) + rows.join("");
}

/** False for an old URL with a host, which Drupal's redirects do not match, or a query, which its importer does not. */
export function isForDrupal({ origin, from }: Redirect): boolean {
  return origin === null && !from.includes("?");
}

/** Decoded, unless the path holds an active character. */
function readable(path: string): string {
  const text = percentDecode(path);
  return ACTIVE.test(text) ? path : text;
}

export function jsonRedirects(redirects: readonly Redirect[]): string {
  const objects = redirects.map(({ origin, from, to, status, language, entry }) => ({
    from,
    to,
    status,
    host: origin,
    language,
    id: entry,
  }));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/**
 * Maps for nginx, from the narrowest to the widest, each the default of the one before. A map is looked up in
 * constant time by the decoded path, and ignores case; paths that differ in case alone are matched by regular
 * expressions (https://nginx.org/r/map).
 */
function nginxRedirects(redirects: readonly Redirect[]): string {
  const rules = rulesOf(redirects);
  const lines: string[] = [];
  const map = (name: string, source: string, hosts: boolean, queries: boolean, next: string) => {
    const own = rules
      .filter(({ host, query }) => (host !== null) === hosts && (query !== "") === queries)
      .map((rule) => ({ rule, key: keyOf(rule) }));
    lines.push(`map ${source} $${name} {`, `  default ${next};`, ...mapLines(own), "}");
  };
  map("sitelift_by_path", "$uri", false, false, '""');
  map("sitelift_by_query", '"$uri?$args"', false, true, "$sitelift_by_path");
  map("sitelift_by_host", '"$host$uri"', true, false, "$sitelift_by_query");
  map("sitelift_target", '"$host$uri?$args"', true, true, "$sitelift_by_host");
  const longest = Math.max(
    64,
    ...rules.map(({ host, path, query }) => Buffer.byteLength(`${host ?? ""}${path}?${query}`)),
  );
  return `${[
    "# Redirects of old URLs. Include this file in the http block, and add to the server block:",
    "#   if ($sitelift_target) { return 301 $sitelift_target; }",
    `map_hash_bucket_size ${powerOfTwo(longest + 64)};`,
    `map_hash_max_size ${Math.max(2048, powerOfTwo(rules.length * 2 + 1))};`,
    ...lines,
  ].join("\n")}\n`;
}

function keyOf({ host, path, query }: Rule): string {
  return `${host ?? ""}${path}${query === "" ? "" : `?${query}`}`;
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function mapLines(rules: readonly { readonly rule: Rule; readonly key: string }[]): string[] {
  const folded = new Map<string, number>();
  for (const { key } of rules) folded.set(fold(key), (folded.get(fold(key)) ?? 0) + 1);
  return rules.map(({ rule, key }) => {
    const isExpression = (folded.get(fold(key)) ?? 0) > 1 || ACTIVE.test(key);
    const name = isExpression ? `~^${escapeExpression(key)}$` : key;
    return `  ${quoted(name)} ${quoted(rule.redirect.to)};`;
  });
}

/** nginx ignores the case of ASCII letters alone. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
