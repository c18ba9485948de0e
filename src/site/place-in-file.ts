/** Where a key of a site file is: the line and column that an error points to. Pure. */

/**
 * Finds a key in the text of a JSON, JavaScript or TypeScript file.
 *
 * @param path keys from the outermost object, numbers for places in lists
 * @returns line and column from 1, of the deepest key of the path that is written out; null when none is
 */
export function placeInFile(
  text: string,
  path: readonly string[],
): { readonly line: number; readonly column: number } | null {
  let from = outermost(text, true);
  let found: number | null = null;
  if (from === null) return null;
  for (const key of path) {
    const at = memberAt(text, from, key);
    if (at === null) break;
    found = at.key;
    if (at.inside === null) break;
    from = at.inside;
  }
  if (found === null) return null;
  const before = text.slice(0, found).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where the inside of the outermost object begins. @param isJson it may be the first one of the text; null without one */
export function outermost(text: string, isJson: boolean): number | null {
  const begin = /\bdefineSite\s*\(\s*\{|\bexport\s+default\s*\{/.exec(text);
  if (begin !== null) return begin.index + begin[0].length;
  return isJson && text.includes("{") ? text.indexOf("{") + 1 : null;
}

/** A piece of such a file: a string, a comment, a word or a number, or a single sign. */
const PIECE =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\w$.+-]+|\S/g;

/**
 * A member of the object or list whose inside begins at a place.
 *
 * @returns where its key is, or its value in a list, where its value is, and the inside of that; null without one
 */
export function memberAt(text: string, from: number, wanted: string) {
  let depth = 0;
  let item = 0;
  let isStart = true;
  let name: { at: number; word: string } | null = null;
  for (const { piece, at: index } of pieces(text, from)) {
    if (depth === 0 && isStart && String(item) === wanted && !/^[\]})]/.test(piece))
      return { key: index, value: index, inside: /^[[{]/.test(piece) ? index + 1 : null };
    if (depth === 0 && piece === ":" && name?.word === wanted) {
      const value = /\S/.exec(text.slice(index + 1));
      const at = index + 1 + (value?.index ?? 0);
      return { key: name.at, value: at, inside: /^[[{]/.test(value?.[0] ?? "") ? at + 1 : null };
    }
    isStart = false;
    if (/^[[{(]$/.test(piece)) depth++;
    else if (/^[\]})]$/.test(piece) && depth-- === 0) return null;
    else if (depth === 0 && piece === ",") {
      item++;
      isStart = true;
    } else if (depth === 0 && /^["'\w$]/.test(piece))
      name = { at: index, word: piece.replace(/^["']|["']$/g, "") };
  }
  return null;
}

/** The pieces of a text from a place on, comments left out. */
export function* pieces(text: string, from: number) {
  for (const { 0: piece, index } of text.slice(from).matchAll(PIECE))
    if (!/^\/[/*]/.test(piece)) yield { piece, at: from + index };
}
