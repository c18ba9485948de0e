/** What `inspect` says of a page, and pages that it reads from captures. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packArchive } from "../../src/archive/pack/pack.js";
import { crawlHere, inspectHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const SITE = {
  name: "small",
  listing: { rows: ".e", next: ["a.next"], empty: [".none"] },
  fields: { title: { listing: "a", article: "h1" }, body: { article: ".body" } },
  politeness: { delay: 0, concurrency: 4 },
  requisites: "none",
} as const;
const LIST =
  '<div class="e"><a href="/news/one">One</a></div><div class="e"><a href="/news/two">Two</a></div>';
const article = (words: string) => `<h1>One</h1><div class="body"><p>${words}</p></div>`;

function folderWith(start: string, site: object = SITE): string {
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify({ ...site, start }));
  return cwd;
}

describe("what a page is taken for", () => {
  const START = "https://a.example/list";
  const page = async (html: string, options: object = {}, site: object = SITE) => {
    const cwd = folderWith(START, site);
    writeFileSync(join(cwd, "page.html"), html);
    const named = { site: join(cwd, "site.json"), ...options };
    return inspectHere(join(cwd, "page.html"), named);
  };
  const feed = '<?xml version="1.0"?><rss><channel><item><title>One</title></item></channel></rss>';

  test.each<[string, string, object, string, string]>([
    [
      "the list by its URL",
      LIST,
      { url: START },
      "listing",
      "it has 2 rows by .e, its URL is that of the list",
    ],
    ["rows alone", LIST, {}, "listing", "it has 2 rows by .e, no pager, no body"],
    ["an article", article("Words"), {}, "article", "it has a body by .body, no rows"],
    [
      "an article with rows beside it",
      article("Words") + LIST,
      {},
      "article",
      "it has a body by .body, and 2 rows by .e without a pager",
    ],
    ["an empty list", '<p class="none">None</p>', {}, "listing", "it says that its list is empty"],
    [
      "nothing known",
      "<p>Words</p>",
      {},
      "article",
      "it has no rows, no pager, no body, so nothing says what it is: --as decides",
    ],
    [
      "the URL of the list alone",
      "<p>Words</p>",
      { url: START },
      "listing",
      "it has no rows, no body, but its URL is that of the list",
    ],
    ["what --as says", article("Words"), { as: "listing" }, "listing", "--as says so"],
    [
      "a feed",
      feed,
      {},
      "listing",
      'it is a feed (rss), read as HTML: write "listing": { "kind": "feed" }',
    ],
    [
      "a sitemap",
      "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
      {},
      "listing",
      'it is a sitemap (urlset), read as HTML: write "listing": { "kind": "sitemap" }',
    ],
    [
      "JSON",
      '{"a": []}',
      {},
      "listing",
      'it is JSON, read as HTML: write "listing": { "kind": "json" }',
    ],
  ])("inspect says what it takes %s for and why", async (_, html, options, kind, why) => {
    const { stdout } = await page(html, { ...options, json: true });
    expect(JSON.parse(stdout)).toMatchObject({ kind, why });
    expect((await page(html, options)).stdout).toContain(`  because ${why}\n`);
  });

  test("inspect takes what the site file calls a feed for a listing, and an article of it for one", async () => {
    const { rows: _, ...listing } = SITE.listing;
    const site = { ...SITE, listing: { ...listing, kind: "feed", next: [] } };
    const why = "it is a feed (rss), which holds a list";
    expect(JSON.parse((await page(feed, { json: true }, site)).stdout)).toMatchObject({ why });
    const one = JSON.parse((await page(article("[Words]"), { json: true }, site)).stdout);
    expect(one).toMatchObject({ kind: "article", why: "it has a body by .body, no rows" });
  });

  test("inspect by a preset alone does not take an article for the list because rows are beside it", async () => {
    const html = `<article><h1 class="entry-title">One</h1><div class="entry-content"><p>Words</p></div></article>
      <aside><article class="post"><h2 class="entry-title"><a href="/two">Two</a></h2></article></aside>`;
    const options = { site: undefined, preset: "wordpress", url: START, json: true };
    expect(JSON.parse((await page(html, options)).stdout)).toMatchObject({
      kind: "article",
      why: expect.stringMatching(/^it has a body by .+, and 1 row by .+ without a pager$/),
    });
  });

  test("inspect says by which site file, built-in site or preset it reads a page", async () => {
    const { stdout } = await page(LIST);
    expect(stdout).toMatch(/^ {2}read by the site file .*site\.json$/m);
    const json = async (options: object) =>
      JSON.parse((await page(LIST, { json: true, site: undefined, ...options })).stdout);
    expect(await json({ site: "demo" })).toMatchObject({ readBy: "the built-in site demo" });
    expect(await json({ preset: "wordpress" })).toMatchObject({ readBy: "the preset wordpress" });
    expect(await json({})).toMatchObject({ readBy: "the preset drupal7" });
  });
});

describe("inspect --capture", () => {
  let cwd: string;
  let origin: string;
  const shown = async (url: string, capture = "A", more: object = {}) => {
    const options = { site: join(cwd, "site.json"), capture: join(cwd, capture), json: true };
    const ended = await inspectHere(url, { ...options, ...more });
    return JSON.parse(ended.stdout);
  };
  beforeAll(async () => {
    let run = 1;
    const site = await serveSite((path) => {
      if (path === "/list") return LIST;
      if (path === "/news/two") return run < 3 ? article("Two") : 404;
      return path === "/news/one" ? article(`Version ${run}`) : 404;
    });
    origin = new URL(site.start).origin;
    cwd = folderWith(site.start);
    for (run = 1; run <= 3; run++) await crawlHere(cwd, "A");
    site[Symbol.dispose]();
    await packArchive(join(cwd, "A"), join(cwd, "a.wacz"), "sitelift", { signing: null });
  });

  test.each(["A", "a.wacz"])(
    "reads the newest page of a URL from %s without the network",
    async (capture) => {
      const one = await shown(`${origin}/news/one#top`, capture);
      expect(one).toMatchObject({ kind: "article", url: `${origin}/news/one`, warnings: [] });
      expect(one.entry.body).toBe("Version 3");
      expect(await shown(`${origin}/list`, capture)).toMatchObject({
        kind: "listing",
        rows: [{}, {}],
      });
    },
  );

  test("takes an older page where the newest crawl got none, and says so", async () => {
    const two = await shown(`${origin}/news/two`);
    expect(two.entry.body).toBe("Two");
    expect(two.warnings).toEqual([
      {
        code: "older-response",
        message: expect.stringMatching(/the page is of .*; what is newer gives none: .*HTTP 404/),
      },
    ]);
  });

  test("names the URLs that are most like one that the capture does not hold", async () => {
    await expect(shown(`${origin}/news/onn`)).rejects.toMatchObject({
      exitCode: 2,
      message: `the capture does not hold ${origin}/news/onn`,
      details: expect.arrayContaining([`${origin}/news/one`]),
    });
  });

  test("refuses a URL whose only response is an error, and says which", async () => {
    const warc = join(cwd, "gone.warc");
    const http = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone</p>";
    const head = [
      "WARC/1.1",
      "WARC-Type: response",
      "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>",
    ];
    const more = [
      "WARC-Date: 2021-01-01T00:00:00Z",
      "WARC-Target-URI: https://a.example/gone",
      `Content-Length: ${http.length}`,
    ];
    writeFileSync(warc, `${[...head, ...more].join("\r\n")}\r\n\r\n${http}\r\n\r\n`);
    await expect(shown("https://a.example/gone", "gone.warc")).rejects.toMatchObject({
      exitCode: 2,
      message: "the capture has no page of status 200 for https://a.example/gone",
      details: [expect.stringContaining("HTTP 404")],
    });
  });

  test.each([
    ["what is not a capture", "https://a.example/", "site.json", /neither a WARC nor a WACZ file/],
    ["a capture that is not there", "https://a.example/", "B", /there is no/],
    ["a page that is not a URL", "page.html", "A", /"page.html" is not a URL/],
  ])("refuses %s", async (_, url, capture, message) => {
    await expect(shown(url, capture)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
