import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces, jsonTexts } from "../../src/disk/files.js";
import { runs } from "../deep.js";

test("jsonTexts gives the JSON of a value in pieces", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
      (value) => {
        expect([...jsonTexts(value)].join("")).toBe(`${JSON.stringify(value, null, 2)}\n`);
      },
    ),
  );
});

test("jsonTexts leaves undefined members out of an object", () => {
  const value = { a: undefined, b: [{ c: undefined, d: [] }], e: [] };
  expect([...jsonTexts(value)].join("")).toBe(`${JSON.stringify(value, null, 2)}\n`);
});

test("inPieces joins texts into few pieces of the same bytes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.nat(3_000))),
      async (given) => {
        const texts = given.map(([text, times]) => text.repeat(times));
        const pieces: Uint8Array[] = [];
        for await (const piece of inPieces(texts)) pieces.push(piece);
        expect(Buffer.concat(pieces).equals(Buffer.from(texts.join("")))).toBe(true);
        expect(pieces.slice(0, -1).every(({ length }) => length >= 1 << 16)).toBe(true);
        expect(pieces.every(({ length }) => length > 0)).toBe(true);
      },
    ),
    { numRuns: runs(20) },
  );
});
