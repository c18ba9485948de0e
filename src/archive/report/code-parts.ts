/** A sentence cut at its backticks: words and code by turns, words first. A backtick without a second one is of the words. Pure. */
export function codeParts(text: string): string[] {
  return text.split(/`([^`]+)`/);
}
