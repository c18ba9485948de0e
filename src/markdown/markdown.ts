/** HTML to Markdown that loses nothing: the nodes of a page's only tree become a light tree, Turndown writes it, and the result is rendered back and compared. */
import type { ChildNode } from "domhandler";
import type { Loss } from "../model.js";
import { linkedIds } from "./anchors.js";
import { buildBlocks, type Context } from "./build.js";
import { countReferences, footnote, takeFootnotes } from "./footnotes.js";
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
  const context = contextOf(nodes, options, new Losses());
  const { markdown, problem } = prove(nodes, buildBlocks(nodes, context), context);
  return { markdown, losses: context.losses.list(), problem };
}

/**
 * Converts nodes, which are changed, with their footnotes as `[^1]`. The text and each note are
 * proved one by one: a reader of CommonMark alone takes `[^1]` for text, and so does the proof.
 *
 * @returns null where there are no footnotes, or none that can be told with certainty
 */
export function convertWithFootnotes(
  nodes: readonly ChildNode[],
  options: ConvertOptions,
): Converted | null {
  const losses = new Losses();
  const notes = takeFootnotes(nodes, losses);
  if (notes === null) return null;
  const context = contextOf([...nodes, ...notes.flat()], options, losses);
  const root = buildBlocks(nodes, context);
  const text = prove(nodes, root, context);
  if (countReferences(root) !== notes.length) return null;
  const proved = notes.map((note) => prove(note, buildBlocks(note, context), context));
  const written = proved.map(({ markdown }, at) => footnote(at + 1, markdown));
  const problem = [text, ...proved].find((part) => part.problem !== null)?.problem ?? null;
  const markdown = [text.markdown, ...written].filter((part) => part !== "").join("\n\n");
  return { markdown, losses: losses.list(), problem };
}

function contextOf(nodes: readonly ChildNode[], options: ConvertOptions, losses: Losses): Context {
  const base = options.baseUrl;
  const setting = { dir: options.direction ?? "ltr", lang: options.language ?? "" };
  return { base, linked: linkedIds(nodes, base), setting, losses };
}
