/**
 * A WordPress that ran (6.1.9 with its themes Twenty Twenty-One and Twenty Twenty-Three), recorded answer by answer without
 * style sheets and scripts: by its pages and by its API it gives the same archive. Among its 18 posts are one that is pinned,
 * one with a password, one without a title and one in two pages; a draft, a private and a future one are on no page.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Page } from "../../src/model.js";
import { propose } from "../../src/propose/propose.js";
import type { SiteInput } from "../../src/site/site.js";
import { type Crawled, crawlServed, type Route } from "./site.js";

const FOLDER = join(import.meta.dirname, "wordpress");
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Recorded {
  readonly file: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The site in a theme, as it answered. */
function wordpress(theme: "classic" | "block"): Route {
  const answers: Readonly<Record<string, Recorded>> = {
    ...JSON.parse(read("site.json")),
    ...JSON.parse(read(`${theme}.json`)),
  };
  return ({ url, origin }) => {
    if (url === "/robots.txt")
      return { type: "text/plain", body: `User-agent: *\nSitemap: ${origin}/wp-sitemap.xml\n` };
    if (url.endsWith(".png")) return { type: "image/png", body: PIXEL };
    if (url.endsWith(".pdf")) return { type: "application/pdf", body: "%PDF-1.4\n%%EOF\n" };
    // The sitemaps of terms and authors were not recorded.
    if (/^\/wp-sitemap-(?:tax|users)/.test(url))
      return { type: "application/xml", body: "<urlset/>" };
    const answer = answers[url];
    if (answer === undefined) return 404;
    const { file, type, headers = {} } = answer;
    return { type, headers, body: read(file).replaceAll("{origin}", origin) };
  };
}

/** What was archived, by path, whatever the port; the words of a date are printed by each way in its own way. */
function archived({ entries, asked: [first] }: Crawled) {
  const origin = first?.origin ?? "";
  return Object.fromEntries(
    entries.map(({ id: _, dateText: __, ...entry }) => {
      const text = JSON.stringify(entry).replaceAll(origin, "");
      return [String(entry.sourceUrl).slice(origin.length), JSON.parse(text)];
    }),
  );
}

const byPages = (origin: string): Partial<SiteInput> => ({
  ...{ preset: "wordpress", start: `${origin}/`, language: "en-US" },
  ignore: [
    { select: ".byline, .wp-block-post-author, .tags-links, .taxonomy-post_tag", reason: "terms" },
    { select: ".cat-links, .taxonomy-category", reason: "further categories", optional: true },
    { select: ".wp-block-comments, .comments-area", reason: "comments", optional: true },
  ],
});
const byApi = (origin: string): Partial<SiteInput> => ({
  ...{ start: `${origin}/wp-json/wp/v2/posts`, language: "en-US" },
  listing: { kind: "wp-json" },
});

const SECRET = "/2021/03/for-members-only/";
const NOTE = "/2021/03/note/";
const CUT = "/2021/03/a-report-of-many-words/";

describe("a WordPress that was recorded", () => {
  const runs: Record<string, Crawled> = {};
  beforeAll(async () => {
    runs.classic = await crawlServed(wordpress("classic"), byPages);
    runs.block = await crawlServed(wordpress("block"), byPages);
    runs.api = await crawlServed(wordpress("classic"), byApi);
  });
  const run = (name: string) => runs[name] as Crawled;

  test.each([
    ["classic", "the pages of a classic theme", [SECRET]],
    // It prints no title where a post has none.
    ["block", "the pages of a block theme", [SECRET, NOTE]],
    ["api", "the API", [SECRET]],
  ])(
    "gives %s: by %s every post that anybody may read, and builds the same again",
    (name, _, without) => {
      const { account, code, isRebuilt } = run(name);
      expect(account.gaps).toEqual([]);
      const states = { written: 18 - without.length, rejected: without.length, failed: 0 };
      expect(account.counts).toMatchObject({ listed: 18, ...states });
      for (const path of without) expect(Object.keys(archived(run(name)))).not.toContain(path);
      expect(readFileSync(join(run(name).out, "ledger.jsonl"), "utf8")).toMatch(
        /for-members-only\/".*"reason":"body: the site asks for a password in the place of the text"/,
      );
      expect(account.witnesses ?? []).toEqual([]);
      expect(code).toBe(1);
      expect(isRebuilt).toBe(true);
    },
  );

  test("is the same archive by its API as by the pages of its theme", () => {
    expect(archived(run("api"))).toEqual(archived(run("classic")));
  });

  test("has summaries without the link that leads on to the post", () => {
    for (const name of ["classic", "api"])
      expect(archived(run(name))[CUT].summary).toMatch(/Paragraph 3 of a long…$/);
  });

  test("is the same by the pages of another theme, but for a post that has no title there and a summary that ends in its own words", () => {
    const { [NOTE]: _, [CUT]: long, ...others } = archived(run("classic"));
    const { [CUT]: other, ...found } = archived(run("block"));
    expect(found).toEqual(others);
    expect({ ...other, summary: "" }).toEqual({ ...long, summary: "" });
  });
});

const pageOf = (name: string, path: string): Page => ({
  ...{ url: `https://gazette.example${path}`, requestedUrl: `https://gazette.example${path}` },
  ...{ status: 200, headers: {} },
  body: Buffer.from(read(name).replaceAll("{origin}", "https://gazette.example")),
});

test.each(["classic", "block"])(
  "init takes the preset for a list of a %s theme, though a post has no title and the first one few words, and offers the API and the feed",
  (theme) => {
    const article = pageOf(`${theme}/pinned.html`, "/2020/01/pinned/");
    const list = pageOf(`${theme}/list-1.html`, "/");
    const proposal = propose(list, article, { name: "gazette" });
    expect(proposal).toMatchObject({
      site: { preset: "wordpress", start: "https://gazette.example/" },
      reads: { rows: 7, next: "https://gazette.example/page/2/" },
    });
    expect(proposal?.offers?.join()).toContain("https://gazette.example/wp-json/wp/v2/posts");
    expect(proposal?.offers?.join()).toContain("https://gazette.example/feed/");
    // Without it, another article shows where the text is.
    const others = [pageOf(`${theme}/harbour-opens-again.html`, "/2021/03/harbour-opens-again/")];
    const own = propose(list, article, { name: "gazette", preset: false, others });
    expect(own?.site.article?.follow).toBeUndefined();
    expect(own?.site.fields?.body).toHaveProperty("article");
    expect(own?.reads.next).toBe("https://gazette.example/page/2/");
  },
);
