import { describe, expect, test } from "vitest";
import { convertArticle } from "../../src/convert/draft.js";
import { readArticle } from "../../src/extract/article.js";
import { parsePage } from "../../src/extract/tree.js";
import { judge } from "../../src/schema/entry.js";
import { resolveSite } from "../../src/site/resolve.js";

const URL_ = "https://bay.example/news/one";

/** What a field of one page becomes, or the words that were refused. */
function fieldOf(field: object, html: string, more: object = {}) {
  const input = {
    name: "bay",
    start: "https://bay.example/news",
    language: "en",
    listing: { rows: ".e" },
    fields: { title: { article: "h1" }, x: { article: ".x", ...field } },
    ...more,
  };
  const site = resolveSite(input, {}, "site.ts");
  const body = Buffer.from(`<html><body><h1>One</h1>${html}</body></html>`);
  const headers = { "content-type": "text/html; charset=utf-8" };
  const page = { url: URL_, requestedUrl: URL_, status: 200, headers, body };
  const article = readArticle(parsePage(page, site), site);
  const row = { listing: site.start, position: 1, url: URL_, base: URL_, readings: {} };
  const { draft, warnings } = convertArticle(site, URL_, row, article);
  const verdict = judge(draft, site);
  const issues = "issues" in verdict ? verdict.issues : [];
  const refused = issues.find(({ path }) => path === "data.fields.x");
  if (refused !== undefined) return { refused: refused.raw };
  const codes = warnings.map(({ code }) => code);
  const value = (draft.data.fields as Record<string, unknown>).x;
  return codes.length === 0 ? value : { value, codes };
}

const x = (text: string) => `<p class=x>${text}</p>`;

describe("a number", () => {
  test.each<[string, object, unknown]>([
    ["12", {}, 12],
    ["-3.5", {}, -3.5],
    ["1,234,567", {}, 1_234_567],
    ["1.234.567,5", {}, 1_234_567.5],
    ["1,234.5", {}, 1234.5],
    ["1 234", {}, 1234],
    ["1&nbsp;234,5", {}, 1234.5],
    ["0.125", {}, 0.125],
    ["12,5", {}, 12.5],
    ["1,234", { decimal: "." }, 1234],
    ["1,234", { decimal: "," }, 1.234],
    ["١٢", {}, 12],
    ["1,234", {}, { refused: "1,234" }],
    ["12 pages", {}, { refused: "12 pages" }],
    ["about 12", {}, { refused: "about 12" }],
    ["1-2", {}, { refused: "1-2" }],
    ["1.2.3", {}, { refused: "1.2.3" }],
    ["12,34,5", {}, { refused: "12,34,5" }],
    ["1e5", {}, { refused: "1e5" }],
    ["1’234’567,5", {}, 1_234_567.5],
    ["12,345,678", { decimal: "." }, 12_345_678],
    ["9007199254740991", {}, 9_007_199_254_740_991],
    ["9007199254740993", {}, { refused: "9007199254740993" }],
    ["-9.007.199.254.740.993", {}, { refused: "-9.007.199.254.740.993" }],
    ["0,123", { decimal: "." }, { refused: "0,123" }],
    ["1234,567", { decimal: "." }, { refused: "1234,567" }],
    ["1234.567", { decimal: "," }, { refused: "1234.567" }],
    ["2021 100", {}, { refused: "2021 100" }],
    ["1.5 200", {}, { refused: "1.5 200" }],
    ["1 234,567", { decimal: "." }, { refused: "1 234,567" }],
  ])("%s with %j", (text, options, value) => {
    expect(fieldOf({ kind: "number", ...options }, x(text))).toEqual(value);
  });
});

describe("a boolean, a choice, a text", () => {
  test.each<[object, string, unknown]>([
    [{ kind: "boolean" }, "Yes", true],
    [{ kind: "boolean" }, "0", false],
    [{ kind: "boolean" }, "oui", { refused: "oui" }],
    [{ kind: "boolean", values: { Oui: true, Non: false } }, "Oui", true],
    [{ kind: "boolean", values: { Oui: true, "?": null } }, "?", null],
    [{ kind: "boolean", values: { Oui: true } }, "Yes", { refused: "Yes" }],
    [{ kind: "choice" }, "Open Sea", "open-sea"],
    [{ kind: "choice", values: { "Open Sea": "sea", "-": null } }, "Open  Sea", "sea"],
    [{ kind: "choice", values: { "Open Sea": "sea", "-": null } }, "-", null],
    [{ kind: "choice", values: { Sea: "sea" } }, "Land", { refused: "Land" }],
    [{ kind: "choice", values: { Sea: "sea" }, unknownValues: "null" }, "Land", null],
    [{ kind: "text", empty: ["n/a"] }, "n/a", null],
    [{ kind: "text" }, " two\n words ", "two words"],
    [{ kind: "text", required: true }, "", { refused: null }],
    [{ kind: "choice", values: { "-": null }, required: true }, "-", { refused: "-" }],
  ])("%j: %s", (field, text, value) => {
    expect(fieldOf(field, x(text))).toEqual(value);
  });
});

describe("a time", () => {
  const paris = { zone: "Europe/Paris" };
  test.each<[string, object, unknown]>([
    ["22 October 2013, 09:30", paris, "2013-10-22T09:30+02:00"],
    ["22 December 2013, 9:30 pm", paris, "2013-12-22T21:30+01:00"],
    ["2013-07-22T07:30:00Z", paris, "2013-07-22T07:30:00Z"],
    ["2013-12-31T23:30:00Z", paris, "2013-12-31T23:30:00Z"],
    ["2024-06-20T22:30:00+00:00", paris, "2024-06-20T22:30:00+00:00"],
    ["2024-06-20 22:30 -0500", paris, "2024-06-20T22:30-05:00"],
    ["2024-06-20T22:30+09", paris, "2024-06-20T22:30+09:00"],
    ["Thu, 20 Jun 2024 22:30:00 +0000", paris, "2024-06-20T22:30:00+00:00"],
    ["Thu, 20 Jun 2024 22:30:00 GMT", paris, "2024-06-20T22:30:00Z"],
    ["20 June 2024 22:30 UTC", paris, "2024-06-20T22:30Z"],
    ["20 June 2024 22:30 -05:00", paris, "2024-06-20T22:30-05:00"],
    ["20 June 2024 22:30 +02:00", {}, "2024-06-20T22:30+02:00"],
    ["20 June 2024, 09:30-11:30", paris, "2024-06-20T09:30+02:00"],
    ["2024-06-20T22:30:00+25:00", paris, { refused: "2024-06-20T22:30:00+25:00" }],
    ["2013-10-22T09:30:00+08:00", {}, "2013-10-22T09:30:00+08:00"],
    ["22 October 2013 09:30", { zone: "+05:30" }, "2013-10-22T09:30+05:30"],
    ["22 October 2013", paris, "2013-10-22"],
    ["31 March 2013, 02:30", paris, { refused: "31 March 2013, 02:30" }],
    ["27 October 2013, 02:30", paris, "2013-10-27T02:30+02:00"],
    ["soon", paris, { refused: "soon" }],
  ])("%s in %j", (text, more, value) => {
    expect(fieldOf({ kind: "datetime" }, x(text), more)).toEqual(value);
  });

  test("without a time zone it is a calendar date, and the time is said to be left out", () => {
    expect(fieldOf({ kind: "datetime" }, x("22 October 2013, 09:30"))).toEqual({
      value: "2013-10-22",
      codes: ["time-without-zone"],
    });
  });
});

describe("a date, a range", () => {
  test.each<[object, string, unknown]>([
    [{ kind: "date" }, x("3 May 2021"), "2021-05-03"],
    [{ kind: "date", formats: ["M/d/yyyy"] }, x("5/3/2021"), "2021-05-03"],
    [{ kind: "date" }, x("31 June 2021"), { refused: "31 June 2021" }],
    [{ kind: "range" }, x("3 May 2021"), { start: "2021-05-03", end: "2021-05-03" }],
    [
      { kind: "range", article: { select: ".x time", attribute: "datetime", all: true } },
      x("<time datetime=2021-05-03>3</time><time datetime=2021-05-05>5</time>"),
      { start: "2021-05-03", end: "2021-05-05" },
    ],
    [{ kind: "range" }, x("5 to 3 May 2021"), { refused: "5 to 3 May 2021" }],
  ])("%j: %s", (field, html, value) => {
    expect(fieldOf(field, html)).toEqual(value);
  });
});

describe("what leads somewhere", () => {
  test.each<[object, string, unknown]>([
    [{ kind: "url" }, "<a class=x href='../y?z=1#f'>Y</a>", "https://bay.example/y?z=1#f"],
    [{ kind: "url" }, x("<a href=/y>Y</a>"), "https://bay.example/y"],
    [{ kind: "url" }, x("https://e.example/y"), "https://e.example/y"],
    [{ kind: "url" }, x("our site"), { refused: "our site" }],
    [
      { kind: "url" },
      "<a class=x href='mailto:a@b.example'>A</a>",
      { refused: "mailto:a@b.example" },
    ],
    [{ kind: "url" }, "<a class=x href='javascript:go()'>A</a>", { refused: "javascript:go()" }],
    [
      { kind: "image" },
      "<img class=x src=/blank.gif data-src=/real.jpg>",
      "https://bay.example/real.jpg",
    ],
    [{ kind: "image" }, "<figure class=x><img src=/a.png></figure>", "https://bay.example/a.png"],
    [
      { kind: "image", article: { select: "meta[property='og:image']", attribute: "content" } },
      "<meta property=og:image content=/a.png>",
      "https://bay.example/a.png",
    ],
    [{ kind: "file" }, "<a class=x href=/f.pdf>F</a>", "https://bay.example/f.pdf"],
    [
      { kind: "file" },
      "<a class=x href=https://cdn.example/f.pdf>F</a>",
      { value: "https://cdn.example/f.pdf", codes: ["file-outside"] },
    ],
    [{ kind: "reference" }, "<a class=x href=two>Two</a>", "https://bay.example/news/two"],
  ])("%j: %s", (field, html, value) => {
    expect(fieldOf(field, html)).toEqual(value);
  });
});

describe("a list", () => {
  test.each<[object, string, unknown]>([
    [{ kind: "list" }, x("b") + x("a") + x("b"), ["b", "a", "b"]],
    [{ kind: "list", split: "," }, x("sea, land,, sky "), ["sea", "land", "sky"]],
    [{ kind: "list", split: ",", empty: ["-"] }, x("sea, -"), ["sea"]],
    [{ kind: "list" }, "", []],
    [{ kind: "list", of: "number" }, x("1") + x("2.5"), [1, 2.5]],
    [{ kind: "list", of: "number" }, x("1") + x("two"), { refused: "two" }],
    [
      { kind: "list", of: "range" },
      x("3 to 5 May 2021") + x("7 May 2021"),
      [
        { start: "2021-05-03", end: "2021-05-05" },
        { start: "2021-05-07", end: "2021-05-07" },
      ],
    ],
    [{ kind: "list", of: "choice", values: { Sea: "sea", "-": null } }, x("Sea") + x("-"), ["sea"]],
  ])("%j: %s", (field, html, value) => {
    expect(fieldOf(field, html)).toEqual(value);
  });
});
