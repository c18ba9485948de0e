/** Redirects as the configuration of servers and as data. Pure. */
import { csvLine } from "../../archive/csv.js";
import { byCodeUnits, jsonText, parseUrl, percentDecode } from "../../text.js";
import type { ExportFile, Publication, Redirect } from "../export.js";

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
      const host = redirect.origin === null ? null : (parseUrl(redirect.origin)?.hostname ?? null);
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

/** One spelling of a percent-encoded path. An encoded slash is not a slash; bytes that are not UTF-8 stay as they are. */
function normalised(path: string): string {
  const spelled = (segment: string) => {
    const text = percentDecode(segment, null);
    return text === null ? segment : encodeURI(text).replace(/[/?#]/g, encodeURIComponent);
  };
  return path.split("/").map(spelled).join("/");
}

/**
 * Why a server that matches decoded paths cannot match an old path; null when it can. nginx and Apache refuse a NUL
 * themselves, and an encoded slash would match the path of another page.
 */
function undecodable({ from }: Redirect): string | null {
  const [path = ""] = from.split("?", 1);
  if (percentDecode(path, null) === null) return "its bytes are not UTF-8";
  if (/%00/.test(path)) return "it holds a NUL";
  return /%2f/i.test(path) ? "it holds an encoded slash" : null;
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

interface Format {
  /** Gives a whole file that says how it is used. */
  readonly text: (redirects: readonly Redirect[]) => string;
  /** Why it cannot hold a redirect; null when it can. */
  readonly unfit: (redirect: Redirect) => string | null;
}

const FORMATS = {
  netlify: { text: netlifyRedirects, unfit: unfitForNetlify },
  nginx: { text: nginxRedirects, unfit: undecodable },
  apache: { text: apacheRedirects, unfit: undecodable },
  drupal: { text: drupalRedirects, unfit: unfitForDrupal },
  json: { text: jsonRedirects, unfit: () => null },
} satisfies Readonly<Record<string, Format>>;
export type FormatName = keyof typeof FORMATS;

/** A redirect that a format cannot hold, and why. */
export interface LeftOut extends Redirect {
  readonly reason: string;
}

/** The file of a format, and the redirects that are not in it. */
export function redirectFile(
  format: FormatName,
  redirects: readonly Redirect[],
): { readonly text: string; readonly leftOut: readonly LeftOut[] } {
  const fit: Redirect[] = [];
  const leftOut: LeftOut[] = [];
  for (const redirect of redirects) {
    const reason = FORMATS[format].unfit(redirect);
    if (reason === null) fit.push(redirect);
    else leftOut.push({ ...redirect, reason });
  }
  return { text: FORMATS[format].text(fit), leftOut };
}

/** The same as a file of an export, which warns of what is left out. */
export function redirectsOf(
  format: FormatName,
  path: string,
  { redirects, warn }: Publication,
): ExportFile {
  const { text, leftOut } = redirectFile(format, redirects);
  for (const { origin, from, reason } of leftOut)
    warn({
      code: "redirect-left-out",
      path: null,
      message: `the old URL ${origin ?? ""}${from} is left out of ${path}: ${reason}`,
    });
  return { path, content: text };
}

/**
 * In a `_redirects` file `*` and `:name` are patterns, which no escape takes away, and a parameter without a value
 * is taken for the target (https://docs.netlify.com/routing/redirects/,
 * https://developers.cloudflare.com/pages/configuration/redirects/).
 */
function unfitForNetlify({ from }: Redirect): string | null {
  const [path = "", query] = from.split(/\?(.*)/s);
  if (/[*]|:[a-z_]/i.test(path)) return "`*` and `:name` are patterns there";
  const isPair = (piece: string) => /^[^=\s]+=[^:*\s][^*\s]*$/.test(piece);
  const isFit = query === undefined || query.split("&").every(isPair);
  return isFit ? null : "its query cannot be written there";
}

/** `_redirects` of Netlify and Cloudflare Pages: percent-encoded, the first match wins. */
function netlifyRedirects(redirects: readonly Redirect[]): string {
  const lines = rulesOf(redirects).map(({ redirect, encoded, query }) => {
    const parameters = query === "" ? "" : ` ${query.split("&").join(" ")}`;
    return `${redirect.origin ?? ""}${encoded}${parameters} ${redirect.to} ${redirect.status}\n`;
  });
  return `# Redirects of old URLs. Place this file, called _redirects, at the root of the built site.\n${lines.join("")}`;
}

/**
 * mod_rewrite, for a .htaccess file, a directory or a virtual host (https://httpd.apache.org/docs/2.4/rewrite/). Its
 * arguments end at the next quotation mark, escaped or not, so one in a pattern is written as its byte.
 */
function apacheRedirects(redirects: readonly Redirect[]): string {
  const pattern = (text: string) => escapeExpression(text).replaceAll('"', "\\x22");
  const rules = rulesOf(redirects).flatMap(({ redirect, host, path, query }) => [
    ...(host === null ? [] : [`RewriteCond %{HTTP_HOST} "^${pattern(host)}(:\\d+)?$" [NC]\n`]),
    ...(query === "" ? [] : [`RewriteCond %{QUERY_STRING} "^${pattern(query)}$"\n`]),
    `RewriteRule "^/?${pattern(path.slice(1))}$" "${redirect.to.replace(/[%$\\]/g, "\\$&")}" [R=${redirect.status},L,NE,QSD]\n`,
  ]);
  return `# Redirects of old URLs. Append this to .htaccess at the root of the site, or include it in its virtual host.
RewriteEngine On
${rules.join("")}`;
}

function unfitForDrupal({ origin, from }: Redirect): string | null {
  const isPlain = origin === null && !from.includes("?");
  return isPlain ? null : "Drupal's redirects match neither host nor query";
}

/** For Drupal's module path_redirect_import: decoded paths. */
function drupalRedirects(redirects: readonly Redirect[]): string {
  // Every cell begins with a slash, a letter or a digit, so no spreadsheet takes one for a formula.
  const rows = redirects.map(({ from, to, language, status }) =>
    csvLine([readable(from), readable(to), language, String(status)]),
  );
  return csvLine(["source", "destination", "language", "status_code"]) + rows.join("");
}

/** Decoded, unless the path holds an active character. */
function readable(path: string): string {
  const text = percentDecode(path);
  return ACTIVE.test(text) ? path : text;
}

function jsonRedirects(redirects: readonly Redirect[]): string {
  return jsonText(
    redirects.map(({ origin: host, from, to, status, language, entry: id }) => {
      return { from, to, status, host, language, id };
    }),
  );
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
