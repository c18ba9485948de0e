/** Markup that is made to exhaust a parser: what the tree holds, or the work of it, grows faster than the text. */
import { describe, expect, test } from "vitest";
import { parsePage } from "../../src/extract/tree.js";
import { DEEP } from "../deep.js";

const parse = (body: string) =>
  parsePage({
    url: "http://office.example/",
    requestedUrl: "http://office.example/",
    status: 200,
    headers: {},
    body: Buffer.from(`<html><body>${body}`),
  });
const many = (count: number, piece: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => piece(at)).join("");

describe("a page", () => {
  test.each<[string, string, RegExp]>([
    [
      "of inline elements left open before blocks",
      many(8_000, (at) => `<b id="${at}"><p>`),
      /grows/,
    ],
    [
      "of inline elements left open in blocks",
      many(8_000, (at) => `<p><i id="${at}">a</p>`),
      /grows/,
    ],
    ["of 60,000 elements within one another", "<div>".repeat(60_000), /nests too deeply/],
    // parse5 compares each with all that are open: 15 s before the bound is reached.
    ...(DEEP
      ? [
          [
            "of 30,000 inline elements",
            many(30_000, (at) => `<b id="${at}"><i>`),
            /nests too deeply|grows/,
          ] as [string, string, RegExp],
        ]
      : []),
  ])("a page %s is refused", (_, body, reason) => {
    expect(() => parse(body)).toThrow(reason);
  });

  test.each([
    ["10,000 elements within one another", "<div>".repeat(10_000), "div", 10_000],
    ["50,000 elements side by side", "<div>a</div>".repeat(50_000), "div", 50_000],
    ["a bold element left open in each of 500 paragraphs", "<p><b>a</p>".repeat(500), "p", 500],
  ])("a page of %s is read", (_, body, name, count) => {
    expect(parse(body).$(name)).toHaveLength(count);
  });
});
