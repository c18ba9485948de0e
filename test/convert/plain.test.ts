import { expect, test } from "vitest";
import { openArticle } from "../../src/crawl/article.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { judge } from "../../src/schema/entry.js";
import { resolveSite } from "../../src/site/resolve.js";

const URL_ = "https://example.org/news";

async function read(title: string, story = "<p>The harbour is open.") {
  const fields = { title: { listing: "a" }, body: { article: "main" } };
  const site = resolveSite({ name: "s", start: URL_, listing: { rows: "li" }, fields }, {}, "s");
  const treeOf = (html: string) => {
    const body = Buffer.from(html);
    return parsePage({ url: URL_, requestedUrl: URL_, status: 200, headers: {}, body }, site);
  };
  const [row] = readListing(treeOf(`<li><a href="/a">${title}</a>`), site).rows;
  if (row === undefined) throw new Error("no row");
  const article = readArticle(treeOf(`<main>${story}</main>`), site);
  const { draft, warnings } = await openArticle(site, row, article).finish(`${URL_}/a`, []);
  const verdict = judge(draft, site);
  const codes = warnings.map(({ code }) => code);
  return "issues" in verdict
    ? [verdict.issues[0]?.message, ...codes]
    : [verdict.data.title, ...codes];
}

test.each([
  ["Harbour&#7; opens", "Harbour opens"],
  ["Harbour\u0001\u001b[31m opens", "Harbour[31m opens"],
  ["Har\u0085bour", "Har bour"],
  ["\u0081Harbour\u009d", "Harbour"],
])("control characters in the title %j are removed, with a warning", async (title, words) => {
  expect(await read(title)).toEqual([words, "control-characters"]);
});

test("a title of control characters alone is not a title", async () => {
  expect(await read("&#1;&#2;")).toEqual([expect.stringMatching(/./), "control-characters"]);
});

test.each([
  ["le garÃ§on a dÃ©jÃ\u00a0mangÃ©", "mojibake"],
  ["10Â\u00a0km", "mojibake"],
  ["itâ€™s open", "mojibake"],
  ["Ð\u009fÐ°Ñ€Ð¾Ð¼", "mojibake"],
  ["РџР°СЂРѕРј", "mojibake"],
  ["Âåñòè è íîâîñòè", "mojibake"],
  ["æ¸¯ã®ãƒ‹ãƒ¥ãƒ¼ã‚¹", "mojibake"],
  ["caf\ufffd", "replacement-characters"],
  ["« la liberté » et l’été…", null],
  ["AMANHÃ… NÃO «AMANHû", null],
  ["„Spaß“ und Maß – Fuß", null],
  ["ÂGE, Â et â, Ô temps", null],
  ["Привет, Россия. СССР и РФ", null],
  ["Şişli’de öğüt, çığ", null],
  ["Đường về nhà", null],
  ["漢字とかな", null],
  ["naïveté, Zoë, crème brûlée, œuvre", null],
])("%j is garbled: %j", async (words, code) => {
  expect(await read("Harbour", `<p>${words}`)).toEqual([
    "Harbour",
    ...(code === null ? [] : [code]),
  ]);
});
