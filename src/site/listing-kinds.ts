/** What each kind of list is read by, where its site file says nothing else: a layer between preset and site file. */
import type { ListingKind, Preset } from "./schema.js";

const CHANNEL = "channel, rdf-rdf, rss";

/**
 * RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0, Atom (RFC 4287) and JSON Feed 1.1
 * (https://www.jsonfeed.org/version/1.1/). What was changed last is never the date of publication.
 */
const feed: Preset = {
  listing: {
    // An item that was not closed holds the next one.
    rows: `:is(${CHANNEL}, item) > item, feed > entry, entry > entry, json > items`,
    link: [
      ":scope > feedburner-origlink",
      ":scope > link[rel=alternate][type*=html]",
      ":scope > link[rel=alternate]",
      ":scope > link:not([rel])",
      ":scope > url",
      ":scope > guid:not([ispermalink=false i])",
      { select: ":scope", attribute: "rdf:about" },
      ":scope > id",
    ],
    // RFC 5005, sections 3 and 4: pages of a feed, and archives of what was in it.
    next: [
      `:is(${CHANNEL}, feed) > :is(link, atom-link, atom10-link)[rel=next]`,
      `:is(${CHANNEL}, feed) > :is(link, atom-link, atom10-link)[rel=prev-archive]`,
      "json > next_url",
    ],
  },
  fields: {
    title: { listing: [":scope > title", ":scope > dc-title"] },
    date: {
      listing: [
        ":scope > pubdate",
        ":scope > published",
        ":scope > date_published",
        ":scope > dc-date",
        ":scope > issued",
        ":scope > dcterms-created",
      ],
      // Years of two digits, as RFC 822 has them.
      formats: ["ccc, d MMM yy", "d MMM yy"],
    },
    type: {
      listing: [
        ":scope > category:not([term])",
        { select: ":scope > category", attribute: "term" },
        ":scope > tags",
      ],
    },
    summary: { listing: [":scope > summary", ":scope > description"] },
    body: {
      listing: [
        ":scope > content-encoded",
        ":scope > content",
        ":scope > content_html",
        ":scope > content_text",
        ":scope > description",
      ],
    },
  },
};

/** https://www.sitemaps.org/protocol.html */
const sitemap: Preset = { listing: { rows: "url", next: [] } };

export const LISTING_KINDS: Readonly<Record<ListingKind, Preset>> = {
  pages: {},
  feed,
  sitemap,
};
