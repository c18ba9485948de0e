/** Short records by ids, and texts: nothing of one is taken for another's. */
import { expect, test } from "vitest";
import { IdTable, Texts } from "../src/rows.js";
import { entryId } from "../src/url/url.js";

test("each of many ids has the row and the numbers that it was given last", () => {
  const table = new IdTable(2);
  const ids = Array.from({ length: 5_000 }, (_, at) => entryId(`https://example.org/${at}`));
  expect(ids.map((id, at) => table.set(id, [at, Number.NaN]))).toEqual(ids.map((_, at) => at));
  expect(table.set(ids[7] ?? "", [70, 2 ** 52])).toBe(7);
  expect(table.length).toBe(ids.length);
  const found = ids
    .map((id) => table.rowOf(id) ?? -1)
    .map((row) => [table.idAt(row), table.get(row, 0)]);
  expect(found).toEqual(ids.map((id, at) => [id, at === 7 ? 70 : at]));
  expect(table.get(7, 1)).toBe(2 ** 52);
  expect(table.rowOf(entryId("https://example.org/other"))).toBeUndefined();
});

test("ids that differ in one digit, whichever it is, are two, and so are ids of another form", () => {
  const id = "0123456789abcdef";
  const near = [...id].map((digit, at) => {
    const other = digit === "7" ? "8" : "7";
    return id.slice(0, at) + other + id.slice(at + 1);
  });
  const others = [
    "",
    "0123456789ABCDEF",
    "0123456789abcde",
    "0123456789abcdef0",
    "news/7",
    "__proto__",
  ];
  const all = [...new Set([id, ...near, ...others])];
  const table = new IdTable(1);
  for (const [at, one] of all.entries()) {
    expect(table.rowOf(one)).toBeUndefined();
    expect(table.set(one, [at])).toBe(at);
  }
  for (const [at, one] of all.entries()) {
    expect(table.rowOf(one)).toBe(at);
    expect([table.idAt(at), table.get(at, 0)]).toEqual([one, at]);
  }
  expect(table.length).toBe(all.length);
});

test("each of many texts comes back as it was, whatever its length and its script", () => {
  const texts = new Texts();
  const all = Array.from({ length: 3_000 }, (_, at) => "añ漢😀 ".repeat(at % 40) + at);
  all.splice(5, 0, "", "x".repeat(200_000), "");
  const places = all.map((text) => texts.add(text));
  expect(places.map((place) => texts.at(place))).toEqual(all);
  expect(() => texts.at(2 ** 40)).toThrow();
  expect(() => texts.at(Number.NaN)).toThrow();
});
