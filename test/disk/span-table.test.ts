/** Spans that are found by fingerprints. */
import { expect, test } from "vitest";
import { SpanTable } from "../../src/disk/span-table.js";
import { fingerprint } from "../../src/url/digest.js";

test("each of many spans is found by its key, the newest one of a key that came again", () => {
  const table = new SpanTable();
  const keys = Array.from({ length: 20_000 }, (_, at) => fingerprint(String(at)));
  for (const [at, key] of keys.entries())
    expect(table.set(key, { offset: at * 2 ** 20, length: at }, at % 2)).toBe(at);
  const again = table.set(keys[7] ?? 0, { offset: 1, length: 2 });
  expect(table.length).toBe(keys.length + 1);
  expect(table.rowOf(fingerprint("other"))).toBeUndefined();
  for (const [at, key] of keys.entries()) {
    const row = table.rowOf(key) ?? -1;
    expect(row).toBe(at === 7 ? again : at);
    expect([table.keyOf(at), table.markOf(at)]).toEqual([key, at % 2]);
    expect(table.spanOf(at)).toEqual({ offset: at * 2 ** 20, length: at });
  }
});
