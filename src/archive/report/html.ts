/** Pieces of a page that is HTML and well-formed XML: escaped words, tables, sections. Pure. */
import { cut } from "../../text.js";
import { codeParts, inOneLine, withCode } from "./code-parts.js";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Words of a site as text or as the value of an attribute, in one line. */
export function escapeHtml(text: string): string {
  return inOneLine(text).replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}

/** Characters of one text: a page of 200 kB is to hold all of them. */
const LONGEST = 240;

/** Words of a site, whichever way they run, cut where they are long. */
export function bdi(text: string): string {
  return `<bdi>${escapeHtml(cut(text, LONGEST))}</bdi>`;
}

export function code(text: string): string {
  return `<code>${bdi(text)}</code>`;
}

/** What is to be copied: half of it would be of no use. */
export function snippet(text: string): string {
  return `<code><bdi>${escapeHtml(text)}</bdi></code>`;
}

/** Words with what is between backticks as code. */
export function prose(text: string): string {
  return withCode(text, snippet, escapeHtml);
}

/** Characters of a sentence with what is to be copied in it. */
const LONGEST_SENTENCE = 4000;

/** A sentence that holds words of a site: its words are cut where they are long, and what is to be copied is not. */
export function sentence(text: string): string {
  const parts = text.length > LONGEST_SENTENCE ? [cut(text, LONGEST)] : codeParts(text);
  const short = parts.map((part, at) => (at % 2 === 1 ? `\`${part}\`` : cut(part, LONGEST)));
  return `<bdi>${prose(short.join(""))}</bdi>`;
}

/** A cell: a number, which is right-aligned, null for one that is not known, or HTML. */
export type Cell = number | string | null;

/**
 * A table whose first column names its rows.
 *
 * @param caption HTML
 * @param head HTML of each heading
 */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const cell = (one: Cell, at: number) =>
    at === 0
      ? `<th scope="row">${one}</th>`
      : isNumber(one)
        ? `<td class="n">${one ?? "–"}</td>`
        : `<td>${one}</td>`;
  const heads = head.map(
    (one, at) => `<th scope="col"${isNumber(rows[0]?.[at]) ? ' class="n"' : ""}>${one}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  const label = `aria-label="${caption.replace(/<[^>]*>/g, "")}"`;
  // The words are outside what scrolls, so that they stay in sight.
  return `<p class="caption">${caption}</p><div class="wide" tabindex="0" role="group" ${label}><table ${label}><thead><tr>${heads.join("")}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === "number" || cell === null;
}

/** A section of the page; nothing where it has no content. */
export function section(id: string, title: string, ...content: readonly string[]): string {
  const held = content.filter((one) => one !== "");
  return held.length === 0
    ? ""
    : `<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${title}</h2>\n${held.join("\n")}\n</section>`;
}

/** A picture, what its colours mean, and its table. */
export function figure(picture: string, ...below: readonly string[]): string {
  return `<figure>${picture}${below.join("\n")}</figure>`;
}

export function more(all: number, shown: number, element: "li" | "p"): string {
  return all > shown ? `<${element}>and ${all - shown} more, in account.json</${element}>` : "";
}
