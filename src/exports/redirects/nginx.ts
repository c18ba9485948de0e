/** Redirects for nginx. Pure. */
import type { Redirect } from "../export.js";
import { ACTIVE, escapeExpression, type Rule, rulesOf } from "./rules.js";

/**
 * Maps for nginx, from the narrowest to the widest, each the default of the one before. A map is looked up in
 * constant time by the decoded path, and ignores case; paths that differ in case alone are matched by regular
 * expressions (https://nginx.org/r/map).
 */
export function nginxRedirects(redirects: readonly Redirect[]): string {
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
