/** How each construct is written, as rules of Turndown on elements of the light tree. */
import { codeBlockRule } from "./code-block.js";
import { escapeDestination, escapeLines, escapeText, titlePart } from "./escape.js";
import { prefix, trimLines } from "./lines.js";
import { itemRule, listRule } from "./list.js";
import { openTag } from "./sanitise.js";
import { cellRule, rowRule, tableRule } from "./table.js";
import type { Rule } from "./tree.js";

/** Quotations: every line gets its mark, empty ones too, so that none falls out. */
const quote: Rule = {
  filter: "blockquote",
  replacement: (content) => `\n\n${prefix(trimLines(content), "> ")}\n\n`,
};

/** Headings: one line. Turndown cuts a heading in two at a break, and loses `#` at its end. */
const heading: Rule = {
  filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
  replacement: (content, { name }) =>
    `\n\n${"#".repeat(Number(name[1]))} ${content.replace(/(^|\s)(#+)$/, "$1\\$2")}\n\n`,
};

/** Paragraphs. What begins a block is escaped on the finished line: Turndown does it for each text node, and takes `1<span>. x</span>` for a list. */
const paragraph: Rule = {
  filter: "p",
  replacement: (content, { tight }) =>
    tight ? `\n${escapeLines(content)}\n` : `\n\n${escapeLines(content)}\n\n`,
};

/** Images. Text and title are on one line: a blank line in either would end the image. */
const image: Rule = {
  filter: "img",
  replacement: (_content, { attribs: { src = "", alt = "", title } }) => {
    const text = escapeText(alt.replace(/\s+/g, " ").trim(), true, false);
    return `![${text}](${escapeDestination(src)}${titlePart(title)})`;
  },
};

/** Links. Turndown leaves line ends and `&copy;` in a URL, and drops one that is empty. */
const link: Rule = {
  filter: "a",
  replacement: (content, { attribs: { href = "", title } }) =>
    `[${content}](${escapeDestination(href)}${titlePart(title)})`,
};

/** Code in a line. The fence is longer than any run of backticks inside, and blanks keep it apart from them. */
const code: Rule = {
  filter: "code",
  replacement: (content) => {
    const runs = new Set((content.match(/`+/g) ?? []).map(({ length }) => length));
    let length = 1;
    while (runs.has(length)) length++;
    const fence = "`".repeat(length);
    const space = /^`|`$/.test(content) ? " " : "";
    return `${fence}${space}${content}${space}${fence}`;
  },
};

/** Emphasis. Asterisks only: `in_tra_word` is not read. Where they would not be read, tags (`flanking.ts`). */
const delimited = (filter: "strong" | "em" | "del", delimiter: string): Rule => ({
  filter,
  replacement: (content) => `${delimiter}${content}${delimiter}`,
});

/** What stays HTML: blocks written by `sanitise.ts`. */
const raw: Rule = {
  filter: ({ html }) => html !== null,
  replacement: (_content, { name, html }) => (name === "raw" ? `\n\n${html}\n\n` : (html ?? "")),
};

/**
 * A block's tags are alone between blank lines, so that what is between them is read as Markdown.
 * Kramdown (Jekyll), Markdown Extra and Python-Markdown read it only where the tag asks for it.
 */
const tags: Rule = {
  filter: ({ tags }) => tags,
  replacement: (content, element) => {
    const open = openTag(element, element.name, undefined);
    const close = `</${element.name}>`;
    if (element.name !== "div" && element.name !== "details") return open + content + close;
    return `\n\n${open.slice(0, -1)} markdown="1">\n\n${trimLines(content)}\n\n${close}\n\n`;
  },
};

/** A box to tick at the start of an item (GFM 5.3); any other is among the tags above. */
const task: Rule = {
  filter: ({ name, tight }) => name === "input" && tight,
  replacement: (_content, { attribs }) => (attribs.checked === undefined ? "[ ] " : "[x] "),
};

/** Most frequent last: Turndown tries the rules in turn, the one that was added last first. */
export const RULES: Readonly<Record<string, Rule>> = {
  table: tableRule,
  row: rowRule,
  cell: cellRule,
  // Three hyphens would begin front matter at the top, and make a heading of text above.
  thematicBreak: { filter: "hr", replacement: () => "\n\n***\n\n" },
  codeBlock: codeBlockRule,
  quote,
  heading,
  list: listRule,
  item: itemRule,
  image,
  code,
  // Two tildes: one is read by GitHub alone.
  del: delimited("del", "~~"),
  em: delimited("em", "*"),
  // Two blanks at the end of a line, as Turndown writes them, are lost by editors and between two breaks.
  break: { filter: "br", replacement: () => "\\\n" },
  strong: delimited("strong", "**"),
  link,
  paragraph,
  tags,
  raw,
  task,
};
