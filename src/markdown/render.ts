/** Markdown back to a tree, as a reader of the archive would render it: CommonMark, raw HTML, and GFM's tables, strikethrough and tasks. */
import type { ChildNode } from "domhandler";
import MarkdownIt from "markdown-it";
import { parseFragment } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";
import { nodesOf, runsOf, TASK } from "./token-tree.js";

const renderer = new MarkdownIt({ html: true });
// Addresses are compared as they are written; unsafe ones were dropped before.
renderer.validateLink = () => true;
renderer.normalizeLink = (url) => url;

/** Tasks (GFM 5.3), which markdown-it leaves as text. An escaped bracket is a token of its own here. */
renderer.core.ruler.after("inline", "task", ({ tokens, Token }) => {
  tokens.forEach((token, at) => {
    const [first] = token.children ?? [];
    const isFirst =
      tokens[at - 1]?.type === "paragraph_open" && tokens[at - 2]?.type === "list_item_open";
    const found = isFirst && first?.type === "text" ? /^\[([ xX])\]\s/.exec(first.content) : null;
    if (found === null || first === undefined) return;
    const box = new Token(TASK, "", 0);
    box.content = found[1] === " " ? "" : "x";
    first.content = first.content.slice(found[0].length);
    token.children?.unshift(box);
  });
});

renderer.renderer.rules[TASK] = (tokens, at) =>
  `<input type="checkbox"${tokens[at]?.content === "" ? "" : " checked"}>`;

export function render(markdown: string): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (const [holdsHtml, tokens] of runsOf(renderer.parse(markdown, {}))) {
    const run = holdsHtml
      ? parse(renderer.renderer.render(tokens, renderer.options, {}))
      : nodesOf(tokens);
    for (const node of run) nodes.push(node);
  }
  return nodes;
}

/** HTML of ours to nodes, for comparison only: it never becomes the source of a conversion. */
export function parse(html: string): ChildNode[] {
  return parseFragment(html, { treeAdapter: adapter }).children as ChildNode[];
}
