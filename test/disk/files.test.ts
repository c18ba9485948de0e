import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces, jsonTexts, writeEach } from "../../src/disk/files.js";
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

test("writeEach writes eight at a time, and all of them", async () => {
  let [now, most, done] = [0, 0, 0];
  await writeEach(Array(30).keys(), async () => {
    most = Math.max(most, ++now);
    await null;
    [now, done] = [now - 1, done + 1];
  });
  expect([now, most <= 8, done]).toEqual([0, true, 30]);
});

test("writeEach begins nothing after an error, and throws it when what was begun has ended", async () => {
  const [begun, ended]: [number[], number[]] = [[], []];
  const written = writeEach(Array(30).keys(), async (item) => {
    begun.push(item);
    if (item === 2) throw new Error("the disk is full");
    for (let turn = 0; turn < 50; turn++) await null;
    ended.push(item);
  });
  await expect(written).rejects.toThrow("the disk is full");
  expect(begun.length).toBeLessThan(30);
  expect(ended).toEqual(begun.filter((item) => item !== 2));
});
