/** Lines of a finished piece of Markdown. */

/** Takes line ends off both ends. A regular expression with `\n+$` takes quadratic time in a run of them. */
export function trimLines(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === "\n") start++;
  while (end > start && text[end - 1] === "\n") end--;
  return text.slice(start, end);
}

/** Puts something before every line but the first, and nothing before empty ones. */
export function indent(text: string, by: string): string {
  return text.replace(/\n(?=[^\n])/g, `\n${by}`);
}

export function prefix(text: string, by: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? by.trimEnd() : by + line))
    .join("\n");
}
