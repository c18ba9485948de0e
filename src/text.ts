/** Order by code units: the same on every machine, whatever its locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first of so many places in order that is not before what is looked for; their number where all are. */
export function firstPlace(places: number, isBefore: (place: number) => boolean): number {
  let [low, high] = [0, places];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Longer texts are not remembered. */
const LONGEST_KNOWN = 300;
const MOST_KNOWN = 2_000;

/**
 * A pure function of a text that remembers what it gave: the pages of a site have the same menus, links and classes.
 * It forgets all at once when it is full.
 */
export function remembering<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_KNOWN) return find(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = find(text);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, found);
    return found;
  };
}

/**
 * A piece of a URL, its percent-escapes decoded.
 *
 * @param otherwise what comes instead of bytes that are not UTF-8: the piece as it is
 */
export function percentDecode<T = string>(piece: string, otherwise: T = piece as T): string | T {
  try {
    return decodeURIComponent(piece);
  } catch {
    return otherwise;
  }
}

/** JSON as files hold it that a person may read: one key a line. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The known word that differs least, when few enough letters differ; null otherwise. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const cost = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (cost < least) [best, least] = [candidate, cost];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** What may come before the first element of an SVG or HTML file. */
export const MARKUP_PROLOGUE =
  /^(?:\s+|<\?xml[^>]*\?>|<!--.*?-->|<!doctype\s+svg[^>[]*(?:\[[^\]]*\])?[^>]*>)*/is;

const PAGE = /^<(?:!doctype\s+html|html|head|body|title|meta|script|link)\b/i;
/** What error pages of a few words begin with. XML may name its elements so. */
const PART =
  /^<(?:style|noscript|iframe|article|section|main|header|footer|nav|div|p|h[1-6]|center|table|form|[uod]l|pre|blockquote|[bh]r|img|[abiu]|em|strong|span|font|small)\b/i;

/** Whether a file begins as a web page does: what a server may send instead of the file that was asked for. */
export function isWebPage(text: string): boolean {
  const content = text.replace(MARKUP_PROLOGUE, "");
  return PAGE.test(content) || (PART.test(content) && !/^\s*<\?xml/i.test(text));
}

/** Text of so many characters at most, cut with an ellipsis where it is longer. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

/** Text in a column of a given width, cut where it is longer. */
export function column(text: string, width: number): string {
  const shown = cut(text, width);
  return shown + " ".repeat(width - [...shown].length);
}

/** `1 page`, `2 pages`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A number of bytes for people, in units of a thousand: `999 bytes`, `1.2 MB`. */
export function byteCount(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  // What would be rounded to a thousand is one of the next unit.
  while (value >= 999.95 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value.toFixed(1)} ${units[0]}`;
}

/** A time that is to come, for people: `80 s`, `12 min`. */
export function waitWords(ms: number): string {
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

/** What is before the host of a URL, as browsers read one: any number of slashes of either kind, and all to the last `@`. */
const USER = /\b(https?:[\\/]{0,9})[^\s/?#\\"<>]{0,999}@/gi;

/** Text without the user names and passwords of its URLs. */
export function withoutPasswords(text: string): string {
  return text.replace(USER, "$1");
}

/** Characters that a terminal acts on (control characters but line feeds), and those that change the direction of text. */
const ACTIVE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** The colours that we write ourselves: bold, dim, red, green, yellow, and back. */
const OURS = /(\u001b\[(?:0|1|2|22|31|32|33|39)m)/;

/**
 * Text of a page as a terminal may show it: every active character becomes U+FFFD. A title may hold
 * terminal escapes.
 *
 * @param coloured true to let our own colours through, and no other escape
 */
export function escapeTerminal(text: string, coloured = false): string {
  if (!coloured) return text.replace(ACTIVE, "\ufffd");
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(ACTIVE, "\ufffd")))
    .join("");
}

/** JSON that a terminal may show: active characters are written as `\u…`, so that the value stays the same. */
export function escapeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Text as XML and HTML hold it. Control characters (https://www.w3.org/TR/xml/#charsets) and those that
 * change the direction of text become U+FFFD; marks of direction and markup become references.
 */
export function escapeMarkup(text: string): string {
  return text
    .replace(
      /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,
      "\ufffd",
    )
    .replace(/[&<>"'\t\r\u061c\u200e\u200f]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const REFERENCES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Text of XML or HTML, its references by number and the five that XML names resolved; what else looks like one stays. */
export function unescapeMarkup(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (written, sixteen, ten, name) => {
      if (name !== undefined) return REFERENCES[name.toLowerCase()] ?? written;
      const code = sixteen === undefined ? Number(ten) : Number.parseInt(sixteen, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written;
    },
  );
}

/**
 * A URL, read as browsers read it; null for what is not one. Used instead of `URL.canParse`: once V8 has
 * optimised its caller, that of Node 20.20 says false of a host with an umlaut (`https://münchen.example/`).
 *
 * @param base URL that a relative one starts from
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** True for a text that begins as a URL of the web does. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

const hrefOf = remembering((url) => parseUrl(url)?.href ?? null);
const originIn = remembering((url) => parseUrl(url)?.origin ?? "null");

/** The origin of a URL; null for what has none. */
export function originOf(url: string): string | null {
  const origin = originIn(url);
  return origin === "null" ? null : origin;
}

/** A link that means the same without the URL that it starts from; null for one that needs it. */
export function withOrigin(href: string, base: string | undefined): string | null {
  if (base === undefined) return href;
  if (isUrl(href)) return hrefOf(base) === null ? null : href;
  // A path from the root takes nothing but the origin, and a password where there is one.
  if (!/^\/(?![/\\\s])/.test(href) || !/^https?:[^@]*$/i.test(base)) return null;
  const origin = originOf(base);
  return origin === null ? null : origin + href;
}

/** The URL that a link leads to, as browsers read it; null for what is not one. @param base URL that a relative one starts from */
export function resolvedUrl(href: string, base?: string): string | null {
  const whole = withOrigin(href, base);
  return whole === null ? (parseUrl(href, base)?.href ?? null) : hrefOf(whole);
}

/** JSON, or undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Deeper than any file of ours, and far from where a function that calls itself runs out of stack. */
const MOST_LEVELS = 200;

/** JSON that a person wrote, or a stranger. @throws {Error} when it is not JSON, with line and column, or nested deeper than 200 levels */
export function parseShallow(text: string): unknown {
  const whole = parsed(text);
  let level: unknown[] = [whole];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) throw new Error(`it is nested deeper than ${MOST_LEVELS} levels`);
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return whole;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 counts characters, and newer ones say the line too; of a text that ends too soon, neither.
    const words = (error as Error).message.replace(/ \(line \d+ column \d+\)$/, "");
    const [, said, at] = /^(.*) at position (\d+)/s.exec(words) ?? [];
    if (said === undefined && !/^Unexpected end/.test(words)) throw error;
    const before = text.slice(0, at === undefined ? text.length : Number(at)).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new SyntaxError(`${said ?? words} (${place})`, { cause: error });
  }
}

/** A hint for a word that is not known: the nearest that is, else other words. */
export function didYouMean(word: string, known: readonly string[], others: string): string {
  const near = nearest(word, known);
  return near === null ? others : `Did you mean "${near}"?`;
}

/** RFC 3986 leaves fewer characters as they are than `encodeURIComponent`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The first of some lines, and how many more there are. */
export function few(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `and ${more} more`] : [...lines];
}

/** Adds to the list that a map has under a key. A copy of the list for each item would take the square of its length. */
export function gather<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}
