/** Turndown with a rule for each construct; it walks the light tree and joins what the rules write. */
import Turndown from "turndown";
import { breakRule } from "./break.js";
import { codeRule } from "./code.js";
import { codeBlockRule } from "./code-block.js";
import { delRule, emRule, strongRule } from "./emphasis.js";
import { headingRule } from "./heading.js";
import { rawRule, tagsRule, taskRule } from "./html.js";
import { imageRule } from "./image.js";
import { trimLines } from "./lines.js";
import { linkRule } from "./link.js";
import { itemRule, listRule } from "./list.js";
import { paragraphRule } from "./paragraph.js";
import { quoteRule } from "./quote.js";
import { cellRule, rowRule, tableRule } from "./table.js";
import { thematicBreakRule } from "./thematic-break.js";
import { LightElement, LightRoot, type Rule } from "./tree.js";

/**
 * The finished text, on its way through Turndown: after the last rule Turndown trims with
 * `/\s+$/`, which takes 25 s on 120,000 no-break spaces, so it is given nothing to trim.
 */
let written = "";
const documentRule: Rule = {
  filter: "document",
  replacement: (content) => {
    written = trimLines(content);
    return "";
  },
};

/** Most frequent last: Turndown tries the rules in turn, the one that was added last first. */
const RULES: Readonly<Record<string, Rule>> = {
  document: documentRule,
  table: tableRule,
  row: rowRule,
  cell: cellRule,
  thematicBreak: thematicBreakRule,
  codeBlock: codeBlockRule,
  quote: quoteRule,
  heading: headingRule,
  list: listRule,
  item: itemRule,
  image: imageRule,
  code: codeRule,
  del: delRule,
  em: emRule,
  break: breakRule,
  strong: strongRule,
  link: linkRule,
  paragraph: paragraphRule,
  tags: tagsRule,
  raw: rawRule,
  task: taskRule,
};

const turndown = new Turndown();
// Text of the light tree is escaped already, with its neighbours in sight (`escape.ts`).
turndown.escape = (text) => text;
// Turndown's types name elements of a browser's DOM.
for (const [name, rule] of Object.entries(RULES))
  turndown.addRule(name, rule as unknown as Turndown.Rule);

/** Markdown of blocks of the light tree, without a line end after it. */
export function write(blocks: readonly LightElement[]): string {
  turndown.turndown(new LightRoot([new LightElement("document", {}, blocks)]) as never);
  return written;
}
