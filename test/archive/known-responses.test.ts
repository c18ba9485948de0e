/** Many responses, of which a check holds fingerprints alone. */
import { expect, test } from "vitest";
import { type CheckedResponse, KnownResponses } from "../../src/archive/verify/known-responses.js";

const file = { name: "a.warc.gz", bytes: { size: 0, read: async () => new Uint8Array() } };
const ROWS = 20_000;

/** Every second response is repeated by the one after it. */
function response(number: number): CheckedResponse {
  const isRevisit = number % 2 === 1;
  return {
    ...{ kind: isRevisit ? "revisit" : "response", url: `http://a.example/${number}` },
    ...{ date: "2026-01-01T00:00:00Z", id: idOf(number), file, ours: true },
    ...{ offset: 100 * number, length: 90, status: 200, type: null, request: null, source: null },
    ...{ digest: `sha1:${number >> 1}`, sha256: isRevisit ? null : String(number) },
    ...{ whole: true, failure: null },
    refersTo: isRevisit ? { id: idOf(number - 1), url: null, date: null } : null,
  };
}

const idOf = (number: number) => `<urn:uuid:${number}>`;

test("each of many responses is found by its id and its place, and compared with what an index says", async () => {
  const known = new KnownResponses(async (_, offset) => response(offset / 100), "package");
  for (let row = 0; row < ROWS; row++) expect(known.add(response(row))).toBe(true);
  expect([known.rows, known.size]).toEqual([ROWS, ROWS]);
  expect(known.add({ ...response(7), offset: 100 * ROWS })).toBe(false);
  for (let row = 0; row < ROWS; row += 37) {
    const { digest, sha256, ...rest } = response(row);
    const line = {
      ...rest,
      mime: "",
      filename: "",
      request: undefined,
      digest: digest ?? "",
      sha256: sha256 ?? "?",
    };
    const found = [
      row === 7 ? row : known.rowOf(idOf(row)),
      known.rowAt(0, ROWS, 100 * row),
      known.hasUrl(rest.url),
      known.saysLine(row, line),
      known.saysLine(row, { ...line, length: 91 }),
      (await known.read(row)).id,
      known.isRevisit(row) ? known.originalOf(row) : row - 1,
    ];
    expect(found).toEqual([row, row, true, true, false, idOf(row), row - 1]);
  }
  const missing = [
    known.rowOf("<urn:uuid:x>"),
    known.rowAt(0, ROWS, 50),
    known.hasUrl("http://a.example/x"),
  ];
  expect(missing).toEqual([undefined, undefined, false]);
  expect(known.hasOneDigest(2, 3)).toBe(true);
  expect(known.hasOneDigest(1, 2)).toBe(false);
});

test("a response of another program is not read again where its index says the same in other forms", () => {
  const read = () => Promise.reject(new Error("it was read again"));
  const known = new KnownResponses(read, "foreign package");
  const { url, length, status } = response(2);
  const date = "2026-01-01T00:00:00.123Z";
  known.add({ ...response(2), date, digest: "sha1:ABC", sha256: "f" });
  const place = { offset: 200, filename: "a.warc.gz", mime: "" };
  const line = { ...place, url, length, status, digest: "sha1:abc", sha256: "" };
  const said = { ...line, date: "2026-01-01T00:00:00Z" };
  expect(known.saysLine(0, said)).toBe(true);
  for (const other of [{ sha256: "e" }, { digest: "" }, { length: Number.NaN }, { status: 404 }])
    expect(known.saysLine(0, { ...said, ...other })).toBe(false);
});
