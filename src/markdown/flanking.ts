/**
 * Where asterisks would not be read as emphasis, tags are written. CommonMark 6.2 looks at the
 * characters on both sides of a delimiter: `这是**“重点”**内容` and `**Note:**text` show asterisks.
 * This concerns Chinese and Japanese (no spaces), quotation marks, and a colon inside the bold.
 */
import type { ChildNode } from "domhandler";
import { LightElement, LightText } from "./tree.js";

const EMPHASIS = new Set(["strong", "em", "del"]);
const SPACE = /[\s\u00a0]/;
/** Symbols count as punctuation since CommonMark 0.31 only; both readings are allowed for. */
const PERHAPS_PUNCTUATION = /[\p{P}\p{S}]/u;
const SURELY_PUNCTUATION = /\p{P}/u;

/** Marks the emphasis below `nodes` that needs tags. @param before, after the characters around them; "" at the edge of a line */
export function chooseDelimiters(nodes: readonly ChildNode[], before = "", after = ""): void {
  nodes.forEach((node, at) => {
    if (!(node instanceof LightElement) || node.html !== null) return;
    const previous = nodes[at - 1];
    const next = nodes[at + 1];
    const left = previous === undefined ? before : edge(previous, "end");
    const right = next === undefined ? after : edge(next, "start");
    if (EMPHASIS.has(node.name)) {
      const delimiter = node.name === "del" ? "~" : "*";
      const first = edge(node.children[0], "start");
      const last = edge(node.children.at(-1), "end");
      const touches =
        (previous !== undefined && left === delimiter) || (next !== undefined && isDelimited(next));
      node.tags ||= touches || !flanks(left, first) || !flanks(right, last);
    }
    const [open, close] = tokens(node);
    chooseDelimiters(node.children, open, close);
  });
}

/** An emphasis right after this one: nobody can say which of the two the asterisks belong to. */
function isDelimited(node: ChildNode): boolean {
  return node instanceof LightElement && EMPHASIS.has(node.name) && !node.tags;
}

/** True when a delimiter between `outside` and `inside` is read as one. */
function flanks(outside: string, inside: string): boolean {
  if (inside === "" || SPACE.test(inside)) return false;
  if (!PERHAPS_PUNCTUATION.test(inside)) return true;
  return outside === "" || SPACE.test(outside) || SURELY_PUNCTUATION.test(outside);
}

/** Last or first character that a node is written with. */
function edge(node: ChildNode | undefined, side: "start" | "end"): string {
  if (node === undefined) return "";
  if (node instanceof LightText) {
    const points = side === "start" ? [...node.data.slice(0, 2)] : [...node.data.slice(-2)];
    return (side === "start" ? points[0] : points.at(-1)) ?? "";
  }
  if (!(node instanceof LightElement)) return "";
  if (node.name === "br") return " ";
  return tokens(node)[side === "start" ? 0 : 1];
}

/** What an element begins and ends with. */
function tokens(node: LightElement): [string, string] {
  if (node.html !== null || node.tags) return ["<", ">"];
  if (node.name === "a") return ["[", "]"];
  if (node.name === "img") return ["!", ")"];
  if (node.name === "code") return ["`", "`"];
  return node.name === "del" ? ["~", "~"] : ["*", "*"];
}
