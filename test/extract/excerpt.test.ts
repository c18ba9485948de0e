/** What WordPress adds to an excerpt is not part of a summary. */
import { describe, expect, test } from "vitest";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const ORIGIN = "https://quay.example";
const POST = `${ORIGIN}/2021/boats/`;

function read(text: string, more: Partial<SiteInput>) {
  const site = resolveSite({ name: "quay", start: `${ORIGIN}/list`, ...more }, PRESETS, "test");
  const type = text.startsWith("[")
    ? "application/json"
    : text.startsWith("<rss")
      ? "application/rss+xml"
      : "text/html";
  const page = {
    ...{ url: `${ORIGIN}/list`, requestedUrl: `${ORIGIN}/list`, status: 200 },
    ...{ headers: { "content-type": type }, body: Buffer.from(text) },
  };
  const { rows, warnings } = readListing(parsePage(page, site), site);
  return { row: rows[0], codes: warnings.map(({ code }) => code), warnings };
}

const FEED = { listing: { kind: "feed" } } as const;
const feed = (description: string, content: string | null = "<p>All of it.</p>") =>
  `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title><link>${ORIGIN}</link><item><title>Boats</title><link>${POST}</link><description><![CDATA[${description}]]></description>${content === null ? "" : `<content:encoded><![CDATA[${content}]]></content:encoded>`}</item></channel></rss>`;
const by = (before: string, between: string, after: string) =>
  `<p>${before}<a rel="nofollow" href="${POST}">Boats</a>${between}<a rel="nofollow" href="${ORIGIN}">Quay</a>${after}</p>`;
const ENGLISH = by("The post ", " appeared first on ", ".");

describe("the end of an excerpt of WordPress", () => {
  test.each([
    ["a sign that it was cut", "Five boats came in [&#8230;]", "Five boats came in"],
    ["the sign in a paragraph", "<p>Five boats came in [&hellip;]</p>\n", "Five boats came in"],
    ["the sign in dots", "Five boats came in [...]", "Five boats came in"],
    [
      "a link to the article",
      `Five boats&#8230; <a class="more-link" href="${POST}">Continue reading <span>Boats</span></a>`,
      "Five boats…",
    ],
    [
      "the link to its anchor",
      `<p>Five boats&#8230; <a href="${POST}#more-7">Weiterlesen</a></p>`,
      "Five boats…",
    ],
    ["a sentence in English", `<p>Five boats [&#8230;]</p>\n${ENGLISH}`, "Five boats"],
    [
      "a sentence in German",
      `<p>Five boats.</p>\n${by("Der Beitrag ", " erschien zuerst auf ", ".")}`,
      "Five boats.",
    ],
    ["a sentence in Chinese", `<p>Five boats.</p>\n${by("", "最先出现在", "。")}`, "Five boats."],
    [
      "a sentence in Arabic",
      `<p>Five boats.</p>\n${by("ظهرت المقالة ", " أولاً على ", ".")}`,
      "Five boats.",
    ],
  ])("%s is left out of the summary, with a warning", (_, description, words) => {
    const { row, codes } = read(feed(description), FEED);
    expect(row?.readings.summary?.raw).toBe(words);
    expect(row?.readings.summary?.printed).toBe(words);
    expect(codes).toEqual(["excerpt-end"]);
  });

  test("the sentence of a feed is left out of the text too", () => {
    const { row, warnings } = read(feed("Five boats.", `<p>All of it.</p>\n${ENGLISH}`), FEED);
    expect(row?.readings.body?.raw).toBe("All of it.");
    expect(warnings[0]?.message).toContain('"The post Boats appeared first on Quay."');
  });

  test("the API and a block theme are read so too", () => {
    const post = { link: POST, title: { rendered: "Boats" }, content: { rendered: "<p>All.</p>" } };
    const excerpt = { rendered: "<p>Five boats [&hellip;]</p>\n" };
    const api = JSON.stringify([{ id: 1, date: "2021-01-01T10:00:00", ...post, excerpt }]);
    expect(read(api, { listing: { kind: "wp-json" } }).row?.readings.summary?.raw).toBe(
      "Five boats",
    );
    const html = `<main><article class="post"><h2 class="wp-block-post-title"><a href="${POST}">Boats</a></h2><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">Five boats [&hellip;] </p></div></article></main>`;
    const found = read(html, { preset: "wordpress" });
    expect(found.row?.readings.summary?.raw).toBe("Five boats");
    expect(found.codes).toEqual(["excerpt-end"]);
  });

  test.each([
    [
      "a link that an editor wrote to another article",
      `See <a href="${ORIGIN}/2020/older/">the older one</a>`,
      "See the older one",
    ],
    ["a link in the middle", `See <a href="${POST}">this</a> and that`, "See this and that"],
    ["a summary that is the link alone", `<a href="${POST}">Boats</a>`, "Boats"],
    ["brackets with words", "Five boats [and more…]", "Five boats [and more…]"],
    [
      "a paragraph with links to two articles",
      `<p>Both.</p><p>See <a href="${POST}">this</a> and <a href="${ORIGIN}/2020/older/">that</a>.</p>`,
      "Both. See this and that.",
    ],
    [
      "a long last paragraph that names the site",
      `<p>Both.</p>${by("The harbour master, who came to the quay every morning of that long winter, says that ", " is the best word that was ever on ", ", and many agree.")}`,
      null,
    ],
  ])("%s stays", (_, description, words) => {
    const { row, codes } = read(feed(description), FEED);
    if (words === null) expect(row?.readings.summary?.raw).toContain("and many agree");
    else expect(row?.readings.summary?.raw).toBe(words);
    expect(codes).toEqual([]);
  });

  test("an excerpt that is all that a crawl gets keeps the sign that it was cut", () => {
    const { row } = read(feed("Five boats [&#8230;]", null), {
      ...FEED,
      article: { follow: false },
    });
    expect(row?.readings.body?.raw).toBe("Five boats […]");
  });
});
