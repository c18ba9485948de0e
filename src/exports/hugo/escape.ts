/** What Hugo reads before Markdown does, wherever it is: shortcodes (`{{<`, `{{%`) and the mark that ends a summary. Written so that only Markdown reads it. */
import { firstPlace } from "../../text.js";
import { type Construct, editMarkdown } from "../markdown.js";

const CODE_BLOCKS = new Set(["codeFenced", "codeIndented"]);
const HTML = new Set(["htmlText", "htmlFlow"]);
/** All that follows the mark is left out of a list, and what is around it is cut in two: a code block loses its end. */
const SHORTCODE = /\{\{[<%]|<!--\s*more\s*-->/gi;

/**
 * Breaks up what Hugo would run as a shortcode or take for the end of a summary: its first sign becomes a character reference. References do
 * not work within code, so such code is written as HTML, where they do. What a reader sees is unchanged.
 */
export function escapeShortcodes(body: string, pattern = SHORTCODE): string {
  if (body.search(pattern) === -1) return body;
  const places = [...body.matchAll(pattern)].map(({ index }) => index);
  const starts = new Set(places);
  const holds = ({ start, text }: Construct) => {
    const next = places[firstPlace(places.length, (at) => (places[at] ?? 0) < start)];
    return next !== undefined && next < start + text.length;
  };
  const referenced = (construct: Construct) =>
    [...construct.text]
      .map((character, at) => (starts.has(construct.start + at) ? reference(character) : character))
      .join("");
  let block: CodeBlock | null = null;
  return editMarkdown(body, (construct) => {
    const { type, text, within } = construct;
    if (CODE_BLOCKS.has(type)) block = holds(construct) ? new CodeBlock(construct) : null;
    if (within.some((outer) => CODE_BLOCKS.has(outer))) return block?.edit(construct);
    if (!holds(construct)) return undefined;
    if (type === "codeText") return codeSpan(text);
    // A comment in HTML is one: its author's mark.
    if (HTML.has(type)) return text.startsWith("<!--") ? undefined : referenced(construct);
    if (type === "characterEscape") return reference(text[1] ?? "");
    if (type.startsWith("literalAutolink") || type === "autolink")
      return text.replaceAll("{", "%7B");
    return type === "data" || type === "characterEscapeValue" ? referenced(construct) : undefined;
  });
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** Within inline HTML Markdown is read, so everything that it could read is a reference. */
function encoded(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, reference);
}

/** https://spec.commonmark.org/0.31.2/#code-spans */
function codeSpan(source: string): string {
  const [ticks = ""] = /^`+/.exec(source) ?? [];
  const inner = source.slice(ticks.length, -ticks.length).replace(/\r\n|[\r\n]/g, " ");
  const text = /^ .*[^ ].* $/.test(inner) ? inner.slice(1, -1) : inner;
  // A table cell writes a bar as `\|`, in code too.
  return `<code>${encoded(text.replaceAll("\\|", "|"))}</code>`;
}

/**
 * A code block, rewritten as HTML line by line, so that the prefixes of a list or a quotation around it
 * stay. `<pre` ends on the line of the first text: a line break right after `<code>` would show.
 */
class CodeBlock {
  readonly #open: string;
  readonly #end: number;
  #lines = 0;
  #fences = 0;

  constructor({ type, text, start }: Construct) {
    const info =
      type === "codeFenced" ? (/^(?:`+|~+)(?![`~])[ \t]*([^\s`]+)/.exec(text)?.[1] ?? "") : "";
    this.#open = `<code${info === "" ? "" : ` class="language-${encoded(info)}"`}>`;
    this.#end = start + text.length;
  }

  edit({ type, text, start, within }: Construct): string | undefined {
    if (type === "codeFencedFence") return this.#fences++ === 0 ? "<pre" : "</code></pre>";
    if (type === "linePrefix" && within.at(-1) === "codeIndented") return "";
    if (type !== "codeFlowValue") return undefined;
    const first = this.#lines++ === 0;
    const before = !first ? "" : this.#fences === 0 ? `<pre>${this.#open}` : `>${this.#open}`;
    // Without a closing fence the end of the block closes it.
    const after = start + text.length === this.#end ? "</code></pre>" : "";
    return `${before}${text.replace(/[&<>{}]/g, reference)}${after}`;
  }
}
