/**
 * WordPress: classic themes after those that come with it, and block themes.
 *
 * Markup: Twenty Ten to Twenty Twenty-One; the blocks Query Loop, Post Template and Query Pagination of Gutenberg; the
 * pagers of WP-PageNavi and Genesis.
 */
import type { Preset } from "../site.js";

/** What was published, not what was changed: a post that was never changed has both names on one element. */
const PUBLISHED = [
  { select: "time.published[datetime]", attribute: "datetime" },
  {
    select: ".wp-block-post-date:not(.wp-block-post-date__modified-date) time[datetime]",
    attribute: "datetime",
  },
  { select: "time.entry-date[datetime]:not(.updated)", attribute: "datetime" },
  { select: "abbr.published[title]", attribute: "title" },
];

/** Main pictures of other posts. */
const BESIDE = "aside *, nav *, .wp-block-query *, .widget *, [class*=related] *";

/** "Continue reading" at the end of an excerpt, in a row that has another link to its post. */
const MORE =
  ":is(.hentry, .type-post, .post, .wp-block-post):has(:is(.entry-title, .wp-block-post-title) a[href]) :is(.entry-summary, .wp-block-post-excerpt__excerpt, .entry-content:not(:has(> * + *)) > p) :is(a.more-link, a.wp-block-post-excerpt__more-link)";

export const wordpress: Preset = {
  listing: {
    // A page may hold several loops; the list is the one with a pager.
    within: [".wp-block-query:has(.wp-block-query-pagination)", ".wp-block-query"],
    rows: [
      "ul.wp-block-post-template > li.wp-block-post",
      ":is(article, div, li):is(.hentry, .type-post, .post):not(:is(.hentry, .type-post, .post) *)",
      "main article",
    ],
    link: [
      ".wp-block-post-title a[href]",
      ".entry-title a[href]",
      "a[rel~=bookmark][href]",
      ":is(h1, h2, h3, h4) a[href]",
      "a[href]:has(:is(h1, h2, h3, h4))",
      "a.wp-block-read-more[href], a.more-link[href]",
      "a[href]",
    ],
    next: [
      "a.wp-block-query-pagination-next[href]",
      "a.next.page-numbers[href]",
      // Themes call the older posts the previous ones.
      ":is(.posts-navigation, .paging-navigation, #nav-below, #nav-above, .navigation:not(.post-navigation)) .nav-previous a[href]",
      "a.nextpostslink[href], .pagination-next > a[href]",
      "a[rel~=next][href]:not(.post-navigation *)",
      "link[rel~=next][href]",
    ],
    current: [".page-numbers.current", ".wp-pagenavi .current"],
    pageLinks: ["a.page-numbers:not(.next, .prev)", ".wp-pagenavi a.page"],
    empty: [".no-results", ".wp-block-query-no-results"],
  },
  article: {
    // `wp_link_pages`, whose links have this class in every theme.
    pages: [
      ".page-links, .post-nav-links",
      ":is(.page-link, .pagination, .entry-content > *):has(.post-page-numbers):not(:has(p))",
    ],
    translations: ".lang-item a[hreflang], .wpml-ls-item a[hreflang]",
    media: `img.wp-post-image:not(${BESIDE})`,
  },
  remove: [
    MORE,
    ".sharedaddy, .jp-relatedposts, .post-navigation, .wp-block-post-navigation-link",
    // The same link again; the name of the file comes before it.
    "a + .wp-block-file__button",
    // What is in the place of a text that asks for a password.
    ":is(.entry-content, .post-content, .wp-block-post-content):has(form[action*='action=postpass'])",
  ],
  ignore: [
    {
      select:
        ":is(article, .hentry, .type-post) :is(.tags-links, .tag-links, .entry-tags, .post-tags, .taxonomy-post_tag)",
      reason: "keywords: a field `tags` of the site file keeps them",
      optional: true,
    },
    {
      select: ":is(article, .hentry, .type-post) :is(.cat-links, .taxonomy-category)",
      reason:
        "categories: the first is the type, and a field `categories` of the site file keeps all",
      optional: true,
    },
  ],
  fields: {
    title: {
      listing: [".wp-block-post-title", ".entry-title", ":is(h1, h2, h3, h4)"],
      article: [
        "h1.wp-block-post-title",
        "h1.entry-title",
        "article h1, .hentry h1",
        "main h1",
        "h1",
      ],
    },
    date: {
      listing: [
        ...PUBLISHED,
        { select: "time[datetime]:not(.updated)", attribute: "datetime" },
        ".entry-date, .posted-on",
      ],
      article: [
        ...PUBLISHED,
        { select: "meta[property='article:published_time']", attribute: "content" },
        { select: "article time[datetime]:not(.updated, .comment *)", attribute: "datetime" },
        ".entry-date",
      ],
    },
    type: {
      listing: [".cat-links a", ".taxonomy-category a", "a[rel~=category]"],
      article: [".cat-links a", ".taxonomy-category a", "a[rel~=category]"],
      prefer: "listing",
    },
    summary: {
      listing: [
        ".wp-block-post-excerpt__excerpt",
        ".entry-summary",
        // The one paragraph that WordPress makes of an excerpt.
        ".entry-content:not(:has(> * + *)) > p",
      ],
      prefer: "listing",
    },
    body: {
      listing: [".entry-content:not(.post-password-required *)"],
      article: [
        ".wp-block-post-content",
        ":is(article, .hentry, .type-post) .entry-content",
        ".entry-content",
        ".post-content",
      ],
    },
  },
};
