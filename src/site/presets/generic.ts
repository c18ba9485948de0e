/**
 * Any site that says in a standard what its pages hold: JSON-LD and microdata of schema.org, microformats, Open Graph,
 * `time`. What was changed last (`dateModified`, `og:updated_time`, `.updated`) is never a date of publication.
 */
import type { Preset } from "../site.js";

const ARTICLE =
  "[itemtype*='schema.org/']:is([itemtype$=Article], [itemtype$=BlogPosting], [itemtype$=Report])";
const linked = (key: string) => ({
  select: "script[type='application/ld+json' i]",
  attribute: key,
  read: "json-ld" as const,
});
const NOT_CHANGED =
  ":not([itemprop~=dateModified], .updated, .modified, .dt-updated, .comment *, #comments *)";

export const generic: Preset = {
  listing: {
    rows: [ARTICLE, ".h-entry, .hentry", "main article, [role=main] article", "article"],
    link: [
      "[itemprop~=url][href], a.u-url[href]",
      "a[rel~=bookmark][href]",
      ":is(h1, h2, h3, h4) a[href]",
      "a[href]:has(:is(h1, h2, h3, h4))",
      "a[href]",
    ],
    next: ["a[rel~=next][href]", "link[rel~=next][href]"],
  },
  fields: {
    title: {
      listing: ["[itemprop~=headline]", ".p-name, .entry-title", ":is(h1, h2, h3, h4)"],
      article: [
        "h1[itemprop~=headline], [itemprop~=headline] h1",
        "h1.p-name, h1.entry-title",
        "article h1, main h1",
        linked("headline"),
        { select: "meta[property='og:title']", attribute: "content" },
        "h1",
      ],
    },
    date: {
      listing: [
        { select: "[itemprop~=datePublished][datetime]", attribute: "datetime" },
        { select: "[itemprop~=datePublished][content]", attribute: "content" },
        { select: "time:is(.published, .dt-published)[datetime]", attribute: "datetime" },
        { select: `time[datetime]${NOT_CHANGED}`, attribute: "datetime" },
      ],
      article: [
        linked("datePublished"),
        { select: "[itemprop~=datePublished][datetime]", attribute: "datetime" },
        { select: "[itemprop~=datePublished][content]", attribute: "content" },
        "[itemprop~=datePublished]",
        { select: "meta[property='article:published_time']", attribute: "content" },
        {
          select: "time:is([pubdate], .published, .dt-published)[datetime]",
          attribute: "datetime",
        },
        { select: `:is(article, main) time[datetime]${NOT_CHANGED}`, attribute: "datetime" },
      ],
    },
    type: {
      article: [
        linked("articleSection"),
        "[itemprop~=articleSection]",
        { select: "meta[property='article:section']", attribute: "content" },
      ],
    },
    summary: {
      listing: ["[itemprop~=description]", ".p-summary, .entry-summary"],
      article: [{ select: "meta[property='og:description']", attribute: "content" }],
      prefer: "listing",
    },
    body: {
      article: ["[itemprop~=articleBody]", ".e-content, .entry-content", "article", "main"],
    },
  },
};
