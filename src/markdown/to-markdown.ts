/** HTML to Markdown that loses nothing: the nodes of a page's only tree become a light tree, Turndown writes it, and the result is rendered back and compared. */
import type { AnyNode, ChildNode } from "domhandler";
import { embeddedImages } from "../extract/images.js";
import { parseFragment } from "../extract/tree.js";
import type { Anchor, EmbeddedImage, Loss } from "../model.js";
import { linkedIds } from "./anchors.js";
import { buildBlocks } from "./build.js";
import { countReferences, footnote, takeFootnotes } from "./footnotes.js";
import { Losses } from "./losses.js";
import { writeChecked } from "./round-trip.js";
import type { Context } from "./run.js";

export interface MarkdownOptions {
  /** URL that relative links and images start from; without it they stay relative. */
  readonly baseUrl?: string;
  /** Direction of the text; default `ltr`. Blocks of the other direction are kept in a `<div dir>`. */
  readonly direction?: "ltr" | "rtl";
  /** BCP 47 tag of the text; blocks in another language are kept in a `<div lang>`. */
  readonly language?: string;
  /** Footnotes as `[^1]`, where marks and notes are one to one; default false: links and anchors stay. */
  readonly footnotes?: boolean;
}

/** What is known of the text around nodes. */
type Surroundings = {
  readonly [Key in Exclude<keyof MarkdownOptions, "footnotes">]?: MarkdownOptions[Key] | undefined;
};

export interface Converted {
  readonly markdown: string;
  /** What did not become Markdown: dropped, flattened, or kept as HTML. */
  readonly losses: Loss[];
  /** A sentence when words of the source are not those of the Markdown; null when all are there. */
  readonly problem: string | null;
  readonly anchors: readonly Anchor[];
  /** Images whose bytes are in the source, where it has a URL. */
  readonly embedded: readonly EmbeddedImage[];
}

/**
 * Converts a fragment of HTML to Markdown (CommonMark with the tables, tasks and strikethrough of
 * GFM).
 *
 * @example toMarkdown("<p>A <b>bold</b> word</p>").markdown // "A **bold** word"
 * @throws when words of the fragment would be missing from the Markdown
 */
export function toMarkdown(
  html: string,
  options: MarkdownOptions = {},
): { markdown: string; losses: Loss[] } {
  // Footnotes are taken out of the tree; where they cannot be, a new tree is converted.
  const { markdown, losses, problem } =
    (options.footnotes && convertWithFootnotes(nodesOf(html), options)) ||
    convertNodes(nodesOf(html), options);
  if (problem !== null) throw new Error(problem);
  return { markdown, losses };
}

function nodesOf(html: string): ChildNode[] {
  return parseFragment(html).root()[0]?.children ?? [];
}

/** Converts nodes, which stay as they are. */
export function convertNodes(nodes: readonly ChildNode[], around: Surroundings = {}): Converted {
  const { baseUrl } = around;
  const embedded = baseUrl === undefined ? [] : embeddedImages(nodes, baseUrl);
  const context = contextOf(nodes, around, new Losses());
  const written = writeChecked(nodes, buildBlocks(nodes, context), context);
  return { ...written, losses: context.losses.list(), embedded };
}

/**
 * Converts nodes, which are changed, with their footnotes as `[^1]`. The text and each note are
 * checked one by one: a reader of CommonMark alone takes `[^1]` for text, and so does the check.
 *
 * @returns null where there are no footnotes, or none that are certain
 */
function convertWithFootnotes(
  nodes: readonly ChildNode[],
  around: Surroundings,
): Omit<Converted, "embedded" | "anchors"> | null {
  const losses = new Losses();
  const notes = takeFootnotes(nodes, losses);
  if (notes === null) return null;
  const context = contextOf([...nodes, ...notes.flat()], around, losses);
  const root = buildBlocks(nodes, context);
  const text = writeChecked(nodes, root, context);
  if (countReferences(root) !== notes.length) return null;
  const checked = notes.map((note) => writeChecked(note, buildBlocks(note, context), context));
  const written = checked.map(({ markdown }, at) => footnote(at + 1, markdown));
  const problem = [text, ...checked].find((part) => part.problem !== null)?.problem ?? null;
  const markdown = [text.markdown, ...written].filter((part) => part !== "").join("\n\n");
  return { markdown, losses: losses.list(), problem };
}

function contextOf(
  nodes: readonly AnyNode[],
  { baseUrl: base, direction: dir = "ltr", language: lang = "" }: Surroundings,
  losses: Losses,
): Context {
  return { base, linked: linkedIds(nodes, base), setting: { dir, lang }, losses };
}
