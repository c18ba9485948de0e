/** Turndown with a rule for each construct; it walks the light tree and joins what the rules write. */
import Turndown, { type Rule } from "turndown";
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
import { ruleRule } from "./rule.js";
import { cellRule, rowRule, tableRule } from "./table.js";
import { LightElement, LightRoot } from "./tree.js";

/** Most frequent last: Turndown asks the rules in turn, the one that was added last first. */
const RULES: Readonly<Record<string, Rule>> = {
  table: tableRule,
  row: rowRule,
  cell: cellRule,
  rule: ruleRule,
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

const engine = new Turndown();
// Text of the light tree is escaped where it stands, with its neighbours in sight (`escape.ts`).
engine.escape = (text) => text;
for (const [name, rule] of Object.entries(RULES)) engine.addRule(name, rule);

/**
 * The finished text, on its way through Turndown: behind the last rule Turndown trims with
 * `/\s+$/`, which takes 25 s on 120,000 no-break spaces, so it is given nothing to trim.
 */
let written = "";
engine.addRule("document", {
  filter: (node) => node.nodeName === "DOCUMENT",
  replacement: (content) => {
    written = trimLines(content);
    return "";
  },
});

/** Markdown of blocks of the light tree, without a line end behind it. */
export function write(blocks: readonly LightElement[]): string {
  engine.turndown(new LightRoot([new LightElement("document", {}, [...blocks])]) as never);
  return written;
}
