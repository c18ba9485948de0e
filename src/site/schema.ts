/** What a site file may hold: its zod schema, from which the published JSON schema and the types come. */
import { z } from "zod";
import { compileFormat } from "../dates/format.js";
import { languageOf, languages } from "../dates/names.js";
import { requisiteLoad } from "../schema/capture.js";
import { siteName } from "../schema/words.js";
import { withoutPasswords } from "../text.js";
import { selectorProblem } from "./selector.js";

const selector = z
  .string()
  .trim()
  .refine((text) => selectorProblem(text) === null, {
    error: ({ input }) => `expected a CSS selector (${selectorProblem(String(input))})`,
  })
  .describe("A CSS selector.");

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}

/** A map whose keys are words of a site. zod would leave `__proto__` out of it in silence. */
function words<T extends z.ZodType>(map: T): z.ZodType<z.output<T>, z.input<T>> {
  const checked = z.preprocess((given, { addIssue }) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__"))
      addIssue({ code: "custom", path: ["__proto__"], message: "expected another key" });
    return given;
  }, map);
  return checked as unknown as z.ZodType<z.output<T>, z.input<T>>;
}

/** Names of months are those of the page's language: here only the form is judged. */
function formatProblem(format: string): string | null {
  const made = compileFormat(format, []);
  return typeof made === "string" ? made : null;
}

const alternative = z.union([
  selector,
  z.strictObject({
    select: selector,
    attribute: z.string().min(1).optional().describe("Read this attribute instead of the text."),
    all: z
      .boolean()
      .optional()
      .describe("Read all elements that match, in order, instead of the first. Default: false."),
    read: z
      .enum(["text", "html", "own"])
      .optional()
      .describe(
        "Read the element's text, its HTML, or its own words alone without those of the elements in it. Default: html for the body, text for the rest.",
      ),
  }),
]);

const alternatives = z
  .union([alternative, z.array(alternative).min(1)])
  .describe("Ordered alternatives: the first that yields something wins.");

const selectors = z
  .union([selector, z.array(selector)])
  .describe("One selector or an ordered list of them.");

const field = z.strictObject({
  listing: alternatives.optional().describe("Where the field is in a row of the listing."),
  article: alternatives.optional().describe("Where the field is on the article page."),
  prefer: z
    .enum(["listing", "article", "same"])
    .optional()
    .describe("Which wins when both have it; `same` demands that they agree. Default: article."),
  required: z
    .boolean()
    .optional()
    .describe(
      "An entry without it goes to quarantine. Default: false; true for the title and the body.",
    ),
  empty: z.array(z.string()).optional().describe('Texts that mean "none", such as "-".'),
});

const dateField = field.extend({
  formats: z
    .array(
      z
        .string()
        .min(1)
        .refine((format) => formatProblem(format) === null, {
          error: ({ input }) =>
            `expected a date format such as d MMMM yyyy (${formatProblem(String(input))})`,
        }),
    )
    .optional()
    .describe("Formats of the printed date, such as M/d/yyyy or d MMMM yyyy, tried in order."),
  locales: z
    .array(
      z.string().refine((tag) => languageOf(tag) !== null, {
        error: ({ input }) =>
          `expected a language whose names of months are known, found "${input}" (known: ${languages().join(" ")}); \`months\` gives those of another`,
      }),
    )
    .optional()
    .describe(
      "Languages of month and weekday names. Default: the language of the page, then that of the site, then English.",
    ),
  months: z
    .array(z.string().regex(/^[^,;]*\p{L}[^,;]*$/u, "expected the name of a month"))
    .length(12)
    .optional()
    .describe(
      'Names of the months in a language that is not known, from January, "|" between the forms of one: "janvāris|janv".',
    ),
});

const typeField = field.extend({
  values: words(z.record(z.string(), z.string().nullable()))
    .optional()
    .describe("The site's words and what each becomes in the archive; null for none."),
  unknownValues: z
    .enum(["error", "keep", "null"])
    .optional()
    .describe(
      "What to do with a word that `values` does not list: send the entry to quarantine, keep it in lower case, or drop it. Default: error when `values` is given, keep otherwise.",
    ),
});

const fields = z.strictObject({
  title: field.optional(),
  date: dateField.optional(),
  type: typeField.optional(),
  summary: field.optional(),
  body: field.optional(),
});

/** Every kind of list; `listing-kinds.ts` says what each is read by. */
const kinds = ["pages", "feed", "sitemap"] as const;
export type ListingKind = (typeof kinds)[number];

const counted = z.strictObject({
  template: z
    .string()
    .refine((text) => text.split("{n}").length === 2, {
      error: ({ input }) => `expected a URL with one {n}, such as ?page={n}, found "${input}"`,
    })
    .describe(
      "URL of a listing page, relative to `start`; {n} is its number, or that of its first row.",
    ),
  from: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Number of the page after the first one. Default: 2."),
  step: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("By how much it grows; the rows of a page where {n} counts rows. Default: 1."),
  until: z
    .union([z.literal("empty"), z.number().int().min(0)])
    .optional()
    .describe(
      "Number of the last page; `empty` where the first page without new rows, or with status 404 or 410, is the end. Default: empty.",
    ),
});

const pattern = z.string().refine(isPattern, "expected a regular expression, such as /news/");

const listing = z.strictObject({
  kind: z
    .enum(kinds)
    .optional()
    .describe(
      "What the list is: web pages, a feed (RSS, Atom, JSON Feed), or a sitemap. Default: pages.",
    ),
  match: z
    .union([pattern, z.array(pattern).min(1)])
    .optional()
    .describe("Regular expressions: rows whose URL none of them finds are left out."),
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
  link: alternatives
    .optional()
    .describe("The link to the article in a row. Default: the first link of the row."),
  next: z
    .union([alternative, z.array(alternative), counted])
    .optional()
    .describe(
      "The link to the next listing page, or an ordered list of alternatives; a template where no link leads there. An empty list means that the list has one page. Default: a or link with rel=next.",
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
});

const article = z.strictObject({
  follow: z.boolean().optional().describe("Fetch the page that a row links to. Default: true."),
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
    }),
  )
  .describe(
    "Parts of article pages that are in no field, on purpose. They are counted in the report of a run, with the reason, and are not findings.",
  );

const webUrl = z.url({ protocol: /^https?$/ }).refine((url) => withoutPasswords(url) === url, {
  error: "expected a URL without a user name or password: none is sent",
});

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

const health = z
  .strictObject({
    title: share.optional(),
    date: share.optional(),
    type: share.optional(),
    summary: share.optional(),
    body: share.optional(),
  })
  .describe(
    "For each field, the least share of articles that must have it, from 0 to 1: a run that finds it in fewer ends with exit code 1.",
  );

const languageTag = z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/);

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
  health: health.optional(),
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
    preset: z.string().optional().describe("Preset to build on: drupal7 or unesco."),
    ...shape,
  })
  .meta({
    $id: "sitelift/site.schema.json",
    title: "sitelift site file",
    description: "What to read on a site, and where.",
  });
export type SiteInput = z.input<typeof siteSchema>;
