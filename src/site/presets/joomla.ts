/**
 * Joomla 3 to 5: blogs of a category, with the links to older articles below them. The icons of its pager turn round where
 * text runs from right to left, and its labels are translated: the page after the one that is shown is the next one.
 */
import type { Preset } from "../site.js";

const PUBLISHED = [
  { select: ".published time[datetime]", attribute: "datetime" },
  { select: "time[itemprop=datePublished][datetime]", attribute: "datetime" },
];

export const joomla: Preset = {
  listing: {
    within: [".com-content-category-blog", ".blog", ".com-content-category", "main"],
    rows: [
      ".blog-item, .items-more li",
      ".items-leading > div, .items-row .item, .items-more li",
      "table.category tbody tr",
    ],
    link: [
      ":is(h1, h2, h3) a[href]",
      ".list-title a[href]",
      "a[href]:has(:is(h1, h2, h3))",
      "a[href]",
    ],
    next: [
      ".pagination li.active + li a[href]",
      ".pagination li:has(> span.pagenav) + li > a.pagenav[href]",
      ".pagination li.pagination-next a[href]",
    ],
    current: [".pagination li.active", ".pagination li:not([class]) > span.pagenav"],
    pageLinks: [".pagination li:not([class*='pagination-']) a[href]"],
  },
  remove: [
    // What only editors should see, and still is on some pages.
    ":is(.blog-item, .items-leading > div, .items-row .item, .items-more li):has(.system-unpublished)",
    "ul.pager.pagenav, .com-content-article__navigation, nav.pagenavigation",
  ],
  fields: {
    title: {
      listing: [":is(h1, h2, h3)", ".list-title", "a[href]"],
      article: [
        ":is(.com-content-article, .item-page) :is(h1, h2)[itemprop=headline]",
        ":is(.com-content-article, .item-page) :is(h1, h2)",
        "h1",
      ],
    },
    date: { listing: PUBLISHED, article: PUBLISHED },
    type: {
      listing: [".category-name a", ".category-name"],
      article: [".category-name a", ".category-name"],
      prefer: "listing",
    },
    summary: { listing: [".item-content > p", ":scope > p"], prefer: "listing" },
    body: {
      article: [".com-content-article__body", "[itemprop=articleBody]", ".item-page"],
    },
  },
};
