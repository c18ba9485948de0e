/** The text of a site file: where a key is in it, and values written into it while the rest stays as it is. Pure. */

export interface Value {
  /** Keys from the outermost object, numbers for places in lists. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * @param isJson keys are quoted
 * @returns null where a place holds code, which is not for a program to change: a name, a call, a spread
 */
export function rewritten(text: string, values: readonly Value[], isJson: boolean): string | null {
  let now = text;
  for (const one of values) {
    const next = withOne(now, one, isJson);
    if (next === null) return null;
    now = next;
  }
  return now;
}

/** A list longer than this has a line for each of its values. */
const LONGEST = 80;

/** A value as it is pasted into a site file. @param indent of the line that it is on */
export function written(value: unknown, isJson: boolean, indent = ""): string {
  if (Array.isArray(value)) {
    const all = value.map((one) => written(one, isJson));
    const line = `[${all.join(", ")}]`;
    if (line.length <= LONGEST || all.length === 1) return line;
    return `[\n${all.map((one) => `${indent}  ${one}`).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, one]) => `${keyText(key, isJson)}: ${written(one, isJson, indent)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function keyText(key: string, isJson: boolean): string {
  return isJson || !/^[A-Za-z_$][\w$]*$/.test(key) ? JSON.stringify(key) : key;
}

function withOne(text: string, { path, value }: Value, isJson: boolean): string | null {
  let inside = outermost(text, isJson);
  if (inside === null) return null;
  for (const [depth, key] of path.entries()) {
    const member = memberAt(text, inside, key);
    const rest = path.slice(depth + 1);
    // What is spread after it would go before it.
    if (member === null && hasSpread(text, inside)) return null;
    if (member === null)
      return added(
        text,
        inside,
        key,
        rest.reduceRight<unknown>((one, name) => ({ [name]: one }), value),
        isJson,
      );
    if (rest.length === 0) {
      const end = endOf(text, member.value);
      if (end === null) return null;
      return (
        text.slice(0, member.value) +
        written(value, isJson, indentAt(text, member.value)) +
        text.slice(end)
      );
    }
    if (text[member.value] !== "{" && text[member.value] !== "[") return null;
    inside = member.value + 1;
  }
  return null;
}

function indentAt(text: string, at: number): string {
  return /[^\S\n]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

/** True where something is spread into an object. @param inside where its inside begins */
function hasSpread(text: string, inside: number): boolean {
  let depth = 0;
  for (const { piece } of pieces(text, inside)) {
    if (/^[[{(]$/.test(piece)) depth++;
    else if (/^[\]})]$/.test(piece) && depth-- === 0) return false;
    else if (depth === 0 && piece.startsWith("...")) return true;
  }
  return false;
}

/** Puts a member first into an object, on a line of its own where the object has several lines. */
function added(text: string, inside: number, key: string, value: unknown, isJson: boolean): string {
  const rest = text.slice(inside);
  const [space = ""] = /^\s*/.exec(rest) ?? [];
  const isEmpty = rest[space.length] === "}";
  const indent = /\n([^\S\n]*)$/.exec(space)?.[1] ?? indentAt(text, inside);
  const member = `${keyText(key, isJson)}: ${written(value, isJson, indent)}`;
  const gap = space === "" ? " " : space;
  return `${text.slice(0, inside)}${isEmpty ? " " : gap}${member}${isEmpty ? " " : `,${gap}`}${rest.slice(space.length)}`;
}

/** Where a value that is plain data ends; null for code. */
function endOf(text: string, from: number): number | null {
  let depth = 0;
  let end: number | null = null;
  for (const { piece, at } of pieces(text, from)) {
    if (depth === 0 && /^[,}\]]$/.test(piece)) return end;
    end = at + piece.length;
    if (/^[[{]$/.test(piece)) depth++;
    else if (/^[\]}]$/.test(piece)) depth--;
    else if (!/^["',:]/.test(piece) && !isWord(piece, text.slice(end))) return null;
    if (depth === 0 && /^["'\]}\w]/.test(piece)) return isFollowed(text, end) ? null : end;
  }
  return null;
}

function isWord(piece: string, rest: string): boolean {
  return (
    /^(?:-?[\d.]+|true|false|null)$/.test(piece) || (/^[\w$]+$/.test(piece) && /^\s*:/.test(rest))
  );
}

/** True where a value goes on, as in `"a" + b` and `[…].concat(…)`. */
function isFollowed(text: string, at: number): boolean {
  return !/^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:[,}\]]|$)/.test(text.slice(at));
}

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
function outermost(text: string, isJson: boolean): number | null {
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
function memberAt(text: string, from: number, wanted: string) {
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
function* pieces(text: string, from: number) {
  for (const { 0: piece, index } of text.slice(from).matchAll(PIECE))
    if (!/^\/[/*]/.test(piece)) yield { piece, at: from + index };
}
