/** Turndown with a rule for each construct; it walks the light tree and joins what the rules write. */
import Turndown from "turndown";
import { elementsOf } from "../extract/nodes.js";
import type { Anchor } from "../model.js";
import { trimLines } from "./lines.js";
import { RULES } from "./rules.js";
import { idsOf, LightElement, LightRoot, type Rule } from "./tree.js";

/**
 * The finished text, on its way through Turndown: after the last rule Turndown trims with
 * `/\s+$/`, which takes 25 s on 120,000 no-break spaces, so it is given nothing to trim.
 */
let document = "";
const documentRule: Rule = {
  filter: "document",
  replacement: (content) => {
    document = trimLines(content);
    return "";
  },
};

const turndown = new Turndown();
// Text of the light tree is escaped already, with its neighbours in sight (`escape.ts`).
turndown.escape = (text) => text;
// Turndown's types name elements of a browser's DOM.
for (const [name, rule] of Object.entries({ document: documentRule, ...RULES }))
  turndown.addRule(name, markingIds(rule) as unknown as Turndown.Rule);

/** Begins a block with ids; no text of a page holds it. */
const MARK = "\0";
/** Blocks whose anchors are in their text; those of others are in a paragraph before them. */
const HOLDS_TEXT = /^(p|h[1-6]|td)$/;

/** The same rule; where a block has ids, a mark is put before its text. Other blocks are written as without. */
function markingIds({ filter, replacement }: Rule): Rule {
  return {
    filter,
    replacement: (content, element) => {
      const text = replacement(content, element);
      if (element.ids.length === 0) return text;
      const before = HOLDS_TEXT.test(element.name) ? /^\n*(?:#{1,6} |\| |\[[ x]\] )?/ : /^\n*/;
      return text.replace(before, `$&${MARK}`);
    },
  };
}

export interface Written {
  /** Without a line end after it. */
  readonly markdown: string;
  readonly anchors: readonly Anchor[];
}

/** Markdown of blocks of the light tree, and where their ids would be. */
export function write(blocks: readonly LightElement[]): Written {
  turndown.turndown(new LightRoot([new LightElement("document", {}, blocks)]) as never);
  const parts = document.split(MARK);
  const anchors: Anchor[] = [];
  const marked =
    parts.length === 1 ? [] : elementsOf(blocks).filter((block) => idsOf(block).length > 0);
  let at = 0;
  /** The line that a mark is in, as far as it. */
  let line = "";
  for (const [which, block] of marked.entries()) {
    const part = parts[which] ?? "";
    at += part.length;
    line = (line + part).slice((line + part).lastIndexOf("\n") + 1);
    const gap = HOLDS_TEXT.test(block.name) ? "" : gapAfter(line);
    for (const id of idsOf(block)) anchors.push({ at, id, gap });
  }
  return { markdown: parts.join(""), anchors };
}

/** What sets a paragraph that begins where a block does apart from it, in the same quotations and items. */
function gapAfter(line: string): string {
  const indent = line.replace(/[^\s>]/g, " ");
  return `\n${indent.trimEnd()}\n${indent}`;
}
