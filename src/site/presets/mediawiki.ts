/** MediaWiki: the pages of a category. They have no date of publication; that of the last change is none. */
import type { Preset } from "../site.js";

export const mediawiki: Preset = {
  listing: {
    within: ["#mw-pages"],
    rows: [".mw-category li, .mw-content-ltr li, .mw-content-rtl li", "li"],
    // The link back has `pageuntil`.
    next: ["a[href*='pagefrom=']"],
  },
  remove: [
    ".mw-editsection, #toc, .toc, .navbox, .printfooter, .catlinks, .mw-jump-link, .mw-indicators",
  ],
  fields: {
    title: { listing: "a", article: ["#firstHeading", "h1"] },
    body: { article: ["#mw-content-text > .mw-parser-output", "#mw-content-text"] },
  },
};
