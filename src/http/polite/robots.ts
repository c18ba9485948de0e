/** robots.txt as RFC 9309 reads it: rules, groups, matching. Pure. */

export interface RobotsRule {
  readonly allow: boolean;
  /** Path as written, without the white space around it. */
  readonly path: string;
  /** The same in its only spelling. */
  readonly pattern: string;
}

export interface Robots {
  readonly rules: readonly RobotsRule[];
  /** Crawl-delay in milliseconds, as written; null when none is there. */
  readonly crawlDelay: number | null;
  /** Values of `Sitemap`, which are of no group. */
  readonly sitemaps: readonly string[];
}

export const ALLOW_ALL: Robots = { rules: [], crawlDelay: null, sitemaps: [] };

/** Bytes that are read (RFC 9309, section 2.5): the least that a crawler must, and as much as Google does. */
export const ROBOTS_BYTES = 500 * 1024;

/** Misspellings that Google's parser takes for what was meant (https://github.com/google/robotstxt). */
const KEYS: readonly (readonly [key: string, spelled: RegExp])[] = [
  ["agent", /^user[- ]?agent$/i],
  ["allow", /^allow$/i],
  ["disallow", /^(?:diss?all?ow|diasllow|disallaw)$/i],
  ["delay", /^crawl-?delay$/i],
  ["sitemap", /^site-?map$/i],
];

/**
 * Reads the groups that hold for one crawler: those that name it, joined, else those for `*`.
 * A line that makes no sense is passed over.
 *
 * @param bytes body of robots.txt; a mark of UTF-8 in front is passed over, what follows the first
 *   500 KiB is not read
 * @param token product token of the crawler, letters, `-` and `_`; case does not count
 */
export function parseRobots(bytes: Uint8Array, token: string): Robots {
  const own: Group = { named: false, rules: [], delay: null };
  const any: Group = { named: false, rules: [], delay: null };
  let open: Group[] = [];
  let hasRules = false;
  const sitemaps: string[] = [];
  for (const { key, value } of linesOf(bytes)) {
    if (key === "sitemap") {
      sitemaps.push(value);
      continue;
    }
    if (key === "agent") {
      if (hasRules) open = [];
      hasRules = false;
      const group = value === "*" || /^\*\s/.test(value) ? any : isToken(value, token) ? own : null;
      if (group === null) continue;
      group.named = true;
      open.push(group);
    } else if (key === "delay") {
      const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
      for (const group of open) group.delay ??= seconds === null ? null : seconds * 1000;
    } else {
      hasRules = true;
      // A rule without a path forbids and allows nothing.
      if (value === "") continue;
      const rule = { allow: key === "allow", path: value, pattern: normalise(value) };
      for (const group of open) group.rules.push(rule);
    }
  }
  const chosen = own.named ? own : any;
  return { rules: chosen.rules, crawlDelay: chosen.delay, sitemaps };
}

interface Group {
  named: boolean;
  readonly rules: RobotsRule[];
  delay: number | null;
}

function* linesOf(bytes: Uint8Array) {
  let text = new TextDecoder().decode(bytes.subarray(0, ROBOTS_BYTES));
  // A path that was cut in half would forbid more than the site does.
  if (bytes.length > ROBOTS_BYTES)
    text = text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1);
  for (const line of text.split(/\r\n|\n|\r/)) {
    const written = (line.split("#", 1)[0] ?? "").trim();
    const colon = written.indexOf(":");
    // Google takes a lone space for a forgotten colon.
    const [name = "", value = ""] =
      colon > 0
        ? [written.slice(0, colon), written.slice(colon + 1)].map((part) => part.trim())
        : (/^(\S+)\s+(\S+)$/.exec(written)?.slice(1) ?? []);
    const [key] = KEYS.find(([, spelled]) => spelled.test(name)) ?? [];
    if (key !== undefined) yield { key, value };
  }
}

/** Only the product token counts: in `sitelift/1.0 (beta)`, `sitelift`. */
function isToken(value: string, token: string): boolean {
  return (/^[a-z_-]+/i.exec(value)?.[0] ?? "").toLowerCase() === token.toLowerCase();
}

/**
 * The rule that disallows a URL: the longest path that matches decides, and of two equally long
 * ones `Allow`. robots.txt itself is always allowed.
 *
 * @returns null when the URL may be requested
 */
export function forbiddingRule(robots: Robots, url: URL): RobotsRule | null {
  const path = normalise(url.pathname + url.search)
    .replaceAll("*", "%2A")
    .replaceAll("$", "%24");
  if (path === "/robots.txt") return null;
  let best: RobotsRule | null = null;
  let length = -1;
  for (const rule of robots.rules) {
    const { pattern } = rule;
    if (pattern.length < length || (pattern.length === length && !rule.allow)) continue;
    if (!matches(pattern, path)) continue;
    best = rule;
    length = pattern.length;
  }
  return best === null || best.allow ? null : best;
}

/**
 * Matches the beginning of a path; `*` means anything, `$` at the end the end. What is between two stars is taken
 * where it is found first, so that no pattern takes longer than its own length and the path's.
 */
function matches(pattern: string, path: string): boolean {
  const toEnd = pattern.endsWith("$");
  // A `$` elsewhere is a dollar sign, which is encoded in the path.
  const parts = (toEnd ? pattern.slice(0, -1) : pattern).replaceAll("$", "%24").split("*");
  const [start = "", ...others] = parts;
  if (!path.startsWith(start)) return false;
  const end = toEnd ? others.pop() : undefined;
  if (toEnd && end === undefined) return path === start;
  let at = start.length;
  for (const part of others) {
    const found = indexOf(path, part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return end === undefined || (path.length - end.length >= at && path.endsWith(end));
}

/** V8 searches for a long text in steps that may each take its whole length. */
const LONG = 32;

/** Where a part is in a text, from a place on; -1 where it is not. By Knuth, Morris and Pratt, in linear time. */
function indexOf(text: string, part: string, from: number): number {
  if (part.length <= LONG) return text.indexOf(part, from);
  /** For each place of the part, how much of its beginning ends there. */
  const borders = new Uint32Array(part.length);
  for (let at = 1, same = 0; at < part.length; at++) {
    while (same > 0 && part[at] !== part[same]) same = borders[same - 1] ?? 0;
    if (part[at] === part[same]) same++;
    borders[at] = same;
  }
  for (let at = from, same = 0; at < text.length; at++) {
    while (same > 0 && text[at] !== part[same]) same = borders[same - 1] ?? 0;
    if (text[at] === part[same]) same++;
    if (same === part.length) return at + 1 - same;
  }
  return -1;
}

/** Octets beyond ASCII encoded, unreserved ones decoded, digits in upper case (RFC 9309, section 2.2.2). */
function normalise(text: string): string {
  return text
    .replace(/[^\x21-\x7e]+/gu, encodeURIComponent)
    .replace(/%([0-9a-f]{2})/gi, (written, digits: string) => {
      const character = String.fromCharCode(Number.parseInt(digits, 16));
      return /[\w.~-]/.test(character) ? character : written.toUpperCase();
    });
}
