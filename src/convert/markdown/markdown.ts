// PLACEHOLDER until the real conversion lands here; the author of this folder overwrites it.
import render from "dom-serializer";
import type { ChildNode } from "domhandler";
import Turndown from "turndown";
import type { Loss } from "../../model.js";
export function convertNodes(
  nodes: readonly ChildNode[],
  _options: { baseUrl?: string },
): { markdown: string; losses: Loss[]; problem: string | null } {
  return { markdown: new Turndown().turndown(render([...nodes])), losses: [], problem: null };
}
