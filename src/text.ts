/** Order by code units: the same on every machine, whatever its locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text in a column of a given width, cut with an ellipsis where it is longer. */
export function column(text: string, width: number): string {
  const characters = [...text];
  if (characters.length > width) return `${characters.slice(0, width - 1).join("")}…`;
  return text + " ".repeat(width - characters.length);
}

/** `1 page`, `2 pages`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
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
