/** Own fields of feeds and JSON answers: the digits, the lines and the links that are written. */
import { describe, expect, test } from "vitest";
import { convertArticle } from "../../src/convert/draft.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const START = "https://x.org/api/list";

function read(body: string, fields: object, listing: object = { kind: "json", rows: "items" }) {
  const input = {
    ...{ name: "x", start: START, listing, article: { follow: false } },
    fields: {
      title: { listing: "title" },
      body: { listing: ":scope > description, :scope > b" },
      ...fields,
    },
  };
  const site = resolveSite(input as SiteInput, {}, "test");
  const page = {
    url: START,
    requestedUrl: START,
    status: 200,
    headers: {},
    body: Buffer.from(body),
  };
  return { site, ...readListing(parsePage(page, site), site) };
}

/** The drafts of a JSON answer with one row, or of any other list. */
function draftOf(body: unknown, fields: object, listing?: object) {
  const text = typeof body === "string" ? body : JSON.stringify({ items: [body] });
  const { site, rows } = read(text, fields, listing);
  const [row] = rows;
  if (row === undefined) throw new Error("there is no row");
  return convertArticle(site, row.url ?? START, row, null).draft;
}

const x = (kind: string, listing = "x") => ({ x: { kind, listing } });

describe("a number of JSON", () => {
  test.each<[string, string]>([
    ["1098765432109876543", "1098765432109876543"],
    ["1.10", "1.10"],
    ["-0.50", "-0.50"],
    ["1.5E3", "1500"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["0.1234567890123456789", "0.1234567890123456789"],
    ['"a \\" 1.10 \\\\"', 'a " 1.10 \\'],
    ["true", "true"],
  ])("%s keeps what is written of it", (written, words) => {
    const { data } = draftOf(`{"items":[{"n":[-1, 2],"x":${written}}]}`, x("text"));
    expect(data.fields).toEqual({ x: words });
  });

  test("asks for the next page with all its digits", () => {
    const next = { cursor: "after", parameter: "after" };
    const body = '{"items":[{"x":"a"}],"after":1098765432109876543}';
    const listing = { kind: "json", rows: "items", next };
    expect(read(body, x("text"), listing).next).toBe(`${START}?after=1098765432109876543`);
  });

  test.each(["01", "1.", "- 1", "1.2.3"])("that is none, %s, is not JSON", (written) => {
    expect(() => read(`{"items":[{"x":${written}}]}`, x("text"))).toThrow();
  });
});

describe("a URL of data", () => {
  test.each<[string, string | null]>([
    ["https://e.org/a", "https://e.org/a"],
    ["/a", "https://x.org/a"],
    ["www.example.org", null],
    ["n/a", null],
    ["see https://e.org", null],
    ['<p>See <a href="/b">b</a></p>', "https://x.org/b"],
  ])("%s in JSON gives %s", (words, url) => {
    const { data, issues } = draftOf({ x: words }, x("url"));
    const refused = issues.filter(({ path }) => path === "data.fields.x");
    expect([data.fields, refused.length]).toEqual([{ x: url }, url === null ? 1 : 0]);
  });

  test.each<[string, string | null]>([
    ["https://e.org/a", "https://e.org/a"],
    ["n/a", null],
  ])("%s in a feed gives %s", (words, url) => {
    const rss = `<rss><channel><item><title>One</title><link>${words}</link></item></channel></rss>`;
    const { data } = draftOf(rss, x("url", ":scope > link"), { kind: "feed" });
    expect(data.fields).toEqual({ x: url });
  });

  test("that the site file calls a link may be a path", () => {
    const listing = { kind: "json", rows: "items", link: "path", next: "more" };
    const body = JSON.stringify({ items: [{ path: "news/1" }], more: "?page=2" });
    const { rows, next } = read(body, x("text"), listing);
    expect([rows[0]?.url, next]).toEqual(["https://x.org/api/news/1", `${START}?page=2`]);
  });

  test("starts from the answer, whatever a key `base` holds", () => {
    const body = JSON.stringify({ base: "https://other.example/", items: [{ x: "/a" }] });
    expect(draftOf(body, x("url")).data.fields).toEqual({ x: "https://x.org/a" });
  });
});

describe("text of JSON without tags", () => {
  test.each<[string, string]>([
    ["One.\n\nTwo\nlines.\r\n \r\nThree.", "One.\n\nTwo\\\nlines.\n\nThree."],
    ["Fish &amp; chips.\n\nTwo.", "Fish & chips.\n\nTwo."],
    ["One line.\n", "One line."],
    ["<p>One\nline.</p>", "One line."],
  ])("%j keeps its paragraphs", (text, markdown) => {
    const { body } = draftOf({ x: text }, { body: { listing: "x" } });
    expect(body.trim()).toBe(markdown);
  });

  test("keeps them in a JSON Feed too", () => {
    const feed = {
      version: "https://jsonfeed.org/version/1.1",
      items: [{ id: "https://e.org/b", content_text: "a < b & c <b>\n\nTwo." }],
    };
    const { body } = draftOf(
      JSON.stringify(feed),
      { body: { listing: "content_text" } },
      { kind: "feed" },
    );
    expect(body.trim().split("\n\n")).toHaveLength(2);
  });
});

test("a path counts the members of a list that have no value", () => {
  const fields = { x: { kind: "text", listing: "tags.1" }, y: { kind: "text", listing: "tags.2" } };
  const { data } = draftOf({ tags: ["x", null, "y"] }, fields);
  expect(data.fields).toEqual({ x: null, y: "y" });
});

test.each([
  "Mon, 25 Dec 23 23:30:00 GMT",
  "Mon, 25 Dec 23 23:30 +0100",
  "25 Dec 23 23:30:00 EST",
  "Mon, 25 Dec 23",
  "Mon, 25 Dec 2023 23:30:00 GMT",
])("a feed's date %s is read", (date) => {
  const rss = `<rss><channel><item><title>One</title><pubDate>${date}</pubDate></item></channel></rss>`;
  const { data } = draftOf(rss, {}, { kind: "feed" });
  expect(data.date).toBe("2023-12-25");
});

test("HTML in JSON is read in the coding that the site file names", () => {
  const input = {
    name: "x",
    start: START,
    encoding: "windows-1251",
    listing: { rows: "li", fragment: "html" },
    fields: { title: { listing: ":scope" }, body: { listing: ":scope" } },
  };
  const site = resolveSite(input as SiteInput, {}, "test");
  const html = Buffer.from([0xcd, 0xee, 0xe2]);
  const body = Buffer.concat([Buffer.from('{"html":"<li>'), html, Buffer.from('</li>"}')]);
  const page = { url: START, requestedUrl: START, status: 200, headers: {}, body };
  const [row] = readListing(parsePage(page, site), site).rows;
  expect(row?.readings.title?.raw).toBe("Нов");
});
