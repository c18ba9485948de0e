/** SVG that fetches something from another host when it is opened: it tells that host who reads the archive. Pure. */

/** A URL of another host, or of a scheme other than `data:`. A browser takes a backslash for a slash. */
const AWAY = /^[\s\0-\x20]*(?:(?!data:)[a-z][a-z0-9+.-]*:|[\\/]{2})/i;
/** Each tag's name, and each value that a browser fetches: what of a link is fetched only by who follows it. */
const FETCHED =
  /<([^\s<>/"'=!?]{1,60})|(?:^|[\s"'/:])(href|src|srcset|poster|data|background|action|formaction|base)\s*=\s*(?:"([^"]{0,300})|'([^']{0,300}))/gi;
/** A URL in a style sheet, or in an attribute that takes one of its values. */
const STYLED = /(?:url|src|image-set|image|cross-fade)\(\s*["']?([^"')]{0,300})/gi;
/** What fetches by itself, whatever its URL. */
const FETCHES: readonly RegExp[] = [
  /@import/i,
  /<(?:[^\s<>/:"'=]*:)?(?:link|meta|base|form|portal|applet|frame)[\s/>]/i,
  /attributename\s*=\s*["']\s*(?:[a-z]+:)?href/i,
];

/**
 * What an SVG fetches from elsewhere when it is shown or opened.
 *
 * @param text the whole of it, its character references decoded
 * @returns its name for a reason; null for one that fetches nothing
 */
export function callsOut(text: string): string | null {
  if (FETCHES.some((mark) => mark.test(text))) return "what fetches another file";
  let element = "";
  for (const [, name, , double, single] of text.matchAll(FETCHED)) {
    if (name !== undefined) element = name.replace(/^.*:/, "").toLowerCase();
    else if (element !== "a" && AWAY.test(double ?? single ?? "")) return REASON;
  }
  for (const css of [text, withoutCssEscapes(text)])
    for (const [, url = ""] of css.matchAll(STYLED)) if (AWAY.test(url)) return REASON;
  return null;
}

const REASON = "the URL of another host, which it fetches";

/** Style sheets may write any letter as its number (https://www.w3.org/TR/css-syntax-3/#escaping). */
function withoutCssEscapes(text: string): string {
  return text
    .replace(/\/\*[^*]*\*\//g, "")
    .replace(/\\(?:([0-9a-f]{1,6})\s?|([^\n]))/gi, (_, hex, sign) => {
      const code = hex === undefined ? -1 : Number.parseInt(hex, 16);
      return code < 0 ? sign : code <= 0x10ffff ? String.fromCodePoint(code) : "";
    });
}
