/** Words of a site in one line, and sentences with code between backticks, whatever the markup. Pure. */

/** What turns the direction of text, breaks lines, cannot be seen, or may not be in XML. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffe\uffff]+/gu;

/** Words as a reader sees them, in one line. */
export function inOneLine(text: string): string {
  return text.replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
}

/** A sentence cut at its backticks: words and code by turns, words first. A backtick without a second one is of the words. */
export function codeParts(text: string): string[] {
  return text.split(/`([^`]+)`/);
}

/** A sentence in a language of markup. @param escaped for words; it may trim them: the spaces beside code stay */
export function withCode(
  text: string,
  code: (part: string) => string,
  escaped: (part: string) => string,
): string {
  const words = (part: string) => {
    const [before, after] = [/^\s/, /\s$/].map((edge) => (edge.test(part) ? " " : ""));
    const shown = escaped(part);
    return shown === "" ? (before ?? "") : `${before}${shown}${after}`;
  };
  return codeParts(text)
    .map((part, at) => (at % 2 === 1 ? code(part) : words(part)))
    .join("");
}
