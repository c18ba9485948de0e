/** The words of a row or a page, whatever a site file reads of them, as a hash. */
import { hash } from "node:crypto";
import type { AnyNode } from "domhandler";
import { isElement, singleBlanks } from "./nodes.js";

/** What has no words of the article: what is not shown, forms, and what HTML itself calls beside the point. */
const BESIDE = new Set(
  "script style noscript template svg head nav footer aside form select button iframe".split(" "),
);

/** Elements within a line of text; all others end one. */
const INLINE = new Set(
  "a abbr b bdi bdo cite code del em font i ins kbd mark q s small span strong sub sup time u wbr".split(
    " ",
  ),
);

/** Words of a line from which on its numbers count: in a shorter one they are counters, prices and dates of the day. */
const SENTENCE = 8;

/**
 * Hash of the words of a node: it tells an article that was edited on the site from one that is read in another way.
 *
 * Not counted is what changes from visit to visit: short lines with a number (`277 reads`), and on a page the words of
 * links, of which menus and lists of other articles are made. So a change that is only there is not seen.
 *
 * @param isPage whether links are left out
 * @returns 16 hexadecimal digits
 */
export function wordsFingerprint(root: AnyNode, isPage = false): string {
  const lines: string[] = [];
  let line = "";
  const end = () => {
    const words = singleBlanks(line).trim();
    line = "";
    if (words === "" || (isShort(words) && /\p{Nd}/u.test(words))) return;
    lines.push(words, "\n");
  };
  // A null ends the line of the element before it.
  const todo: (AnyNode | null)[] = [root];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node === null) end();
    else if (node.type === "text") line += node.data;
    else if (isElement(node) && (BESIDE.has(node.name) || (isPage && node.name === "a")))
      line += " ";
    else if ("children" in node) {
      if (!isElement(node) || !INLINE.has(node.name)) {
        end();
        todo.push(null);
      }
      for (let at = node.children.length - 1; at >= 0; at--)
        todo.push(node.children[at] as AnyNode);
    }
  }
  end();
  return hash("sha256", lines.join("")).slice(0, 16);
}

function isShort(words: string): boolean {
  let blanks = 0;
  for (let at = words.indexOf(" "); at >= 0; at = words.indexOf(" ", at + 1))
    if (++blanks >= SENTENCE - 1) return false;
  return true;
}
