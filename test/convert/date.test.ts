import { expect, test } from "vitest";
import { openArticle } from "../../src/crawl/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const URL_ = "https://example.org/news";

/** The date of a row, or the problem with it, and the codes of its warnings. */
async function dateOf(cell: string, date: NonNullable<SiteInput["fields"]>["date"], lang = "en") {
  const ways = [{ select: "time[datetime]", attribute: "datetime" }, "time"];
  const fields = { title: { listing: "a" }, date: { listing: ways, ...date } };
  const input = { name: "s", start: URL_, language: lang, listing: { rows: "li" }, fields };
  const site = resolveSite({ ...input, article: { follow: false } }, {}, "s");
  const body = Buffer.from(`<li><a href="/a">Harbour opens</a> ${cell}`);
  const page = { url: URL_, requestedUrl: URL_, status: 200, headers: {}, body };
  const [row] = readListing(parsePage(page, site), site).rows;
  if (row === undefined) throw new Error("no row");
  const { draft, warnings } = await openArticle(site, row, null).finish(`${URL_}/a`, []);
  const [issue] = draft.issues.filter(({ path }) => path === "data.date");
  return [issue?.message ?? draft.data.date, ...warnings.map(({ code }) => code)];
}

const M = { formats: ["M/d/yyyy"] };
test.each<[string, string, NonNullable<SiteInput["fields"]>["date"], string[]]>([
  ["the same", '<time datetime="2021-12-03T10:00:00Z">12/3/2021</time>', M, ["2021-12-03"]],
  [
    "an hour before midnight of UTC",
    '<time datetime="2021-12-02T23:00:00+00:00">12/3/2021</time>',
    M,
    ["2021-12-03", "date-attribute"],
  ],
  [
    "figures that no format reads",
    '<time datetime="2021-12-02T23:00:00+00:00">12/3/2021 - 00:00</time>',
    {},
    ["2021-12-03", "date-attribute"],
  ],
  [
    "the other order, a day later",
    '<time datetime="2021-12-04T05:00:00Z">3.12.2021</time>',
    {},
    ["2021-12-03", "date-attribute"],
  ],
  [
    "figures that are the day in one order",
    '<time datetime="2021-02-01T05:00:00Z">2/1/2021</time>',
    {},
    ["2021-02-01"],
  ],
  [
    "words",
    '<time datetime="2022-01-01T01:00:00+03:00">31 December 2021</time>',
    {},
    ["2021-12-31", "date-attribute"],
  ],
  [
    "another date",
    '<time datetime="2021-12-02">5 May 2021</time>',
    {},
    ["2021-12-02", "date-attribute"],
  ],
  ["no date", '<time datetime="2021-12-02T23:00:00Z">3 days ago</time>', {}, ["2021-12-02"]],
])("where an attribute and the print say %s, the print counts", async (_, cell, date, expected) => {
  expect(await dateOf(cell, date)).toEqual(expected);
});

test.each([
  ["3 May 2201", "2201-05-03"],
  ["2554-06-06", "2554-06-06"],
  ["14 กรกฎาคม 2564", "2564-07-14"],
  ["14 กรกฎาคม พ.ศ. 2564", "2564-07-14"],
  ["3 May 1443", "1443-05-03"],
])("a year of another calendar is kept as printed, with a warning: %j", async (printed, date) => {
  const read = await dateOf(`<time>${printed}</time>`, {}, "th");
  expect(read).toEqual([date, "implausible-date"]);
});

test("of two dates in one text the first is taken with a warning, unless one is that of publication", async () => {
  const dates = { formats: ["dd/MM/yyyy HH:mm"] };
  const posted = "postado em 28/04/2022 05:49 / atualizado em 04/05/2022 05:50";
  expect(await dateOf(`<time>${posted}</time>`, dates, "pt")).toEqual(["2022-04-28"]);
  const bare = "28/04/2022 05:49 / 04/05/2022 05:50";
  expect(await dateOf(`<time>${bare}</time>`, dates)).toEqual(["2022-04-28", "several-dates"]);
});

test("a language whose names are not known is refused, and `months` of the site file are read", async () => {
  await expect(dateOf("", { locales: ["xx"] })).rejects.toThrow("not a valid site file");
  const months = "unu du tri kvar kvin ses sep ok naŭ dek dek-unu dek-du".split(" ");
  expect(await dateOf("<time>14 sep 2021</time>", { months })).toEqual(["2021-07-14"]);
  await expect(dateOf("", { months: months.slice(1) })).rejects.toThrow("not a valid site file");
});
