/** What `init` says of a pager: it sees the same as a crawl. */
import { expect, test } from "vitest";
import type { Proposal } from "../../src/propose/proposal.js";
import { propose } from "../../src/propose/propose.js";
import { siteText } from "../../src/propose/site-text.js";
import { FURNITURE, type Given, link, page, rows, TOLD } from "../reliability/ways-on.js";
import { pageOf } from "./sites.js";

const URL_ = "https://gazette.example/news/";

function proposed({ after = "", before = "", list = rows(1, 5) }: Given, url = URL_) {
  const found = propose(pageOf(url, page(list, after, before)), null, { name: "g" });
  const missing = (found?.missing ?? []).filter((line) => line.startsWith("next: "));
  const choice = found?.choices.find(({ part }) => part === "next");
  return { ...found?.site.listing, reads: found?.reads.next, said: missing.join(), choice };
}

test.each(Object.entries(TOLD))("a list with %s has a pager", (_, [after]) => {
  const { next, reads, said } = proposed({ after });
  expect(said).not.toContain("there is no pager");
  expect(next !== undefined || reads != null || said !== "").toBe(true);
});

test.each(Object.entries(FURNITURE))("a list with %s has none", (_, given) => {
  const { next, reads, said } = proposed(given);
  expect({ next, reads }).toEqual({ next: undefined, reads: null });
  expect(said).toMatch(
    /there is no pager; the list is taken to be one page long|page \? of 1 has none/,
  );
});

/** What only words or a sign tell is read by these. */
test.each([
  [TOLD["an icon"]?.[0], "a:has(> .fa-chevron-right)"],
  [TOLD["a label for screen readers"]?.[0], 'a[aria-label="Nächste Seite"]'],
  [TOLD["an image"]?.[0], 'a:has(> img[alt="Next"])'],
  [link("/list/b", '<b title="x">Older posts</b>'), 'a:contains("Older posts")'],
  [TOLD["more, beside the rows"]?.[0], 'a:contains("More")'],
])("%s is proposed, and is not sure", (after = "", selector) => {
  const { next, reads, choice } = proposed({ after });
  expect(next).toBe(selector);
  expect(reads).toMatch(/gazette\.example\/(?:list\/b|archive)$/);
  expect(choice?.sure).toBe(false);
});

test("the last page of a list says so, whatever leads back", () => {
  const after = `<div class="pages"><a href="/news/">«</a> <a href="/news/">1</a> <a href="/news/page/2/">2</a> <b>3</b></div>`;
  const { next, said } = proposed({ after }, `${URL_}page/3/`);
  expect([next, said]).toEqual([
    undefined,
    "next: page ? of 3 has none; look at an earlier page to see it work",
  ]);
});

test("a number that a script follows is not taken for that of this page", () => {
  const { current, pageLinks, said } = proposed({
    after: '<nav class="pager"><b>1</b> <a href="#" data-page="2">2</a></nav>',
  });
  expect({ current, pageLinks }).toEqual({ current: ".pager b", pageLinks: undefined });
  expect(said).toMatch(/only a script follows "2" to #/);
});

test("a list that a preset reads is not said to have one page where something leads on", () => {
  const head = (html: string) =>
    html.replace("<head>", '<head><meta name="generator" content="Ghost 5.8">');
  const post = (at: number) =>
    `<article class="gh-card"><a class="gh-card-link" href="/a/${at}/"><h2 class="gh-card-title">Story ${at}</h2></a><time datetime="2021-05-0${at}">3 May</time></article>`;
  const offered = (after: string) => {
    const html = head(page([1, 2, 3].map(post).join(""), after));
    const found = propose(pageOf(URL_, html), null, { name: "g" });
    return { ...found?.site, missing: found?.missing.join() };
  };
  expect(offered("")).toMatchObject({ preset: "ghost", listing: { next: [] } });
  const more = offered('<button class="js-load-more">More stories</button>');
  expect(more).toMatchObject({ preset: "ghost", missing: expect.stringContaining("js-load") });
  expect(more.listing?.next).toBeUndefined();
});

test("a theme with a pager of its own is followed beside the preset that reads its rows", () => {
  const post = (at: number) =>
    `<div class="post type-post hentry"><h2 class="entry-title"><a href="/a/${at}/">Story ${at}</a></h2><div class="entry-summary"><p>3 May on the quay.</p></div></div>`;
  const after =
    '<div id="pagenavi"><span class="older"><a href="/news/page/2/">以前の投稿</a></span></div>';
  const head = '<head><meta name="generator" content="WordPress 4.1">';
  const html = page([1, 2, 3].map(post).join(""), after).replace("<head>", head);
  const found = propose(pageOf(URL_, html), null, { name: "g" });
  expect(found?.site).toMatchObject({
    preset: "wordpress",
    listing: { next: ".older > a" },
  });
  expect(found?.reads.next).toBe(`${URL_}page/2/`);
});

test("what a page says never becomes code of the site file", () => {
  const after = `<button class="js-load-more" title="More\nprocess.exit(9) //\u2028process.exit(8)"></button>`;
  const found = propose(pageOf(URL_, page(rows(1, 5), after)), null, { name: "g" });
  expect(found?.missing.join()).toContain("process.exit(9)");
  const lines = siteText(found as Proposal).split(/[\n\r\u2028\u2029]/);
  expect(lines.filter((line) => /^\s*process/.test(line))).toEqual([]);
});

test("a parameter that counts the pages of several lists from 0 is found as a crawl reads it", () => {
  const to = (n: number) => `<a href="/news/?page=0,${n - 1}&lang=en">${n}</a>`;
  const after = `<div class="pager"><b>1</b> ${to(2)} ${to(3)}</div>`;
  const { pageParameter, reads } = proposed({ after });
  expect([pageParameter, reads]).toEqual(["page", `${URL_}?page=0,1&lang=en`]);
});

test("the years of an archive beside a pager are no pages", () => {
  const years = [2019, 2020, 2021].map((year) => `<li><a href="/news/${year}/">${year}</a></li>`);
  const pager = `<p><b class="now">1</b> <a href="/news/index_2.html">2</a> <a href="/news/index_3.html">3</a></p>`;
  const after = `<div class="content">${pager}<ul>${years.join("")}</ul></div>`;
  const { pageLinks, reads } = proposed({ after });
  expect(reads).toBe(`${URL_}index_2.html`);
  expect(pageLinks).toBe(".content > p a[href]");
});

test("of two pagers one is read, and not the page that holds both", () => {
  const pager = `<div class="pagination">67 topics <b>1</b>, <a href="?start=25">2</a>, <a href="?start=50">3</a></div>`;
  const around = `<p><a href="/a/9">The year 2020</a> <a href="/2020/">2020</a></p>`;
  const { pageLinks, reads } = proposed({ before: `${pager}${around}`, after: pager });
  expect(reads).toBe(`${URL_}?start=25`);
  expect(pageLinks).toMatch(/pagination a\[href\]$/);
});
