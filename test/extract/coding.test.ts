import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/extract/article.js";
import { parsePage } from "../../src/extract/tree.js";
import { incompleteness } from "../../src/http/completeness.js";
import type { Page } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";

const URL_ = "https://example.org/news/one";
const FILLER = `<meta name="description" content="${"harbour news and more ".repeat(75)}">`;

function pageOf(body: Uint8Array, contentType = "text/html"): Page {
  return {
    ...{ url: URL_, requestedUrl: URL_, status: 200, body },
    headers: contentType === "" ? {} : { "content-type": contentType },
  };
}

/** Text in a coding of one byte a character. */
function single(text: string, label: string): Buffer {
  const all = new TextDecoder(label).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  return Buffer.from([...text].map((sign) => [...all].indexOf(sign)));
}

const siteOf = (encoding?: string) =>
  resolveSite(
    {
      ...{ name: "s", start: "https://example.org/news", encoding, language: "fr" },
      ...{ listing: { rows: "li" }, fields: { title: { listing: "a" } } },
    },
    {},
    "s",
  );

function read(body: Uint8Array, contentType?: string, encoding?: string) {
  const site = siteOf(encoding);
  const tree = parsePage(pageOf(body, contentType), site);
  const codes = readArticle(tree, site).warnings.map(({ code }) => code);
  return [tree.$("h1").text(), ...codes];
}

const html = (head: string, title: string, after = "") =>
  `<!doctype html><html><head>${head}</head><body><h1>${title}</h1>${after}</body></html>`;

describe("a page is read as browsers read it", () => {
  const cyrillic = (head: string, after = "") => single(html(head, "Вести", after), "windows-1251");
  const META = '<meta charset="windows-1251">';
  test.each<[string, Buffer, string | undefined, string[]]>([
    ["a late meta element", cyrillic(FILLER + META), undefined, ["Вести"]],
    ["one after the words", cyrillic(FILLER, META), undefined, ["Вести"]],
    [
      "a late element of the old form",
      cyrillic(
        `${FILLER}<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">`,
      ),
      undefined,
      ["Вести"],
    ],
    [
      "none of those that a late script or comment holds",
      Buffer.from(html(`${FILLER}<!--${META}--><script>'${META}'</script>`, "Вести")),
      undefined,
      ["Вести"],
    ],
    ["a label of an alias", cyrillic('<meta charset="cp1251">'), undefined, ["Вести"]],
    ["a label in odd case", cyrillic('<meta charset=" Windows-1251 ">'), undefined, ["Вести"]],
    [
      "latin1 as windows-1252",
      Buffer.from(html("", "\x93a\x94 \x96 \x80"), "latin1"),
      "text/html; charset=ISO-8859-1",
      ["“a” – €"],
    ],
    ["latin-9", single(html("", "€ œ"), "iso-8859-15"), "text/html;charset=iso-8859-15", ["€ œ"]],
    [
      "UTF-16 with a mark",
      Buffer.from(`\ufeff${html("", "Вести")}`, "utf16le"),
      undefined,
      ["Вести"],
    ],
    [
      "big-endian UTF-16 with a mark",
      Buffer.from(`\ufeff${html("", "Вести")}`, "utf16le").swap16(),
      "text/html; charset=utf-8",
      ["Вести"],
    ],
    [
      "UTF-16 by its header",
      Buffer.from(html("", "Вести"), "utf16le"),
      "text/html; charset=utf-16",
      ["Вести"],
    ],
    [
      "UTF-8 where a meta element says UTF-16",
      Buffer.from(html('<meta charset="utf-16">', "Вести")),
      undefined,
      ["Вести"],
    ],
    [
      "Shift_JIS by a late element",
      Buffer.from(
        Buffer.from(html(`${FILLER}<meta charset="x-sjis">`, "\u0001"))
          .toString("latin1")
          .replace("\u0001", "\x8d\x60"),
        "latin1",
      ),
      undefined,
      ["港"],
    ],
    [
      "ISO-2022-JP",
      Buffer.from(html('<meta charset="iso-2022-jp">', "\x1b$B9A\x1b(B")),
      undefined,
      ["港"],
    ],
    ["plain ASCII without a word of it", Buffer.from(html("", "Plain")), undefined, ["Plain"]],
  ])("in %s", (_, bytes, type, expected) => {
    expect(incompleteness(pageOf(bytes, type))).toBeNull();
    expect(read(bytes, type)).toEqual(expected);
  });
});

describe("what is not sure about a coding is a warning", () => {
  const latin = single(html("", "Café à la carte"), "windows-1252");
  const utf8 = Buffer.from(html("", "Café à la carte"));
  test.each<[string, Buffer, string, string | undefined, string[]]>([
    [
      "bytes that are not what the header says",
      ...([latin, "text/html; charset=utf-8", undefined] as const),
      ["Caf\ufffd \ufffd la carte", "undecodable"],
    ],
    [
      "the same, where the site file knows",
      ...([latin, "text/html; charset=utf-8", "windows-1252"] as const),
      ["Café à la carte"],
    ],
    [
      "a header that is older than the page",
      ...([utf8, "text/html; charset=ISO-8859-1", undefined] as const),
      ["Café à la carte", "charset-wrong"],
    ],
    [
      "a meta element that is",
      Buffer.from(html('<meta charset="windows-1251">', "Вести")),
      ...(["text/html", undefined] as const),
      ["Вести", "charset-wrong"],
    ],
    [
      "GBK that is UTF-8, in a text that is long enough",
      Buffer.from(html('<meta charset="gb2312">', "海港新闻今天发布的消息")),
      ...(["text/html", undefined] as const),
      ["海港新闻今天发布的消息", "charset-wrong"],
    ],
    [
      "GBK that may be either",
      Buffer.from([...Buffer.from(html('<meta charset="gbk">', "")).subarray(0, 56), 0]),
      ...(["text/html", undefined] as const),
      [""],
    ],
    [
      "nothing that says it",
      ...([latin, "text/html", undefined] as const),
      ["Café à la carte", "charset-undeclared"],
    ],
    [
      "a header of a coding that does not exist",
      ...([latin, "text/html; charset=none", undefined] as const),
      ["Café à la carte", "charset-undeclared"],
    ],
    [
      "U+FFFD that the site wrote itself",
      Buffer.from(html("", "Caf\ufffd")),
      ...(["text/html; charset=utf-8", undefined] as const),
      ["Caf\ufffd"],
    ],
    [
      "a mark that goes before the site file",
      Buffer.from(`\ufeff${html("", "Café")}`),
      ...(["text/html", "windows-1252"] as const),
      ["Café"],
    ],
  ])("for %s", (_, bytes, type, encoding, expected) => {
    expect(read(bytes, type, encoding)).toEqual(expected);
  });

  test("the count of what could not be decoded is said", () => {
    const tree = parsePage(pageOf(latin, "text/html; charset=utf-8"));
    expect(tree.warnings[0]?.message).toMatch(/^2 characters are not UTF-8/);
  });

  test("a site file with a coding that does not exist is refused", () => {
    expect(() => siteOf("utf-9")).toThrow();
  });
});

test.each([
  ["utf-8", null, ["language-ignored"]],
  ["UTF8", null, ["language-ignored"]],
  ["english", null, ["language-ignored"]],
  ["{{ lang }}", null, ["language-ignored"]],
  ["en-US,fr", null, ["language-ignored"]],
  ["", null, []],
  ["pt_br", "pt-BR", []],
  ["zh-hans-cn", "zh-Hans-CN", []],
  ["es-419", "es-419", []],
])("the language of <html lang=%j> is %j", (lang, language, codes) => {
  const site = siteOf();
  const tree = parsePage(pageOf(Buffer.from(`<html lang="${lang}"><p>x`)), site);
  const article = readArticle(tree, site);
  expect([article.language, article.warnings.map(({ code }) => code)]).toEqual([language, codes]);
});
