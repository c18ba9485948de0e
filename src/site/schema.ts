/** What a site file may hold: its zod schema, from which the published JSON schema and the types come. */
import { z } from "zod";
import { requisiteLoad } from "../schema/capture.js";
import { archiveList } from "../schema/web-archive.js";
import { siteName } from "../schema/words.js";
import { withoutPasswords } from "../text.js";
import { alternative, alternatives, fields, selector, selectors, words } from "./field-schema.js";
import { counted, cursor, pattern, posted, submit } from "./next-schema.js";
import { isZone } from "./zone.js";

/** Every kind of list; `listing-kinds.ts` says what each is read by. */
const kinds = ["pages", "feed", "sitemap", "json", "wp-json", "jsonapi"] as const;
export type ListingKind = (typeof kinds)[number];

const listing = z.strictObject({
  kind: z
    .enum(kinds)
    .optional()
    .describe(
      "What the list is: web pages, a feed (RSS, Atom, JSON Feed), a sitemap, a JSON answer, or the one of WordPress (wp-json) or Drupal (jsonapi). Default: pages.",
    ),
  match: z
    .union([pattern, z.array(pattern).min(1)])
    .optional()
    .describe("Regular expressions: rows whose URL none of them finds are left out."),
  fragment: selector
    .optional()
    .describe(
      "Path of the HTML in a JSON answer, where further pages of the list come so: rows are looked for in it.",
    ),
  total: alternatives
    .optional()
    .describe("Where the list says how many articles it has: a run that finds fewer rows says so."),
  within: selectors
    .optional()
    .describe(
      "Part of the page that holds the list and its pager; the first that matches. Default: body.",
    ),
  rows: selectors
    .optional()
    .describe("The rows; the first selector that matches at least one wins."),
  link: z
    .union([alternative, z.array(alternative)])
    .optional()
    .describe(
      "The link to the article in a row. An empty list means that rows lead to no page: each is an entry. Default: the first link of the row.",
    ),
  next: z
    .union([alternative, z.array(alternative), counted, cursor, posted, submit])
    .optional()
    .describe(
      "The link to the next listing page, or an ordered list of alternatives; a template, a cursor of a JSON answer, a form, or a POST request, where no link leads there. An empty list means that the list has one page. Default: a or link with rel=next.",
    ),
  current: selectors
    .optional()
    .describe('Text with the number of this page, and of the last one if it says so ("3 of 27").'),
  pageLinks: selectors
    .optional()
    .describe(
      "Links of the pager, used to count the pages and to find the next one when `next` matches nothing.",
    ),
  pageParameter: z
    .string()
    .min(1)
    .optional()
    .describe("Query parameter that counts listing pages from 0 (`page` in Drupal)."),
  probe: z
    .boolean()
    .optional()
    .describe(
      "Where no pager of a list counts its pages, ask once for the page after the last one, and read on where it has new rows. Default: false; true in the presets for Drupal.",
    ),
  empty: selectors.optional().describe("What marks a listing page that has no rows."),
  render: z
    .enum(["never", "when-empty"])
    .optional()
    .describe(
      "Show the pages of the list in a browser where the first one has no rows without. Needs @crawlee/playwright, playwright-core and a Chromium. Default: never.",
    ),
});

const article = z.strictObject({
  follow: z.boolean().optional().describe("Fetch the page that a row links to. Default: true."),
  pages: selectors
    .optional()
    .describe(
      "Pagers of an article that goes on over several pages: the pages that their links lead to are read too, and the pagers are left out of the text.",
    ),
  translations: selectors
    .optional()
    .describe(
      "Links to the same article in other languages, in addition to link[rel=alternate][hreflang].",
    ),
  media: selectors
    .optional()
    .describe(
      "Images (img) and attachments (a) of the article outside its text, such as its main picture. All that match are taken.",
    ),
});

const webUrl = z.url({ protocol: /^https?$/ }).refine((url) => withoutPasswords(url) === url, {
  error: "expected a URL without a user name or password: none is sent",
});

const starts = z
  .strictObject({
    select: selectors.describe("Elements that print one each: options of a select, links."),
    attribute: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Attribute with the value or the URL. Default: value of an option, href of a link.",
      ),
    url: z
      .string()
      .regex(/\{value\}/, "expected a URL with {value} in it")
      .optional()
      .describe(
        "Template of the URL, with {value} where the printed value goes. Default: what is printed is the URL.",
      ),
  })
  .describe(
    "Further first pages of the list, one for each element of a closed set that its first page prints, such as the years of a select or the links of an archive. None is made up. The first page need have no rows of its own.",
  );

const accept = z
  .array(
    z.strictObject({
      finding: z.string().min(1).describe("Name of the finding, as a run prints it."),
      place: z
        .string()
        .min(1)
        .describe(
          "Where: the URL or the selector that a run prints; a URL may be relative to `start`.",
        ),
      count: z.number().int().min(0).optional().describe("How many, where a run prints a count."),
      reason: z.string().trim().min(1).describe("Why it is right, in a sentence."),
    }),
  )
  .describe(
    "Findings that are known and right. They are counted in the report of a run, with the reason, and do not keep it from exit code 0; each is a finding again when its place or its count changes.",
  );

const ignore = z
  .array(
    z.strictObject({
      select: selector,
      reason: z.string().trim().min(1).describe("Why nothing is lost by it, in a sentence."),
      optional: z
        .boolean()
        .optional()
        .describe("Say nothing where it matches nothing. Default: false."),
    }),
  )
  .describe(
    "Parts of article pages that are in no field, on purpose. They are counted in the report of a run, with the reason, and are not findings. What a field reads all the same is read. Those of a preset are added.",
  );

const origins = z.array(webUrl);

const media = z.strictObject({
  origins: origins
    .optional()
    .describe(
      "Origins from which images and attachments may be fetched, besides those of the site, such as a host of static files.",
    ),
});

const requisites = z
  .union([
    requisiteLoad,
    z.strictObject({
      load: requisiteLoad.optional().describe("Default: look."),
      files: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .describe("Most files of a run. Default: 10000."),
      bytes: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe("Most bytes of their contents. Default: 1000000000."),
    }),
  ])
  .describe(
    "What a crawl stores in its capture so that pages can be looked at as they were: `look` (the default) style sheets, scripts, fonts, icons and images, also from other hosts that pages name; `all` recordings, frames, linked files and what scripts obviously load as well; `none` nothing.",
  );

const inLanguage = z.strictObject({
  origins: origins
    .optional()
    .describe("Origins that may also be visited when this language is walked."),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
});

const politeness = z.strictObject({
  delay: z
    .number()
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe("Milliseconds between the starts of two requests to one host. Default: 250."),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("Requests at a time to one host. Default: 2."),
});

/** A label of https://encoding.spec.whatwg.org/#names-and-labels */
function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

const share = z.number().min(0).max(1);

const fewer = z
  .union([
    z.literal(false),
    z.strictObject({
      rows: share.optional().describe("Share of the rows that may be missing. Default: 0.1."),
      coverage: share
        .optional()
        .describe("By how much of all articles a field may be found less often. Default: 0.05."),
    }),
  ])
  .describe(
    "From which loss on, against the run before, a whole run has a finding: two articles at least. `false` for never.",
  );

const health = z
  .strictObject({
    title: share.optional(),
    date: share.optional(),
    type: share.optional(),
    summary: share.optional(),
    body: share.optional(),
  })
  .catchall(share)
  .describe(
    "For each field, the least share of articles that must have it, from 0 to 1: a run that finds it in fewer ends with exit code 1.",
  );

const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, "expected a language tag such as en or zh-Hans");

/** What differs in one of several lists: the rest is as the site has it. */
const list = z
  .strictObject({
    name: siteName.describe("Name of the list: reports and the ledger have it."),
    start: webUrl.optional().describe("URL of its first page. Default: that of `starts.page`."),
    starts: starts.optional(),
    type: z
      .string()
      .min(1)
      .optional()
      .describe("Type of its entries where the pages print none, such as event."),
    language: languageTag.optional().describe("Language of its pages where they name none."),
    origins: origins.optional().describe("Origins that may also be visited for this list."),
    listing: listing.optional(),
    article: article.optional(),
    fields: fields.optional().describe("Fields of this list, beside those that all lists have."),
    remove: selectors.optional().describe("Elements to remove from its pages."),
    health: health.optional(),
  })
  .describe("One of several lists.");

const types = words(
  z.record(
    z.string(),
    z.strictObject({
      required: z
        .array(z.string())
        .min(1)
        .describe("Fields that an entry of this type must have; it goes to quarantine without."),
    }),
  ),
).describe("By type of an entry (as the archive has it), what it must have.");

const shape = {
  $schema: z.string().optional().describe("URL of this schema, for editors."),
  start: webUrl.optional().describe("URL of the first listing page."),
  language: languageTag
    .optional()
    .describe("BCP 47 tag of entries whose page names no language. Default: und."),
  encoding: z
    .string()
    .refine(isEncoding, "expected the name of a coding, such as utf-8, windows-1251 or shift_jis")
    .optional()
    .describe(
      "Coding of the pages, such as windows-1251. Decides against what their headers and meta elements say; a byte order mark alone goes before it.",
    ),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
  types: types.optional(),
  zone: z
    .string()
    .refine(isZone, "expected a time zone, such as Asia/Shanghai or +08:00")
    .optional()
    .describe(
      "Time zone of the times that the site prints without an offset, for fields of the kind datetime.",
    ),
  sessionParameters: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Names of URL parameters that hold a session, beside those that do everywhere: they are left out of every URL.",
    ),
  remove: selectors
    .optional()
    .describe("Elements to remove from every page before anything is read."),
  accept: accept.optional(),
  ignore: ignore.optional(),
  origins: origins
    .optional()
    .describe("Origins that may be visited besides that of the start URL."),
  media: media.optional(),
  requisites: requisites.optional(),
  languages: words(z.record(languageTag, inLanguage))
    .optional()
    .describe(
      "What differs in another language of the site: date formats, words for types, hosts. Merged over the rest, key by key.",
    ),
  politeness: politeness.optional(),
  archive: archiveList.optional(),
  health: health.optional(),
  fewer: fewer.optional(),
};

/** A preset: the part of a site that a family of sites shares. */
const presetSchema = z.strictObject(shape);
export type Preset = z.input<typeof presetSchema>;

/** What a site file may hold. Strict: an unknown key is an error. */
export const siteSchema = z
  .strictObject({
    name: siteName.describe(
      "Name of the site: lower-case letters, digits, dots and hyphens. Names the folder under output/.",
    ),
    preset: z
      .string()
      .optional()
      .describe(
        "Preset to build on: drupal7, unesco, drupal, wordpress, typo3-news, typo3-ttnews, joomla, blogger, mediawiki, ghost or generic.",
      ),
    ...shape,
    lists: z
      .array(list)
      .min(1)
      .optional()
      .describe(
        "Several lists in one archive, in the place of `start`. What one of them says is laid over the rest of the file; an article that several name is one entry.",
      ),
  })
  .meta({
    $id: "sitelift/site.schema.json",
    title: "sitelift site file",
    description: "What to read on a site, and where.",
  });
export type SiteInput = z.input<typeof siteSchema>;
