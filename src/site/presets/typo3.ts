/**
 * TYPO3: lists of the extensions `news` (https://docs.typo3.org/p/georgringer/news) and `tt_news`, which came before it.
 * URLs have a checksum (`cHash`) that nobody else can make: only links lead on.
 */
import type { Preset } from "../site.js";

export const typo3News: Preset = {
  listing: {
    within: [".news-list-view", ".news"],
    rows: [
      ".article[itemtype$=Article]:not(.news-related *)",
      ".article:is(.articletype-0, .articletype-1, .articletype-2):not(.news-related *)",
      ".news-list-item, .article",
    ],
    link: [
      ":is(h2, h3, h4) a[href]",
      "a[itemprop=url][href]",
      "a[href]:has(:is(h2, h3, h4))",
      "a.more[href]",
      "a[href]",
    ],
    next: [
      "ul.f3-widget-paginator li.next a[href]",
      ":is(.page-navigation, .pagination) li.next a[href]",
      "a[rel~=next][href]",
    ],
    current: [":is(.f3-widget-paginator, .pagination) li:is(.current, .active)"],
    pageLinks: [":is(.f3-widget-paginator, .pagination) li:not(.next, .previous) a[href]"],
    empty: [".no-news-found"],
  },
  // The arrows of an article page lead to other articles.
  remove: [".news-related, .news-backlink-wrap"],
  fields: {
    title: {
      listing: ["[itemprop=headline]", ":is(h2, h3, h4)"],
      article: [
        "h1[itemprop=headline], [itemprop=headline] h1",
        ".news-single :is(h1, h2, h3)",
        "h1",
      ],
    },
    date: {
      listing: [
        { select: ".news-list-date time[datetime]", attribute: "datetime" },
        { select: "time[itemprop=datePublished][datetime]", attribute: "datetime" },
        ".news-list-date",
        { select: "time[datetime]", attribute: "datetime" },
      ],
      article: [
        {
          select: ".news-single :is(.news-list-date, .extra) time[datetime]",
          attribute: "datetime",
        },
        { select: "time[itemprop=datePublished][datetime]", attribute: "datetime" },
        ".news-single .news-list-date",
        ".news-single time",
      ],
      formats: ["dd.MM.yyyy", "dd.MM.yy"],
    },
    type: {
      listing: [".news-list-category", ".news-category"],
      article: [".news-single .news-list-category"],
      prefer: "listing",
    },
    summary: {
      listing: [".teaser-text [itemprop=description]", ".teaser-text"],
      prefer: "listing",
    },
    body: { article: [".news-text-wrap", "[itemprop=articleBody]", ".news-single .article"] },
  },
};

/** Its pager has no `rel`, and words in every language: the first link after the page that is shown leads on. */
export const typo3TtNews: Preset = {
  listing: {
    within: [".news-list-container"],
    rows: [".news-list-item"],
    link: [
      ":is(h2, h3, h4) a[href]",
      "a[href]:has(:is(h2, h3, h4))",
      ".news-list-morelink a[href]",
      "a[href]",
    ],
    next: [
      ".browseLinksWrap .activeLinkWrap ~ a[href]",
      ".browseLinksWrap .activeLinkWrap ~ * a[href]",
    ],
    current: [".browseLinksWrap .activeLinkWrap"],
    pageLinks: [".browseLinksWrap a[href]"],
  },
  fields: {
    title: {
      listing: [":is(h2, h3, h4)", "a[href]"],
      article: [".news-single-item :is(h1, h2)", "h1"],
    },
    date: {
      listing: [".news-list-date", ".news-list-timedata", "time"],
      article: [
        ".news-single-item :is(.news-single-timedata, .news-single-rightbox, .news-single-date)",
      ],
      formats: ["dd.MM.yyyy", "dd.MM.yy", "dd-MM-yy"],
      prefer: "listing",
    },
    type: { listing: [".news-list-category"], prefer: "listing" },
    summary: { listing: [".news-list-subheader", "p.bodytext"], prefer: "listing" },
    body: { article: [".news-single-item .news-single-content", ".news-single-item"] },
  },
};
