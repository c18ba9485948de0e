/** What plain themes of Drupal and WordPress print beside the text is read, or named with the reason. */
import pc from "picocolors";
import { expect, onTestFinished, test, vi } from "vitest";
import { TRIED, tryOut } from "../../src/commands/init/try-out.js";
import { readArticle } from "../../src/extract/article.js";
import { mergeItem } from "../../src/extract/item.js";
import { parsePage } from "../../src/extract/tree.js";
import { PRESETS } from "../../src/site/presets.js";
import { resolveSite } from "../../src/site/resolve.js";
import { serveSite } from "../commands/small-site.js";

const URL = "https://quay.example/news/1";

function read(preset: string, html: string) {
  const site = resolveSite(
    { name: "quay", start: "https://quay.example/news", preset },
    PRESETS,
    "test",
  );
  const body = Buffer.from(
    `<!DOCTYPE html><html lang="en"><body><main>${html}</main></body></html>`,
  );
  const headers = { "content-type": "text/html" };
  const page = { url: URL, requestedUrl: URL, status: 200, headers, body };
  const article = readArticle(parsePage(page, site), site);
  const row = { listing: site.start, position: 1, url: URL, base: URL, readings: {} };
  return { article, content: article.content(mergeItem(site, row, article)) };
}

test("an attached file of Drupal is read with the words of its link, and one in the text with the text", () => {
  const { article, content } = read(
    "drupal",
    `<h1>One</h1><article class="node"><div class="field--name-body"><p>A text.</p><span class="file"><a href="/in-text.pdf">In it</a></span></div>
    <div class="field field--name-field-report field--type-file"><div class="field__item"><span class="file file--mime-application-pdf"><a href="/report.pdf" title="report.pdf">The report of 2021</a></span></div></div>
    <div class="view"><span class="file"><a href="/other.pdf">Of another</a></span></div></article>`,
  );
  expect(article.media).toEqual([
    {
      url: "https://quay.example/report.pdf",
      alt: null,
      title: "The report of 2021",
      kind: "file",
    },
  ]);
  expect(content.blocks.filter(({ place }) => place.includes("field-report"))).toEqual([]);
});

test("tags and categories below a post of WordPress are named with the reason", () => {
  const { content } = read(
    "wordpress",
    '<article class="post type-post hentry"><h1 class="entry-title">One</h1><div class="entry-content"><p>A text.</p></div><footer class="entry-footer"><span class="cat-links">Categorized as <a href="/c/1" rel="category tag">News</a>, <a href="/c/2" rel="category tag">Sea</a></span> <span class="tags-links">Tagged <a href="/t/1">boats</a></span></footer><footer class="entry-meta"><span class="tag-links"><a href="/t/1">boats</a></span></footer></article>',
  );
  const left = content.blocks.filter(({ isIgnored }) => !isIgnored);
  expect(left.map(({ place }) => place)).toEqual([]);
  expect(content.blocks.some(({ place }) => place.includes("tags-links"))).toBe(true);
});

test("a proposed site file that leaves something behind is not said to have no finding", async () => {
  const row = (at: number) => `<div class="row"><h2><a href="/${at}">Story ${at}</a></h2></div>`;
  using served = await serveSite((path) => {
    if (path === "/list") return [1, 2, 3, 4, 5].map(row).join("");
    const [, at] = /^\/(\d)$/.exec(path) ?? [];
    if (at === undefined) return 404;
    return `<h1>Story ${at}</h1><div class="text"><p>The text of story ${at}.</p></div><div class="facts">Length ${at} miles by sea</div>`;
  });
  const site = resolveSite(
    {
      ...{ name: "left", start: served.start, politeness: { delay: 0 } },
      listing: { rows: ".row", next: [] },
      fields: { title: { listing: "h2", article: "h1" }, body: { article: ".text" } },
    },
    PRESETS,
    "test",
  );
  expect(TRIED).toBeGreaterThan(5);
  expect((await tryOut(site)).join("\n")).toMatch(/^left behind `.facts`/m);
  // So too where the terminal shows colours.
  const { isColorSupported } = pc;
  onTestFinished(() => {
    vi.unstubAllEnvs();
    Object.assign(pc, { isColorSupported });
  });
  vi.stubEnv("FORCE_COLOR", "1");
  Object.assign(pc, { isColorSupported: true });
  expect((await tryOut(site)).join("\n")).toMatch(/^left behind `.facts`/m);
});

test("a proposed site file whose trial was stopped is not said to have no finding, and the trial shows how far it is", async () => {
  const row = (at: number) => `<div class="row"><h2><a href="/${at}">Story ${at}</a></h2></div>`;
  using served = await serveSite((path) => {
    if (path === "/list") return [1, 2, 3, 4, 5].map(row).join("");
    // As Ctrl-C does.
    if (path === "/2") (process.listeners("SIGINT").at(-1) as () => void)();
    return /^\/\d$/.test(path) ? `<h1>Story</h1><div class="text"><p>A text.</p></div>` : 404;
  });
  const site = resolveSite(
    {
      ...{ name: "stopped", start: served.start, politeness: { delay: 0 } },
      listing: { rows: ".row", next: [] },
      fields: { title: { listing: "h2" }, body: { article: ".text" } },
    },
    PRESETS,
    "test",
  );
  const shown: string[] = [];
  const progress = (lines: () => string | readonly string[]) =>
    void shown.push(...[lines()].flat());
  expect(await tryOut(site, { progress })).toEqual(["it was stopped before its end"]);
  expect(shown.join("\n")).toContain("listing page");
});
