/**
 * Preformatted text. Turndown knows `<pre><code>` only: `<pre>` alone (all that Drupal's filters
 * write) became a paragraph, and of two `<code>` in one `<pre>` the second was lost.
 */
import type { Element } from "domhandler";
import { isElement, names, traverse } from "../extract/nodes.js";
import { isDropped } from "./elements.js";
import { LightElement, LightText, type Rule } from "./tree.js";

const NOT_TEXT = names("img iframe video audio object embed table math input");

/**
 * A code block for a `<pre>`: its text as it is, the language of its `<code>` class.
 *
 * @returns "html" when it holds more than text; null when it holds none
 */
export function codeBlock(pre: Element): LightElement | "html" | null {
  const parts: string[] = [];
  let isText = true;
  traverse(pre.children, (node) => {
    if (node.type === "text") parts.push(node.data);
    if (!isElement(node) || isDropped(node)) return false;
    if (node.name === "br") parts.push("\n");
    if (NOT_TEXT.has(node.name)) isText = false;
    return true;
  });
  const text = parts.join("").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!isText) return "html";
  if (text.trim() === "") return null;
  return new LightElement("pre", infoOf(pre), [new LightText(text)]);
}

/** The language of the code, as `lang`. */
function infoOf(pre: Element): Record<string, string> {
  const code = pre.children.filter(isElement).find(({ name }) => name === "code");
  const found = /(?:^|\s)lang(?:uage)?-([^\s`]+)/.exec(code?.attribs.class ?? "");
  return found?.[1] === undefined ? {} : { lang: found[1] };
}

/** The fence is longer than any run of backticks inside. */
export const codeBlockRule: Rule = {
  filter: "pre",
  replacement: (content, { attribs }) => {
    const runs = content.match(/`{3,}/g) ?? [];
    const fence = "`".repeat(
      runs.reduce((longest, { length }) => Math.max(longest, length + 1), 3),
    );
    return `\n\n${fence}${attribs.lang ?? ""}\n${content}\n${fence}\n\n`;
  },
};
