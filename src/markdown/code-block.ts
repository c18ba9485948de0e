/**
 * Preformatted text. Turndown knows `<pre><code>` only: `<pre>` alone (all that Drupal's filters
 * write) became a paragraph, and of two `<code>` in one `<pre>` the second was lost.
 */
import type { ChildNode, Element } from "domhandler";
import { isElement, names, parentOf, sourceText, traverse } from "../extract/nodes.js";
import { hasOwnLine, isDropped } from "./elements.js";
import { LightElement, LightText, type Rule } from "./tree.js";

const NOT_TEXT = names("img iframe video audio object embed table math input");

/**
 * A code block for a `<pre>`: its lines as they are shown, with the language of the code.
 *
 * @returns "html" when it holds more than text; null when it holds none
 */
export function codeBlock(pre: Element): LightElement | "html" | null {
  let isText = true;
  traverse(pre.children, (node) => {
    if (!isElement(node) || isDropped(node)) return false;
    if (NOT_TEXT.has(node.name)) isText = false;
    return isText;
  });
  if (!isText) return "html";
  const text = preText(pre);
  const lang = codeLanguage(pre);
  if (text.trim() === "") return null;
  return new LightElement("pre", lang === null ? {} : { lang }, [new LightText(text)]);
}

/**
 * Text of a `<pre>` as a page shows it. Many highlighters write no line ends: each line is a `div`, an item, a `code` or
 * a `span` that is set as a block.
 */
export function preText(pre: Element): string {
  const parts: string[] = [];
  /** True where a line has to begin before the next text. */
  let isDue = false;
  const due = () => {
    isDue = parts.length > 0 && parts.at(-1)?.endsWith("\n") === false;
  };
  const add = (text: string) => {
    if (text === "") return;
    parts.push(isDue ? `\n${text}` : text);
    isDue = false;
  };
  traverse(pre.children, (node) => {
    if (node.type === "text" && !isBetweenLines(node)) add(node.data.replace(/\r\n?/g, "\n"));
    if (!isElement(node) || isDropped(node)) return false;
    if (node.name === "br") add("\n");
    if (!isLineOfCode(node)) return true;
    due();
    return due;
  });
  return parts.join("").replace(/\n$/, "");
}

/** True for an element of a `pre` that is a line of its own. */
export function isLineOfCode(node: ChildNode | null): boolean {
  if (node === null || !isElement(node)) return false;
  return hasOwnLine(node) || (node.name === "code" && [node.prev, node.next].some(isCode));
}

function isCode(node: ChildNode | null): boolean {
  return node !== null && isElement(node) && node.name === "code";
}

/** The line end that a source has between two lines which begin and end by themselves. */
function isBetweenLines({ data, prev, next }: ChildNode & { data: string }): boolean {
  const around = [prev, next].filter((node) => node !== null);
  return (
    around.length > 0 &&
    data.trim() === "" &&
    data.split("\n").length === 2 &&
    around.every(isLineOfCode)
  );
}

/** Class names by which highlighters and editors name the language. */
const LANGUAGES: readonly RegExp[] = [
  /(?:^|\s)lang(?:uage)?[-:]([^\s`;]+)/,
  /(?:^|[\s;])brush\s*:\s*([\w+#.-]+)/,
  /(?:^|\s)highlight-(?:source|text)-([\w+#]+)/,
  /(?:^|\s)highlight-([\w+#]+)(?=\s|$)/,
  /(?:^|\s)(?:src|geshifilter|sh)[-_]([\w+#-]+)/,
];
/** What highlighters call their blocks, the language in the word beside it. */
const HIGHLIGHTER = /^(hljs|highlight|sourceCode|prettyprint|codehilite|syntax|geshifilter)$/;
const NO_LANGUAGE =
  /^(none|plain|plaintext|undefined|default|nohighlight|linenums|copyable|notranslate|wrap|code|wrapper|block|area|container|table|fade|prettyprinted|number(Source|Lines)|hljs|highlight)$/;
const LANGUAGE_DATA = ["lang", "language", "enlighter-language", "code-language"];

/** The language of code: of its `code`, of the `pre`, or of one of two elements around that hold nothing else; null where none is named. */
function codeLanguage(pre: Element): string | null {
  const code = pre.children.find((node) => isElement(node) && node.name === "code");
  const parent = parentOf(pre);
  const inner = [code as Element | undefined, pre].map((one) => (one ? languageIn(one) : null));
  const around = [parent, parent && parentOf(parent)].map((one) => {
    const language = one && languageIn(one);
    return language && holdsOnly(one, pre) ? language : null;
  });
  return [...inner, ...around].find((language) => language !== null) ?? null;
}

function languageIn({ attribs }: Element): string | null {
  const words = attribs.class?.split(/\s+/) ?? [];
  const at = words.findIndex((word) => HIGHLIGHTER.test(word));
  const beside = at === -1 ? [] : [words[at + 1], words[at - 1]];
  const named = [
    ...LANGUAGES.map((pattern) => pattern.exec(attribs.class ?? "")?.[1]),
    ...LANGUAGE_DATA.map((name) => attribs[`data-${name}`]?.trim()),
    ...beside.map((word) => (word !== undefined && /^[a-z][\w+#]*$/.test(word) ? word : undefined)),
  ];
  const isOne = (name: string | undefined) =>
    name && !NO_LANGUAGE.test(name) && !/[\s`]/.test(name);
  return named.find(isOne) ?? null;
}

/** True when an element holds no words but those of the code. */
function holdsOnly(element: Element, pre: Element): boolean {
  if (!/^(div|figure|section|span)$/.test(element.name)) return false;
  if (element.children.filter(isElement).length > 3) return false;
  const length = (of: Element) => sourceText([of]).replace(/\s+/g, "").length;
  return length(element) === length(pre);
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
