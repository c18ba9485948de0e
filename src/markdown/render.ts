/** Markdown back to a tree, as a reader of the archive would render it: CommonMark, raw HTML, and GFM's tables, strikethrough and tasks. */
import { type ChildNode, Element, Text } from "domhandler";
import MarkdownIt, { type Token } from "markdown-it";
import { parseFragment } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";
import { VOID } from "./elements.js";

/** A box to tick as a token, its content `x` where it is ticked. */
const TASK = "task";

const renderer = new MarkdownIt({ html: true });
// URLs are compared as they are written; unsafe ones were dropped before.
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

/**
 * Nodes of tokens that hold no HTML, made without HTML in between: writing HTML and reading it again
 * was half the time of a conversion. Only tokens that hold HTML go to a parser.
 */
function nodesOf(tokens: readonly Token[]): ChildNode[] {
  const root = new Element("root", {});
  let top = root;
  const add = (node: ChildNode) => {
    node.parent = top;
    top.children.push(node);
  };
  const walk = (row: readonly Token[]) => {
    for (const token of row) {
      if (token.type === "inline") walk(token.children ?? []);
      else if (token.nesting === 0) for (const node of leavesOf(token)) add(node);
      // A paragraph of a tight list is bare text.
      else if (token.hidden) add(new Text("\n"));
      else if (token.nesting === -1) top = top.parent as Element;
      else {
        const element = new Element(token.tag, attributesOf(token));
        add(element);
        top = element;
      }
    }
  };
  walk(tokens);
  return root.children;
}

function leavesOf(token: Token): ChildNode[] {
  switch (token.type) {
    case "softbreak":
      return [new Text("\n")];
    case "hardbreak":
      return [new Element("br", {})];
    case "hr":
      return [new Element("hr", {})];
    case "code_inline":
      return [new Element("code", {}, [new Text(token.content)])];
    case "code_block":
    case "fence":
      return [new Element("pre", {}, [new Text(token.content)])];
    case "image":
      return [new Element("img", { ...attributesOf(token), alt: altOf(token) })];
    case TASK:
      return [new Element("input", { type: "checkbox", ...(token.content && { checked: "" }) })];
    default:
      return [new Text(token.content)];
  }
}

/** markdown-it writes the start of a list as a number. */
function attributesOf({ attrs }: Token): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of attrs ?? []) attributes[name] = String(value);
  return attributes;
}

/** What CommonMark calls the plain text of an image's description. */
function altOf({ children }: Token): string {
  return (children ?? [])
    .map((token) => {
      if (token.type === "image") return altOf(token);
      return /break$/.test(token.type) ? "\n" : token.content;
    })
    .join("");
}

/**
 * Tokens cut into runs, each true when it holds HTML. HTML may open in one block and close in a
 * later one; a run lasts until every tag that was opened in it is closed.
 */
function* runsOf(tokens: readonly Token[]): Generator<[boolean, Token[]]> {
  const open: string[] = [];
  let run: Token[] = [];
  let holdsHtml = false;
  let before: Token[] = [];
  for (const token of tokens) {
    run.push(token);
    for (const part of [token, ...(token.children ?? [])]) {
      if (!part.type.startsWith("html_")) continue;
      holdsHtml = true;
      follow(part.content, open);
    }
    if (token.level > 0 || token.nesting === 1) continue;
    if (holdsHtml) {
      if (open.length > 0) continue;
      if (before.length > 0) yield [false, before];
      before = [];
      yield [true, run];
    } else for (const each of run) before.push(each);
    run = [];
    holdsHtml = false;
  }
  if (before.length > 0) yield [false, before];
  if (run.length > 0) yield [true, run];
}

/** Counts tags that are open. What closes nothing, or is not a tag, leaves one open for good. */
function follow(html: string, open: string[]): void {
  if (/<[!?]/.test(html)) open.push("!");
  for (const [, slash, name = ""] of html.matchAll(/<(\/?)([a-z][a-z\d-]*)/gi)) {
    const tag = name.toLowerCase();
    if (slash === "") {
      if (!VOID.has(tag)) open.push(tag);
    } else if (open.at(-1) === tag) open.pop();
    else open.push("!");
  }
}
