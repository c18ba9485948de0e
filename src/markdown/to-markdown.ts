/** The front door to the Markdown conversion alone, for any fragment of HTML. */

import { parseFragment } from "../extract/tree.js";
import type { Loss } from "../model.js";
import { type Converted, convertNodes, convertWithFootnotes } from "./markdown.js";

type Nodes = Parameters<typeof convertNodes>[0];

export interface MarkdownOptions {
  /** Address that relative links and images start from; without it they stay relative. */
  readonly baseUrl?: string;
  /** Direction of the text; default `ltr`. Blocks of the other direction are kept in a `<div dir>`. */
  readonly direction?: "ltr" | "rtl";
  /** BCP 47 tag of the text; blocks in another language are kept in a `<div lang>`. */
  readonly language?: string;
  /** Footnotes as `[^1]`, where marks and notes are one to one; default false: links and places stay. */
  readonly footnotes?: boolean;
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
  const { markdown, losses, problem } = convert(html, options);
  if (problem !== null) throw new Error(problem);
  return { markdown, losses };
}

function convert(html: string, options: MarkdownOptions): Converted {
  // Footnotes are taken out of the tree, so the way back is a tree of its own.
  const withFootnotes = options.footnotes && convertWithFootnotes(nodesOf(html), options);
  return withFootnotes || convertNodes(nodesOf(html), options);
}

function nodesOf(html: string): Nodes {
  return (parseFragment(html).root()[0]?.children ?? []) as Nodes;
}
