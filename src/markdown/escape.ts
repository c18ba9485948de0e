/**
 * Text that looks like markup stays text. Turndown's own escape is given one text node at a time,
 * so it takes the start of a node for the start of a line (`1<span>. x</span>` became a list), and
 * it never escapes `<`, `&` or `~` (`&lt;script&gt;` became a script).
 */

/** Characters that may begin markup inside a line, each looked at in its place. */
const SUSPECTS = /[\\`*_[\]<&~!{]/g;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Escapes what CommonMark and GFM read inside a line, and the delimiters of template languages that
 * read a file before Markdown does (Liquid, Nunjucks, Hugo, MDX).
 *
 * @param text white space collapsed
 * @param within true inside brackets of ours, where a `]` would end them
 * @param linkFollows true when what follows begins with `[`
 */
export function escapeText(text: string, within: boolean, linkFollows: boolean): string {
  return text.replace(SUSPECTS, (character, at: number) => {
    const before = text[at - 1] ?? "";
    const after = text[at + 1] ?? "";
    return isMarkup(character, before, after, text, at, within, linkFollows)
      ? `\\${character}`
      : character;
  });
}

function isMarkup(
  character: string,
  before: string,
  after: string,
  text: string,
  at: number,
  within: boolean,
  linkFollows: boolean,
): boolean {
  switch (character) {
    // Before a letter it is a backslash, and stays readable in C:\path.
    case "\\":
      return after === "" || PUNCTUATION.test(after);
    // Between blanks it is not a delimiter; at the start of a line `escapeLines` escapes it.
    case "*":
      return !(before === " " && after === " ");
    case "_":
      return !(WORD.test(before) && WORD.test(after)) && !(before === " " && after === " ");
    // ~ alone is strikethrough on GitHub; a home directory in a URL is not.
    case "~":
      return !(before === "/" && WORD.test(after));
    case "]":
      return within;
    case "<":
      return after === "" || /[a-z/!?]/i.test(after);
    case "&":
      return (
        after === "" ||
        /^&(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{0,31});/i.test(text.slice(at, at + 40))
      );
    case "!":
      return after === "" && linkFollows;
    case "{":
      return after === "" || /[{%#<:.]/.test(after) || before === "{";
    default:
      return true;
  }
}

/** What begins a block at the start of a line, and where in it the backslash goes. */
const LINE_STARTS: readonly RegExp[] = [
  // Headings, quotations, bullets.
  /^()(?=#{1,6}(\s|$)|>|[-+*](\s|$))/,
  // Numbers of a list.
  /^(\d{1,9})(?=[.)](\s|$))/,
  // Underlines of headings, rules, front matter of YAML and TOML, containers of Markdown dialects.
  /^()(?==+\s*$|-{2,}\s*$|_(\s*_)*\s*$|\+{3,}\s*$|:{3,})/,
];
/** The line below the head of a table. */
const TABLE_LINE = /^[|:\s-]+$/;

/** Escapes what CommonMark and GFM read at the start of a line; the text inside is escaped already. */
export function escapeLines(content: string): string {
  return content
    .split("\n")
    .map((line, index) => {
      for (const start of LINE_STARTS) if (start.test(line)) return line.replace(start, "$1\\");
      return index > 0 && line.includes("-") && TABLE_LINE.test(line) ? `\\${line}` : line;
    })
    .join("\n");
}

/** Words in quotes or in a URL: what would be decoded. */
function escapeEntities(text: string): string {
  return text.replace(/&(?=#?\w{1,32};)/g, "&amp;");
}

/** What would end a URL, begin something else in it, or be read by a template language. */
const UNSAFE = /[\s<>\\`{}\u0000-\u001f\u007f]/g;

/** A URL in the brackets of a link or an image: percent-encoded rather than quoted, so that it can be found and replaced as it is. */
export function escapeDestination(url: string): string {
  const encoded = url.replace(UNSAFE, (character) => encodeURIComponent(character));
  return escapeEntities(isBalanced(encoded) ? encoded : escapeBrackets(encoded));
}

export function escapeBrackets(url: string): string {
  return url.replaceAll("(", "%28").replaceAll(")", "%29");
}

/** Brackets in a URL need no escape when each that opens is closed; CommonMark allows 32 levels. */
function isBalanced(url: string): boolean {
  let depth = 0;
  for (const [bracket] of url.matchAll(/[()]/g)) {
    depth += bracket === "(" ? 1 : -1;
    if (depth < 0 || depth > 8) return false;
  }
  return depth === 0;
}

/** A title in quotes, with the blank between it and its URL; "" for none. */
export function titlePart(title: string | undefined): string {
  const line = title?.replace(/\s+/g, " ").trim();
  if (!line) return "";
  return ` "${escapeEntities(line).replace(/[\\"](?![a-z])|"/gi, "\\$&")}"`;
}
