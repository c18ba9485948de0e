/** Pages that are little but scripts: what they show, a browser makes. Pure. */
import { textOf } from "./nodes.js";
import { select } from "./select.js";
import type { Tree } from "./tree.js";
import { countWords } from "./words.js";

/** Of the listing pages of WCXB (263, by hand), 3.4 % have fewer words: as many as are applications of a browser. */
const FEW_WORDS = 120;

/** A sentence where a page without rows is such a shell; null where it is not. */
export function shellNote(tree: Tree): string | null {
  const scripts = select(tree.$, null, "script").length;
  const words = countWords(textOf(select(tree.$, null, "body")));
  if (scripts === 0 || words >= FEW_WORDS) return null;
  return `the page has ${words} words and ${scripts === 1 ? "a script" : `${scripts} scripts`}: a browser may show more (\`render: "when-empty"\` in \`listing\`)`;
}
