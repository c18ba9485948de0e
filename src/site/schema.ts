/** What a site file may hold: its zod schema, from which the published JSON schema and the types come. */
import { z } from "zod";
import { requisiteLoad } from "../schema/capture.js";
import { archiveList } from "../schema/web-archive.js";
import { languageTag, optional, siteName } from "../schema/words.js";
import { nearest, withoutPasswords } from "../text.js";
import { fields, ownSelectors, selector, selectors, words } from "./field-schema.js";
import { article, listing } from "./listing-schema.js";
import { isZone } from "./zone.js";

const webUrl = z.url({ protocol: /^https?$/ }).refine((url) => withoutPasswords(url) === url, {
  error: "expected a URL without a user name or password: none is sent",
});

const starts = z
  .strictObject({
    select: ownSelectors.describe("Elements that print one each: options of a select, links."),
    attribute: optional(
      z.string().min(1),
      "Attribute with the value or the URL. Default: value of an option, href of a link.",
    ),
    url: optional(
      z.string().regex(/\{value\}/, "expected a URL with {value} in it"),
      "Template of the URL, with {value} where the printed value goes. Default: what is printed is the URL.",
    ),
  })
  .describe(
    "Further first pages of the list, one for each element of a closed set that its first page prints, such as the years of a select or the links of an archive. None is made up. The first page need have no rows of its own.",
  );

/** Names of what `accept` takes: docs/troubleshooting.md explains each. */
const FINDINGS = [
  ...["page-short", "page-unread", "page-stale", "page-empty", "page-leads-back"],
  ...["next-missing", "next-unfollowed", "next-outside", "total-missed", "not-in-list"],
  ...["list-unsteady", "list-too-long", "rows-left", "rows-merged", "captures-apart"],
  ...["request-failed", "archive-failed", "fewer-rows", "fewer-values"],
  ...["article-failed", "article-rejected", "title-repeated", "title-holds-date"],
  ...["body-begins-with-title", "body-begins-with-date", "body-begins-with-type"],
];

// Kept a text for TypeScript: a site file may make its list by code.
const findingName = z
  .enum(FINDINGS, {
    error: ({ input }) => {
      const near = typeof input === "string" ? nearest(input, FINDINGS) : null;
      const hint = near === null ? "" : ` (did you mean "${near}"?)`;
      return `expected the name of a finding, as a run prints it${hint}`;
    },
  })
  .describe("Name of the finding, as a run prints it.") as z.ZodType<string, string>;

const accept = z
  .array(
    z.strictObject({
      finding: findingName,
      place: z
        .string()
        .min(1)
        .describe(
          "Where: the URL or the selector that a run prints; a URL may be relative to `start`. Of request-failed, `*` at the end is for whatever follows.",
        ),
      count: optional(z.int().min(0), "How many, where a run prints a count."),
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
      optional: optional(z.boolean(), "Say nothing where it matches nothing. Default: false."),
    }),
  )
  .describe(
    "Parts of article pages that are in no field, on purpose. They are counted in the report of a run, with the reason, and are not findings. What a field reads all the same is read. Those of a preset are added.",
  );

const origins = z.array(webUrl);

const media = z.strictObject({
  origins: optional(
    origins,
    "Origins from which images and attachments may be fetched, besides those of the site, such as a host of static files.",
  ),
});

const requisites = z
  .union([
    requisiteLoad,
    z.strictObject({
      load: optional(requisiteLoad, "Default: look."),
      files: optional(z.int().min(1).max(1_000_000), "Most files of a run. Default: 10000."),
      bytes: optional(z.int().min(1), "Most bytes of their contents. Default: 1000000000."),
    }),
  ])
  .describe(
    "What a crawl stores in its capture so that pages can be looked at as they were: `look` (the default) style sheets, scripts, fonts, icons and images, also from other hosts that pages name; `all` recordings, frames, linked files and what scripts obviously load as well; `none` nothing.",
  );

const inLanguage = z.strictObject({
  origins: optional(origins, "Origins that may also be visited when this language is walked."),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
});

const politeness = z.strictObject({
  delay: optional(
    z.int().min(0).max(600_000),
    "Milliseconds between the starts of two requests to one host. Default: 250.",
  ),
  concurrency: optional(z.int().min(1).max(64), "Requests at a time to one host. Default: 2."),
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
      rows: optional(share, "Share of the rows that may be missing. Default: 0.1."),
      coverage: optional(
        share,
        "By how much of all articles a field may be found less often. Default: 0.05.",
      ),
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
    "For each field, the least share of articles that must have it, from 0 to 1: a run that finds it in fewer ends with exit code 1. With 0, none need have it, and a run in which its selectors match nothing does not report that.",
  );

/** What differs in one of several lists: the rest is as the site has it. */
const list = z
  .strictObject({
    name: siteName.describe("Name of the list: reports and the ledger have it."),
    start: optional(webUrl, "URL of its first page. Default: that of `starts.page`."),
    starts: starts.optional(),
    type: optional(
      z.string().min(1),
      "Type of its entries where the pages print none, such as event.",
    ),
    language: optional(languageTag, "Language of its pages where they name none."),
    origins: optional(origins, "Origins that may also be visited for this list."),
    listing: listing.optional(),
    article: article.optional(),
    fields: optional(fields, "Fields of this list, beside those that all lists have."),
    remove: optional(selectors, "Elements to remove from its pages."),
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
  $schema: optional(z.string(), "URL of this schema, for editors."),
  start: optional(webUrl, "URL of the first listing page."),
  language: optional(
    languageTag,
    "BCP 47 tag of entries whose page names no language. Default: und.",
  ),
  encoding: optional(
    z
      .string()
      .refine(
        isEncoding,
        "expected the name of a coding, such as utf-8, windows-1251 or shift_jis",
      ),
    "Coding of the pages, such as windows-1251. Decides against what their headers and meta elements say; a byte order mark alone goes before it.",
  ),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
  types: types.optional(),
  zone: optional(
    z.string().refine(isZone, "expected a time zone, such as Asia/Shanghai or +08:00"),
    "Time zone of the times that the site prints without an offset, for fields of the kind datetime.",
  ),
  sessionParameters: optional(
    z.array(z.string().min(1)),
    "Names of URL parameters that hold a session, beside those that do everywhere: they are left out of every URL.",
  ),
  remove: optional(selectors, "Elements to remove from every page before anything is read."),
  accept: accept.optional(),
  ignore: ignore.optional(),
  origins: optional(origins, "Origins that may be visited besides that of the start URL."),
  media: media.optional(),
  requisites: requisites.optional(),
  languages: optional(
    words(z.record(languageTag, inLanguage)),
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
    preset: optional(
      z.string(),
      "Preset to build on: drupal7, unesco, drupal, wordpress, typo3-news, typo3-ttnews, joomla, blogger, mediawiki, ghost or generic.",
    ),
    ...shape,
    lists: optional(
      z.array(list).min(1),
      "Several lists in one archive, in the place of `start`. What one of them says is laid over the rest of the file; an article that several name is one entry.",
    ),
  })
  .meta({
    $id: "sitelift/site.schema.json",
    title: "sitelift site file",
    description: "What to read on a site, and where.",
  });
export type SiteInput = z.input<typeof siteSchema>;
