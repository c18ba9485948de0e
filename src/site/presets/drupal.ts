/**
 * Drupal 8 to 11 with Views: full and mini pagers, rows as fields, as content and in tables, and the theme Olivero.
 *
 * Its `time[datetime]` is UTC with a `Z`, noon where there is a date alone (`buildDateWithIsoAttribute` of core), and the
 * words beside it are in the site's zone: where the two differ by a day, the words count (`convert/date.ts`).
 */
import type { Preset } from "../site.js";

const PAGER = ":is(.js-pager__items, .pager__items)";
const BODY = [".field--name-body > .field__item", ".field--name-body"];
const TYPE = [
  ":is(.field--name-field-type, .field--name-type, .field--name-field-category) .field__item",
  ":is(.field--name-field-type, .field--name-type, .field--name-field-category)",
];

export const drupal: Preset = {
  listing: {
    within: [
      `.view:has(${PAGER})`,
      `[class*='views-element-container']:has(${PAGER})`,
      "main .view",
      "main",
      "[role=main]",
    ],
    rows: [
      ".view-content > .views-row, .views-row:not(.views-row *)",
      ":is(table.views-table, table.views-view-table) > tbody > tr",
      ".view-content > article, .view-content > .item-list > ul > li",
      "article.node--view-mode-teaser, article[class*='teaser']",
    ],
    link: [
      ".views-field-title a[href]",
      ":is(h2, h3, h4) a[href]",
      "a[rel~=bookmark][href]",
      "a[href]:has(:is(h2, h3, h4))",
      "a[href]",
    ],
    next: [
      "li.pager__item--next a[href]",
      // The mini pager has no names on its items.
      `${PAGER} a[rel~=next][href]`,
      "nav[role=navigation] a[rel~=next][href]",
    ],
    current: [`${PAGER} :is(.is-active, .pager__item--current)`],
    pageLinks: [`${PAGER} a[href*='page=']:not([rel~=next], [rel~=prev])`],
    pageParameter: "page",
    probe: true,
    empty: [".view-empty"],
  },
  article: {
    translations: ".language-switcher-language-url a[hreflang], .links a.language-link[hreflang]",
    media: [
      ":is(article, .node) [class*='field--name-field-'][class*='image'] img",
      ":is(article, .node) :is(.field--type-file a, .file > a)[href]:not(.view *, .field--name-body *)",
    ],
  },
  fields: {
    title: {
      listing: [
        ".views-field-title .field-content",
        ".views-field-title",
        ".field--name-title",
        ":is(h2, h3, h4)",
        "a[href]",
      ],
      article: [
        "h1 .field--name-title",
        "h1.page-title, h1.page-header",
        "main h1, [role=main] h1",
        "h1",
      ],
    },
    date: {
      listing: [
        { select: "time[datetime]", attribute: "datetime" },
        "[class*='views-field'][class*='date']:not([class*='update'])",
        "[class*='views-field-created']",
      ],
      article: [
        {
          select:
            "[class*='field--name-field-'][class*='date']:not([class*='update']) time[datetime]",
          attribute: "datetime",
        },
        {
          select:
            ":is(article, .node) time[datetime]:not(.comment *, [class*='comment'] *, .view *)",
          attribute: "datetime",
        },
        { select: "meta[property='article:published_time']", attribute: "content" },
        ":is(.node__submitted, .field--name-created)",
      ],
      // The words of a list are in the site's zone, as those of the article are.
      prefer: "listing",
    },
    type: {
      listing: [
        "[class*='views-field'][class*='-type'] .field-content",
        "[class*='views-field'][class*='category'] .field-content",
        ...TYPE,
      ],
      article: TYPE,
      prefer: "listing",
      empty: ["-", "–", "—"],
    },
    summary: {
      listing: [".views-field-body .field-content", ".views-field-body", ...BODY],
      prefer: "listing",
    },
    body: {
      article: [
        ":is(article, .node, main) .field--name-body > .field__item",
        ":is(article, .node, main) .field--name-body",
        "article .text-content",
        ".node__content .text-formatted",
        ".node__content",
      ],
    },
  },
};
