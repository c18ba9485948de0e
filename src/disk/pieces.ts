/** Texts of files in pieces: what has a line for every article is never whole in memory. Pure. */

/** Characters of a piece, at least: each is one write to the disk. */
const PIECE = 1 << 16;

/** Short texts as the bytes of fewer, longer ones. */
export async function* inPieces(
  texts: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let pending: string[] = [];
  let length = 0;
  for await (const text of texts) {
    pending.push(text);
    length += text.length;
    if (length < PIECE) continue;
    yield Buffer.from(pending.join(""));
    pending = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(pending.join(""));
}

/** What `JSON.stringify(value, null, 2)` and a line feed make of an object or an array, member by member of its lists. */
export function* jsonTexts(value: object): Generator<string, void, undefined> {
  yield* members(value, "\n");
  yield "\n";
}

/** @param line feed and indentation of the line on which the value begins */
function* members(value: object, line: string): Generator<string, void, undefined> {
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  let before = open;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined && !isList) continue;
    yield `${before}${line}  ${isList ? "" : `${JSON.stringify(key)}: `}`;
    before = ",";
    if (Array.isArray(member) && !isList) yield* members(member, `${line}  `);
    else yield (JSON.stringify(member, null, 2) ?? "null").replaceAll("\n", `${line}  `);
  }
  yield before === open ? open + close : line + close;
}
