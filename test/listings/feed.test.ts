/** Feeds as lists: every format, as they are found. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { openFetcher } from "../../src/http/live.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { answer, startFaultServer } from "../fault-server.js";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const START = "https://example.org/feed/";

function listing(body: string | Buffer, headers: Record<string, string> = {}, more: object = {}) {
  const input = { name: "feed", start: START, listing: { kind: "feed", ...more } } as SiteInput;
  const site = resolveSite(input, {}, "test");
  const page = { url: START, requestedUrl: START, status: 200, headers, body: Buffer.from(body) };
  return readListing(parsePage(page, site), site);
}

const read = (...given: Parameters<typeof listing>) =>
  listing(...given).rows.map(({ url, readings: { title, date, type, body } }) => ({
    ...{ url, title: title?.raw, date: date?.raw, type: type?.raw, body: body?.raw },
  }));

const rss = (items: string, more = "", head = '<?xml version="1.0" encoding="UTF-8"?>') =>
  `${head}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title><link>https://example.org/</link>${more}${items}</channel></rss>`;
const item = (title: string, more = "") =>
  `<item><title>${title}</title><link>https://example.org/a</link>${more}</item>`;

describe("a feed", () => {
  test("of RSS 2.0 gives rows with link, title, date, category and text", () => {
    const more =
      '<pubDate>Fri, 05 Mar 2021 10:00:00 +0000</pubDate><category>News</category><guid isPermaLink="false">17</guid><description>Short.</description><content:encoded><![CDATA[<p>Whole <b>text</b>.</p>]]></content:encoded>';
    const channel =
      '<atom:link rel="self" href="https://example.org/feed/"/><item><title>No link</title></item>';
    const [none, row] = read(rss(item("One", more), channel));
    expect(none).toMatchObject({ url: null, title: "No link" });
    expect(row).toEqual({
      url: "https://example.org/a",
      title: "One",
      date: "Fri, 05 Mar 2021 10:00:00 +0000",
      type: "News",
      body: "Whole text.",
    });
    const [, row2] = listing(rss(item("One", more), channel)).rows;
    expect(row2?.readings.summary?.raw).toBe("Short.");
    expect(row2?.readings.body?.nodes?.[0]).toMatchObject({ name: "p" });
  });

  test("of RSS 1.0 gives rows by its items, which are not in the channel", () => {
    const rdf =
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>News</title></channel><item rdf:about="https://example.org/a"><title>One</title><dc:date>2021-03-05T10:00:00+01:00</dc:date></item></rdf:RDF>';
    expect(read(rdf)).toMatchObject([
      { url: "https://example.org/a", title: "One", date: "2021-03-05T10:00:00+01:00" },
    ]);
  });

  test("of Atom reads each text as its type says, and links by xml:base", () => {
    const atom =
      '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/news/"><title>N</title><link rel="next" href="?page=2"/><entry><title type="html">A &amp;amp; B</title><link rel="edit" href="edit"/><link href="one"/><id>tag:x,1</id><published>2021-03-05T10:00:00Z</published><updated>2022-01-01T00:00:00Z</updated><category term="news"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text <h:b xmlns:h="x">bold</h:b></p></div></content></entry><entry><title>5 &lt;b&gt; 6</title><link href="/two"/><updated>2022-01-01T00:00:00Z</updated><summary>S</summary></entry></feed>';
    expect(read(atom)).toEqual([
      {
        url: "https://example.org/news/one",
        title: "A & B",
        date: "2021-03-05T10:00:00Z",
        type: "news",
        body: "Text bold",
      },
      // What was changed last is not the date of publication.
      {
        url: "https://example.org/two",
        title: "5 <b> 6",
        date: undefined,
        type: undefined,
        body: undefined,
      },
    ]);
  });

  test("of JSON gives rows and the next page", () => {
    const feed = {
      version: "https://jsonfeed.org/version/1.1",
      next_url: "https://example.org/feed/?page=2",
      items: [
        {
          id: "1",
          url: "https://example.org/a",
          title: "One",
          date_published: "2021-03-05T10:00:00Z",
          date_modified: "2022-01-01T00:00:00Z",
          tags: ["news", "x"],
          content_html: "<p>Text</p>",
        },
        { id: "https://example.org/b", title: null, content_text: "a < b & c <b>" },
      ],
    };
    const { next } = listing(JSON.stringify(feed));
    expect(next).toBe("https://example.org/feed/?page=2");
    expect(read(JSON.stringify(feed))).toEqual([
      {
        url: "https://example.org/a",
        title: "One",
        date: "2021-03-05T10:00:00Z",
        type: "news",
        body: "Text",
      },
      {
        url: "https://example.org/b",
        title: undefined,
        date: undefined,
        type: undefined,
        body: "a < b & c <b>",
      },
    ]);
  });

  test.each<[string, string, string]>([
    ["HTML entities that XML does not have", "Caf&eacute;&nbsp;au lait", "Café\u00a0au lait"],
    ["entities that are escaped twice", "Tom &amp;amp; Jerry &amp;#8217;s", "Tom & Jerry ’s"],
    ["a bare ampersand", "AT&T & co", "AT&T & co"],
    ["tags in a title", "A &lt;em&gt;new&lt;/em&gt; story", "A new story"],
    ["a section of plain text in a text", "A <![CDATA[& B]]> C", "A & B C"],
    ["figures that look like tags", "3 &lt; 5 and 7 > 6", "3 < 5 and 7 > 6"],
    ["emoji by number", "Party &#x1F389;", "Party 🎉"],
  ])("with %s in a title reads it as it is meant", (_, written, meant) => {
    expect(read(rss(item(written)))[0]?.title).toBe(meant);
  });

  test("expands no entity that it declares itself", () => {
    const bomb = `<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]>`;
    expect(read(rss(item("Big &b;"), "", bomb))[0]?.title).toBe("Big &b;");
  });

  test.each<[string, Buffer, Record<string, string>]>([
    [
      "its XML declaration",
      Buffer.from(rss(item("Новости"), "", '<?xml version="1.0" encoding="UTF-8"?>')),
      {},
    ],
    [
      "the header",
      cyrillic('<?xml version="1.0"?>'),
      { "content-type": "text/xml; charset=windows-1251" },
    ],
    [
      "its XML declaration alone",
      cyrillic('<?xml version="1.0" encoding="windows-1251"?>'),
      { "content-type": "text/xml" },
    ],
    ["a byte order mark", Buffer.from(`\ufeff${rss(item("Новости"))}`, "utf16le"), {}],
  ])("is decoded by %s", (_, body, headers) => {
    expect(read(body, headers)[0]?.title).toBe("Новости");
  });

  test("with broken XML loses no item: one that is not closed, and one with a wrong end tag", () => {
    const items = `<item><title>One</title><link>https://example.org/1</link><item><title>Two</title><link>https://example.org/2</link></item>${item("Three", "<b></i>")}`;
    expect(read(rss(items)).map(({ title }) => title)).toEqual(["One", "Two", "Three"]);
  });

  test("of WordPress, whose times are in UTC, is noted where no article page gives the date", () => {
    const generator = "<generator>https://wordpress.org/?v=6.6</generator>";
    const noteOf = (more: object) => {
      const input = { name: "feed", start: START, listing: { kind: "feed" }, ...more } as SiteInput;
      const site = resolveSite(input, {}, "test");
      const body = Buffer.from(rss(item("One"), generator));
      const page = { url: START, requestedUrl: START, status: 200, headers: {}, body };
      return readListing(parsePage(page, site), site).note;
    };
    expect(noteOf({})).toContain("gives times in UTC");
    expect(noteOf({ fields: { date: { article: "time" } } })).toBeUndefined();
  });

  test("of WordPress has no text where a form asks for a password", () => {
    const form =
      '<description>There is no excerpt.</description><content:encoded><![CDATA[<form action="/wp-login.php?action=postpass"><p>Password: <input></p></form>]]></content:encoded>';
    expect(
      read(rss(item("One", form) + item("Two", "<description>D</description>"))),
    ).toMatchObject([{ body: undefined }, { body: "D" }]);
  });

  test("is read without what the site file removes from its texts, and with elements of that name", () => {
    const input = {
      name: "feed",
      start: START,
      listing: { kind: "feed" },
      remove: ".ad, category",
    };
    const site = resolveSite(input as SiteInput, {}, "test");
    const body = rss(
      item(
        "One",
        '<category>News</category><description>&lt;p>D&lt;b class="ad">Buy&lt;/b>&lt;/p></description>',
      ),
    );
    const page = {
      url: START,
      requestedUrl: START,
      status: 200,
      headers: {},
      body: Buffer.from(body),
    };
    const [row] = readListing(parsePage(page, site), site).rows;
    expect(row?.readings).toMatchObject({ body: { raw: "D" }, type: { raw: "News" } });
  });

  test("is not read deeper than a stack", () => {
    const deep = `${"<x>".repeat(2_000)}${"</x>".repeat(2_000)}`;
    expect(read(rss(item("One", deep)))[0]?.title).toBe("One");
  });

  test("says that it ends where older articles are on no page of it", () => {
    expect(listing(rss(item("One"))).note).toContain("names no page with older ones");
    expect(listing(rss(item("One"), "<fh:complete/>")).note).toBeUndefined();
    expect(listing(rss(item("One")), {}, { next: [] }).note).toBeUndefined();
    const one = JSON.stringify({ items: [{ id: "1", url: "https://example.org/a" }] });
    expect(listing(one).note).toContain("names no page with older ones");
  });
});

function cyrillic(head: string): Buffer {
  return Buffer.from(
    [...rss(item("Новости"), "", head)].map((sign) => {
      const code = sign.charCodeAt(0);
      return code < 0x80 ? code : code - 0x410 + 0xc0;
    }),
  );
}

/** Five articles, two a page of a feed. @param page the feed with the items of a page */
const paged =
  (page: (n: number, items: string, origin: string) => ReturnType<Route>): Route =>
  (ask) => {
    const url = new URL(ask.url, ask.origin);
    const n = /^\/a\/(\d)$/.exec(url.pathname)?.[1];
    if (n !== undefined) return article(`Article ${n}`);
    if (url.pathname !== "/feed/") return 404;
    const at = Number(url.searchParams.get("page") ?? url.searchParams.get("paged") ?? 1);
    const numbers = [at * 2 - 1, at * 2].filter((n) => n <= 5);
    const items = numbers.map(
      (n) => `<item><title>Article ${n}</title><link>${ask.origin}/a/${n}</link></item>`,
    );
    return page(at, items.join(""), ask.origin);
  };
const xml = (body: string | Buffer, type = "application/rss+xml") => ({ body, type });
const link = (rel: string, origin: string, n: number) =>
  `<atom:link rel="${rel}" href="${origin}/feed/?page=${n}"/>`;

test("one page of a list that is not a web page is fetched as it is, as inspect does", async () => {
  const server = await startFaultServer({
    "/robots.txt": (ask) => answer(ask, 404, {}, ""),
    "/feed": (ask) => answer(ask, 200, { "content-type": "text/xml" }, rss(item("One"))),
    "/cut": (ask) =>
      answer(ask, 200, { "content-type": "text/xml" }, rss(item("One")).slice(0, -9)),
  });
  const start = `${server.origin}/feed`;
  const site = { start, origins: [], politeness: { delay: 0, concurrency: 1 } };
  const fetcher = openFetcher(site, { attempts: 1 });
  const { body } = await fetcher.fetch(start);
  expect(Buffer.from(body).toString()).toContain("<title>One</title>");
  await expect(fetcher.fetch(`${server.origin}/cut`)).rejects.toThrow("</rss> is missing");
  await fetcher.close();
});

describe("a crawl of a feed", () => {
  const crawled = (route: Route, listing: object = {}) =>
    crawlServed(route, (origin) => ({
      start: `${origin}/feed/`,
      listing: { kind: "feed", ...listing },
      fields: FIELDS,
    }));

  test.each<[string, Route]>([
    [
      "next",
      paged((n, items, origin) => xml(rss(items, n < 3 ? link("next", origin, n + 1) : ""))),
    ],
    [
      "prev-archive",
      paged((n, items, origin) =>
        xml(rss(items, n < 3 ? link("prev-archive", origin, n + 1) : "")),
      ),
    ],
    [
      "WordPress's ?paged=",
      paged((n, items) =>
        n > 3
          ? 404
          : xml(rss(items, "<generator>https://wordpress.org/?v=6.6</generator>"), "text/html"),
      ),
    ],
    [
      "next, as files that are compressed,",
      paged((n, items, origin) =>
        xml(gzipSync(rss(items, n < 3 ? link("next", origin, n + 1) : "")), "application/x-gzip"),
      ),
    ],
  ])("that leads on by %s reads all of it, and builds the same again", async (_, route) => {
    const { code, stderr, entries, account, isRebuilt } = await crawled(route);
    expect(code, stderr).toBe(0);
    // Its last page leads to no other one, and it is none of the newest alone.
    expect(String(account.notes)).not.toContain("names no page with older ones");
    expect(entries.map(({ title }) => title).sort()).toEqual(
      [1, 2, 3, 4, 5].map((n) => `Article ${n}`),
    );
    expect(entries[0]).toMatchObject({ date: "2021-03-05" });
    expect(isRebuilt).toBe(true);
  });

  test("of a WordPress that shows the newest whatever the number says so", async () => {
    const items = item("One") + item("Two").replace("/a<", "/b<");
    const body = rss(items, "<generator>https://wordpress.org/?v=6.6</generator>");
    const { code, stderr } = await crawled((ask) =>
      ask.url.startsWith("/feed/")
        ? xml(body.replaceAll("https://example.org", ask.origin))
        : article("One"),
    );
    expect(code, stderr).not.toBe(3);
    expect(stderr).toContain("ends after 2 articles and names no page with older ones");
  });

  test("that never ends is read to where nothing new comes", async () => {
    const endless = paged((n, items, origin) =>
      xml(
        rss(
          n > 3 ? `<item><title>Article 5</title><link>${origin}/a/5</link></item>` : items,
          link("next", origin, n + 1),
        ),
      ),
    );
    const { code, stderr, entries, asked } = await crawled(endless);
    expect(code, stderr).toBe(0);
    expect(entries).toHaveLength(5);
    expect(asked.length).toBeLessThan(30);
  });

  test.each<[string, ReturnType<Route>, string]>([
    ["is cut off", xml(rss(item("Lost")).slice(0, -30)), "</rss> is missing"],
    ["is a web page", "<p>Just a moment</p>", "neither a feed, a sitemap nor JSON"],
    ["is half a JSON feed", xml('{"items":[{"url":"https://'), "not whole JSON"],
  ])("whose second page %s is incomplete", async (_, second, message) => {
    const route = paged((n, items, origin) =>
      n === 2 ? second : xml(rss(items, n < 3 ? link("next", origin, n + 1) : "")),
    );
    const { code, account } = await crawled(route);
    expect(code).toBe(3);
    expect(account.gaps?.join()).toContain(message);
  });

  test("with its texts needs no article pages", async () => {
    const items = item(
      "One",
      "<pubDate>Fri, 05 Mar 2021 10:00:00 +0000</pubDate><description>&lt;p&gt;Text with &lt;a href='/x'&gt;a link&lt;/a&gt;.&lt;/p&gt;</description>",
    );
    const route: Route = ({ url }) => (url === "/feed/" ? xml(rss(items)) : 404);
    const { code, stderr, entries } = await crawlServed(route, (origin) => ({
      start: `${origin}/feed/`,
      listing: { kind: "feed" },
      article: { follow: false },
    }));
    expect(code, stderr).toBe(0);
    expect(entries).toMatchObject([
      { title: "One", date: "2021-03-05", sourceUrl: "https://example.org/a" },
    ]);
    expect(JSON.stringify(entries[0])).toContain("[a link](https://example.org/x)");
  });
});
