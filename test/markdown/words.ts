/** The words of nodes by a walk of its own, to hold against those that the proof collects on its way. */
import type { AnyNode } from "domhandler";
import { isElement, traverse } from "../../src/extract/nodes.js";
import { isDropped } from "../../src/markdown/elements.js";
import { standIn } from "../../src/markdown/embeds.js";

export function wordsAlone(nodes: readonly AnyNode[]): string {
  const parts: string[] = [];
  const enter = (node: AnyNode): boolean => {
    if (node.type === "text") parts.push(node.data);
    if (!isElement(node) || isDropped(node) || node.name === "iframe") return false;
    const other = standIn(node);
    if (other !== null) traverse([other], enter);
    return other === null;
  };
  traverse(nodes, enter);
  return parts.join("").replace(/\s+/g, "");
}
