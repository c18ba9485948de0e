/** Text of pages, made harmless where it is shown: a title may hold terminal escapes. */

/** What a terminal, or a reader of one, may act on: control characters but line feeds, and what turns the direction of text. */
const ACTIVE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Escapes of the colours that we write ourselves: bold, dim, red, green, yellow, and back. */
const OURS = /(\u001b\[(?:0|1|2|22|31|32|33|39)m)/;

/**
 * Replaces every active character.
 *
 * @param coloured true where our own colours are let through: nothing else that begins so is
 */
export function inert(text: string, coloured = false): string {
  if (!coloured) return text.replace(ACTIVE, "\ufffd");
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(ACTIVE, "\ufffd")))
    .join("");
}

/** JSON whose every character may be shown on a terminal; it is the same value when it is read. */
export function inertJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Text as XML and HTML may hold it and as nothing but text: control characters
 * (https://www.w3.org/TR/xml/#charsets) and what turns the direction of others become U+FFFD, marks of
 * direction and what marks up are references.
 */
export function inertMarkup(text: string): string {
  return text
    .replace(
      /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,
      "\ufffd",
    )
    .replace(/[&<>"'\t\r\u061c\u200e\u200f]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
