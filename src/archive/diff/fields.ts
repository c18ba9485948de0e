/** What differs between two versions of an entry. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { EntryText } from "../archive-index.js";

/** A key of the front matter, or `path` for the content file, with its two values. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Keys whose values differ, in the order of the front matter. @param but keys that are left out */
export function fieldChanges(
  { data: from }: Pick<EntryText, "data">,
  { data: to }: Pick<EntryText, "data">,
  but: ReadonlySet<string>,
): FieldChange[] {
  const [old, now] = [from, to] as unknown as Readonly<Record<string, unknown>>[];
  const keys = new Set([...Object.keys(to), ...Object.keys(from)]);
  return [...keys]
    .filter((key) => !but.has(key))
    .map((field) => ({ field, from: old?.[field] ?? null, to: now?.[field] ?? null }))
    .filter((change) => JSON.stringify(change.from) !== JSON.stringify(change.to));
}

/** Edits after which two bodies count as nothing alike: the work grows with their square. */
const MOST_EDITS = 4000;

/**
 * The change of a body as a unified diff of its Markdown, with three lines of context.
 *
 * @param names paths of the content file before and after
 * @returns null when the bodies are equal but for line feeds at their ends
 */
export function bodyPatch(
  from: string,
  to: string,
  names: readonly [from: string, to: string],
): string | null {
  const [old, now] = [ended(from), ended(to)];
  if (old === now) return null;
  const [before, after] = [`a/${names[0]}`, `b/${names[1]}`];
  const options = { context: 3, maxEditLength: MOST_EDITS, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(before, after, old, now, undefined, undefined, options);
  return patch ?? replaced(before, after, old, now);
}

/** The same form for bodies that have nothing in common: all of one goes, all of the other comes. */
function replaced(before: string, after: string, old: string, now: string): string {
  const sides = [old, now].map((text) => (text === "" ? [] : text.slice(0, -1).split("\n")));
  const [less = [], more = []] = sides;
  const span = (lines: readonly string[]) => `${lines.length === 0 ? 0 : 1},${lines.length}`;
  return [
    `--- ${before}`,
    `+++ ${after}`,
    `@@ -${span(less)} +${span(more)} @@`,
    ...less.map((line) => `-${line}`),
    ...more.map((line) => `+${line}`),
    "",
  ].join("\n");
}

function ended(body: string): string {
  const text = body.replace(/\n+$/, "");
  return text === "" ? "" : `${text}\n`;
}
