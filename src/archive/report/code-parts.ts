/** Sentences with code between backticks. Pure. */

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
