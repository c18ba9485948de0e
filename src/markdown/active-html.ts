/** HTML in the Markdown of another program's archive: whether it is what the conversion of a page may leave. Pure. */
import { ErrorCodes, Tokenizer, TokenizerMode } from "parse5";
import { isAllowedAttribute, isKeptInHtml } from "./elements.js";
import { linkUrl, mediaUrl } from "./urls.js";

/** Attributes that do nothing by themselves, beside those that the conversion keeps. */
const PLAIN = /^(?:class|markdown|role|aria-[a-z-]+|data-[a-z0-9-]+)$/;
const LINKS = new Set(["href", "cite"]);
const SHOWN = new Set(["src", "poster", "data", "srcset"]);
/** A tag or comment that is not closed takes in what comes after it. */
const OPEN_END = new Set<string>([ErrorCodes.eofInTag, ErrorCodes.eofInComment]);

/**
 * What in a piece of HTML may run or load a program, by an allow-list: an element, an attribute or a URL. Tags are
 * judged one by one, since the pieces of one table or list are apart in Markdown.
 *
 * @returns its name; null for HTML that only shows
 */
export function activeHtml(html: string): string | null {
  let found: string | null = null;
  let frame = false;
  let marks = 0;
  const find = (name: string) => {
    found ??= name;
  };
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: false },
    {
      onStartTag({ tagName, attrs }) {
        marks++;
        // A browser reads what is in a frame as text, and here it would be tags.
        if (frame) find("the content of a frame");
        frame = tagName === "iframe";
        if (!isKeptInHtml(tagName) && tagName !== "input") find(`<${tagName}>`);
        for (const { name, value } of attrs)
          if (!isAllowedAttribute(tagName, name) && !PLAIN.test(name)) find(`${name}=`);
          else if (!isSafe(name, value)) find(`${name}="${value.slice(0, 40)}"`);
      },
      onEndTag({ tagName }) {
        marks++;
        if (frame && tagName !== "iframe") find("the content of a frame");
        frame = false;
      },
      onComment({ data }) {
        marks++;
        if (frame || /[<>]/.test(data)) find("a comment with markup");
      },
      onCharacter: () => {
        if (frame) find("the content of a frame");
      },
      onNullCharacter: () => find("a NUL"),
      onWhitespaceCharacter: () => {},
      onDoctype: () => find("a doctype"),
      onEof: () => {},
      onParseError({ code }) {
        if (OPEN_END.has(code)) find("a tag that is not closed");
      },
    },
  );
  tokenizer.state = TokenizerMode.DATA;
  tokenizer.write(html, true);
  // The conversion escapes it in a value, where another reader (of a frame, say) may see a tag.
  if (marks !== html.split("<").length - 1) find("a < in a value or a text");
  return found;
}

function isSafe(attribute: string, value: string): boolean {
  if (attribute === "srcset")
    return value
      .split(",")
      .every((candidate) => isShown(candidate.trim().split(/\s+/, 1)[0] ?? ""));
  if (SHOWN.has(attribute)) return isShown(value);
  return !LINKS.has(attribute) || linkUrl(value, undefined) !== null;
}

function isShown(url: string): boolean {
  return url.trim() === "" || mediaUrl(url, undefined) !== null;
}
