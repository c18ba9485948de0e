/** What `init` is not sure of: what it sees beside its choice, and what more pages of the site say. */
import { expect, test } from "vitest";
import type { Page } from "../../src/model.js";
import type { Part } from "../../src/propose/proposal.js";
import { type ProposeOptions, propose } from "../../src/propose/propose.js";

const page = (path: string, body: string): Page => ({
  url: `https://gazette.example${path}`,
  requestedUrl: `https://gazette.example${path}`,
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: Buffer.from(
    `<!doctype html><html lang="en"><head><title>G</title></head><body>${body}</body></html>`,
  ),
});
const TITLES = ["Ferry back", "Quay closed", "Fog again", "Salt is dear", "New pilot", "Old lamp"];
const row = (title: string, at: number, name = "card") =>
  `<div class="${name}"><h2><a href="/${name}/${at}">${title} on the ${at}th</a></h2><span class="date">${at + 1} May 2021</span><p>${title} was what all of the harbour talked of.</p></div>`;
const list = (more = "", name = "card") =>
  page(
    "/news/",
    `<div class="list">${TITLES.map((title, at) => row(title, at, name)).join("")}</div>${more}`,
  );
const words = (title: string) =>
  `<p>${title} is what the harbour talked of that day, and the master wrote it down.</p><p>The ferry came at noon with crates, and left them on the quay for the night.</p>`;
const article = (at: number, heading = `${TITLES[at]} on the ${at}th`, name = "story") =>
  page(`/card/${at}`, `<h1>${heading}</h1><div class="${name}">${words(TITLES[at] ?? "")}</div>`);

function proposed(listing: Page, first: Page | null, more: Partial<ProposeOptions> = {}) {
  const proposal = propose(listing, first, { name: "gazette", ...more });
  if (proposal === null) throw new Error("nothing was proposed");
  const of = (part: Part) => proposal.choices.find((choice) => choice.part === part);
  return { proposal, of };
}

test("header, middle and footer of a page are never rows, though they repeat", () => {
  const box = (inside: string) => `<div class="section"><div class="inner">${inside}</div></div>`;
  const menu = `<nav><a href="/about">About the harbour</a><a href="/visit">Visit us</a></nav>`;
  const frame = page(
    "/news/",
    box(`<h3>Gazette</h3>${menu}`) +
      box(
        `<main>${TITLES.slice(0, 3)
          .map((title, at) => row(title, at))
          .join("")}</main>`,
      ) +
      box(`<h3>Find us</h3>${menu}`),
  );
  expect(proposed(frame, null).of("rows")).toMatchObject({ value: ".card", matched: "3 rows" });
  const alone = page(
    "/news/",
    box(`<h3>Gazette</h3>${menu}`) +
      box("<main><p>No news.</p></main>") +
      box(`<h3>Find us</h3>${menu}`),
  );
  expect(propose(alone, null, { name: "gazette" })).toBeNull();
});

test("a heading that is the same on every article is not a title", () => {
  const same = [0, 3, 5].map((at) => article(at, "Harbour Gazette")) as [Page, Page, Page];
  const titleOf = (first: Page, others: Page[]) =>
    proposed(list(), first, { others }).proposal.site.fields?.title?.article;
  expect(titleOf(same[0], same.slice(1))).toBeUndefined();
  expect(titleOf(article(0), [article(3), article(5)])).toBe("h1");
});

test("the rows are not sure where a larger group of like elements is on the page", () => {
  const others = Array.from(
    { length: 9 },
    (_, at) =>
      `<li class="post"><h3><a href="/post/${at}">Post number ${at} of the harbour</a></h3></li>`,
  );
  const { of } = proposed(list(`<ul class="posts">${others.join("")}</ul>`), article(0));
  expect(of("rows")).toMatchObject({ value: ".card", sure: false });
  expect(of("rows")?.reason).toMatch(/9 elements at .*li\.post/);
});

test("the rows are not sure where they match nothing on the next page", () => {
  const { of } = proposed(list(), article(0), { second: list("", "tile") });
  expect(of("rows")).toMatchObject({ sure: false });
  const found = proposed(list(), article(0), { second: list() });
  expect(found.of("rows")).toMatchObject({ sure: true });
});

test("the body is not sure where another article has none there", () => {
  const { of } = proposed(list(), article(0), {
    others: [article(3, undefined, "text"), article(5)],
  });
  expect(of("body")).toMatchObject({
    sure: false,
    reason: "1 of 2 other articles have none there",
  });
});

test("a choice names what came next, what it weighs beside it, and what it lost on", () => {
  const links = Array.from(
    { length: 4 },
    (_, at) => `<li><a href="/tip/${at}">Tip number ${at} of the harbour</a></li>`,
  );
  const { runnerUp } =
    proposed(list(`<ul class="tips">${links.join("")}</ul>`), article(0)).of("rows") ?? {};
  expect(runnerUp?.value).toMatch(/tips/);
  expect(runnerUp?.weight).toBeLessThan(1);
  expect(runnerUp?.lost).toMatch(/^(?:dates|number of rows) \(\d[\d.]* to \d[\d.]*\), /);
});

test("rows in a box that is called after a menu, or in the form around a page, are rows", () => {
  const rows = TITLES.map((title, at) => row(title, at, "note")).join("");
  const side = `<div class="tools">${["Harbour", "Fog and", "Salt"].map((one) => `<div class="tool"><a href="/about/${one}">${one}</a> about us all</div>`).join("")}</div>`;
  for (const [open, close] of [
    [`<div class="menu-left">`, "</div>"],
    [`<div class="page has-sidebar">`, "</div>"],
    [`<form id="whole">`, "</form>"],
  ])
    expect(
      proposed(page("/news/", `${open}<div class="list">${rows}</div>${close}${side}`), null).of(
        "rows",
      ),
      open,
    ).toMatchObject({ value: ".note", matched: "6 rows" });
});

test.each([
  ["a link back to older posts", `<a class="prev" href="/news/page/2/">&larr; Older</a>`],
  [
    "a number that leads nowhere",
    `<ul><li><a href="#" class="off now current">1</a></li><li><a href="/news/page/2/">2</a></li><li><a href="/news/page/2/">Next</a></li></ul>`,
  ],
  [
    "a number that leads to the page itself",
    `<ul><li class="active"><a href="/news/">1</a></li><li><a href="/news/page/2/">2</a></li></ul>`,
  ],
])("a pager that shows %s is read", (_, links) => {
  const { proposal, of } = proposed(list(`<div class="pagination">${links}</div>`), null);
  expect(of("next")).toMatchObject({ samples: ["https://gazette.example/news/page/2/"] });
  expect(proposal.missing.join()).not.toContain("next:");
});

const cards = (more: (at: number) => string) =>
  page(
    "/news/",
    TITLES.map(
      (title, at) =>
        `<div class="card"><h2><a href="/card/${at}">${title} on the ${at}th</a></h2>${more(at)}</div>`,
    ).join(""),
  );

test("the date of a row is that of its publication, not of its last change", () => {
  const rows = cards(
    (at) =>
      `<time class="updated" datetime="2022-01-0${at + 1}">changed</time> <time class="published" datetime="2021-05-0${at + 1}">${at + 1} May</time>`,
  );
  const { of } = proposed(rows, null);
  expect(of("date")).toMatchObject({ value: expect.stringMatching(/^\.published/), sure: true });
  expect(of("rows")?.reason).toBe("they repeat, and 6 of them hold a date");
});

test("a label, counts, names of authors and lists of tags are not types", () => {
  const kind = (at: number) => (at % 2 ? "Sea" : "Land");
  const labelled = (at: number) =>
    `<span class="cat-links"><i>Filed under</i> <a href="/c/${kind(at)}">${kind(at)}</a></span>`;
  expect(proposed(cards(labelled), null).of("type")?.samples).toEqual(["Land", "Sea"]);
  for (const words of [
    (at: number) => `<span class="reading">${(at % 2) + 1} min read</span>`,
    (at: number) => `<span class="author">${kind(at)} Keeper</span>`,
    (at: number) =>
      `<ul class="tagcloud"><li><a href="/t/fog">fog</a></li><li><a href="/t/${kind(at)}">${kind(at)}</a></li></ul>`,
  ])
    expect(proposed(cards(words), null).of("type")?.value).toBeUndefined();
});

test("a row of a change list is called by its version, and leads to this site", () => {
  const rows = ["3.40.1", "3.40.0", "3.39.4", "3.8.11"].map(
    (version, at) =>
      `<tr><td><a href="https://code.example/?c=${at}">2022-12-0${at + 1}</a></td><td>${at === 3 ? version : `<a href="/log/${version}.html">${version}</a>`}</td></tr>`,
  );
  const { of } = proposed(page("/log/", `<table><tbody>${rows.join("")}</tbody></table>`), null);
  expect(of("title")?.samples).toContain("3.40.1");
  expect(of("link")?.samples).toContain("https://gazette.example/log/3.40.1.html");
});

const LONG_TEXT = Array.from(
  { length: 8 },
  (_, at) =>
    `<p>On the ${at + 1}th day the ferry came at noon with crates of salt, and the master of the harbour wrote down what it left on the quay, as he did each day of that long year.</p>`,
).join("");
const STORY = `<h1>Ferry back</h1><div class="story">${LONG_TEXT}</div>`;
const RELATED = `<div class="more">${TITLES.slice(0, 3)
  .map((title, at) => row(title, at, "teaser"))
  .join("")}</div>`;
const POST = (head: string, body: string, classes = "") => {
  const plain = page("/2021/ferry-back/", "");
  const html = `<!doctype html><html lang="en"><head><title>G</title>${head}</head><body class="${classes}">${body}</body></html>`;
  return { ...plain, body: Buffer.from(html) };
};
const BYLINE = `<article class="post-7 hentry"><h1 class="entry-title">Ferry back</h1><p>By <a rel="author" href="/author/keeper/">Keeper</a></p><div class="entry-content">${LONG_TEXT}</div></article>`;
const WORDPRESS = `<meta name="generator" content="WordPress 6.4">`;
const OG = `<meta property="og:type" content="article">`;
const ld = (text: string) => `<script type="application/ld+json">${text}</script>`;

test.each<[string, Page]>([
  ["a WordPress post whose only link is its byline", POST(WORDPRESS, BYLINE)],
  [
    "a WordPress post that is called single, and its related posts",
    POST("", STORY + RELATED, "single"),
  ],
  ["og:type article beside one long text, and its related posts", POST(OG, STORY + RELATED)],
  [
    "a WordPress post with a short text and one link",
    POST(WORDPRESS, BYLINE.replace(/<div.*<\/div>/, "<div>Short.</div>")),
  ],
  [
    "a WordPress post whose related posts are marked up as it is",
    POST(
      WORDPRESS + OG,
      BYLINE +
        RELATED.replaceAll(`<div class="teaser">`, `<article class="hentry">`).replaceAll(
          "</p></div>",
          "</p></article>",
        ),
    ),
  ],
  [
    "the JSON-LD of one article in a graph, and its related posts",
    POST(ld(`{"@graph":[{"@type":["NewsArticle"],"headline":"Ferry back"}]}`), STORY + RELATED),
  ],
  [
    "the time of its publication, and its related posts",
    POST(
      `<meta property="article:published_time" content="2021-05-01T09:00:00Z">`,
      STORY + RELATED,
    ),
  ],
  [
    "one heading and one long text, and short links",
    POST("", STORY + RELATED.replaceAll(/<p>.*?<\/p>/g, "")),
  ],
])("a page with %s looks like an article, so its rows are not sure", (_, single) => {
  expect(proposed(single, null).of("rows")).toMatchObject({
    sure: false,
    reason: expect.stringMatching(/^this looks like an article; give the page that lists it/),
    matched: expect.stringMatching(/^(?:1 row|\d+ rows)$/),
  });
});

test.each<[string, Page]>([
  ["og:type article and no long text", POST(OG, `<h1>News</h1><div>${RELATED}</div>`)],
  [
    "the JSON-LD of several articles",
    POST(ld(`[{"@type":"Article"},{"@type":"Article"}]`), `<h1>News</h1>${RELATED}`),
  ],
  [
    "an introduction",
    POST("", `<h1>News</h1><div><p>${"The news of the harbour. ".repeat(8)}</p></div>${RELATED}`),
  ],
])("a list with %s is still a list", (_, listing) => {
  expect(proposed(listing, null).of("rows")).toMatchObject({ sure: true });
});

test("rows of a grid of ASP.NET go without its pager, a row with a table of its own", () => {
  const cells = TITLES.map(
    (title, at) =>
      `<tr><td><a href="/story/${at}">${title}</a></td><td>${at + 1} May 2021</td></tr>`,
  );
  const pages = [1, 2, 3].map(
    (at) =>
      `<td>${at === 1 ? "<span>1</span>" : `<a href="javascript:__doPostBack('grid','Page$${at}')">${at}</a>`}</td>`,
  );
  const pager = `<tr class="pgr"><td colspan="2"><table><tr>${pages.join("")}</tr></table></td></tr>`;
  const grid = `<form><table class="grid"><tr><th>Title</th><th>Date</th></tr>${cells.join("")}${pager}</table></form>`;
  const { of, proposal } = proposed(page("/news/", grid), null);
  expect(proposal.reads).toMatchObject({
    rows: TITLES.length,
    links: TITLES.length,
    dates: TITLES.length,
  });
  expect(of("rows")).toMatchObject({ sure: true });
});

test("rows of which half have no title are not sure", () => {
  const both = `<article><div><a href="/card/1"><img src="a.png"></a></div><div><h3><a href="/card/1">Ferry back</a></h3><time datetime="2021-05-01">1 May</time></div></article>`;
  const { of } = proposed(page("/", `<main>${both}</main>`), null);
  expect(of("rows")).toMatchObject({ matched: "2 rows", sure: false });
});

test("rows in which no title was found are not sure", () => {
  const links = ["one", "two", "three"].map((at) => `<a href="/${at}">42</a>`).join("");
  const found = propose(page("/news/", `<main><div class="ways">${links}</div></main>`), null, {
    name: "bay",
  });
  expect(found?.choices.find(({ part }) => part === "rows")?.sure ?? false).toBe(false);
});

test("who wrote a comment is not proposed as who wrote the article", () => {
  const comment = (name: string) =>
    `<div class="comment"><b class="author"><a href="/people/${name}">${name}</a></b><p>So it was, and ${name} saw it.</p></div>`;
  const told = (at: number, byline: string) =>
    page(
      `/card/${at}`,
      `<main><h1>${TITLES[at]} on the ${at}th</h1>${byline}<div class="story">${words(TITLES[at] ?? "")}</div></main><div id="comments">${comment(`Reader ${at}`)}${comment(`Guest ${at}`)}</div>`,
    );
  const authorOf = (byline: (at: number) => string) =>
    propose(list(), told(0, byline(0)), {
      name: "gazette",
      others: [told(3, byline(3)), told(5, byline(5))],
    })?.choices.filter(({ part }) => /^authors?$/.test(part));
  expect(authorOf(() => "")).toEqual([]);
  expect(authorOf((at) => `<p class="byline">Keeper ${at}</p>`)).toMatchObject([
    { part: "author", samples: ["Keeper 0"] },
  ]);
});

/** A list whose links to articles and to the next page are of one kind. */
const buttons = (at: number) => {
  const card = (title: string, n: number) =>
    `<div class="card"><h2><a href="/card/${at}${n}">${title} on the ${at}${n}th</a></h2><p>${title} was what all talked of.</p><ul class="actions"><li><a class="button" href="/card/${at}${n}">Lire</a></li></ul></div>`;
  const link = (n: number, label: string) =>
    `<li><a class="button" href="/news/${n === 1 ? "" : `page/${n}/`}">${label}</a></li>`;
  const pager = `<ul class="actions">${at > 1 ? link(at - 1, "Plus récent") : ""}${link(at + 1, "Plus ancien")}</ul>`;
  return page(at === 1 ? "/news/" : `/news/page/${at}/`, TITLES.map(card).join("") + pager);
};

test("a link to the next page that only its words set apart is sure once it led to other rows", () => {
  const next = `a:contains("Plus ancien")`;
  const alone = proposed(buttons(1), null);
  expect(alone.of("next")).toMatchObject({ value: next, sure: false });
  const { of, proposal } = proposed(buttons(1), null, { second: buttons(2) });
  expect(of("next")).toMatchObject({ value: next, sure: true });
  expect(proposal.site.listing?.next).toBe(next);
  const same = proposed(buttons(1), null, { second: buttons(1) });
  expect(same.of("next")).toMatchObject({ sure: false });
});

test("a class that calls older posts the previous ones, on a link that says older, is sure", () => {
  const nav = (words: string) =>
    `<div class="navigation"><div class="nav-previous"><a href="page/2/index.html"><span>&larr;</span> ${words}</a></div></div>`.repeat(
      2,
    );
  expect(proposed(list(nav("Older posts")), null).of("next")).toMatchObject({
    value: ".nav-previous > a",
    sure: true,
  });
  expect(proposed(list(nav("Newer posts")), null).of("next")).toBeUndefined();
});

test("a title at the beginning of every text is removed from it, and stays that of the list", () => {
  const told = (at: number, before = "", heading = `${TITLES[at]} on the ${at}th`) =>
    page(
      `/card/${at}`,
      `<div class="story"><header><i>News</i><h1>${heading}</h1></header>${before}${words(TITLES[at] ?? "")}</div>`,
    );
  const others = [told(3), told(5)];
  const head = `<div class="story"><h1>All news</h1></div>`;
  const { site } = proposed(list(head), told(0), { others }).proposal;
  expect(site).toMatchObject({ remove: [".story h1"], fields: { body: { article: ".story" } } });
  expect(site.fields?.title).toEqual({ listing: "h2", prefer: "listing" });
  const apart = [article(3), article(5)];
  expect(proposed(list(), article(0), { others: apart }).proposal.site.remove).toBeUndefined();
  expect(proposed(list(), told(0), { others: apart }).proposal.site.remove).toBeUndefined();
});

test("the feed that is offered is one that a crawl reads, by its whole URL, and not that of comments", () => {
  const feed = (href: string, title: string) =>
    `<link rel="alternate" type="application/rss+xml" href="${href}" title="${title}">`;
  const feeds = feed("/replies.xml", "Comments") + feed("news.xml", "News");
  expect(proposed(list(feeds), null).proposal.offers).toEqual([
    "the page links to a feed, https://gazette.example/news/news.xml: each crawl compares the list with it",
  ]);
});

test("of an API that the page links to it is said that it links to it: nobody asked whether it answers", () => {
  const link = '<link rel="https://api.w.org/" href="/wp-json/">';
  expect(proposed(list(link), null).proposal.offers).toEqual([
    'the page links to the API of a WordPress, https://gazette.example/wp-json/: where that answers, listing.kind "wp-json" with https://gazette.example/wp-json/wp/v2/posts reads the posts without their pages',
  ]);
});

test("rows that are links alone, or have no title, are not sure", () => {
  const menu = TITLES.map((title, at) => `<li class="entry"><a href="/s/${at}">${title}</a></li>`);
  const links = proposed(
    page("/news/", `<div><ul class="services">${menu.join("")}</ul></div>`),
    null,
  );
  expect(links.of("rows")).toMatchObject({
    sure: false,
    reason: expect.stringContaining("as those of a menu are"),
  });
  const boxes = TITLES.map(
    (_, at) => `<div class="box"><a href="/b/${at}">Document</a> ${at + 1} May 2021</div>`,
  );
  const untitled = proposed(page("/news/", `<main>${boxes.join("")}</main>`), null);
  expect(untitled.of("rows")).toMatchObject({ sure: false });
});

test("rows of which every second has another colour are all found", () => {
  const rows = [...TITLES, "Late tide"].map((title, at) =>
    at % 2 > 0
      ? `<tr><td>${title}</td><td>to come</td></tr>`
      : `<tr class="GridRowAlternating"><td><a href="/a/${at}">${title}</a></td><td>${at + 1} May 2021</td></tr>`,
  );
  const { of } = proposed(page("/news/", `<table id="grid">${rows.join("")}</table>`), null);
  expect(of("rows")).toMatchObject({ matched: "7 rows" });
});

test("logos that every page shows in an order of its own are no images of an article", () => {
  const logos = ["quay", "rope", "salt"].map((name) => `<img src="/logos/${name}.png">`);
  const story = (at: number) => {
    const turned = [...logos.slice(at % 3), ...logos.slice(0, at % 3)].join("");
    return page(
      `/card/${at}`,
      `<h1>${TITLES[at]} on the ${at}th</h1><div class="story">${words(TITLES[at] ?? "")}</div><div class="side"><img src="/pictures/${at}.jpg"></div><div class="sponsors">${turned}</div>`,
    );
  };
  const { proposal } = proposed(list(), story(0), { others: [story(1), story(2)] });
  expect(proposal.site.article?.media).toEqual([".side img"]);
});
