/** Pixels of a screenshot: PNG (ISO/IEC 15948) of 8-bit RGB, not interlaced. */
import { inflateSync } from "node:zlib";

/** The greatest difference of any colour of any pixel, from 0 to 255; 255 for pictures of two sizes. */
export function difference(one: Buffer, other: Buffer): number {
  if (one.equals(other)) return 0;
  const [a, b] = [pixelsOf(one), pixelsOf(other)];
  if (a.width !== b.width || a.pixels.length !== b.pixels.length) return 255;
  let most = 0;
  for (let at = 0; at < a.pixels.length; at++)
    most = Math.max(most, Math.abs((a.pixels[at] ?? 0) - (b.pixels[at] ?? 0)));
  return most;
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
  for (let y = 0, to = 0; to < pixels.length; y++) {
    const filter = rows[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x++, to++) {
      const left = x < 3 ? 0 : (pixels[to - 3] ?? 0);
      const up = pixels[to - line] ?? 0;
      const given = rows[y * (line + 1) + 1 + x] ?? 0;
      pixels[to] = given + guess(filter, left, up, x < 3 ? 0 : (pixels[to - line - 3] ?? 0));
    }
  }
  return { width, pixels };
}

/** What a pixel is likely to be, by those before and above it. */
function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const whole = left + up - corner;
  const [a, b, c] = [Math.abs(whole - left), Math.abs(whole - up), Math.abs(whole - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
