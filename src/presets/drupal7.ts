/**
 * Drupal 7 with Views: every pager, row and field variant that its core, its common base themes and
 * its captured sites print. Selectors as data; each list goes from the exact to the general.
 *
 * Markup: Views 7.x-3.x templates, core's theme_pager and theme_field, and the Bootstrap, Zen and
 * Omega base themes.
 */
import type { Preset } from "../site.js";

/** Any link of a row but those of its column labels, which Tablesaw copies into the cells of narrow tables. */
const LINK = "a[href]:not([href^='#'], .tablesaw-cell-label a)";
/** Rows whose fields were stripped of Views' wrappers: their blocks, but for title and date. */
const BARE = ":scope > :is(p, ul, ol, blockquote, table, figure, pre)";
const BARE_CELL = ":scope > td:has(> :is(p, ul, ol, blockquote, table, figure, pre))";

export const drupal7: Preset = {
  listing: {
    // Side blocks hold rows too, so rows are only looked for in the main content where it can be told.
    within: ["#block-system-main", ".region-content", "#content", "main, [role=main]", "body"],
    rows: [
      ".view-content .views-row",
      "table.views-table > tbody > tr",
      ".view-content table > tbody > tr",
      ".view-content > ul > li, .view-content > .item-list > ul > li",
      ".feed-item",
      ".node-teaser",
      "body:not(:has(.view)) .views-row",
    ],
    link: [
      ".views-field-title a[href]",
      ":is(h1, h2, h3, h4, h5).field-content a[href]",
      ":is(h1, h2, h3, h4, h5) a[href]",
      "a.views-more-link, .node-readmore a[href]",
      ".field-content > a[href]",
      LINK,
    ],
    next: [
      "li.pager-next > a",
      "li.pager__item--next > a",
      "ul.pagination > li.next > a",
      ".item-list-pager > ul.pager > li.next > a, ul.pager > li.next > a",
      "a[rel~=next]",
    ],
    current: [
      "li.pager-current",
      "li.pager__item--current",
      "ul.pagination > li.active > span",
      ".item-list-pager > ul.pager > li.current, ul.pager > li.current",
    ],
    pageLinks: ["ul.pager a[href]", "ul.pagination a[href]", ".pager a[href]"],
    pageParameter: "page",
    empty: [".view-empty"],
  },
  article: {
    translations: [
      "ul[class*='language-switcher-'] a.language-link[href]",
      ".block-locale a[href]",
      "li.translation_fr a, ul.links li[class*='translation_'] a[href]",
    ],
  },
  remove: [
    ".contextual-links-wrapper",
    ".views-label",
    ".node > ul.links.inline",
    ".node > .link-wrapper > ul.links.inline",
  ],
  fields: {
    title: {
      listing: [
        ".views-field-title .field-content",
        ".views-field-title",
        ":is(h1, h2, h3, h4, h5).field-content",
        ":is(h1, h2, h3, h4, h5)",
        "[class*='views-field'][class*='title']",
        ".field-content > a[href]",
        LINK,
      ],
      article: [
        "h1#page-title",
        "h1.page-title, h1.page__title, h1.page-header, h1.title",
        "#block-system-main .node h1, #block-system-main .node h2.node-title",
        "main h1, #content h1, article h1",
        { select: "meta[property='og:title']", attribute: "content" },
        "h1",
      ],
      prefer: "article",
    },
    date: {
      listing: [
        { select: "[class*='date-display-'][content]", attribute: "content" },
        { select: "time[datetime]", attribute: "datetime" },
        {
          select: "[property~='dc:date'][content], [property~='dc:created'][content]",
          attribute: "content",
        },
        "[class*='date-display-']",
        "[class*='views-field'][class*='date'] .field-content",
        "[class*='views-field'][class*='date']",
        ".views-field-created .field-content",
        ".views-field-created",
        ".feed-item-date",
        "time",
      ],
      article: [
        { select: ".field-type-datetime [class*='date-display-'][content]", attribute: "content" },
        { select: "[class*='field-name-field-date'] [content]", attribute: "content" },
        ".field-type-datetime .field-item",
        "[class*='field-name-field-date'] .field-item, [class*='field--name-field-date'] .field__item",
        { select: ".node time[datetime], article time[datetime]", attribute: "datetime" },
        {
          select: "#block-system-main .node > .submitted [property~='dc:created'][content]",
          attribute: "content",
        },
      ],
      prefer: "listing",
    },
    type: {
      listing: [
        "[class*='views-field'][class*='type'] .field-content",
        "[class*='views-field'][class*='type']",
        "[class*='views-field'][class*='category'] .field-content",
        ":scope > .type",
      ],
      article: [
        // The class list also names the kind of field (`field-type-text`), so the name must end in "type".
        ".field-name-type .field-item, .field-name-field-type .field-item",
        "[class*='field-name-'][class*='-type field-type-'] .field-item",
        ".field--name-field-type .field__item",
      ],
      prefer: "listing",
      empty: ["-", "–", "—"],
    },
    summary: {
      listing: [
        ".views-field-body .field-content",
        ".views-field-body",
        "[class*='views-field'][class*='summary'], [class*='views-field'][class*='teaser'], [class*='views-field'][class*='overview']",
        ".field-name-body .field-items",
        ".feed-item-body",
        { select: BARE, all: true },
        BARE_CELL,
      ],
      prefer: "listing",
    },
    body: {
      listing: [
        ".views-field-body .field-content",
        ".views-field-body",
        ".field-name-body .field-items",
        ".feed-item-body",
        { select: BARE, all: true },
        BARE_CELL,
      ],
      article: [
        "#block-system-main .field-name-body > .field-items",
        "#block-system-main .field--name-body > .field__items",
        ".node-full .field-name-body > .field-items",
        ".node .field-name-body > .field-items",
        ".field-name-body > .field-items",
        ".field--name-body > .field__items",
        "#block-system-main .node > .content",
        "article .content",
      ],
      prefer: "article",
    },
  },
};
