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

/** Where the value of a member begins. @param from inside of an object or list; null without the member */
export function memberOf(
  text: string,
  from: number,
  key: string,
): { readonly value: number } | null {
  const found = memberAt(text, from, key);
  return found === null ? null : { value: found.value };
}

/** A piece of such a file: a string, a comment, a name, or a single sign. */
const PIECE =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\w$-]+|\S/gy;

/**
 * A member of the object or list whose inside begins at a place.
 *
 * @returns where its key is, or its value in a list, and where the inside of its value begins; null without one
 */
function memberAt(text: string, from: number, wanted: string) {
  let depth = 0;
  let item = 0;
  let isStart = true;
  let name: { at: number; word: string } | null = null;
  for (const { 0: piece, index } of pieces(text, from)) {
    if (piece.startsWith("//") || piece.startsWith("/*")) continue;
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

function* pieces(text: string, from: number) {
  const space = /\s*/gy;
  for (let at = from; at < text.length; ) {
    space.lastIndex = at;
    space.exec(text);
    PIECE.lastIndex = space.lastIndex;
    const found = PIECE.exec(text);
    if (found === null) return;
    at = PIECE.lastIndex;
    yield found;
  }
}
