/** What a style sheet loads (https://www.w3.org/TR/css-syntax-3/). Linear in its length. */

/** One URL of a style sheet, as it is written there. */
export interface CssUrl {
  readonly url: string;
  /** True for another style sheet. */
  readonly isImport: boolean;
}

/** What begins a comment, a string or something that may hold a URL. */
const PLACES = /\/\*|["']|\burl\(|@import\b|\bimage-set\(/gi;

/** What ends a declaration. */
const ENDS = /[;}]/g;

/** URLs of `url()`, `@import` and `image-set()`, in order; those in comments and in other strings are left out. */
export function* cssUrls(css: string): Generator<CssUrl, void, undefined> {
  const places = new RegExp(PLACES);
  /** What the next string is, when it comes before anything else that counts. */
  let awaits: "import" | "image" | null = null;
  let setEnd = 0;
  for (let match = places.exec(css); match !== null; match = places.exec(css)) {
    const [found] = match;
    const isSet = match.index < setEnd;
    if (found === "/*") {
      const end = css.indexOf("*/", places.lastIndex);
      if (end < 0) return;
      places.lastIndex = end + 2;
      continue;
    }
    if (found === '"' || found === "'") {
      const { value, end } = stringAt(css, match.index);
      // `type("image/webp")` of a set is no URL.
      const isType = /\btype\(\s{0,9}$/i.test(
        css.slice(Math.max(0, match.index - 16), match.index),
      );
      if (awaits === "import" || (isSet && !isType))
        yield { url: value, isImport: awaits === "import" };
      awaits = null;
      places.lastIndex = end;
      continue;
    }
    if (found.startsWith("@")) {
      awaits = "import";
      continue;
    }
    if (/^image/i.test(found)) {
      if (isSet) continue;
      ENDS.lastIndex = places.lastIndex;
      setEnd = ENDS.exec(css)?.index ?? css.length;
      continue;
    }
    const { value, end } = urlAt(css, places.lastIndex);
    yield { url: value, isImport: awaits === "import" };
    awaits = null;
    places.lastIndex = end;
  }
}

/** The string whose quote is at a place; a line end ends one that is not closed. */
function stringAt(css: string, at: number): { value: string; end: number } {
  const quote = css[at];
  let end = at + 1;
  while (end < css.length && css[end] !== quote && css[end] !== "\n")
    end += css[end] === "\\" ? 2 : 1;
  return { value: unescapeCss(css.slice(at + 1, end)), end: Math.min(end + 1, css.length) };
}

/** The URL after `url(`. */
function urlAt(css: string, at: number): { value: string; end: number } {
  while (isSpace(css[at])) at++;
  if (css[at] === '"' || css[at] === "'") return stringAt(css, at);
  let end = at;
  while (end < css.length && css[end] !== ")" && !isSpace(css[end]))
    end += css[end] === "\\" ? 2 : 1;
  return { value: unescapeCss(css.slice(at, end)), end };
}

function isSpace(sign: string | undefined): boolean {
  return sign === " " || sign === "\t" || sign === "\n" || sign === "\r" || sign === "\f";
}

function unescapeCss(text: string): string {
  if (!text.includes("\\")) return text.trim();
  return text
    .replace(/\\(?:([0-9a-f]{1,6})\s?|\r?\n|(.))/gi, (_, code: string | undefined, sign = "") => {
      const point = Number.parseInt(code ?? "", 16);
      if (code === undefined) return sign;
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    })
    .trim();
}
