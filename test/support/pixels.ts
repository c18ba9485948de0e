/** Pixels of a screenshot: PNG (ISO/IEC 15948) of 8-bit RGB, not interlaced. */
import { inflateSync } from "node:zlib";

/** The greatest difference of any colour of any pixel, from 0 to 255; 255 for pictures of two sizes. */
export function difference(one: Buffer, other: Buffer): number {
  const [a, b] = [pixelsOf(one), pixelsOf(other)];
  if (a.width !== b.width || a.pixels.length !== b.pixels.length) return 255;
  return a.pixels.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (b.pixels[at] ?? 0))),
    0,
  );
}

function pixelsOf(png: Buffer): { width: number; pixels: Buffer } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const rows = inflateSync(Buffer.concat(data));
  const width = png.readUInt32BE(16);
  const line = width * 3;
  const pixels = Buffer.alloc((rows.length / (line + 1)) * line);
  for (let to = 0; to < pixels.length; to++) {
    const [y, x] = [Math.floor(to / line), to % line];
    const left = x < 3 ? 0 : (pixels[to - 3] ?? 0);
    const up = pixels[to - line] ?? 0;
    const corner = x < 3 ? 0 : (pixels[to - line - 3] ?? 0);
    const filter = rows[y * (line + 1)] ?? 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    pixels[to] = (rows[y * (line + 1) + 1 + x] ?? 0) + guess;
  }
  return { width, pixels };
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
