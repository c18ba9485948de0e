/** Address and title as they stand in the brackets of a link or an image. */
import { escapeEntities } from "./escape.js";

/** What would end an address, begin something else in it, or be read by a template language. */
const UNSAFE = /[\s<>\\`{}\u0000-\u001f\u007f]/g;

/** An address in its brackets: percent-encoded rather than quoted, so that it can be found and replaced as it is. */
export function destination(address: string): string {
  const encoded = address.replace(UNSAFE, (character) => encodeURIComponent(character));
  return escapeEntities(isBalanced(encoded) ? encoded : encoded.replace(/[()]/g, percent));
}

function percent(character: string): string {
  return character === "(" ? "%28" : "%29";
}

/** Brackets in an address need no escape when each that opens is closed; CommonMark allows 32 levels. */
function isBalanced(address: string): boolean {
  let depth = 0;
  for (const [bracket] of address.matchAll(/[()]/g)) {
    depth += bracket === "(" ? 1 : -1;
    if (depth < 0 || depth > 8) return false;
  }
  return depth === 0;
}

/** A title behind its address, or nothing. */
export function quoted(title: string | undefined): string {
  const line = title?.replace(/\s+/g, " ").trim();
  if (!line) return "";
  return ` "${escapeEntities(line).replace(/[\\"](?![a-z])|"/gi, "\\$&")}"`;
}
