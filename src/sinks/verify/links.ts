/** Links of a Markdown body that lead into the archive. */

/**
 * Relative targets of inline links and images, decoded, without query and fragment.
 *
 * A scan, not a parser. It passes over fenced code and code spans; it does not see reference links, HTML
 * attributes and targets that are broken over lines, and it takes an indented code block for text.
 */
export function linkTargets(markdown: string): string[] {
  const targets: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split("\n")) {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
    } else if (mark !== undefined) fence = mark;
    else scanLine(line, targets);
  }
  return targets;
}

function scanLine(line: string, targets: string[]): void {
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "\\") at++;
    else if (character === "`") at = afterCode(line, at) - 1;
    else if (character === "]" && line[at + 1] === "(") {
      const target = relative(destination(line, at + 2));
      if (target !== null) targets.push(target);
    }
  }
}

/** Place behind a code span; behind its opening backticks when nothing closes it. */
function afterCode(line: string, start: number): number {
  let end = start;
  while (line[end] === "`") end++;
  const ticks = line.slice(start, end);
  for (let at = line.indexOf(ticks, end); at !== -1; at = line.indexOf(ticks, at)) {
    let last = at;
    while (line[last] === "`") last++;
    if (last - at === ticks.length) return last;
    at = last;
  }
  return end;
}

/** The destination that begins here: in angle brackets, or up to a space or the closing parenthesis. */
function destination(line: string, start: number): string {
  const pointed = line[start] === "<";
  let text = "";
  let depth = 0;
  for (let at = pointed ? start + 1 : start; at < line.length; at++) {
    const character = line.charAt(at);
    if (pointed ? character === ">" : character === " ") break;
    if (!pointed && character === "(") depth++;
    if (!pointed && character === ")" && depth-- === 0) break;
    text +=
      character === "\\" && /[!-/:-@[-`{-~]/.test(line.charAt(at + 1))
        ? line.charAt(++at)
        : character;
  }
  return text;
}

/** The path of a relative address; null for any other. */
function relative(address: string): string | null {
  if (address === "" || /^(?:[a-z][a-z0-9+.-]*:|[/#?])/i.test(address)) return null;
  const [path = ""] = address.split(/[?#]/, 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
