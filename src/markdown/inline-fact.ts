/** What a reader gets from one run of inline content, as a line of text that can be compared. */

export interface Piece {
  readonly text: string;
  /** Formatting on it, sorted; null for a break. */
  readonly marks: readonly string[] | null;
}

/**
 * Words with the formatting on them, white space as a browser shows it. Whether a blank between
 * two words is bold cannot be seen, so a blank takes no part; breaks at the edges show nothing.
 *
 * @returns "" when nothing is shown
 */
export function inlineFact(pieces: readonly Piece[]): string {
  const out: string[] = [];
  let open = "";
  let blank = false;
  let breaks = 0;
  for (const { text, marks } of pieces) {
    if (marks === null) {
      if (out.length > 0) breaks++;
      continue;
    }
    if (/^\s/.test(text)) blank = true;
    const words = text.trim();
    if (words === "") continue;
    const key = marks.join("\u0003");
    const gap = breaks > 0 ? "\n".repeat(breaks) : blank && out.length > 0 ? " " : "";
    if (key !== open)
      out.push(gap === " " ? "" : gap, `\u0003${key}\u0003`, gap === " " ? gap : "");
    else out.push(gap);
    out.push(words.replace(/\s+/g, " "));
    open = key;
    breaks = 0;
    blank = /\s$/.test(text);
  }
  return out.join("");
}
