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
/**
 * A row whose title is not a link: links in its text lead elsewhere, so only one that stands apart from
 * the text counts ("Read more", an attached file).
 */
const APART = `${LINK}:not(:scope p a, :scope li a, :scope dd a, blockquote a, [class*='views-field-body'] a, [class*='-name-body'] a)`;
const UNTITLED = ":scope:not(:has(:is(h1, h2, h3, h4, h5), [class*='views-field-title']))";
/** Rows whose fields were stripped of Views' wrappers: their blocks, but for title and date. */
const BARE = ":scope > :is(p, ul:not(.links), ol, blockquote, table, figure, pre)";
const BARE_CELL = ":scope > td:has(> :is(p, ul, ol, blockquote, table, figure, pre))";
/** In a table of dates without class names, beside a cell of text: one of plain words after the title's. */
const WORD_CELL =
  "table:has([class*='date-display-']) > tbody > :scope:has(> td > p) > td:not([class], :first-child, :has(*))";
/** What a list is made of: an empty main block leaves the list to a block beside it. */
const LISTS = ":has(.view, .feed-item, .node-teaser, .pager, .pagination)";
/** Class names with "date" in them that name no date. */
const NO_DATE =
  ":not([class*='update'], [class*='candidate'], [class*='mandate'], [class*='validat'])";
/** Comments and teasers name their authors and dates as the node does. */
const NOT_THE_NODE = ":not(.comment *, #comments *, .node-teaser *)";
/** Comments print their text as a node does, with `.content` and `content:encoded` too. */
const NOT_A_COMMENT =
  ":not(.comment *, #comments *, .comments *, .comment-wrapper *, .field-name-comment-body *)";
/**
 * Blocks beside the article, and what shows other articles in it. `body` has classes of all of these themes (`one-sidebar`),
 * so only whole names count.
 */
const BESIDE =
  ":not(.view *, aside *, nav *, header[role=banner] *, footer[role=contentinfo] *, #footer *, .sidebar *, [id^='sidebar'] *, [class*='region-sidebar'] *)";
/** The field is in the node, in a region of Panels or Display Suite, or right in the main content of a plain theme. */
const PAGE = ":is(.node, #block-system-main, .region-content, #content, main, [role=main])";
const NOTHING = ["-", "–", "—"];
/** The body as Field API prints it, with the theme's class names; some Display Suite layouts print no `field-items`. */
const BODY_FIELD = [
  ".field-name-body > .field-items",
  ".field--name-body > :is(.field__items, .field-items)",
  ":is(.field-name-body, .field--name-body):not(:has(> :is(.field-items, .field__items)))",
];
const TYPE_FIELD = [
  // The class list also names the kind of field (`field-type-text`), so the name must end in "type".
  ".field-name-type .field-item, .field-name-field-type .field-item",
  "[class*='field-name-'][class*='-type field-type-'] .field-item",
  ":is(.field--name-type, .field--name-field-type) :is(.field__item, .field-item)",
];

/** What themes and common modules print of a node besides, and why nothing is lost by it: a field that reads one of them has it. */
const IGNORED = {
  ".submitted": "who put the article up, and when: the date is read elsewhere",
  ".field-name-field-tags": "keywords: a field `tags` of the site file keeps them",
  ":is(.field-type-file, .field-type-image, .field-type-media, .field--type-file, .field--type-image, .field--type-media) > :is(.field-label, .field__label)":
    "the label above images and attachments, which are read",
  "img.file-icon": "an icon of Drupal beside the link to a file",
  ".statistics_counter": "a count of visits",
  ":is(.field-type-taxonomy-term-reference, .field--type-taxonomy-term-reference, .terms, .taxonomy, [class*='pane-node-field-tag'], [class*='pane-node-terms'])":
    "keywords: a field `tags` of the site file keeps them",
  ":is(.user-picture, .field-name-author, .field--name-author, .field-name-submitted-by, .pane-node-author)":
    "who put the article up",
};

export const drupal7: Preset = {
  listing: {
    // Side blocks hold rows too, so rows are only looked for in the main content where that is known.
    within: [
      `#block-system-main${LISTS}`,
      `.region-content${LISTS}`,
      "#block-system-main",
      ".region-content",
      "#content",
      "main, [role=main]",
      // The main columns of the themes of Drupal 6: Garland, Zen, Bluemarine.
      ...["#center", "#content-area", "#main"].map((column) => `${column}${LISTS}`),
      "body",
    ],
    rows: [
      // A view in a cell of a table belongs to that cell's row.
      ".view-content .views-row:not(.views-table .views-row)",
      "table.views-table > tbody > tr:has(> td)",
      "table.views-view-grid > tbody > tr > td:has(*)",
      // Rows whose classes the site's builder took away; a class of another name is a changed template.
      ".view-content :has(> .views-field):not([class], tr, td)",
      ".view-content table > tbody > tr:has(> td)",
      ".view-content > :is(ul, ol) > li, .view-content > .item-list > :is(ul, ol) > li",
      ".feed-item",
      ".node-teaser, .view-mode-teaser",
      ".view-content > :is(div, article, section):not([class]):has(a[href])",
      "body:not(:has(.view)) .views-row",
    ],
    link: [
      "[class*='views-field-title'] a[href]",
      ":is(h1, h2, h3, h4, h5).field-content a[href]",
      ":is(h1, h2, h3, h4, h5) a[href]",
      "a.views-more-link, .node-readmore a[href]",
      `${UNTITLED} .field-content > a[href]`,
      `${UNTITLED} ${LINK}`,
      APART,
    ],
    next: [
      "li.pager-next > a",
      "li.pager__item--next > a",
      "ul.pagination > li.next > a",
      ".item-list-pager > ul.pager > li.next > a, ul.pager > li.next > a",
      ":is(.pager, .pagination) :is(.pager-next, .pager__item--next, .next) a[href]",
      ":is(.pager, .pagination) a:is(.pager-next, .next)[href]",
      "a[rel~=next]",
    ],
    current: [
      "li.pager-current",
      "li.pager__item--current",
      "ul.pagination > li.active > span",
      ".item-list-pager > ul.pager > li.current, ul.pager > li.current",
      ":is(.pager, .pagination) li:is(.active, .is-active, .current)",
    ],
    pageLinks: [
      "ul.pager a[href]",
      "ul.pagination a[href]",
      ":is(.pager, .pagination, .item-list-pager) a[href]",
    ],
    pageParameter: "page",
    probe: true,
    empty: [".view-empty"],
  },
  article: {
    translations: [
      "ul[class*='language-switcher-'] a.language-link[href]",
      ".block-locale a[href]",
      "li.translation_fr a, ul.links li[class*='translation_'] a[href]",
    ],
    // Fields beside the body, wherever core, Bootstrap, Panels and Display Suite print them.
    media: [
      `${PAGE} :is(.field-type-image, .field--type-image, [class*='pane-node-field-'][class*='-image']) img:not(.file-icon)${NOT_THE_NODE}${BESIDE}`,
      `${PAGE} :is(.field-type-media, .field--type-media) :is(img:not(.file-icon), .file > a[href], .file .content > a[href])${NOT_THE_NODE}${BESIDE}`,
      `${PAGE} :is(.field-type-file, .field--type-file) a[href]${NOT_THE_NODE}${BESIDE}`,
      `${PAGE} [class*='pane-node-field-'] .file > a[href]${NOT_THE_NODE}${BESIDE}`,
    ],
  },
  remove: [
    ".contextual-links-wrapper",
    ".views-label",
    // Said to screen readers only. In a body it stays: it is the site's own text.
    ":is(h2, h3, h4, h5, .node-readmore) .element-invisible",
    // Some themes print comments within the text of the node.
    ".node > .content :is(#comments, .comment-wrapper)",
    // File Entity prints the name of each file as a heading above it.
    ".file > .element-invisible, .file > header > .element-invisible",
    // Statistics, "log in to comment": but for the links that are read.
    ".node .content ul.links.inline:not(:has([class*='translation_'], .node-readmore))",
  ],
  ignore: Object.entries(IGNORED).map(([select, reason]) => ({ select, reason, optional: true })),
  fields: {
    title: {
      listing: [
        "[class*='views-field-title'] .field-content",
        "[class*='views-field-title']",
        ":is(h1, h2, h3, h4, h5).field-content",
        ":is(h1, h2, h3, h4, h5):not([class*='views-field-body'] *, [class*='-name-body'] *)",
        "[class*='views-field'][class*='title']",
        ".field-content > a[href]",
        LINK,
      ],
      article: [
        "h1#page-title",
        "h1.page-title, h1.page__title, h1.page-header, h1.title",
        "#block-system-main .node h1, #block-system-main .node h2.node-title",
        "main h1, #content h1, article h1",
        ":is(.pane-node-title .pane-content, .node > .field-name-title :is(h1, h2))",
        { select: "meta[property='og:title']", attribute: "content" },
        "h1",
      ],
      prefer: "article",
    },
    date: {
      listing: [
        {
          select: "[class*='date-display-'][content]:not(.date-display-end)",
          attribute: "content",
        },
        { select: "time[datetime]", attribute: "datetime" },
        {
          select: "[property~='dc:date'][content], [property~='dc:created'][content]",
          attribute: "content",
        },
        // A range is read by its start; a single date may hold a range of hours.
        "[class*='date-display-']:not(.date-display-range, .date-display-end)",
        `[class*='views-field'][class*='-date']${NO_DATE} .field-content`,
        `[class*='views-field'][class*='-date']${NO_DATE}`,
        `[class*='views-field'][class*='date']${NO_DATE} .field-content`,
        `[class*='views-field'][class*='date']${NO_DATE}`,
        "[class*='views-field-created'] .field-content",
        "[class*='views-field-created']",
        "[class*='-name-field-date'] :is(.field-item, .field__item)",
        ".feed-item-date",
        "time",
      ],
      article: [
        {
          select:
            ":is(.field-type-datetime, .field-type-date, .field-type-datestamp) [class*='date-display-'][content]:not(.date-display-end)",
          attribute: "content",
        },
        { select: "[class*='-name-field-date'] [content]", attribute: "content" },
        ":is(.field-type-datetime, .field-type-date, .field-type-datestamp) [class*='date-display-']:not(.date-display-range, .date-display-end)",
        ":is(.field-type-datetime, .field-type-date, .field-type-datestamp) .field-item",
        "[class*='-name-field-date'] :is(.field-item, .field__item)",
        {
          select: `.node time[datetime]${NOT_THE_NODE}, article time[datetime]${NOT_THE_NODE}`,
          attribute: "datetime",
        },
        {
          select: `.submitted [property~='dc:created'][content]${NOT_THE_NODE}`,
          attribute: "content",
        },
        { select: "meta[property='article:published_time']", attribute: "content" },
        // Where the site prints no RDF: "Submitted by Ann on 24 July 2017 - 18:55".
        `.node .submitted${NOT_THE_NODE}`,
        // Display Suite and Panels.
        ":is(.field-name-post-date .field-item, .pane-node-created .pane-content)",
      ],
      prefer: "listing",
      empty: NOTHING,
    },
    type: {
      listing: [
        "[class*='views-field'][class*='type'] .field-content",
        "[class*='views-field'][class*='type']",
        "[class*='views-field'][class*='category'] .field-content",
        "[class*='views-field'][class*='category']",
        ":scope > .type",
        ...TYPE_FIELD,
        WORD_CELL,
      ],
      article: TYPE_FIELD,
      prefer: "listing",
      empty: NOTHING,
    },
    summary: {
      listing: [
        "[class*='views-field-body'] .field-content",
        "[class*='views-field-body']",
        "[class*='views-field'][class*='summary'], [class*='views-field'][class*='teaser'], [class*='views-field'][class*='overview']",
        ...BODY_FIELD,
        ".feed-item-body",
        { select: BARE, all: true },
        BARE_CELL,
      ],
      prefer: "listing",
      empty: NOTHING,
    },
    body: {
      listing: [
        "[class*='views-field-body'] .field-content",
        "[class*='views-field-body']",
        ...BODY_FIELD,
        ".feed-item-body",
        { select: BARE, all: true },
        BARE_CELL,
      ],
      article: [
        "#block-system-main .field-name-body > .field-items",
        "#block-system-main .field--name-body > :is(.field__items, .field-items)",
        "#block-system-main :is(.field-name-body, .field--name-body)",
        ".node-full .field-name-body > .field-items",
        ".node .field-name-body > .field-items",
        ...BODY_FIELD,
        `[property~='content:encoded']${NOT_A_COMMENT}`,
        ".pane-node-body .pane-content",
        `#block-system-main .node > .content${NOT_A_COMMENT}`,
        `article .content${NOT_A_COMMENT}`,
      ],
      prefer: "article",
    },
  },
};
