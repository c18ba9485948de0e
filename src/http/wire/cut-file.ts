/** Whether an image or a document is cut, by its own form: for responses whose end nothing in HTTP shows. Pure. */

/** From the bytes, in pieces that point into them, to whether their end is missing. */
type Rule = (bytes: Buffer) => boolean;

/** How far after its last mark other programs still write: servers and mailers add lines and zeros. */
const TRAILER = 16 * 1024;
/** A ZIP file ends with its directory's end, and a comment of at most 65,535 bytes. */
const ZIP_END = 22 + 65_535;

/** What a file begins with, how it is called, and how its end is missed. */
const KINDS: readonly (readonly [start: RegExp, name: string, isCut: Rule])[] = [
  [/^\x89PNG\r\n\x1a\n/, "PNG", (bytes) => !walk(bytes, 8, pngChunk)],
  [/^\xff\xd8\xff/, "JPEG", (bytes) => !walk(bytes, 2, jpegSegment)],
  [/^GIF8[79]a/, "GIF", (bytes) => !walk(bytes, 13 + colours(bytes, 10), gifBlock)],
  [/^RIFF.{4}WEBP/s, "WebP", (bytes) => bytes.length < 8 + bytes.readUInt32LE(4)],
  // AVIF, HEIC, MP4: boxes, one after the other.
  [/^\0\0..ftyp/s, "ISO media", (bytes) => !walk(bytes, 0, box)],
  [/^%PDF-/, "PDF", (bytes) => !bytes.subarray(-TRAILER).includes("%%EOF")],
  [/^PK\x03\x04/, "ZIP", (bytes) => !bytes.subarray(-ZIP_END).includes("PK\x05\x06")],
  [
    /^(?:\xef\xbb\xbf|\s|<\?[^>]*>|<!--.*?-->|<!doctype[^>[]*(?:\[[^\]]*\])?[^>]*>)*<svg[\s>]/is,
    "SVG",
    (bytes) => !hasSvgEnd(bytes),
  ],
];

/**
 * Why a file is taken for cut.
 *
 * @returns a sentence; null for a file that has its end, and for a kind that shows none
 */
export function cutFile(body: Uint8Array): string | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const head = bytes.toString("latin1", 0, 1024);
  const [, name, isCut] = KINDS.find(([start]) => start.test(head)) ?? [];
  if (isCut === undefined) return null;
  try {
    if (!isCut(bytes)) return null;
  } catch (error) {
    // A number that begins after the last byte.
    if (!(error instanceof RangeError)) throw error;
  }
  return `the ${name} file has no end: it is cut, or never was whole`;
}

/** Where the next part begins; `end` after the last one. Throws RangeError where bytes lack. */
type Step = (bytes: Buffer, at: number) => number | "end";

function walk(bytes: Buffer, from: number, step: Step): boolean {
  for (let at = from; ; ) {
    const next = step(bytes, at);
    if (next === "end") return true;
    if (next > bytes.length || next <= at) return false;
    at = next;
  }
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function pngChunk(bytes: Buffer, at: number): number | "end" {
  const next = at + 12 + bytes.readUInt32BE(at);
  return bytes.toString("latin1", at + 4, at + 8) === "IEND" && next <= bytes.length ? "end" : next;
}

/** ITU-T T.81, B.1: in coded data, FF is only before 00 and the restart marks D0 to D7. */
function jpegSegment(bytes: Buffer, at: number): number | "end" {
  const mark = bytes.indexOf(0xff, at);
  if (mark < 0) throw new RangeError();
  const code = bytes.readUInt8(mark + 1);
  if (code === 0xd9) return "end";
  if (code === 0xff) return mark + 1;
  if (code === 0 || code === 1 || (code >= 0xd0 && code <= 0xd7)) return mark + 2;
  return mark + 2 + bytes.readUInt16BE(mark + 2);
}

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function gifBlock(bytes: Buffer, at: number): number | "end" {
  const kind = bytes.readUInt8(at);
  if (kind === 0x3b) return "end";
  if (kind === 0x21) return subBlocks(bytes, at + 2);
  if (kind === 0x2c) return subBlocks(bytes, at + 11 + colours(bytes, at + 9));
  // Zeros between blocks are seen, and forgiven by all browsers.
  return kind === 0 ? at + 1 : at;
}

function subBlocks(bytes: Buffer, from: number): number {
  let at = from;
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += size + 1;
  return at + 1;
}

/** Bytes of a table of colours, by the byte that gives its size. */
function colours(bytes: Buffer, at: number): number {
  const flags = bytes.readUInt8(at);
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** ISO/IEC 14496-12, 4.2 */
function box(bytes: Buffer, at: number): number | "end" {
  if (at + 8 > bytes.length) return "end";
  const size = bytes.readUInt32BE(at);
  // The last box may say that it goes to the end, wherever that is.
  if (size === 0) return "end";
  return at + (size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size);
}

function hasSvgEnd(bytes: Buffer): boolean {
  return /<\/svg\s*>|^[^<]*<svg\b[^<]*\/>\s*$/.test(bytes.toString("latin1"));
}
