/** HTML to Markdown that loses nothing: the nodes of a page's only tree become a light tree, Turndown writes it, and the result is rendered back and compared. */
import type { ChildNode } from "domhandler";
import type { Loss } from "../../model.js";
import { linkedIds } from "./anchors.js";
import { buildBlocks } from "./build.js";
import { Losses } from "./losses.js";
import { prove } from "./proof.js";

export interface ConvertOptions {
  /** Address that relative addresses start from; without it they stay relative. */
  readonly baseUrl?: string | undefined;
  /** Direction and language of the text around; what says the same inside says nothing. */
  readonly direction?: "ltr" | "rtl" | undefined;
  readonly language?: string | undefined;
}

export interface Converted {
  readonly markdown: string;
  /** What did not become Markdown: dropped, flattened, or kept as HTML. */
  readonly losses: Loss[];
  /** A sentence when words of the source are not those of the Markdown; null when all are there. */
  readonly problem: string | null;
}

/** Converts nodes, which stay as they are. */
export function convertNodes(nodes: readonly ChildNode[], options: ConvertOptions = {}): Converted {
  const base = options.baseUrl;
  const losses = new Losses();
  const setting = { dir: options.direction ?? "ltr", lang: options.language ?? "" };
  const context = { base, linked: linkedIds(nodes, base), setting, losses };
  const { markdown, problem } = prove(nodes, buildBlocks(nodes, context), context);
  return { markdown, losses: losses.list(), problem };
}
