/** Cut files are recognised by their own format. */

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storedZip } from "../../src/archive/pack/stored-zip.js";
import { cutFile } from "../../src/http/wire/cut-file.js";
import { BMP, FILES } from "./small-files.js";

const ANY_JUNK = new Set(["PNG", "JPEG", "progressive JPEG", "GIF", "WebP"]);
/** A file that is cut where a box ends, or before it says what it is, cannot be recognised. */
const FIRST: Readonly<Record<string, number>> = {
  AVIF: FILES.AVIF.length - 20,
  SVG: 60,
};

describe.each(Object.entries(FILES))("%s", (name, bytes) => {
  test(`a whole ${name} file is not reported as cut`, () => {
    expect(cutFile(bytes)).toBeNull();
  });

  test(`any ${name} file without its end is reported as cut, whatever its length`, () => {
    for (let length = FIRST[name] ?? 40; length < bytes.length - 1; length++)
      expect(cutFile(bytes.subarray(0, length)), `${length} bytes`).toMatch(/file has no end/);
  });

  test(`a whole ${name} file followed by bytes of other programs is not reported as cut`, () => {
    const more = ANY_JUNK.has(name)
      ? fc.uint8Array({ maxLength: 200 })
      : fc.constantFrom(Buffer.from("\r\n"), Buffer.from("\n\n"));
    fc.assert(
      fc.property(more, (junk) => {
        expect(cutFile(Buffer.concat([bytes, junk]))).toBeNull();
      }),
    );
  });
});

test("a ZIP file without its end of central directory is reported as cut", async () => {
  const content = Buffer.from("words ".repeat(40));
  const sha256 = createHash("sha256").update(content).digest("hex");
  const part = { path: "a.txt", content: () => [content], bytes: content.length, sha256 };
  const pieces: Uint8Array[] = [];
  for await (const piece of storedZip([part], "2026-11-25T00:00:00Z")) pieces.push(piece);
  const zip = Buffer.concat(pieces);
  expect(cutFile(zip)).toBeNull();
  expect(cutFile(zip.subarray(0, -22))).toMatch(/ZIP file has no end/);
});

test("files of other formats are never reported as cut, whatever their bytes", () => {
  expect(cutFile(BMP)).toBeNull();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(cutFile(bytes)).toBeNull();
    }),
  );
});

test("cut detection handles any bytes after any file signature", () => {
  const beginning = fc.constantFrom(...Object.values(FILES).map((bytes) => bytes.subarray(0, 24)));
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      expect([null, expect.any(String)]).toContainEqual(cutFile(Buffer.concat([start, rest])));
    }),
  );
});
