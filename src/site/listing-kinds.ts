/** What each kind of list is read by, where its site file says nothing else: a layer between preset and site file. */

import type { ListingKind } from "./listing-schema.js";
import { wordpress } from "./presets/wordpress.js";
import type { Preset } from "./schema.js";

const CHANNEL = "channel, rdf-rdf, rss";

/** WordPress writes a form in the place of a text that asks for a password, and a sentence about it beside. */
const OPEN = ":scope:not(:has(form[action*='action=postpass']))";

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
        `${OPEN} > content-encoded`,
        `${OPEN} > content`,
        ":scope > content_html",
        ":scope > content_text",
        `${OPEN} > description`,
      ],
    },
  },
};

/** https://www.sitemaps.org/protocol.html */
const sitemap: Preset = { listing: { rows: "url", next: [] } };

/** Any JSON answer: its rows, and where each field is in one, the site file has to say. */
const json: Preset = { listing: { link: "url", next: "next" } };

/**
 * WordPress (https://developer.wordpress.org/rest-api/reference/posts/). Its dates are those of the site, without a zone;
 * what was modified last is never read. Terms, author and main picture come with the same request.
 */
const posts: Preset = {
  listing: { rows: "json > item", link: "link", next: [] },
  // An excerpt ends in a link to its post.
  remove: [...[wordpress.remove ?? []].flat(), "a.more-link"],
  article: { follow: false, media: "_embedded.wp-featuredmedia.source_url" },
  fields: {
    title: { listing: "title.rendered" },
    date: { listing: "date" },
    type: {
      listing: ":scope > _embedded > wp-term > item:has(> taxonomy:contains(category)) > name",
    },
    summary: { listing: "excerpt.rendered" },
    body: { listing: "content.rendered" },
  },
};

/** Drupal (https://www.drupal.org/docs/core-modules-and-themes/core-modules/jsonapi-module). */
const drupal: Preset = {
  listing: { rows: "data", link: "sitelift_url", next: "links.next.href", total: "meta.count" },
  article: { follow: false },
  fields: {
    title: { listing: "attributes.title" },
    date: { listing: "attributes.created" },
    summary: { listing: "attributes.body.summary" },
    body: { listing: ["attributes.body.processed", "attributes.body.value"] },
  },
};

/** The URL that a list is asked for by: WordPress gives ten posts, and no terms, to who asks for nothing else. */
export function startOfKind(kind: ListingKind, start: string): string {
  if (kind !== "wp-json") return start;
  const url = new URL(start);
  const wanted = { per_page: "100", _embed: "author,wp:term,wp:featuredmedia" };
  for (const [name, value] of Object.entries(wanted))
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  return url.href;
}

export const LISTING_KINDS: Readonly<Record<ListingKind, Preset>> = {
  pages: {},
  feed,
  sitemap,
  json,
  "wp-json": posts,
  jsonapi: drupal,
};

/** What is noted of a feed that names no page with older articles. */
export function newestOnly(url: string, rows: number): string {
  return `the feed ${url} ends after ${rows} articles and names no page with older ones: most feeds hold the newest alone`;
}

/** What is noted of a feed of WordPress whose dates are all that there are: they are not those of the site's own zone. */
export function inUtc(url: string): string {
  return `the feed ${url} gives times in UTC: the date of an article of about midnight may be a day off; give that of its page too (fields.date.article), or read the posts by listing.kind "wp-json"`;
}
