/** Small pages as systems print them: a list of seven articles on three pages, the last with one, and an article. */

export interface Scene {
  readonly dir: "ltr" | "rtl";
  /** Whether the pager shows numbers, or the way back and on alone. */
  readonly pager: "full" | "mini";
}

export interface System {
  readonly preset: string;
  readonly name: string;
  readonly head: string;
  /** URL of a listing page, from 1; the first is where the site file starts. */
  readonly url: (page: number) => string;
  readonly list: (rows: readonly string[], page: number, scene: Scene) => string;
  /** The second article has no date. */
  readonly row: (n: number, date: string | null) => string;
  readonly article: (n: number, date: string | null) => string;
  readonly pagers?: readonly Scene["pager"][];
}

const LAST = 3;
const numbers = (item: (n: number) => string) => [1, 2, 3].map(item).join("");
const when = (date: string | null, html: (date: string) => string) =>
  date === null ? "" : html(date);
const TEXT = (n: number) => `<p>Text of article ${n}, as it was printed.</p>`;

const wordpress = {
  preset: "wordpress",
  head: '<meta name="generator" content="WordPress 6.6">',
  article: (n: number, date: string | null) =>
    `<main><article class="post-${n} post type-post hentry"><header class="entry-header"><h1 class="entry-title">Article ${n}</h1>${when(date, (one) => `<time class="entry-date published" datetime="${one}T23:30:00-05:00">x</time><time class="updated" datetime="2022-01-01T00:00:00-05:00">y</time>`)}</header><div class="entry-content">${TEXT(n)}</div></article><nav class="navigation post-navigation"><div class="nav-links"><div class="nav-previous"><a href="/a/9/" rel="prev">Older</a></div><div class="nav-next"><a href="/a/8/" rel="next">Newer</a></div></div></nav></main>`,
} as const;

const drupalPager = (page: number, { pager }: Scene, url: (page: number) => string) => {
  const link = (to: number, rel: string, more: string) =>
    `<li${more}><a href="${url(to)}" title="Go to page" rel="${rel}"><span class="visually-hidden">${rel}</span></a></li>`;
  const isMini = pager === "mini";
  const item = (name: string) => (isMini ? "" : ` class="pager__item pager__item--${name}"`);
  const middle = isMini
    ? `<li>Page ${page}</li>`
    : numbers(
        (n) =>
          `<li class="pager__item${n === page ? " is-active" : ""}"><a href="${url(n)}"${n === page ? ' aria-current="page"' : ""}><span class="visually-hidden">Page</span> ${n}</a></li>`,
      );
  return `<nav${isMini ? "" : ' class="pager"'} role="navigation" aria-labelledby="pagination-heading"><h4 id="pagination-heading" class="visually-hidden">Pagination</h4><ul class="${isMini ? "" : "pager__items "}js-pager__items">${page > 1 ? link(page - 1, "prev", item("previous")) : ""}${middle}${page < LAST ? link(page + 1, "next", item("next")) : ""}</ul></nav>`;
};

const typo3 = { head: '<meta name="generator" content="TYPO3 CMS">' } as const;

export const SYSTEMS: readonly System[] = [
  {
    ...wordpress,
    name: "WordPress, a classic theme",
    url: (page) => (page === 1 ? "/news/" : `/news/page/${page}/`),
    row: (n, date) =>
      `<article id="post-${n}" class="post-${n} post type-post hentry"><h2 class="entry-title"><a href="/a/${n}/" rel="bookmark">Article ${n}</a></h2>${when(date, (one) => `<span class="posted-on"><a href="/a/${n}/"><time class="entry-date published" datetime="${one}T23:30:00-05:00">words</time><time class="updated" datetime="2022-01-01T00:00:00-05:00">x</time></a></span>`)}<div class="entry-summary"><p>Short.</p></div><footer><span class="cat-links"><a href="/c/news/" rel="category tag">News</a></span></footer></article>`,
    list: (rows, page, { pager }) =>
      `<main id="main">${rows.join("")}${
        pager === "mini"
          ? `<nav class="navigation posts-navigation"><div class="nav-links">${page < LAST ? `<div class="nav-previous"><a href="/news/page/${page + 1}/">Older posts</a></div>` : ""}${page > 1 ? `<div class="nav-next"><a href="/news/">Newer posts</a></div>` : ""}</div></nav>`
          : `<nav class="navigation pagination"><div class="nav-links">${page > 1 ? '<a class="prev page-numbers" href="/news/">Previous</a>' : ""}${numbers((n) => (n === page ? `<span aria-current="page" class="page-numbers current">${n}</span>` : `<a class="page-numbers" href="${n === 1 ? "/news/" : `/news/page/${n}/`}">${n}</a>`))}${page < LAST ? `<a class="next page-numbers" href="/news/page/${page + 1}/">Next</a>` : ""}</div></nav>`
      }</main>`,
  },
  {
    ...wordpress,
    name: "WordPress, a block theme with two loops",
    url: (page) => (page === 1 ? "/news/" : `/news/?query-3-page=${page}`),
    pagers: ["full"],
    row: (n, date) =>
      `<li class="wp-block-post post-${n} post type-post hentry"><h2 class="wp-block-post-title"><a href="/a/${n}/">Article ${n}</a></h2>${when(date, (one) => `<div class="wp-block-post-date"><time datetime="${one}T23:30:00-05:00">words</time></div><div class="wp-block-post-date wp-block-post-date__modified-date"><time datetime="2022-01-01T00:00:00-05:00">x</time></div>`)}<div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">Short.</p></div></li>`,
    list: (rows, page) =>
      `<main><div class="wp-block-query"><ul class="wp-block-post-template"><li class="wp-block-post post-90 hentry"><h2 class="wp-block-post-title"><a href="/a/90/">Beside</a></h2></li></ul></div><div class="wp-block-query"><ul class="is-layout-flow wp-block-post-template">${rows.join("")}</ul><nav class="wp-block-query-pagination" aria-label="Pagination">${page > 1 ? '<a class="wp-block-query-pagination-previous" href="/news/">Previous</a>' : ""}<div class="wp-block-query-pagination-numbers">${numbers((n) => (n === page ? `<span aria-current="page" class="page-numbers current">${n}</span>` : `<a class="page-numbers" href="?query-3-page=${n}">${n}</a>`))}</div>${page < LAST ? `<a href="/news/?query-3-page=${page + 1}" class="wp-block-query-pagination-next">Next</a>` : ""}</nav></div></main>`,
    article: (n, date) =>
      `<main><h1 class="wp-block-post-title">Article ${n}</h1>${when(date, (one) => `<div class="wp-block-post-date"><time datetime="${one}T23:30:00-05:00">words</time></div>`)}<div class="entry-content wp-block-post-content">${TEXT(n)}</div><div class="post-navigation-link-next wp-block-post-navigation-link"><a href="/a/8/" rel="next">Newer</a></div></main>`,
  },
  {
    preset: "drupal",
    name: "Drupal 10",
    head: '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">',
    url: (page) => (page === 1 ? "/news" : `/news?page=${page - 1}`),
    // Half past eleven in New York is the next day in UTC: the words count.
    row: (n, date) =>
      `<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/a/${n}/">Article ${n}</a></span></div>${when(date, (one) => `<div class="views-field views-field-field-date"><div class="field-content"><time datetime="${nextDay(one)}T04:30:00Z" class="datetime">${inWords(one)}</time></div></div>`)}</div>`,
    list: (rows, page, scene) =>
      `<main><aside><div class="view"><div class="view-content"><div class="views-row"><a href="/x">Beside</a></div></div></div></aside><div class="view view-news view-id-news view-display-id-page_1"><div class="view-content">${rows.join("")}</div>${drupalPager(page, scene, (n) => (n === 1 ? "?page=0" : `?page=${n - 1}`))}</div></main>`,
    article: (n, date) =>
      `<main><h1 class="page-title"><span class="field field--name-title">Article ${n}</span></h1><article data-history-node-id="${n}" class="node node--type-article node--view-mode-full">${when(date, (one) => `<div class="field field--name-field-date field__item"><time datetime="${one}T12:00:00Z" class="datetime">${inWords(one)}</time></div>`)}<div class="clearfix text-formatted field field--name-body field__item">${TEXT(n)}</div></article><nav><ul class="pager__items"><li class="pager__item--next"><a href="/a/8/" rel="next">Next story</a></li></ul></nav></main>`,
  },
  {
    ...typo3,
    preset: "typo3-news",
    name: "TYPO3 with news",
    url: (page) => (page === 1 ? "/news" : `/news/${page}?cHash=${page}ab`),
    pagers: ["full"],
    row: (n, date) =>
      `<div class="article articletype-0" itemscope itemtype="http://schema.org/Article"><div class="header"><h3><a itemprop="url" href="/a/${n}/"><span itemprop="headline">Article ${n}</span></a></h3></div><div class="teaser-text"><div itemprop="description"><p>Short.</p></div></div><div class="footer"><p>${when(date, (one) => `<span class="news-list-date"><time itemprop="datePublished" datetime="${one}">${german(one)}</time></span>`)} <span class="news-list-category">News</span></p></div></div>`,
    list: (rows, page) =>
      `<div class="news"><div class="news-list-view">${rows.join("")}<div class="page-navigation"><p>Page ${page} of 3.</p><ul class="f3-widget-paginator">${page > 1 ? '<li class="previous"><a href="/news">zurück</a></li>' : ""}${numbers((n) => (n === page ? `<li class="current">${n}</li>` : `<li><a href="/news/${n}?cHash=${n}ab">${n}</a></li>`))}${page < LAST ? `<li class="next"><a href="/news/${page + 1}?cHash=${page + 1}ab" rel="next">weiter</a></li>` : ""}</ul></div></div></div>`,
    article: (n, date) =>
      `<div class="news news-single"><div class="article" itemscope itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">Article ${n}</h1></div><div class="footer"><p>${when(date, (one) => `<span class="news-list-date"><time itemprop="datePublished" datetime="${one}">${german(one)}</time></span>`)}</p></div><div class="news-text-wrap" itemprop="articleBody">${TEXT(n)}</div><div class="news-related"><ul><li class="article articletype-0"><a href="/a/9/">Other</a></li></ul></div><ul class="pager"><li class="next"><a href="/a/8/" rel="next">Next</a></li></ul></div></div>`,
  },
  {
    ...typo3,
    preset: "typo3-ttnews",
    name: "TYPO3 with tt_news",
    url: (page) =>
      page === 1 ? "/aktuell.html" : `/aktuell/browse/${page - 1}.html?cHash=${page}`,
    pagers: ["full"],
    row: (n, date) =>
      `<div class="news-list-item">${when(date, (one) => `<span class="news-list-date">${german(one)}</span>`)}<h3><a href="/a/${n}/">Article ${n}</a></h3><p class="bodytext">Short.</p></div>`,
    list: (rows, page) =>
      `<div class="news-list-container">${rows.join("<hr class='clearer'>")}<div class="news-list-browse"><div class="showResultsWrap">1 bis 3 von 7</div><div class="browseLinksWrap">${page > 1 ? '<a href="/aktuell.html">&lt; Zurück</a>' : '<span class="disabledLinkWrap">&lt; Zurück</span>'} ${numbers((n) => (n === page ? `<span class="activeLinkWrap">${n}</span> ` : `<a href="${n === 1 ? "/aktuell.html" : `/aktuell/browse/${n - 1}.html?cHash=${n}`}">${n}</a> `))}${page < LAST ? `<a href="/aktuell/browse/${page}.html?cHash=${page + 1}">Vor &gt;</a>` : '<span class="disabledLinkWrap">Vor &gt;</span>'}</div></div></div>`,
    article: (n, date) =>
      `<div class="news-single-item"><h1>Article ${n}</h1>${when(date, (one) => `<div class="news-single-timedata">${german(one)}</div>`)}<div class="news-single-content">${TEXT(n)}</div><a href="/a/8/" rel="next">Next</a></div>`,
  },
  {
    preset: "joomla",
    name: "Joomla 4",
    head: '<meta name="generator" content="Joomla! - Open Source Content Management">',
    url: (page) => (page === 1 ? "/blog" : `/blog?start=${page * 3 - 3}`),
    pagers: ["full"],
    row: (n, date) =>
      `<div class="com-content-category-blog__item blog-item" itemprop="blogPost" itemscope><div class="item-content"><div class="page-header"><h2 itemprop="headline"><a href="/a/${n}/" itemprop="url">Article ${n}</a></h2></div><dl class="article-info"><dd class="category-name"><a href="/blog">News</a></dd>${when(date, (one) => `<dd class="published"><time datetime="${one}T23:30:00-05:00" itemprop="datePublished">words</time></dd><dd class="modified"><time datetime="2022-01-01T00:00:00-05:00" itemprop="dateModified">x</time></dd>`)}</dl><p>Short.</p></div></div>`,
    // The arrows are named for where they point, which is the other way round from right to left.
    list: (rows, page, { dir }) => {
      const [back, on] = dir === "rtl" ? ["right", "left"] : ["left", "right"];
      const arrow = (to: number, icon: string) =>
        to < 1 || to > LAST
          ? `<li class="disabled page-item"><span class="page-link"><span class="icon-angle-${icon}"></span></span></li>`
          : `<li class="page-item"><a aria-label="..." href="${to === 1 ? "/blog" : `/blog?start=${to * 3 - 3}`}" class="page-link"><span class="icon-angle-${icon}"></span></a></li>`;
      return `<div class="com-content-category-blog blog"><div class="blog-items">${rows.join("")}<div class="blog-item"><div class="system-unpublished"><h2><a href="/a/99/">Draft</a></h2></div></div></div><nav class="pagination__wrapper" aria-label="Pagination"><ul class="pagination ms-0 mb-4">${arrow(page - 1, back ?? "")}${numbers((n) => (n === page ? `<li class="active page-item"><a aria-current="true" href="#" class="page-link">${n}</a></li>` : `<li class="page-item"><a href="${n === 1 ? "/blog" : `/blog?start=${n * 3 - 3}`}" class="page-link">${n}</a></li>`))}${arrow(page + 1, on ?? "")}</ul></nav></div>`;
    },
    article: (n, date) =>
      `<div class="com-content-article item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h1 itemprop="headline">Article ${n}</h1></div><dl class="article-info">${when(date, (one) => `<dd class="published"><time datetime="${one}T23:30:00-05:00" itemprop="datePublished">words</time></dd>`)}</dl><nav class="pagenavigation"><a class="btn next" href="/a/8/" rel="next">Next</a></nav><div itemprop="articleBody" class="com-content-article__body">${TEXT(n)}</div></div>`,
  },
  {
    preset: "joomla",
    name: "Joomla 3",
    head: '<meta name="generator" content="Joomla! - Open Source Content Management">',
    url: (page) => (page === 1 ? "/blog" : `/blog?start=${page * 3 - 3}`),
    pagers: ["full"],
    row: (n, date) =>
      `<div class="item column-1" itemprop="blogPost" itemscope><div class="page-header"><h2 itemprop="name"><a href="/a/${n}/" itemprop="url">Article ${n}</a></h2></div><dl class="article-info">${when(date, (one) => `<dd class="published"><time datetime="${one}T23:30:00-05:00" itemprop="datePublished">words</time></dd>`)}</dl><p>Short.</p></div>`,
    list: (rows, page) => {
      const link = (to: number, name: string, words: string) =>
        to < 1 || to > LAST || to === page
          ? `<li class="${name}"><span class="pagenav">${words}</span></li>`
          : `<li class="${name}"><a class="pagenav" href="${to === 1 ? "/blog" : `/blog?start=${to * 3 - 3}`}">${words}</a></li>`;
      return `<div class="blog"><div class="items-row cols-1 row-0">${rows.join("")}</div><div class="pagination"><p class="counter">Page ${page} of 3</p><ul>${link(1, "pagination-start", "Start")}${link(page - 1, "pagination-prev", "Prev")}${numbers((n) => link(n, "", String(n)).replace(' class=""', ""))}${link(page + 1, "pagination-next", "Next")}${link(LAST, "pagination-end", "End")}</ul></div></div>`;
    },
    article: (n, date) =>
      `<div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">Article ${n}</h2></div><dl class="article-info">${when(date, (one) => `<dd class="published"><time datetime="${one}T23:30:00-05:00" itemprop="datePublished">words</time></dd>`)}</dl><ul class="pager pagenav"><li class="next"><a href="/a/8/" rel="next">Next</a></li></ul><div itemprop="articleBody">${TEXT(n)}</div></div>`,
  },
  {
    preset: "generic",
    name: "any system with microdata in its list and JSON-LD on its articles",
    head: "",
    url: (page) => (page === 1 ? "/news/" : `/news/?p=${page}`),
    pagers: ["mini"],
    row: (n, date) =>
      `<div itemscope itemtype="https://schema.org/NewsArticle"><h3 itemprop="headline"><a itemprop="url" href="/a/${n}/">Article ${n}</a></h3>${when(date, (one) => `<time itemprop="datePublished" datetime="${one}T23:30:00-05:00">words</time>`)}<time itemprop="dateModified" datetime="2022-01-01">x</time></div>`,
    list: (rows, page) =>
      `<main>${rows.join("")}${page > 1 ? '<a rel="prev" href="/news/">Newer</a>' : ""}${page < LAST ? `<a rel="next" href="/news/?p=${page + 1}">Older</a>` : ""}</main>`,
    article: (n, date) =>
      `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Article ${n}",${when(date, (one) => `"datePublished":"${one}T23:30:00-05:00",`)}"dateModified":"2022-01-01"}</script><main><article><h1>Article ${n}</h1><div itemprop="articleBody">${TEXT(n)}</div></article><a rel="next" href="/a/8/">Next story</a></main>`,
  },
  {
    preset: "blogger",
    name: "Blogger",
    head: '<meta content="blogger" name="generator">',
    url: (page) =>
      page === 1 ? "/" : `/search?updated-max=2021-0${page}-01T00:00:00Z&max-results=3`,
    pagers: ["mini"],
    row: (n, date) =>
      `<div class="post-outer"><div class="post hentry"><h3 class="post-title entry-title"><a href="/a/${n}/">Article ${n}</a></h3><div class="post-body entry-content">${TEXT(n)}</div><div class="post-footer">${when(date, (one) => `<a class="timestamp-link" href="/a/${n}/"><abbr class="published" title="${one}T23:30:00-05:00">23:30</abbr></a>`)}</div></div></div>`,
    list: (rows, page) =>
      `<div class="main section" id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed">${rows.join("")}</div><div class="blog-pager" id="blog-pager">${page > 1 ? '<span id="blog-pager-newer-link"><a class="blog-pager-newer-link" href="/">Newer</a></span>' : ""}${page < LAST ? `<span id="blog-pager-older-link"><a class="blog-pager-older-link" href="/search?updated-max=2021-0${page + 1}-01T00:00:00Z&amp;max-results=3">Older</a></span>` : ""}</div></div></div>`,
    article: (n, date) =>
      `<div class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><div class="post hentry"><h3 class="post-title entry-title">Article ${n}</h3><div class="post-body entry-content">${TEXT(n)}</div><div class="post-footer">${when(date, (one) => `<abbr class="published" title="${one}T23:30:00-05:00">23:30</abbr>`)}</div></div></div><div class="blog-pager"><a class="blog-pager-older-link" href="/a/8/">Older</a></div></div>`,
  },
  {
    preset: "mediawiki",
    name: "MediaWiki",
    head: '<meta name="generator" content="MediaWiki 1.42.1">',
    url: (page) =>
      page === 1 ? "/wiki/Category:News" : `/w/index.php?title=Category:News&pagefrom=${page}`,
    pagers: ["mini"],
    // It prints no date of publication at all.
    row: (n) => `<li><a href="/a/${n}/" title="Article ${n}">Article ${n}</a></li>`,
    list: (rows, page, { dir }) =>
      `<h1 id="firstHeading">Category:News</h1><div id="mw-content-text"><div id="mw-subcategories"><ul><li><a href="/wiki/Category:Old">Old</a></li></ul></div><div id="mw-pages"><h2>Pages</h2>${page > 1 ? `(<a href="/w/index.php?title=Category:News&amp;pageuntil=${page}#mw-pages">previous page</a>) ` : "(previous page) "}${page < LAST ? `(<a href="/w/index.php?title=Category:News&amp;pagefrom=${page + 1}#mw-pages">next page</a>)` : "(next page)"}<div class="mw-content-${dir}"><div class="mw-category"><div class="mw-category-group"><h3>A</h3><ul>${rows.join("")}</ul></div></div></div></div></div>`,
    article: (n) =>
      `<h1 id="firstHeading" class="firstHeading">Article ${n}</h1><div id="mw-content-text"><div class="mw-parser-output">${TEXT(n)}</div></div><ul><li id="footer-info-lastmod">last edited on 1 January 2022</li></ul><a rel="next" href="/a/8/">Next</a>`,
  },
  {
    preset: "ghost",
    name: "Ghost",
    head: '<meta name="generator" content="Ghost 5.90">',
    url: (page) => (page === 1 ? "/" : `/page/${page}/`),
    pagers: ["mini"],
    row: (n, date) =>
      `<article class="post-card post"><div class="post-card-content"><a class="post-card-content-link" href="/a/${n}/"><header><div class="post-card-tags"><span class="post-card-primary-tag">News</span></div><h2 class="post-card-title">Article ${n}</h2></header><div class="post-card-excerpt">Short.</div></a><footer>${when(date, (one) => `<time class="post-card-meta-date" datetime="${one}">words</time>`)}</footer></div></article>`,
    list: (rows, page) =>
      `${page < LAST ? `<link rel="next" href="/page/${page + 1}/">` : ""}<main><div class="post-feed">${rows.join("")}</div><nav class="pagination">${page > 1 ? '<a class="newer-posts" href="/">Newer</a>' : ""}<span class="page-number">Page ${page} of 3</span>${page < LAST ? `<a class="older-posts" href="/page/${page + 1}/">Older</a>` : ""}</nav></main>`,
    article: (n, date) =>
      `<main><article class="article post"><header class="article-header gh-canvas"><h1 class="article-title">Article ${n}</h1>${when(date, (one) => `<time class="byline-meta-date" datetime="${one}">words</time>`)}</header><section class="gh-content gh-canvas">${TEXT(n)}</section></article><aside><article class="post-card post"><a class="older-posts" rel="next" href="/a/8/">Next</a></article></aside></main>`,
  },
];

const MONTHS = ["January", "February", "March"];
const inWords = (date: string) =>
  `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)} - 23:30`;
const german = (date: string) => date.split("-").reverse().join(".");
const nextDay = (date: string) =>
  `${date.slice(0, 8)}${String(Number(date.slice(8)) + 1).padStart(2, "0")}`;
