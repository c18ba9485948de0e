/** Cuts Markdown where what follows does not depend on what came before, so that each part can be read alone. */

import { mayDefine } from "./plain-links.js";

export interface Section {
  readonly from: number;
  readonly to: number;
}

/** HTML that goes on over blank lines (CommonMark 4.6, kinds 1 to 5). */
const LONG_HTML = /^[ >*+\d.)-]*<(?:script|pre|style|textarea|!|\?)/im;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Sections of whole lines, in order. A section begins after a blank line, with a line that is not indented and is in no
 * fence. Where a fence or HTML could be read in two ways, the rest is one section.
 */
export function sectionsOf(markdown: string): Section[] {
  const whole = [{ from: 0, to: markdown.length }];
  // A definition holds for the whole text.
  if (markdown.includes("\r") || mayDefine(markdown) || LONG_HTML.test(markdown)) return whole;
  const sections: Section[] = [];
  let begin = 0;
  let fence = "";
  let isBlank = false;
  let holdsHtml = false;
  for (let from = 0; from < markdown.length; ) {
    const lineEnd = markdown.indexOf("\n", from);
    const to = lineEnd === -1 ? markdown.length : lineEnd + 1;
    const line = markdown.slice(from, Math.min(to, from + 200));
    const isIndented = /^[ \t\n]/.test(line);
    if (fence === "" && isBlank && !isIndented) {
      sections.push({ from: begin, to: from });
      begin = from;
      holdsHtml = false;
    }
    holdsHtml ||= /^ {0,3}</.test(line);
    const found = FENCE.exec(line)?.[1];
    if (found !== undefined) {
      // HTML hides a fence, one in a list ends with its item, and code in a line looks like one.
      const isCode = fence === "" && line.indexOf("`", line.indexOf(found) + found.length) !== -1;
      if (holdsHtml || isCode || isIndented) break;
      if (fence === "") fence = found;
      else if (found.startsWith(fence) && markdown.slice(from, to).trim() === found) fence = "";
    }
    isBlank = fence === "" && isIndented && markdown.slice(from, to).trim() === "";
    from = to;
  }
  sections.push({ from: begin, to: markdown.length });
  return sections;
}
