/** Redirects as the configuration of servers and as data. Pure. */
import { csvLine } from "../../archive/csv.js";
import { percentDecode } from "../../text.js";
import type { Redirect } from "../export.js";
import { nginxRedirects } from "./nginx.js";
import { ACTIVE, escapeExpression, rulesOf } from "./rules.js";

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
