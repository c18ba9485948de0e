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
    // Between blanks it is no delimiter; at the start of a line `escapeLines` looks after it.
    case "*":
      return !(before === " " && after === " ");
    case "_":
      return !(WORD.test(before) && WORD.test(after)) && !(before === " " && after === " ");
    // ~ alone is strikethrough on GitHub; a home directory in an address is not.
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

/** Words in quotes or in an address: only what ends them or would be decoded is escaped. */
export function escapeEntities(text: string): string {
  return text.replace(/&(?=#?\w{1,32};)/g, "&amp;");
}
