/** The map of old addresses in the languages of servers. Pure. */
import type { Redirect } from "./export.js";
import { decoded } from "./site-map.js";

/** Renderings by name. Each is a whole file that says how it is used. */
export const REDIRECT_FORMATS: Readonly<
  Record<string, (redirects: readonly Redirect[]) => string>
> = {
  netlify: netlifyRedirects,
  nginx: nginxRedirects,
  apache: apacheRedirects,
  drupal: drupalRedirects,
  json: jsonRedirects,
};

/** What would end a line of a configuration, act on a terminal that shows it, or turn the direction of its text. */
const ACTIVE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** An old address in the parts that servers look at. */
interface Old {
  readonly redirect: Redirect;
  /** Host in lower case, without its port; null for any. */
  readonly host: string | null;
  /** Path as a server sees it: decoded where it is UTF-8. */
  readonly path: string;
  /** Path as a request has it: percent-encoded. */
  readonly encoded: string;
  /** Without `?`; empty when there is none. */
  readonly query: string;
}

/** Both forms of every path, with and without a slash at its end; the exact one wins. */
function oldOf(redirects: readonly Redirect[]): Old[] {
  const found = new Map<string, Old>();
  for (const exact of [true, false])
    for (const redirect of redirects) {
      const [path = "", query = ""] = splitQuery(redirect.from);
      const other = path.endsWith("/") ? path.replace(/\/+$/, "") : `${path}/`;
      const encoded = normalised(exact ? path : other);
      if (encoded === "" || (query === "" && encoded === normalised(redirect.to))) continue;
      const host = redirect.origin === null ? null : new URL(redirect.origin).hostname;
      const key = `${host ?? ""} ${encoded}?${query}`;
      if (!found.has(key))
        found.set(key, { redirect, host, path: decoded(encoded), encoded, query });
    }
  // The narrower rule first: hosts before any host, queries before none.
  return [...found.values()].sort(
    (a, b) =>
      Number(a.host === null) - Number(b.host === null) ||
      Number(a.query === "") - Number(b.query === "") ||
      compare(a.encoded, b.encoded) ||
      compare(a.query, b.query) ||
      compare(a.host ?? "", b.host ?? ""),
  );
}

function splitQuery(address: string): [string, string] {
  const at = address.indexOf("?");
  return at === -1 ? [address, ""] : [address.slice(0, at), address.slice(at + 1)];
}

/** One spelling of a percent-encoded path. Bytes that are not UTF-8 stay as they are. */
function normalised(path: string): string {
  const text = decoded(path);
  return text === path && /%/.test(path)
    ? path
    : encodeURI(text).replaceAll("?", "%3F").replaceAll("#", "%23");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * `_redirects` of Netlify and Cloudflare Pages: percent-encoded, the first match wins
 * (https://docs.netlify.com/routing/redirects/).
 */
export function netlifyRedirects(redirects: readonly Redirect[]): string {
  const lines = oldOf(redirects).map(({ redirect, encoded, query }) => {
    const parameters = query === "" ? "" : ` ${query.split("&").join(" ")}`;
    return `${redirect.origin ?? ""}${encoded}${parameters} ${redirect.to} ${redirect.status}`;
  });
  return text([
    "# Old addresses. Place this file, called _redirects, at the root of the built site.",
    ...lines,
  ]);
}

/**
 * Maps for nginx. A map is looked up in constant time, by the decoded path, and ignores case; paths that
 * differ in case alone are told apart by expressions (https://nginx.org/r/map).
 */
function nginxRedirects(redirects: readonly Redirect[]): string {
  const olds = oldOf(redirects);
  const maps = [
    {
      name: "sitelift_by_path",
      source: "$uri",
      of: (old: Old) => old.host === null && old.query === "",
      key: (old: Old) => old.path,
      otherwise: '""',
    },
    {
      name: "sitelift_by_query",
      source: '"$uri?$args"',
      of: (old: Old) => old.host === null && old.query !== "",
      key: (old: Old) => `${old.path}?${old.query}`,
      otherwise: "$sitelift_by_path",
    },
    {
      name: "sitelift_by_host",
      source: '"$host$uri"',
      of: (old: Old) => old.host !== null && old.query === "",
      key: (old: Old) => `${old.host}${old.path}`,
      otherwise: "$sitelift_by_query",
    },
    {
      name: "sitelift_target",
      source: '"$host$uri?$args"',
      of: (old: Old) => old.host !== null && old.query !== "",
      key: (old: Old) => `${old.host}${old.path}?${old.query}`,
      otherwise: "$sitelift_by_host",
    },
  ];
  const longest = Math.max(
    64,
    ...olds.map((old) => Buffer.byteLength(`${old.host ?? ""}${old.path}?${old.query}`)),
  );
  return text([
    "# Old addresses. Include this file in the http block, and add to the server block:",
    "#   if ($sitelift_target) { return 301 $sitelift_target; }",
    `map_hash_bucket_size ${2 ** Math.ceil(Math.log2(longest + 64))};`,
    `map_hash_max_size ${Math.max(2048, 2 ** Math.ceil(Math.log2(olds.length * 2 + 1)))};`,
    ...maps.flatMap(({ name, source, of, key, otherwise }) => [
      `map ${source} $${name} {`,
      `  default ${otherwise};`,
      ...nginxLines(olds.filter(of), key),
      "}",
    ]),
  ]);
}

function nginxLines(olds: readonly Old[], key: (old: Old) => string): string[] {
  const folded = new Map<string, number>();
  for (const old of olds) folded.set(fold(key(old)), (folded.get(fold(key(old))) ?? 0) + 1);
  return olds.map((old) => {
    const words = key(old);
    const isExpression = (folded.get(fold(words)) ?? 0) > 1 || ACTIVE.test(words);
    const name = isExpression ? `~^${escapedExpression(words)}$` : words;
    return `  ${quoted(name)} ${quoted(old.redirect.to)};`;
  });
}

function fold(words: string): string {
  // nginx folds ASCII alone.
  return words.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function quoted(words: string): string {
  return `"${words.replace(/["\\]/g, "\\$&")}"`;
}

/** Both servers match bytes, so an active character stands as its bytes, in hexadecimal. */
function escapedExpression(words: string): string {
  return [...words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")]
    .map((character) =>
      ACTIVE.test(character)
        ? Buffer.from(character).toString("hex").replace(/../g, "\\x$&")
        : character,
    )
    .join("");
}

/** mod_rewrite, for a .htaccess file, a directory or a virtual host (https://httpd.apache.org/docs/2.4/rewrite/). */
function apacheRedirects(redirects: readonly Redirect[]): string {
  const rules = oldOf(redirects).flatMap(({ redirect, host, path, query }) => [
    ...(host === null
      ? []
      : [`RewriteCond %{HTTP_HOST} "^${escapedExpression(host)}(:\\d+)?$" [NC]`]),
    ...(query === "" ? [] : [`RewriteCond %{QUERY_STRING} "^${escapedExpression(query)}$"`]),
    `RewriteRule ${apacheQuoted(`^/?${escapedExpression(path.slice(1))}$`)} ${apacheQuoted(redirect.to.replace(/[%$\\]/g, "\\$&"))} [R=${redirect.status},L,NE,QSD]`,
  ]);
  return text([
    "# Old addresses. Append this to .htaccess at the root of the site, or include it in its virtual host.",
    "RewriteEngine On",
    ...rules,
  ]);
}

function apacheQuoted(words: string): string {
  return `"${words.replaceAll('"', '\\"')}"`;
}

/**
 * For Drupal's module path_redirect_import: decoded paths. Redirects of Drupal know no hosts and its
 * importer no queries; such old addresses are left out.
 */
function drupalRedirects(redirects: readonly Redirect[]): string {
  const rows = redirects
    .filter((redirect) => isForDrupal(redirect))
    .map(({ from, to, language, status }) => [
      readable(from),
      readable(to),
      language,
      String(status),
    ]);
  return [["source", "destination", "language", "status_code"], ...rows]
    .map((row) => `${row.map(cell).join(",")}\r\n`)
    .join("");
}

/** False for an old address that Drupal's importer cannot hold. */
export function isForDrupal({ origin, from }: Redirect): boolean {
  return origin === null && !from.includes("?");
}

/** Decoded, but for a path that holds something active. */
function readable(path: string): string {
  const text = decoded(path);
  return ACTIVE.test(text) ? path : text;
}

/** Every cell begins with a slash, a letter or a digit: none can be taken for a formula. */
function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function jsonRedirects(redirects: readonly Redirect[]): string {
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

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
