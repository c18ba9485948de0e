/** Ghost: Casper and the themes after it. Its head names the next page. */
import type { Preset } from "../site.js";

export const ghost: Preset = {
  listing: {
    rows: [
      "article.post-card, article.gh-card",
      ".post-feed article, .gh-feed article",
      "main article.post",
    ],
    link: [
      "a:is(.post-card-content-link, .gh-card-link)[href]",
      ":is(h2, h3) a[href]",
      "a[href]:has(:is(h2, h3))",
      "a[href]",
    ],
    next: ["link[rel~=next][href]", "a.older-posts[href]"],
  },
  fields: {
    title: {
      listing: [":is(.post-card-title, .gh-card-title)", ":is(h2, h3)"],
      article: [
        ":is(h1.article-title, h1.gh-article-title, h1.post-full-title)",
        "article h1",
        "h1",
      ],
    },
    date: {
      listing: [{ select: "time[datetime]", attribute: "datetime" }],
      article: [
        { select: "article header time[datetime]", attribute: "datetime" },
        { select: "article time[datetime]", attribute: "datetime" },
        { select: "meta[property='article:published_time']", attribute: "content" },
      ],
      prefer: "listing",
    },
    type: {
      listing: [".post-card-primary-tag, .gh-card-tag", ".post-card-tags"],
      article: [":is(.article-tag, .gh-article-tag, .post-full-tag)"],
      prefer: "listing",
    },
    summary: { listing: [".post-card-excerpt, .gh-card-excerpt"], prefer: "listing" },
    body: {
      article: [
        ".gh-content",
        ".post-full-content .post-content, .post-content",
        "article section",
      ],
    },
  },
};
