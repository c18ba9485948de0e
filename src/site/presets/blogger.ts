/** Blogger: its own and older themes, which print the whole post in the list. */
import type { Preset } from "../site.js";

const DATE = [
  { select: "time.published[datetime]", attribute: "datetime" },
  { select: "abbr.published[title]", attribute: "title" },
  { select: "[itemprop=datePublished][content]", attribute: "content" },
];
const BODY = [".post-body.entry-content", ".post-body", ".entry-content"];

export const blogger: Preset = {
  listing: {
    // The pager is beside the posts.
    within: ["#Blog1", ".widget.Blog"],
    rows: [".post-outer, .post-outer-container", ".post.hentry, article.post", ".post"],
    link: [
      ".post-title a[href]",
      ":is(h2, h3) a[href]",
      "a[href]:has(:is(h2, h3))",
      "a.timestamp-link[href]",
      "a[href]",
    ],
    next: [
      "a.blog-pager-older-link[href]",
      "#blog-pager-older-link a[href], .blog-pager-older-link a[href]",
    ],
  },
  fields: {
    title: {
      listing: [".post-title", ":is(h2, h3)"],
      article: [".post-title", ":is(h1, h2, h3).entry-title", "h1"],
    },
    date: { listing: DATE, article: DATE },
    summary: { listing: [".post-snippet, .snippet-item"], prefer: "listing" },
    body: { listing: BODY, article: BODY },
  },
};
