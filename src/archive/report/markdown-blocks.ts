/** Blocks of Markdown: lists, tables and code, with the words of a site escaped. Pure. */
import { inOneLine, withCode } from "./code-parts.js";

/** Items of a list that are each another thing; the rest is in account.json. */
const MOST = 100;

/** What repeats is shown by its number and so many examples. */
const EXAMPLES = 3;

/** A heading and its parts; nothing where all of them are empty. */
export function under(title: string, parts: readonly (readonly string[])[]): string[] {
  const all = parts.flat();
  return all.length === 0 ? [] : [title, ...all];
}

/** Items below a heading that counts them; nothing where there are none. @param why what they have in common */
export function part<T>(
  title: string,
  why: string,
  items: readonly T[],
  show: (item: T) => string,
) {
  return items.length === 0 ? [] : [`${title} (${items.length})`, why, list(items, show)];
}

export function list<T>(items: readonly T[], show: (item: T) => string, most = MOST): string {
  const lines = items.slice(0, most).map((item) => `- ${show(item)}`);
  const more = items.length - most;
  return [...lines, ...(more > 0 ? [`- and ${more} more, in account.json`] : [])].join("\n");
}

export function folded<T>(items: readonly T[], show: (item: T) => string): string[] {
  return list(items, show, EXAMPLES).split("\n");
}

export function table(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Words that no reader of Markdown takes for markup. */
export function escapeMarkdown(text: string): string {
  return inOneLine(text)
    .replace(/[\\`*_[\]<>|~&#{}]/g, "\\$&")
    .replace(/^\d+(?=[.)])|^(?=[-+=])/, "$&\\");
}

/** Escaped words, with what is between backticks as code, so that it can be copied. */
export function sentence(text: string): string {
  return withCode(text, code, escapeMarkdown);
}

/** Text as a code span; a `|` in it would end a table cell, so URLs are in lists alone. */
export function code(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
  return `${fence}${pad}${clean}${pad}${fence}`;
}
